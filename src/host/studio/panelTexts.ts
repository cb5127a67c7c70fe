import { l10n } from 'vscode';
import { fixSentences, problemSentences } from '../../core/sentences.ts';

/**
 * The panel's sentences in the user's language; empty in English, which the panel knows itself. In a translator's file
 * the panel's own sentences stand under `panel.<key>`.
 */
export function panelTexts(): Record<string, string> {
  const table = l10n.bundle;
  if (!table) return {};
  const own = Object.entries(table).filter(([key]) => key.startsWith('panel.'));
  return {
    ...Object.fromEntries(own.map(([key, text]) => [key.slice('panel.'.length), text])),
    ...translated('problem', problemSentences),
    ...translated('fix', fixSentences),
  };
}

function translated(prefix: string, sentences: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sentences).map(([code, sentence]) => [`${prefix}.${code}`, l10n.t(sentence)]),
  );
}
