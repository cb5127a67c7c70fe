import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Failure } from '../core/failure.ts';
import { asText } from '../core/joining.ts';
import { failureOf } from '../jobs/failures.ts';
import { keyVariable } from './environmentKey.ts';
import { keyFault, type KeyVault } from './key.ts';
import type { Log } from './log.ts';
import type { Services } from './services.ts';
import { type Mode, tellFailure } from './telling.ts';

interface Parts {
  readonly keys: KeyVault;
  readonly services: Pick<Services, 'clientWithKey'>;
  readonly mode: () => Mode;
  readonly leavePractice: () => Promise<void>;
  /** A key in the environment of the extension host. Asked for when the user wants to set a key, and at no other time. */
  readonly keyInEnvironment: () => string | undefined;
  readonly log: Log;
}

/** Where a new key comes from. */
type KeyOrigin = 'typed' | 'environment';

type Verdict =
  | { readonly kind: 'good'; readonly balance?: number }
  | { readonly kind: 'bad-address' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Set, test and delete the API key, as the user sees it. */
export class KeyCommands {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks for a key, tests it and keeps it; a refused one is not kept unless the user insists. True when a key was kept. */
  async set(): Promise<boolean> {
    const inEnvironment = this.#parts.keyInEnvironment();
    const origin = inEnvironment === undefined ? 'typed' : await askForOrigin();
    switch (origin) {
      case 'typed':
        return this.#enter();
      case 'environment':
        return this.#takeOver(inEnvironment ?? '');
      case undefined:
        return false;
    }
  }

  async #enter(): Promise<boolean> {
    const key = await askForKey();
    return key === undefined ? false : this.#testAndKeep(key);
  }

  async #takeOver(text: string): Promise<boolean> {
    const fault = faultSentence(text);
    if (fault === undefined) return this.#testAndKeep(text.trim());
    const enter = l10n.t('Enter a Key');
    const sentence = l10n.t('What {0} holds cannot be a key, so it was not taken over. {1}', keyVariable, fault);
    return (await vscode.window.showErrorMessage(sentence, enter)) === enter ? this.#enter() : false;
  }

  async #testAndKeep(key: string): Promise<boolean> {
    const verdict = await this.#test(key);
    if (verdict.kind === 'failed' && verdict.failure.kind === 'key-refused')
      return this.#afterRefusal(key, verdict.failure);
    await this.#parts.keys.keep(key);
    void this.#tellKept(verdict); // The key counts from now on; nobody waits for the message to be closed.
    return true;
  }

  /** Tests the kept key and says what came out. */
  async test(): Promise<void> {
    const key = await this.#parts.keys.read();
    if (key === undefined) return this.#offerToSet(l10n.t('No API key is set.'));
    const verdict = await this.#test(key);
    switch (verdict.kind) {
      case 'good':
        void vscode.window.showInformationMessage(
          withBalance(l10n.t('The service accepts the API key.'), verdict.balance),
        );
        return;
      case 'bad-address':
        return tellBadAddress();
      case 'failed':
        return this.#offerToSet(tellFailure(verdict.failure, 'live').text);
    }
  }

  /** Forgets the key after asking. */
  async delete(): Promise<void> {
    const remove = l10n.t('Delete');
    const question = l10n.t('Delete the API key from this computer?');
    const detail = l10n.t('Pictures that are already being made are collected once a key is set again.');
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
    await this.#parts.keys.forget();
    void vscode.window.showInformationMessage(l10n.t('The API key was deleted.'));
  }

  async #test(key: string): Promise<Verdict> {
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: l10n.t('Testing the API key…') },
      async () => {
        const client = await this.#parts.services.clientWithKey(key);
        if (!client) return { kind: 'bad-address' };
        try {
          const { balance } = await client.account();
          return { kind: 'good', ...(balance !== undefined && { balance }) };
        } catch (error) {
          const failure = failureOf(error, false);
          this.#parts.log.error(`The key test failed: ${tellFailure(failure, 'live').logLine}`);
          return { kind: 'failed', failure };
        } finally {
          await client.close();
        }
      },
    );
  }

  async #afterRefusal(key: string, failure: Failure): Promise<boolean> {
    const again = l10n.t('Enter Another Key');
    const keep = l10n.t('Keep It Anyway');
    const chosen = await vscode.window.showErrorMessage(
      asText([tellFailure(failure, 'live').text, l10n.t('It was not kept.')]),
      again,
      keep,
    );
    if (chosen === again) return this.#enter();
    if (chosen !== keep) return false;
    await this.#parts.keys.keep(key);
    return true;
  }

  async #tellKept(verdict: Verdict): Promise<void> {
    const kept = l10n.t('The API key is kept in the secret storage of this editor.');
    if (verdict.kind === 'bad-address') return tellBadAddress();
    if (verdict.kind === 'failed') {
      const reason = tellFailure(verdict.failure, 'live').text;
      const test = l10n.t('Test Again');
      const chosen = await vscode.window.showWarningMessage(
        asText([kept, l10n.t('It could not be tested: {0}', reason)]),
        test,
      );
      return chosen === test ? this.test() : undefined;
    }
    const sentence = withBalance(asText([l10n.t('The service accepts the API key.'), kept]), verdict.balance);
    if (this.#parts.mode() === 'live') return void vscode.window.showInformationMessage(sentence);
    const leave = l10n.t('Leave Practice Mode');
    if (
      (await vscode.window.showInformationMessage(asText([sentence, l10n.t('Practice mode is still on.')]), leave)) ===
      leave
    )
      await this.#parts.leavePractice();
  }

  async #offerToSet(sentence: string): Promise<void> {
    const set = l10n.t('Set API Key');
    if ((await vscode.window.showErrorMessage(sentence, set)) === set) await this.set();
  }
}

