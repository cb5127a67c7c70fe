import { PixelError } from '../../pixels/pixelError.ts';
import { codeOf } from '../saving/saveError.ts';

/** Why a picture cannot be sent along. Code asks the kind; sentences are made in telling.ts. */
export type SourceErrorKind =
  | 'gone'
  | 'empty'
  | 'not-a-picture'
  /** A picture, in a format or form that is not read here. */
  | 'unsupported'
  | 'truncated'
  | 'corrupt'
  /** More bytes or pixels than are read. */
  | 'too-large'
  /** The sides differ by more than the service takes. */
  | 'too-long'
  /** Another picture than the one of which a part was chosen. */
  | 'changed'
  /** Named by the panel, and neither in the workspace nor open in a tab. */
  | 'outside'
  | 'not-allowed'
  | 'unavailable'
  /** The pixel engine could not start, or stopped. */
  | 'engine'
  | 'unexpected';

/** The one error about a picture that is sent along. */
export class SourceError extends Error {
  readonly kind: SourceErrorKind;
  /** The picture as the user knows it. */
  readonly place: string;

  constructor(kind: SourceErrorKind, place: string, options?: ErrorOptions) {
    super(`${kind}: ${place}`, options);
    this.name = 'SourceError';
    this.kind = kind;
    this.place = place;
  }
}

/** Whatever went wrong with a picture as a SourceError about `place`: of the pixels, of Node, or of VS Code's file systems. */
export function asSourceError(error: unknown, place: string): SourceError {
  if (error instanceof SourceError) return error;
  return new SourceError(kindOf(error), place, { cause: error });
}

function kindOf(error: unknown): SourceErrorKind {
  if (error instanceof PixelError) return kindOfPixelError(error.kind);
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'FileNotFound':
      return 'gone';
    case 'EISDIR':
    case 'FileIsADirectory':
      return 'not-a-picture';
    case 'EACCES':
    case 'EPERM':
    case 'NoPermissions':
      return 'not-allowed';
    case 'Unavailable':
    case 'ETIMEDOUT':
    case 'EHOSTDOWN':
    case 'ENOTCONN':
    case 'EIO':
      return 'unavailable';
    default:
      return 'unexpected';
  }
}

function kindOfPixelError(kind: PixelError['kind']): SourceErrorKind {
  switch (kind) {
    case 'not-an-image':
      return 'not-a-picture';
    case 'engine-unavailable':
      return 'engine';
    case 'unsupported':
    case 'truncated':
    case 'corrupt':
    case 'too-large':
      return kind;
  }
}
