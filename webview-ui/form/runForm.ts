import { focusFieldSoon } from '../parts/fieldIds.ts';
import type { Studio } from '../state.ts';

/** Runs the form; where something stands in the way, goes there. */
export function runForm(studio: Studio): void {
  const outcome = studio.run();
  const first = studio.errors[0];
  if (outcome === 'blocked' && first) focusFieldSoon(first.field);
}
