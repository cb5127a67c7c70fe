import { l10n } from 'vscode';
import { panelTable } from '../../core/panelStrings.ts';

/** Every sentence of the panel by its key, in the user's language where there is a translation. */
export function panelTexts(): Record<string, string> {
  // Without arguments l10n leaves {0} where it stands; the panel fills it in.
  return Object.fromEntries(Object.entries(panelTable()).map(([key, english]) => [key, l10n.t(english)]));
}
