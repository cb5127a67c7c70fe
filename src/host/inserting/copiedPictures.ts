import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asList, asText } from '../../core/joining.ts';
import { type Results, shortPath } from '../results.ts';
import type { Services } from '../services.ts';
import type { Sites } from '../site.ts';
import { insertSentence, type Telling } from '../telling.ts';
import type { WindowTeller } from '../windowTeller.ts';
import type { CopiedReference } from './copied.ts';
import { writeAt } from './droppedPictures.ts';
import { InsertError } from './insertError.ts';

interface Parts {
  readonly services: Pick<Services, 'findResult' | 'recall'>;
  readonly results: Pick<Results, 'filesFor'>;
  readonly sites: Pick<Sites, 'siteOf'>;
  readonly teller: Pick<WindowTeller, 'tell' | 'tellSaved'>;
}

/**
 * Saves pictures that were copied in the studio, where they are no files yet, and writes references to them. The ids come
 * from the clipboard: only pictures of the user's own history count. Undefined after the user was told why there is none.
 */
export async function writeCopied(
  document: vscode.TextDocument,
  range: vscode.Range,
  ids: readonly string[],
  { services, results, sites, teller }: Parts,
): Promise<CopiedReference | undefined> {
  // Nobody waits for a message to be closed.
  const tell = (severity: Telling['severity'], text: string): void => void teller.tell({ severity, text, actions: [] });
  for (const id of ids) await services.recall(id);
  if (!ids.every((id) => services.findResult(id))) {
    tell('warning', l10n.t('The copied picture is not in the history of this folder. Copy it in the studio again.'));
    return undefined;
  }
  const files = await results.filesFor(ids, document.uri);
  if (files.kind === 'failed') void teller.tell(files.telling);
  if (files.kind !== 'files') return undefined;
  try {
    const written = await writeAt(document, range, files.pictures, sites);
    void teller.tellSaved(files.saved, document.uri);
    return written;
  } catch (error) {
    if (!(error instanceof InsertError)) throw error;
    const saved =
      files.saved.length > 0 ? [l10n.t('Saved {0}.', asList(files.saved.map(shortPath), vscode.env.language))] : [];
    tell('warning', asText([...saved, insertSentence(error.kind, shortPath(document.uri))]));
    return undefined;
  }
}
