/** What went wrong with a picture; callers switch on this and never on the text. */
export type PixelErrorKind =
  /** The bytes begin as no picture format that is known here (also: no bytes at all). */
  | 'not-an-image'
  /** A known format in a form that is not read here. */
  | 'unsupported'
  /** The file ends before the picture does. */
  | 'truncated'
  /** The bytes contradict themselves or the format's rules. */
  | 'corrupt'
  /** More pixels or bytes than the limit given; nothing was decoded. */
  | 'too-large'
  /** The pixel engine could not start, or stopped while working; pictures that need no change can still pass. */
  | 'engine-unavailable';

/** The one error that this room throws about a picture. The message is for a log; sentences for users are made from `kind`. */
export class PixelError extends Error {
  readonly kind: PixelErrorKind;

  constructor(kind: PixelErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PixelError';
    this.kind = kind;
  }
}
