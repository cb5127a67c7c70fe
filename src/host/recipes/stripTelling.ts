import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asList, asText } from '../../core/joining.ts';
import { shortPath } from '../results.ts';
import type { Telling } from '../telling.ts';
import type { Untouched } from './stripping.ts';

/** What to say where no file holds anything of ours. */
export function tellNothingToStrip(looked: number, untouched: readonly Untouched[]): Telling {
  const text = asText([
    l10n.t('No recipe and no mark of ours was found. Files looked at: {0}.', looked),
    ...leftSentences(untouched),
  ]);
  return { severity: 'info', text, actions: [] };
}

/** What to say once files were stripped. */
export function tellStripped(
  done: readonly vscode.Uri[],
  failed: readonly vscode.Uri[],
  untouched: readonly Untouched[],
): Telling {
  const text = asText([
    done.length === 1 && done[0]
      ? l10n.t('Stripped {0}.', shortPath(done[0]))
      : l10n.t('Stripped files: {0}.', done.length),
    failed.length > 0 ? l10n.t('Not changed: {0}. The log says more.', namesOf(failed)) : undefined,
    ...leftSentences(untouched),
  ]);
  return { severity: failed.length > 0 ? 'warning' : 'info', text, actions: [] };
}

/** What to say once that was undone. */
export function tellUnstripped(back: number, stuck: readonly vscode.Uri[]): Telling {
  const text = asText([
    l10n.t('Files as they were before: {0}.', back),
    stuck.length > 0 ? l10n.t('Not brought back: {0}. Undo Replace can be tried again.', namesOf(stuck)) : undefined,
  ]);
  return { severity: stuck.length > 0 ? 'warning' : 'info', text, actions: [] };
}

/** Files without anything of ours are not worth a word; those that may have something and are left alone are. */
function leftSentences(untouched: readonly Untouched[]): string[] {
  const named = (why: Untouched['why']) => untouched.filter((one) => one.why === why).map(({ file }) => file);
  const [signed, outside] = [named('signed'), named('outside')];
  const unreadable = [...named('unreadable'), ...named('not-readable')];
  return [
    signed.length > 0
      ? l10n.t('Left alone, since a change would break their signature (C2PA): {0}.', namesOf(signed))
      : '',
    outside.length > 0 ? l10n.t('Left alone, since they are not in the workspace: {0}.', namesOf(outside)) : '',
    unreadable.length > 0 ? l10n.t('Left alone, since they cannot be read: {0}.', namesOf(unreadable)) : '',
  ];
}

const mostNamed = 5;

function namesOf(files: readonly vscode.Uri[]): string {
  const names = files.slice(0, mostNamed).map(shortPath);
  return asList(files.length > mostNamed ? [...names, '…'] : names, vscode.env.language);
}
