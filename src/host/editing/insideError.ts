import { asSourceError } from './sourceError.ts';

/** Why an answer cannot be put into the boxes of its source. Code asks the kind; sentences are made in telling.ts. */
export type InsideErrorKind =
  /** The source is another by now, and its copy from then is gone. */
  | 'changed'
  /** Neither the source nor a copy is there. */
  | 'gone'
  /** The answer is not in the vault any more. */
  | 'lost'
  /** The result could not be written into the vault. */
  | 'disk'
  /** The pixel engine could not start, or stopped. */
  | 'engine'
  | 'unexpected';

/** The one error about an answer and the boxes of its source. */
export class InsideError extends Error {
  readonly kind: InsideErrorKind;
  /** The source as the user knows it. */
  readonly place: string;

  constructor(kind: InsideErrorKind, place: string, options?: ErrorOptions) {
    super(`${kind}: ${place}`, options);
    this.name = 'InsideError';
    this.kind = kind;
    this.place = place;
  }
}

/** Whatever went wrong with an answer and its source as an InsideError. */
export function asInsideError(error: unknown, place: string): InsideError {
  if (error instanceof InsideError) return error;
  const { kind } = asSourceError(error, place);
  const known = kind === 'gone' || kind === 'engine' ? kind : 'unexpected';
  return new InsideError(known, place, { cause: error });
}
