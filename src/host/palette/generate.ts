import { l10n } from 'vscode';
import type { BoxForm, Prices } from '../../core/modelCard.ts';
import { highestPrice, type ImageRequest } from '../../core/request.ts';
import type { Intent } from '../../jobs/record.ts';
import type { Announcer } from '../announcer.ts';
import type { Drafts } from '../drafts.ts';
import type { Runner, RunOrigin, RunOutcome } from '../runner.ts';
import { runRefusal } from '../runTelling.ts';
import type { Services } from '../services.ts';
import type { Studio } from '../studio/studio.ts';
import type { WindowTeller } from '../windowTeller.ts';
import { PalettePicks } from './picks.ts';

export interface GenerateParts {
  readonly services: Pick<Services, 'mode'>;
  readonly runner: Pick<Runner, 'run'>;
  readonly drafts: Pick<Drafts, 'offer'>;
  readonly studio: Pick<Studio, 'open' | 'openWith' | 'refresh'>;
  readonly announcer: Pick<Announcer, 'own'>;
  readonly teller: Pick<WindowTeller, 'tell'>;
  readonly startingRequest: () => ImageRequest;
  readonly boxForm: () => BoxForm;
  readonly prices: () => Prices;
  /** Offers to set a key; true when there is one now. */
  readonly offerKey: () => Promise<boolean>;
}

/** Asks for a prompt and options in the palette, runs the request and shows it in the studio. */
export async function generate(parts: GenerateParts): Promise<void> {
  const outcome = await askAndRun(l10n.t('Generate Image'), { kind: 'show' }, parts);
  if (outcome?.kind !== 'started') return;
  parts.announcer.own(outcome.service, outcome.job.record.id);
  parts.studio.open();
}

/**
 * The way from the palette to a job. The request stands in the studio's form before it is run, so that a refusal or a
 * missing key loses nothing. Undefined when the user gave up or went on in the studio.
 */
export async function askAndRun(title: string, intent: Intent, parts: GenerateParts): Promise<RunOutcome | undefined> {
  const { services, studio, drafts } = parts;
  const prices = parts.prices();
  const decision = await new PalettePicks(title, services.mode, parts.boxForm(), prices).ask(parts.startingRequest());
  if (!decision) return undefined;
  if (decision.kind === 'studio') {
    await studio.openWith(decision.request);
    return undefined;
  }
  const { request } = decision;
  const { draftId } = await drafts.offer(request);
  studio.refresh();
  return runTold(request, { draftId, intent, shownPrice: highestPrice(request, prices) ?? 0 }, parts);
}

/** Runs a request, offers to set a key where there is none, and tells of whatever stands in the way. */
export async function runTold(
  request: ImageRequest,
  origin: Omit<RunOrigin, 'askedBy'>,
  { runner, offerKey, teller }: Pick<GenerateParts, 'runner' | 'offerKey' | 'teller'>,
): Promise<RunOutcome> {
  const run = () => runner.run(request, { ...origin, askedBy: 'palette' });
  let outcome = await run();
  while (outcome.kind === 'failed' && outcome.failure.kind === 'key-missing' && (await offerKey()))
    outcome = await run();
  const isToldAlready = outcome.kind === 'failed' && outcome.failure.kind === 'key-missing';
  const refusal = isToldAlready ? undefined : runRefusal(outcome);
  if (refusal) await teller.tell(refusal);
  return outcome;
}
