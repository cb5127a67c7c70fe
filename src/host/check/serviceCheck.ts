import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asText } from '../../core/joining.ts';
import { type BoxForm, modelCard } from '../../core/modelCard.ts';
import { formatPrice } from '../../core/request.ts';
import { writeDurably } from '../../jobs/durable.ts';
import type { Sources } from '../editing/sources.ts';
import type { KeyVault } from '../key.ts';
import { badAddressSentence } from '../keyCommands.ts';
import { plainText } from '../plainText.ts';
import type { Services } from '../services.ts';
import { type Telling, tellFailure } from '../telling.ts';
import type { WindowTeller } from '../windowTeller.ts';
import { askFree, endsCheck, type FreePart } from './freePart.ts';
import { probePicture } from './probe.ts';
import { type CheckReport, summaryOf } from './report.ts';
import type { ReportDocument } from './reportDocument.ts';
import type { ServiceFacts } from './serviceFacts.ts';
import { type FormOnTrial, settle, type Settled } from './settle.ts';
import { tryForm, type TryingParts } from './trying.ts';
import { boxSentence, formName, inlineSentence, trialSentence } from './words.ts';

interface Parts extends TryingParts {
  readonly services: Pick<Services, 'mode' | 'clientWithKey'>;
  /** The live service's address; undefined in practice mode and where the settings hold no usable one. */
  readonly address: () => string | undefined;
  readonly keys: Pick<KeyVault, 'read'>;
  /** Offers to set a key; true when there is one, or another way was taken. */
  readonly offerKey: () => Promise<boolean>;
  readonly facts: Pick<ServiceFacts, 'known' | 'found' | 'remember' | 'forget'>;
  readonly sources: Pick<Sources, 'add'>;
  readonly teller: Pick<WindowTeller, 'tell'>;
  readonly report: Pick<ReportDocument, 'show'>;
  /** The user's setting. */
  readonly boxForm: () => BoxForm;
  /** Absolute path of the test picture, which is made when it is needed. */
  readonly probeFile: string;
}

/** How long a test picture is still waited for after the user has cancelled, in milliseconds: it is paid, and tells something. */
const graceMs = 60_000;