/** Lets the user decide whether the key in the environment is taken over; it never is by itself, and it is not shown. */
async function askForOrigin(): Promise<KeyOrigin | undefined> {
  const isRemote = vscode.env.remoteName !== undefined;
  const items: (vscode.QuickPickItem & { readonly origin: KeyOrigin })[] = [
    { label: l10n.t('Enter a key'), origin: 'typed' },
    {
      label: l10n.t('Take over the key in {0}', keyVariable),
      // A list cuts a line off after some ninety letters.
      detail: isRemote
        ? l10n.t('Set on the remote host, maybe by a container. Tested, copied once, not read again.')
        : l10n.t('Tested, copied once into the secret storage of this editor, not read again.'),
      origin: 'environment',
    },
  ];
  // A window on a remote host runs the extension there: its variables are not those of the machine with the keyboard.
  const placeHolder = isRemote
    ? l10n.t('{0} is set on the remote host. It is used only if you take it over.', keyVariable)
    : l10n.t('{0} is set in the environment. It is used only if you take it over.', keyVariable);
  const picked = await vscode.window.showQuickPick(items, {
    title: l10n.t('Set API Key'),
    placeHolder,
    ignoreFocusOut: true,
  });
  return picked?.origin;
}

async function askForKey(): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: l10n.t('Set API Key'),
    prompt: l10n.t(
      'Your EmpirioLabs API key. It is kept in the secret storage of this editor and sent only to the service.',
    ),
    placeHolder: 'sk-empiriolabs-…',
    password: true,
    ignoreFocusOut: true,
    validateInput: (input) => faultSentence(input),
  });
  return text === undefined || keyFault(text) ? undefined : text.trim();
}

function faultSentence(text: string): string | undefined {
  switch (keyFault(text)) {
    case 'empty':
      return l10n.t('Paste the API key here.');
    case 'spaces':
      return l10n.t('A key has no spaces or line breaks in it.');
    case 'characters':
      return l10n.t('A key has only English letters, digits and signs.');
    case undefined:
      return undefined;
  }
}

async function tellBadAddress(): Promise<void> {
  const open = l10n.t('Open Settings');
  if ((await vscode.window.showErrorMessage(badAddressSentence(), open)) === open) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'wanImage.serviceUrl');
  }
}

/** What is wrong when the setting holds no address that a key may be sent to. */
export const badAddressSentence = (): string =>
  l10n.t('The service address in the settings is not an https address, so nothing was sent to it.');

function withBalance(sentence: string, balance: number | undefined): string {
  return balance === undefined ? sentence : asText([sentence, l10n.t('Balance: ${0}.', balance.toFixed(2))]);
}
