import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { type CutOptions, findingsOf, keyColourWords, usualCut } from '../../core/cutOut.ts';
import type { Pixels } from '../../pixels/client.ts';
import type { CutOut } from '../../pixels/cutOutPicture.ts';
import { uriOfTab } from '../editing/places.ts';
import { asSourceError } from '../editing/sourceError.ts';
import type { Log } from '../log.ts';
import { startOfDialogs } from '../results.ts';
import { fileNameFromPrompt } from '../saving/fileName.ts';
import type { KeptPicture, Saver } from '../saving/saver.ts';
import type { Telling } from '../telling.ts';
import { chooseChange } from './cutChoice.ts';
import type { MeantPicture } from './meantPicture.ts';
import { tellingOf } from './packMaker.ts';
import { cutSentence } from './words.ts';

interface Parts {
  readonly pixels: Pick<Pixels, 'examineBackground' | 'cutOut' | 'previewCut'>;
  readonly saver: Pick<Saver, 'save' | 'saveAs'>;
  /** Absolute path of a folder of the extension's own, for what is only looked at. */
  readonly previews: string;
  /** The names of the folders of the save folder, from a workspace folder down. Throws SaveError. */
  readonly saveFolder: (workspaceFolder: vscode.Uri) => Promise<string[]>;
  /** Opens the request of a result with words added to its prompt; false where that cannot be done. */
  readonly askAnew: (resultId: string, words: string) => Promise<boolean>;
  readonly tell: (telling: Telling) => Promise<void>;
  readonly tellSaved: (files: readonly vscode.Uri[]) => Promise<void>;
  readonly log: Log;
}

/** Longest side of the picture that is looked at while the cut is chosen. */
const previewSide = 720;

/** Cuts a background of one colour out of a picture. The service makes no transparency: this is made here, and measured. */
export class Cutter {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Looks at the background, shows what a cut comes to until the user is content, and saves it as a new file. */
  async cut(picture: MeantPicture): Promise<void> {
    const folder = join(this.#parts.previews, randomUUID());
    let saved: vscode.Uri | undefined;
    try {
      await mkdir(folder, { recursive: true });
      saved = await this.#cut(picture, folder);
    } catch (error) {
      const telling = tellingOf(error);
      if (!telling) throw error;
      this.#parts.log.error('A background was not cut out.', error);
      await this.#parts.tell(telling);
    } finally {
      await closeTabsIn(folder);
      await rm(folder, { recursive: true, force: true });
    }
    // Last, since a message may stand for long.
    if (saved) await this.#parts.tellSaved([saved]);
  }

  async #cut(picture: MeantPicture, folder: string): Promise<vscode.Uri | undefined> {
    const background = await this.#work(picture, () => this.#parts.pixels.examineBackground(picture.bytes));
    if (background.checkerboard !== undefined && !(await this.#refuse(picture, background.checkerboard)))
      return undefined;
    let options: CutOptions = { ...usualCut, key: background.key };
    for (let attempt = 1; ; attempt++) {
      const shown = await this.#work(picture, () => this.#parts.pixels.previewCut(picture.bytes, options, previewSide));
      // Under a new name each time: an editor does not always look again at one that it shows already.
      await show(shown, join(folder, `cut-out-${attempt}.png`));
      const change = await chooseChange(options, background, shown.report);
      if (change === undefined) return undefined;
      if (typeof change !== 'string') {
        options = change;
        continue;
      }
      const kept = await this.#make(picture, options, change, folder);
      if (kept) return this.#saveFile(picture, kept);
    }
  }

  /** Squares of grey are no transparency, and cutting out one grey would leave the other. True where the user knows better. */
  async #refuse({ resultId }: MeantPicture, square: number): Promise<boolean> {
    const anew = l10n.t('Ask Again on a Plain Colour');
    const copy = l10n.t('Copy Words for the Prompt');
    const goOn = l10n.t('It Is No Checkerboard');
    const chosen = await vscode.window.showWarningMessage(
      l10n.t('This picture is not transparent: a checkerboard is painted into it.'),
      {
        modal: true,
        detail: l10n.t(
          'Squares of two greys, about {0} pixels wide, lie around what it shows. The model makes no transparency and draws this instead. Ask for the picture again on a plain colour, which can be cut out; that is a new request at its usual price.',
          square,
        ),
      },
      ...(resultId === undefined ? [] : [anew]),
      copy,
      goOn,
    );
    if (chosen === goOn) return true;
    const isOpen = chosen === anew && resultId !== undefined && (await this.#parts.askAnew(resultId, keyColourWords));
    if (chosen === copy || (chosen === anew && !isOpen)) {
      await vscode.env.clipboard.writeText(keyColourWords);
      const text = l10n.t('The words are in the clipboard. Add them to the prompt.');
      await this.#parts.tell({ severity: 'info', text, actions: [] });
    }
    return false;
  }

  /** The cut in all of its pixels; undefined where the user would rather change something. */
  async #make(
    picture: MeantPicture,
    options: CutOptions,
    format: 'png' | 'webp',
    folder: string,
  ): Promise<KeptPicture | undefined> {
    const made = await this.#work(picture, () => this.#parts.pixels.cutOut(picture.bytes, options, format));
    if (findingsOf(made.report).length > 0 && !(await confirmAllTheSame(made))) return undefined;
    const kept = {
      file: join(folder, `whole.${format}`),
      name: fileNameFromPrompt(`${picture.name} cutout`),
      extension: format,
    };
    await writeFile(kept.file, made.bytes);
    return kept;
  }

  /** Beside the picture, or in the save folder, under a free name. */
  async #saveFile({ file }: MeantPicture, kept: KeptPicture): Promise<vscode.Uri | undefined> {
    const home = file && vscode.workspace.getWorkspaceFolder(file);
    if (file && home) {
      const way = posix.relative(home.uri.path, posix.dirname(file.path));
      const folder = way === '' ? [] : way.split('/');
      return this.#parts.saver.save(kept, { workspaceFolder: home, folder });
    }
    const [workspaceFolder] = vscode.workspace.workspaceFolders ?? [];
    if (workspaceFolder)
      return this.#parts.saver.save(kept, {
        workspaceFolder,
        folder: await this.#parts.saveFolder(workspaceFolder.uri),
      });
    const name = `${kept.name}.${kept.extension}`;
    const chosen = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(startOfDialogs(), name),
      filters: { [l10n.t('Picture')]: [kept.extension] },
      title: l10n.t('Save Picture'),
    });
    return chosen && this.#parts.saver.saveAs(kept, chosen);
  }

  async #work<T>({ place }: MeantPicture, work: () => Promise<T>): Promise<T> {
    try {
      const title = l10n.t('Cutting out the background');
      return await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, work);
    } catch (error) {
      throw asSourceError(error, place);
    }
  }
}

async function show({ bytes }: CutOut, file: string): Promise<void> {
  await writeFile(file, bytes);
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file), { preview: true, preserveFocus: true });
}

/** What was only to be looked at goes, and its tabs with it. */
async function closeTabsIn(folder: string): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  // An address writes a drive's letter in its own way.
  const { fsPath } = vscode.Uri.file(folder);
  const ours = tabs.filter((tab) => uriOfTab(tab)?.fsPath.startsWith(fsPath));
  if (ours.length > 0) await vscode.window.tabGroups.close(ours);
}

async function confirmAllTheSame({ report }: CutOut): Promise<boolean> {
  const save = l10n.t('Save All the Same');
  const question = l10n.t('The cut-out is not clean.');
  return (
    (await vscode.window.showWarningMessage(question, { modal: true, detail: cutSentence(report) }, save)) === save
  );
}
