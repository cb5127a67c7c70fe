import type { PanelStringKey } from '../src/core/panelStrings.ts';
import type { Fix } from '../src/core/problem.ts';
import { fill } from '../src/core/sentences.ts';
import type { PanelProblem } from './form/sources.ts';

/** The table of the user's language, by key. The host sends it whole; a key it lacks stands for itself. */
export type Strings = Readonly<Record<string, string>>;

/** A sentence of the panel. */
export function text(strings: Strings, key: PanelStringKey, args: readonly (string | number)[] = []): string {
  return fill(strings[key] ?? key, args);
}

/** What a problem says. */
export function problemText(strings: Strings, problem: PanelProblem): string {
  const { sentence } = problem;
  if (typeof sentence === 'string') return sentence;
  if (sentence) return text(strings, sentence[0], sentence.slice(1));
  // A number field that was emptied: the general sentence would name the field as the request does.
  if (problem.code === 'field-invalid') return text(strings, 'problemNumber');
  return fill(strings[`problem.${problem.code}`] ?? problem.code, problem.args);
}

/** What the button of a fix says. */
export function fixText(strings: Strings, fix: Fix): string {
  return fill(strings[`fix.${fix.code}`] ?? fix.code, fix.args);
}
