import type { Fix } from '../src/core/problem.ts';
import { emptyRequest, ImageRequest } from '../src/core/request.ts';

/** A change of the form: fields to set; a field set to undefined is removed. */
export type Patch = Fix['patch'];

/** The request with a change made. */
export function withPatch(request: ImageRequest, patch: Patch): ImageRequest {
  const entries = Object.entries({ ...request, ...patch }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as ImageRequest;
}

/**
 * Reads any value as the content of the form. What cannot be read takes its default, since a form can be corrected and a
 * lost prompt cannot.
 */
export function readRequest(value: unknown): ImageRequest {
  const whole = ImageRequest.safeParse(value);
  if (whole.success) return whole.data;
  if (typeof value !== 'object' || value === null) return emptyRequest();
  const found: Record<string, unknown> = value as Record<string, unknown>;
  const readable = Object.entries(ImageRequest.shape).flatMap(([field, schema]) => {
    if (!Object.hasOwn(found, field)) return [];
    const parsed = schema.safeParse(found[field]);
    return parsed.success && parsed.data !== undefined ? [[field, parsed.data] as const] : [];
  });
  return { ...emptyRequest(), ...Object.fromEntries(readable) };
}
