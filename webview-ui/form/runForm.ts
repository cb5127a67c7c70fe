import { focusFieldSoon } from '../parts/fieldIds.ts';
import type { Studio } from '../state.ts';
import type { Words } from '../words.ts';

/** Why a form without mistakes cannot be run yet. */
function blockedWords(studio: Studio): Words {
  if (studio.isWithoutVault) return ['runWithoutVault'];
  return studio.isReading ? ['runReading'] : (studio.overLimit ?? ['runOverLimit']);
}

/** Runs the form; where something stands in the way, goes there. */
export function runForm(studio: Studio): void {
  const outcome = studio.run();
  const first = studio.errors[0];
  if (outcome !== 'blocked') return;
  if (first) focusFieldSoon(first.field);
  else studio.say(blockedWords(studio));
}
