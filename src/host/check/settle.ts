import type { Failure } from '../../core/failure.ts';
import type { BoxForm } from '../../core/modelCard.ts';
import type { Fill } from '../../pixels/protocol.ts';
import type { RunOutcome } from '../runner.ts';

export type FormOnTrial = Exclude<BoxForm, 'auto'>;

/** What became of one test picture. */
export type Trial =
  /** It came, and was looked at. */
  | { readonly kind: 'picture'; readonly fill: Fill }
  /** It came, and could not be looked at. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The user no longer waits; it will be in the studio. */
  | { readonly kind: 'left' }
  /** It was not sent. */
  | { readonly kind: 'not-sent'; readonly why: RunOutcome | 'other-service' };

export interface Tried {
  readonly form: FormOnTrial;
  readonly trial: Trial;
}

/** What the test pictures have settled; undefined is what they have not. */
export interface Settled {
  readonly tried: readonly Tried[];
  readonly inline: 'accepted' | 'refused' | undefined;
  readonly boxForm: FormOnTrial | 'neither' | undefined;
}

/**
 * One list for each image comes first: it is the likelier of the two, and if it works nothing else is ever needed, while
 * the page's form says nothing about several images or boxes. Source: the service dossier, section 3.
 */
const order: readonly FormOnTrial[] = ['perImage', 'literal'];

/**
 * Settles with at most two test pictures whether inline images are accepted and which form of boxes works. Nothing is asked
 * twice: the second picture is another question, and whatever leaves it open what became of the first ends it all.
 */
export async function settle(ask: (form: FormOnTrial) => Promise<Trial>, isCancelled: () => boolean): Promise<Settled> {
  const tried: Tried[] = [];
  for (const form of order) {
    if (isCancelled()) break;
    const trial = await ask(form);
    tried.push({ form, trial });
    if (!leavesOpen(trial)) break;
  }
  return { tried, ...conclude(tried) };
}

/** True where the other form is still a question, and everything about this picture is known. */
function leavesOpen(trial: Trial): boolean {
  if (trial.kind === 'picture') return trial.fill.verdict !== 'inside';
  if (trial.kind !== 'failed') return false;
  const { failure } = trial;
  // A job that failed for its request may be billed; the other form is no second try of it and was consented to.
  if (failure.kind === 'bad-request') return true;
  return failure.kind === 'inline-image-refused' && !isAboutInline(failure) && !failure.mayBeBilled;
}

/** An error that only speaks of the image may mean its boxes; the other form then decides. */
function isAboutInline({ detail = '', status }: Failure): boolean {
  return (
    status === 413 ||
    /\bdata[ -]?ur[il]|\bdata:|base64|inline|\bur[il]s?\b|https?\b|Invalid(URL|File)|download|fetch/i.test(detail)
  );
}

function conclude(tried: readonly Tried[]): Omit<Settled, 'tried'> {
  const works = tried.find(({ trial }) => trial.kind === 'picture' && trial.fill.verdict === 'inside');
  const last = tried.at(-1)?.trial;
  const isRefused = last?.kind === 'failed' && last.failure.kind === 'inline-image-refused';
  const areBothOut = tried.length === order.length && tried.every(({ trial }) => isOut(trial));
  return {
    inline: tried.some(({ trial }) => trial.kind === 'picture') ? 'accepted' : isRefused ? 'refused' : undefined,
    boxForm: works?.form ?? (areBothOut ? 'neither' : undefined),
  };
}

/** True where a form certainly does not do what it should. */
function isOut(trial: Trial): boolean {
  return trial.kind === 'picture' || (trial.kind === 'failed' && trial.failure.kind === 'bad-request');
}
