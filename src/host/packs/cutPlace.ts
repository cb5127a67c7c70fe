import { posix } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { startOfDialogs } from '../results.ts';
import { fileNameFromPrompt } from '../saving/fileName.ts';
import { freePath } from '../saving/freePath.ts';
import type { KeptPicture, Saver } from '../saving/saver.ts';
import type { MeantPicture } from './meantPicture.ts';

interface Parts {
  readonly saver: Pick<Saver, 'save' | 'saveAs'>;
  /** The names of the folders of the save folder, from a workspace folder down. Throws SaveError. */
  readonly saveFolder: (workspaceFolder: vscode.Uri) => Promise<string[]>;
}

type Format = 'png' | 'webp';

/** Where a cut-out goes: beside its picture or in the save folder, under a free name; without a folder where the user points. */
export class CutPlace {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Where it would be saved at this moment, as the user knows it; undefined where a place is asked for. Throws SaveError. */
  async shown(picture: MeantPicture, format: Format): Promise<string | undefined> {
    const place = await this.#of(picture);
    if (!place) return undefined;
    const { workspaceFolder, folder } = place;
    return vscode.workspace.asRelativePath(await freePath(workspaceFolder, { folder, name: nameOf(picture) }, format));
  }

  /** Saves it there as a new file. Undefined where the user has named no place. Throws SaveError. */
  async save(picture: MeantPicture, file: string, format: Format): Promise<vscode.Uri | undefined> {
    const kept: KeptPicture = { file, name: nameOf(picture), extension: format };
    const place = await this.#of(picture);
    if (place) return this.#parts.saver.save(kept, place);
    const chosen = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(startOfDialogs(), `${kept.name}.${format}`),
      filters: { [l10n.t('Picture')]: [format] },
      title: l10n.t('Save Picture'),
    });
    return chosen && this.#parts.saver.saveAs(kept, chosen);
  }

  async #of({
    file,
  }: MeantPicture): Promise<{ workspaceFolder: vscode.WorkspaceFolder; folder: string[] } | undefined> {
    const home = file && vscode.workspace.getWorkspaceFolder(file);
    if (file && home) {
      const way = posix.relative(home.uri.path, posix.dirname(file.path));
      return { workspaceFolder: home, folder: way === '' ? [] : way.split('/') };
    }
    const [workspaceFolder] = vscode.workspace.workspaceFolders ?? [];
    return workspaceFolder && { workspaceFolder, folder: await this.#parts.saveFolder(workspaceFolder.uri) };
  }
}

const nameOf = ({ name }: MeantPicture): string => fileNameFromPrompt(`${name} cutout`);
