/** Why a reference could not be written. */
export type InsertErrorKind = 'gone' | 'read-only' | 'elsewhere' | 'language' | 'refused';

/** The one error of inserting. */
export class InsertError extends Error {
  readonly kind: InsertErrorKind;

  constructor(kind: InsertErrorKind, options?: ErrorOptions) {
    super(kind, options);
    this.name = 'InsertError';
    this.kind = kind;
  }
}
