/** Why a picture could not be written. Code asks the kind; sentences are made in telling.ts. */
export type SaveErrorKind =
  | 'no-space'
  | 'not-allowed'
  | 'read-only'
  | 'not-a-folder'
  /** The setting does not name a folder inside the workspace. */
  | 'bad-folder'
  /** The folder leads out of the workspace through a link. */
  | 'outside'
  | 'name-too-long'
  /** Windows reads a name on the way in its own way, or not at all. */
  | 'bad-name'
  /** Something has this very name, and no other name was agreed to. */
  | 'exists'
  /** Another picture that is being made will be saved under this very name. */
  | 'promised'
  /** The name says another format than the picture has. */
  | 'other-format'
  /** Something else has written to it at the same moment. */
  | 'changed'
  /** A template names something that does not exist; `place` is what is written there. */
  | 'unknown-variable'
  /** It could not be made in another format or size. */
  | 'not-made'
  /** The bytes in the vault are not there. */
  | 'lost'
  | 'unavailable'
  | 'unexpected';

/** The one error of saving. */
export class SaveError extends Error {
  readonly kind: SaveErrorKind;
  /** The folder or file it is about, as the user knows it. */
  readonly place: string;

  constructor(kind: SaveErrorKind, place: string, options?: ErrorOptions) {
    super(`${kind}: ${place}`, options);
    this.name = 'SaveError';
    this.kind = kind;
    this.place = place;
  }
}

/** A file system's error as a SaveError about `place`; understands Node's codes and those of VS Code's file systems. */
export function asSaveError(error: unknown, place: string): SaveError {
  if (error instanceof SaveError) return error;
  return new SaveError(kindOf(codeOf(error)), place, { cause: error });
}

/** The code of a file system's error, such as 'ENOSPC' or 'NoPermissions'. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function kindOf(code: string | undefined): SaveErrorKind {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'no-space';
    case 'EACCES':
    case 'EPERM':
    case 'NoPermissions':
      return 'not-allowed';
    case 'EROFS':
      return 'read-only';
    case 'ENOTDIR':
    case 'FileNotADirectory':
      return 'not-a-folder';
    case 'ENAMETOOLONG':
      return 'name-too-long';
    case 'Unavailable':
    case 'ETIMEDOUT':
    case 'EHOSTDOWN':
    case 'ENOTCONN':
      return 'unavailable';
    default:
      return 'unexpected';
  }
}
