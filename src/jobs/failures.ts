import { Failure } from '../core/failure.ts';

/** The disk did not take what has to be kept. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly failure: Failure;

  /** @param mayBeBilled whether a request had already been sent */
  constructor(cause: unknown, mayBeBilled: boolean) {
    const detail = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    super(`storage: ${detail}`, { cause });
    this.failure = { kind: 'storage', mayBeBilled, detail };
  }
}

/**
 * The failure an error carries; anything without one is `unexpected`. Errors are told by what they carry and not by their
 * class, since each bundle has a class of its own.
 * @param mayBeBilled what to believe of an error that does not say
 */
export function failureOf(error: unknown, mayBeBilled: boolean): Failure {
  const carried =
    typeof error === 'object' && error !== null && 'failure' in error ? Failure.safeParse(error.failure) : undefined;
  if (carried?.success) return carried.data;
  return { kind: 'unexpected', mayBeBilled, detail: error instanceof Error ? error.message.slice(0, 300) : 'unknown' };
}
