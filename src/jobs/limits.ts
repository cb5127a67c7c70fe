import type { Mills } from '../core/modelCard.ts';

/** Who asks for a picture: the user by hand, or an agent or another extension in the user's name. */
export type Caller = 'person' | 'agent';

/** Only these ways in are a person's own hand; a name that is not known counts as that of an agent. */
const handsOfPeople: ReadonlySet<string> = new Set(['studio', 'palette', 'set file', 'check service']);

/** The kind of caller behind a job's `askedBy`. */
export const callerOf = (askedBy: string): Caller => (handsOfPeople.has(askedBy) ? 'person' : 'agent');

/** The `askedBy` of a job of which nobody knows any more who asked for it. */
export const askedByNobodyKnown = 'a damaged entry';

/** Who is told to have asked for a job, beside the user's own hand; undefined where that was it, or nobody knows. */
export const otherCaller = (askedBy: string): string | undefined =>
  callerOf(askedBy) === 'agent' && askedBy !== askedByNobodyKnown ? askedBy : undefined;

/** The most that requests of one day may cost together, in thousandths of a dollar. */
export interface Limits {
  /** Over all workspaces. */
  readonly day: Mills;
  readonly workspace: Mills;
  /** Agents and other extensions, over all workspaces. */
  readonly agent: Mills;
}

/** What today's requests cost, or may cost while that is not known, in thousandths of a dollar. */
export type Spent = Limits;

/** Why a request may not be sent, in thousandths of a dollar. */
export type Refusal =
  | {
      readonly kind: 'over';
      readonly limit: keyof Limits;
      readonly spent: Mills;
      readonly asked: Mills;
      readonly allowed: Mills;
    }
  /** Nobody can say what the request can cost. */
  | { readonly kind: 'price-unknown' }
  /** The ledger could not be read or written, so what was spent today is not known. */
  | { readonly kind: 'unreadable'; readonly detail: string };

/** A request was refused by a limit; nothing of it is in the ledger, and nothing was sent. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(`limit: ${refusal.kind}`, options);
    this.refusal = refusal;
  }
}

/** True for an amount that can be added up: whole thousandths of a dollar, none below zero. */
export const isMills = (amount: unknown): amount is Mills => Number.isSafeInteger(amount) && (amount as number) >= 0;

/**
 * The limit that a request does not fit under, the one that leaves least; undefined where it fits under all. A limit that
 * is no amount allows nothing.
 */
export function refusalOf(asked: Mills, caller: Caller, spent: Spent, limits: Limits): Refusal | undefined {
  if (!isMills(asked)) return { kind: 'price-unknown' };
  const names: (keyof Limits)[] = caller === 'agent' ? ['day', 'workspace', 'agent'] : ['day', 'workspace'];
  const [tightest] = names
    .map((limit) => ({ limit, spent: spent[limit], allowed: isMills(limits[limit]) ? limits[limit] : 0 }))
    .filter((one) => !(one.spent + asked <= one.allowed))
    .sort((a, b) => a.allowed - a.spent - (b.allowed - b.spent));
  return tightest && { kind: 'over', asked, ...tightest };
}