/** Finds out what the documents leave open about the service, with the user's key, and remembers it. */
export class ServiceCheck {
  readonly #parts: Parts;
  #isRunning = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The whole check, as the user sees it. */
  async run(): Promise<void> {
    if (this.#isRunning) return this.#tell(plainly(l10n.t('The service is being checked already.')));
    this.#isRunning = true;
    try {
      await this.#run();
    } finally {
      this.#isRunning = false;
    }
  }

  /** Forgets what was found out about the service that the settings name, after asking. */
  async forget(): Promise<void> {
    const { facts } = this.#parts;
    const address = this.#parts.address();
    if (this.#isPractice) {
      const text = l10n.t('What was found out about the real service can be forgotten when practice mode is off.');
      return this.#tell({ severity: 'info', text, actions: ['leave-practice'] });
    }
    if (address === undefined || Object.keys(facts.found(address)).length === 0)
      return this.#tell(plainly(l10n.t('Nothing is remembered about this service.')));
    const forget = l10n.t('Forget');
    const question = l10n.t('Forget what was found out about {0}?', new URL(address).host);
    const detail = l10n.t('Prices, images and boxes then go by the model page again.');
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, forget)) !== forget) return;
    await facts.forget(address);
    this.#tell(plainly(l10n.t('What was found out about the service is forgotten.')));
  }

  async #run(): Promise<void> {
    const { services, keys, facts, log } = this.#parts;
    if (this.#isPractice) {
      const text = l10n.t(
        'Check Service looks at the real service, with your key. Practice mode is on, and needs no check.',
      );
      return this.#tell({ severity: 'info', text, actions: ['leave-practice'] });
    }
    if ((await keys.read()) === undefined && !(await this.#parts.offerKey())) return;
    const key = await keys.read();
    if (key === undefined || this.#isPractice) return; // The user may have gone to practise instead.
    const address = this.#parts.address();
    const client = await services.clientWithKey(key);
    if (!client || address === undefined)
      return this.#tell({ severity: 'error', text: badAddressSentence(), actions: ['open-settings'] });
    const options = { location: vscode.ProgressLocation.Notification, title: l10n.t('Checking the service…') };
    const free = await vscode.window.withProgress(options, () => askFree(client, Date.now()));
    await client.close();
    if (endsCheck(free.account)) {
      const telling = tellFailure(free.account.failure, 'live');
      log.error(`The check of the service failed: ${telling.logLine}`);
      return this.#tell(telling);
    }
    if (free.prices !== 'unknown') await facts.remember(address, { prices: free.prices });
    const settled = (await this.#consents(address, free.account)) ? await this.#settle(address) : undefined;
    await this.#tellAll({ ...free, address, settled });
  }

  get #isPractice(): boolean {
    return this.#parts.services.mode === 'practice';
  }

  async #consents(address: string, account: FreePart['account']): Promise<boolean> {
    const { facts } = this.#parts;
    const price = facts.known.prices['wan2.7-image'];
    const { inline, boxForm } = facts.found(address);
    const known = [
      ...(inline ? [inlineSentence(inline.answer)] : []),
      ...(boxForm ? [boxSentence(boxForm.answer)] : []),
    ];
    const balance = 'failure' in account ? undefined : account.balance;
    const detail = [
      l10n.t(
        'The documents leave open whether the service takes images that are sent along, and in which form it reads boxes. A grey picture with one box settles both, often at the first try.',
      ),
      l10n.t(
        'These are Standard pictures of 768 × 768 pixels for {0} each, shown in the studio. A request that was sent cannot be taken back.',
        formatPrice(price),
      ),
      ...(balance === undefined ? [] : [l10n.t('Balance: ${0}.', balance.toFixed(2))]),
      ...(known.length > 0 ? [l10n.t('Known from an earlier check: {0}', asText(known))] : []),
    ].join('\n\n');
    const most = formatPrice(2 * price);
    const send = l10n.t('Send for up to {0}', most);
    const question = l10n.t('Send up to 2 test pictures, for up to {0} in all?', most);
    return (await vscode.window.showInformationMessage(question, { modal: true, detail }, send)) === send;
  }

  /** The paid part. Remembers what comes out as soon as it is known. */
  async #settle(address: string): Promise<Settled> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: l10n.t('Checking the service'),
      cancellable: true,
    };
    const { sources, facts, log } = this.#parts;
    const { id, name } = sources.add(await this.#probeFile(), l10n.t('grey test picture'));
    const leaving = new AbortController();
    const errand = {
      input: { id, name },
      shownPrice: facts.known.prices['wan2.7-image'],
      isMeant: () => this.#parts.address() === address,
      signal: leaving.signal,
    };
    const settled = await vscode.window.withProgress(options, async (progress, token) => {
      const grace = token.onCancellationRequested(() => setTimeout(() => leaving.abort(), graceMs).unref());
      const ask = async (form: FormOnTrial) => {
        const startedAt = Date.now();
        const report = () => progress.report({ message: waitingText(form, Date.now() - startedAt) });
        report();
        const timer = setInterval(report, 1000);
        const trial = await tryForm(form, errand, this.#parts).finally(() => clearInterval(timer));
        log.info(`Test picture with boxes as ${form}: ${trialSentence(trial)}`);
        return trial;
      };
      return settle(ask, () => token.isCancellationRequested).finally(() => grace.dispose());
    });
    const { inline, boxForm } = settled;
    const at = Date.now();
    await facts.remember(address, {
      ...(inline && { inline: { at, answer: inline } }),
      ...(boxForm && { boxForm: boxForm === 'neither' ? undefined : { at, answer: boxForm } }),
    });
    return settled;
  }

  async #probeFile(): Promise<vscode.Uri> {
    const { probeFile } = this.#parts;
    await mkdir(dirname(probeFile), { recursive: true });
    await writeDurably(probeFile, probePicture());
    return vscode.Uri.file(probeFile);
  }

  async #tellAll(checked: Pick<CheckReport, 'account' | 'catalogue' | 'address' | 'settled'>): Promise<void> {
    const { facts, report, boxForm } = this.#parts;
    const { address, account, catalogue, settled } = checked;
    const remembered = { found: facts.found(address), known: facts.known, boxForm: boxForm() };
    const whole: CheckReport = { address, account, catalogue, settled, ...remembered, at: Date.now() };
    await report.show(whole);
    void this.#tellSummary(whole); // Nobody waits for a message to be closed.
  }

  async #tellSummary(report: CheckReport): Promise<void> {
    const forget = l10n.t('Forget');
    const buttons = Object.keys(report.found).length > 0 ? [forget] : [];
    const chosen = await vscode.window.showInformationMessage(plainText(summaryOf(report)), ...buttons);
    if (chosen !== forget) return;
    await this.forget().catch((error: unknown) => this.#parts.log.error('A check could not be forgotten.', error));
  }

  /** Nobody waits for a message to be closed. */
  #tell(telling: Telling): void {
    void this.#parts.teller.tell(telling);
  }
}

function waitingText(form: FormOnTrial, milliseconds: number): string {
  const { min, max } = modelCard.usualSeconds;
  return l10n.t(
    'test picture with {0}: {1} s, usually {2} to {3}. Cancel sends no further one.',
    formName(form),
    Math.round(milliseconds / 1000),
    min,
    max,
  );
}

const plainly = (text: string): Telling => ({ severity: 'info', text, actions: [] });
