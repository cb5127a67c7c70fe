import { vi } from 'vitest';

/** Waits until a claim no longer throws. What it is soon on one machine takes longer on another that has more to do. */
export function eventually<T>(claim: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(claim, { timeout: 20_000, interval: 5 });
}
