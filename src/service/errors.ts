import { Failure, type FailureKind } from '../core/failure.ts';
import { scrub, scrubDetail } from './scrub.ts';

/** What is known of a failed call; what is undefined is left out. */
export type KnownFailure = { readonly kind: FailureKind; readonly mayBeBilled: boolean } & {
  readonly [field in 'status' | 'retryAfterMs']?: number | undefined;
} & { readonly [field in 'requestId' | 'detail']?: string | undefined };

/**
 * The one error of the client. `failure` is safe to store and to show: the constructor takes secrets, queries of addresses
 * and image data out of its texts, and keeps of the cause only what was scrubbed likewise.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly failure: Failure;

  constructor(known: KnownFailure, options: { readonly cause?: unknown; readonly secrets?: readonly string[] } = {}) {
    const failure = failureOf(known, options.secrets);
    super(describe(failure), options.cause === undefined ? {} : { cause: harmless(options.cause, options.secrets) });
    this.failure = failure;
  }

  get kind(): FailureKind {
    return this.failure.kind;
  }
}

/** True for a ServiceError of any bundle: each bundle has its own copy of the class, so `instanceof` would not do. */
export function isServiceError(error: unknown): error is ServiceError {
  return (
    error instanceof Error &&
    error.name === 'ServiceError' &&
    Failure.safeParse((error as Partial<ServiceError>).failure).success
  );
}

/**
 * What is known of any thrown thing. What did not come from the client is 'unexpected', and counts as possibly billed
 * unless the caller knows better.
 */
export function toFailure(error: unknown, mayBeBilled = true): Failure {
  if (isServiceError(error)) return error.failure;
  return failureOf({ kind: 'unexpected', mayBeBilled, detail: error instanceof Error ? error.message : String(error) });
}

/** A failure with scrubbed texts and without empty fields. */
export function failureOf(known: KnownFailure, secrets?: readonly string[]): Failure {
  const detail = known.detail === undefined ? '' : scrubDetail(known.detail, secrets);
  const requestId = known.requestId === undefined ? '' : scrubDetail(known.requestId, secrets);
  return {
    kind: known.kind,
    mayBeBilled: known.mayBeBilled,
    ...(known.status === undefined ? {} : { status: known.status }),
    ...(requestId === '' ? {} : { requestId }),
    ...(known.retryAfterMs === undefined ? {} : { retryAfterMs: known.retryAfterMs }),
    ...(detail === '' ? {} : { detail }),
  };
}

function describe(failure: Failure): string {
  const status = failure.status === undefined ? '' : ` (HTTP ${failure.status})`;
  return `${failure.kind}${status}${failure.detail === undefined ? '' : `: ${failure.detail}`}`;
}

/** A copy of an error with its name, code and scrubbed message: the original may hold headers, addresses or sockets. */
function harmless(cause: unknown, secrets: readonly string[] | undefined, depth = 0): Error {
  const source = cause instanceof Error ? cause : new Error(String(cause));
  const nested = source instanceof AggregateError ? source.errors[0] : source.cause;
  const copy = new Error(
    scrub(source.message, secrets),
    nested === undefined || depth > 3 ? {} : { cause: harmless(nested, secrets, depth + 1) },
  );
  const code: unknown = (source as { code?: unknown }).code;
  copy.name = scrub(source.name, secrets);
  copy.stack = `${copy.name}: ${copy.message}`;
  return typeof code === 'string' ? Object.assign(copy, { code: scrub(code, secrets) }) : copy;
}
