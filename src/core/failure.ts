import * as z from 'zod/mini';

/**
 * Every way in which a job can end, or be held up, without what was asked for; all but `storage` are the service's or the
 * network's. Code asks the kind, never the text.
 */
export const failureKinds = [
  'key-missing',
  'key-refused',
  'no-credit',
  'busy',
  'content-refused',
  'bad-request',
  'inline-image-refused',
  'unavailable',
  'network',
  'late',
  'nothing-delivered',
  'cancelled',
  'storage',
  'unexpected',
] as const;
export const FailureKind = z.enum(failureKinds);
export type FailureKind = z.infer<typeof FailureKind>;

/** What is known of a failed call; safe to store and to show, since it never holds the key, a signed address or image data. */
export const Failure = z.strictObject({
  kind: FailureKind,
  /** True when the service may have accepted, and so billed, the request. Such a request is never sent again by itself. */
  mayBeBilled: z.boolean(),
  /** HTTP status, where there was an answer. */
  status: z.optional(z.number()),
  requestId: z.optional(z.string()),
  /** How long the service asks to wait, in milliseconds. */
  retryAfterMs: z.optional(z.number()),
  /** The service's own words, shortened and scrubbed. */
  detail: z.optional(z.string()),
});
export type Failure = z.infer<typeof Failure>;
