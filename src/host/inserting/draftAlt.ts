import { realpath } from 'node:fs/promises';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { insertLanguages, isInsertLanguage } from '../../core/references/languages.ts';
import { pictureAt, type PictureAt } from '../../core/references/pictureAt.ts';
import { PixelError } from '../../pixels/pixelError.ts';
import type { Log } from '../log.ts';
import { plainText } from '../plainText.ts';
import { SourceError } from '../editing/sourceError.ts';
import { isInside } from '../saving/insideFolder.ts';
import { codeOf } from '../saving/saveError.ts';
import { wantedFile } from '../missing/wantedFile.ts';
import type { Sites } from '../site.ts';
import type { Telling } from '../telling.ts';
import { fileOf } from './documentPlace.ts';
import { TrackedPosition } from './trackedPosition.ts';

interface Parts {
  readonly models: () => Thenable<readonly vscode.LanguageModelChat[]>;
  readonly sites: Pick<Sites, 'siteOf'>;
  /** A small copy of a picture without what its file says beside it. Throws SourceError, PixelError or the file system's error. */
  readonly picture: (file: vscode.Uri) => Promise<{ readonly bytes: Uint8Array; readonly format: string }>;
  readonly tell: (telling: Telling) => Promise<void>;
  readonly log: Log;
}

const question =
  'Write the alternative text of this picture for people who cannot see it: one plain sentence of at most 120 characters, saying what it shows, without "picture of". Answer with nothing else.';
/** In characters; a model that goes on is cut off. */
const longest = 250;

/**
 * Has a language model of VS Code draft the alternative text of the picture that the cursor is in. Nothing is sent before the
 * user has chosen the model for this very picture.
 */
export async function draftAlt(editor: vscode.TextEditor | undefined, parts: Parts): Promise<void> {
  const { tell, log } = parts;
  const found = editor && (await pictureUnder(editor, parts));
  if (!found)
    return tell(
      info(l10n.t('Put the cursor into a reference to a picture of this folder, with its text in quotes, first.')),
    );
  const { document } = editor;
  const { file, picture } = found;
  const name = plainText(vscode.workspace.asRelativePath(file));
  const model = await chooseModel(name, parts);
  if (!model) return;
  const before = document.getText(rangeOf(document, picture.alt));
  const place = new TrackedPosition({ document: document.uri, offset: picture.alt.start, ranges: [picture.alt] });
  try {
    const words = await ask(model, await parts.picture(file), name);
    if (words === undefined) return;
    const [alt] = place.ranges;
    const range = alt && rangeOf(document, alt);
    if (!range || document.getText(range) !== before)
      return tell(info(l10n.t('The text was changed meanwhile, so it was left as it is. The draft was: {0}', words)));
    const edit = new vscode.WorkspaceEdit();
    const written = picture.escape(words);
    edit.replace(document.uri, range, written);
    if (!(await vscode.workspace.applyEdit(edit)))
      return tell(warning(l10n.t('The editor did not take the draft. It was: {0}', words)));
    const end = document.positionAt(document.offsetAt(range.start) + written.length);
    editor.selection = new vscode.Selection(range.start, end);
    await tell(
      info(l10n.t('Read it over before you keep it: the text of {0} is now a draft by {1}.', name, model.name)),
    );
  } catch (error) {
    if (!isExpected(error)) throw error;
    log.error('A picture was not described.', error);
    await tell(
      warning(l10n.t('{0} did not describe {1}. It may take no pictures: try another model.', model.name, name)),
    );
  } finally {
    place.dispose();
  }
}

const info = (text: string): Telling => ({ severity: 'info', text, actions: [] });
const warning = (text: string): Telling => ({ severity: 'warning', text, actions: [] });

function isExpected(error: unknown): boolean {
  return (
    error instanceof vscode.LanguageModelError ||
    error instanceof SourceError ||
    error instanceof PixelError ||
    codeOf(error) !== undefined
  );
}

function rangeOf(document: vscode.TextDocument, { start, end }: { start: number; end: number }): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

async function pictureUnder(
  { document, selection }: vscode.TextEditor,
  { sites }: Parts,
): Promise<{ readonly file: vscode.Uri; readonly picture: PictureAt } | undefined> {
  const { languageId } = document;
  const from = fileOf(document);
  if (!isInsertLanguage(languageId) || !from) return undefined;
  const picture = pictureAt(document.getText(), insertLanguages[languageId], document.offsetAt(selection.active));
  if (!picture) return undefined;
  const file = await wantedFile(from, picture.source, sites);
  return file && (await isOfWorkspace(file)) ? { file, picture } : undefined;
}

/** A document may name any path; only files that really lie in the workspace are shown to anybody. */
async function isOfWorkspace(file: vscode.Uri): Promise<boolean> {
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(file)?.uri;
  if (!workspaceFolder || file.scheme !== 'file') return workspaceFolder !== undefined;
  try {
    return isInside(await realpath(workspaceFolder.fsPath), await realpath(file.fsPath));
  } catch (error) {
    if (codeOf(error) !== undefined) return false;
    throw error;
  }
}

/** Choosing is agreeing: the list says what is sent, and to whom. */
async function chooseModel(name: string, { models, tell }: Parts): Promise<vscode.LanguageModelChat | undefined> {
  const all = await models();
  if (all.length === 0) {
    await tell(info(l10n.t('There is no language model in this window. Sign in to one first.')));
    return undefined;
  }
  const rows = all.map((model) => ({ label: model.name, description: model.vendor, model }));
  const chosen = await vscode.window.showQuickPick(rows, {
    title: l10n.t('Draft Alt Text from the Picture'),
    placeHolder: l10n.t('{0} is sent to the model that you choose', name),
    matchOnDescription: true,
  });
  return chosen?.model;
}

/** Undefined where the user did not wait. */
function ask(
  model: vscode.LanguageModelChat,
  { bytes, format }: { readonly bytes: Uint8Array; readonly format: string },
  name: string,
): Thenable<string | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    cancellable: true,
    title: l10n.t('{0} looks at {1}', model.name, name),
  };
  return vscode.window.withProgress(options, async (_, token) => {
    const message = vscode.LanguageModelChatMessage.User([
      new vscode.LanguageModelTextPart(question),
      vscode.LanguageModelDataPart.image(bytes, `image/${format}`),
    ]);
    const justification = l10n.t('To draft the alternative text of {0}', name);
    let words = '';
    try {
      const answer = await model.sendRequest([message], { justification }, token);
      for await (const piece of answer.text) {
        words += piece;
        if (words.length > 4 * longest) break;
      }
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    }
    if (token.isCancellationRequested) return undefined;
    const line = [
      ...plainText(words)
        .replace(/\s+/g, ' ')
        .trim()
        .replace(/^"(.*)"$/, '$1'),
    ]
      .slice(0, longest)
      .join('');
    if (line === '') throw vscode.LanguageModelError.NotFound();
    return line;
  });
}
