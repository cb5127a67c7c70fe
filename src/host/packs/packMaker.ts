import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import {
  newManifest,
  type PackFile,
  packFiles,
  type PackId,
  packIds,
  type Shaping,
  shapings,
} from '../../core/packs.ts';
import { asText } from '../../core/joining.ts';
import type { Size } from '../../core/size.ts';
import type { Pixels } from '../../pixels/client.ts';
import type { Pack } from '../../pixels/packs.ts';
import { choosePicture } from '../editing/pictureChoice.ts';
import { asSourceError, SourceError } from '../editing/sourceError.ts';
import type { InsertTarget } from '../inserting/insertTarget.ts';
import type { Log } from '../log.ts';
import { plainText } from '../plainText.ts';
import { fileNameFromPrompt } from '../saving/fileName.ts';
import { outsideSentence } from '../saving/folderDialog.ts';
import type { Sites } from '../site.ts';
import { SaveError } from '../saving/saveError.ts';
import { saveSentence, sourceSentence, type Telling } from '../telling.ts';
import type { LastPacks } from './lastPacks.ts';
import { manifestNames, manifestNear, type StandingManifest } from './manifestOffer.ts';
import { PackOffers } from './offers.ts';
import type { Batch } from './batch.ts';
import { type ChosenFolder, chooseFolder } from './folderChoice.ts';
import { type MeantPicture, readMeant } from './meantPicture.ts';
import { pathInSite } from './snippets.ts';
import { chooseFiles, type Proposed, propose } from './proposal.ts';
import { packLabel, shapingLabel } from './words.ts';

interface Parts {
  readonly pixels: Pick<Pixels, 'describe' | 'makePack'>;
  readonly batch: Batch;
  readonly last: LastPacks;
  readonly sites: Pick<Sites, 'siteOf'>;
  /** Absolute path of a folder of the extension's own, for what is only looked at. */
  readonly previews: string;
  readonly target: () => InsertTarget | undefined;
  readonly tell: (telling: Telling) => Promise<void>;
  readonly log: Log;
}

/** Makes icons and social pictures from one picture that is there already: nothing is sent, and nothing costs anything. */
export class PackMaker {
  readonly #parts: Parts;
  readonly #offers: PackOffers;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#offers = new PackOffers(parts);
  }

  /** Asks what is to be made, shows it, writes it, and offers what a page has to say of it. */
  async make(picture: MeantPicture, second?: vscode.Uri): Promise<void> {
    try {
      await this.#make(picture, second);
    } catch (error) {
      const telling = tellingOf(error);
      if (!telling) throw error;
      this.#parts.log.error('Files were not made from a picture.', error);
      await this.#parts.tell(telling);
    }
  }

  async #make(picture: MeantPicture, second: vscode.Uri | undefined): Promise<void> {
    const packs = await choosePacks(second !== undefined);
    if (packs.length === 0) return;
    const dark = packs.includes('light-dark') ? await chooseDark(second) : undefined;
    if (packs.includes('light-dark') && !dark) return;
    const files = packs.flatMap((pack) => packFiles[pack]);
    const size = await this.#sizeOf(picture);
    const shaping = await chooseShaping(files, size);
    if (!shaping) return;
    const folder = await chooseFolder(picture.file, this.#parts.sites);
    if (!folder) return;
    if ('outside' in folder)
      return this.#parts.tell({ severity: 'warning', text: outsideSentence(folder.outside), actions: [] });
    const made = await this.#work(picture, files, shaping);
    const pair = dark && (await this.#pairOf(picture, dark));
    const manifest = packs.includes('pwa') ? await manifestNear(folder) : undefined;
    const wanted = [...(made?.files ?? []), ...(pair ?? [])];
    const proposed = await propose(folder, wanted, made?.measures ?? {});
    const isNew = packs.includes('pwa') && manifest === undefined;
    if (made) await this.#show(made.sheet);
    const chosen = await chooseFiles(proposed, isNew ? manifestNames[0] : undefined);
    if (!chosen || chosen.files.length === 0) return;
    await this.#write(picture, folder, chosen, made?.ground ?? '#FFFFFF', manifest, size);
  }

  async #write(
    picture: MeantPicture,
    folder: ChosenFolder,
    { files, withManifest }: { readonly files: readonly Proposed[]; readonly withManifest: boolean },
    ground: string,
    manifest: StandingManifest | undefined,
    size: Size,
  ): Promise<void> {
    const batch = files.map(({ target, bytes }) => ({ target, bytes }));
    const newUri = vscode.Uri.joinPath(folder.uri, manifestNames[0]);
    const places = files.map(({ name, target }) => ({ name, file: target }));
    if (withManifest) {
      const parts = places.map(({ name, file }) => ({ name, path: pathInSite(folder, file) }));
      const text = newManifest(folder.workspaceFolder.name, parts, ground);
      batch.push({ target: newUri, bytes: Buffer.from(text) });
    }
    const written = await this.#parts.batch.write(batch);
    const [light, dark] = ['light', 'dark'].map((kind) => places.find(({ name }) => name === kind)?.file);
    this.#parts.last.remember(written);
    await this.#offers.offer({
      written,
      places,
      folder,
      manifest: withManifest ? { uri: newUri, path: pathInSite(folder, newUri) } : manifest,
      entriesWanted: manifest !== undefined,
      pair: light && dark ? { light, dark, alt: picture.name.replaceAll('-', ' '), ...size } : undefined,
    });
  }

  async #sizeOf({ bytes, place }: MeantPicture): Promise<Size> {
    try {
      const { width, height } = await this.#parts.pixels.describe(bytes);
      return { width, height };
    } catch (error) {
      throw asSourceError(error, place);
    }
  }

  async #work(picture: MeantPicture, files: readonly PackFile[], shaping: Shaping): Promise<Pack | undefined> {
    if (files.length === 0) return undefined;
    const title = l10n.t('Making icons from {0}', plainText(picture.place));
    try {
      return await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
        this.#parts.pixels.makePack(picture.bytes, files, shaping),
      );
    } catch (error) {
      throw asSourceError(error, picture.place);
    }
  }

  /** The two as they are, each under the name of the first one. */
  async #pairOf(light: MeantPicture, file: vscode.Uri): Promise<{ name: string; bytes: Uint8Array; as: string }[]> {
    const dark = await readMeant(file);
    const base = fileNameFromPrompt(light.name.replace(/[-_.](light|dark)$/i, ''));
    const named = async (kind: 'light' | 'dark', { bytes, place }: MeantPicture) => {
      try {
        const { format } = await this.#parts.pixels.describe(bytes);
        return { name: kind, bytes, as: `${base}-${kind}.${format === 'jpeg' ? 'jpg' : format}` };
      } catch (error) {
        throw asSourceError(error, place);
      }
    };
    return [await named('light', light), await named('dark', dark)];
  }

  /** What comes of it is looked at before anything is written. */
  async #show(sheet: Uint8Array): Promise<void> {
    await mkdir(this.#parts.previews, { recursive: true });
    const file = join(this.#parts.previews, 'icons.png');
    await writeFile(file, sheet);
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file), { preview: true, preserveFocus: true });
  }
}

async function choosePacks(hasTwo: boolean): Promise<PackId[]> {
  const rows = packIds.map((id) => ({ ...packLabel(id), id, picked: id === (hasTwo ? 'light-dark' : 'favicon') }));
  const chosen = await vscode.window.showQuickPick(rows, {
    canPickMany: true,
    title: l10n.t('Make Icons and Social Pictures'),
    placeHolder: l10n.t('What should be made? Nothing is sent, and it costs nothing.'),
  });
  return (chosen ?? []).map(({ id }) => id);
}

async function chooseDark(second: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  return second ?? (await choosePicture(l10n.t('Which picture is for dark pages?'))).at(0);
}

async function chooseShaping(files: readonly PackFile[], { width, height }: Size): Promise<Shaping | undefined> {
  const fits = files.every((file) => Math.abs(file.width / file.height / (width / height) - 1) < 0.01);
  if (fits) return 'whole';
  const rows = shapings.map((shaping) => ({ ...shapingLabel(shaping), shaping }));
  const chosen = await vscode.window.showQuickPick(rows, {
    placeHolder: l10n.t('The picture has another shape than some of the files. What should be done?'),
  });
  return chosen?.shaping;
}

/** What to say of what went wrong; undefined where it was not to be expected. */
export function tellingOf(error: unknown): Telling | undefined {
  if (error instanceof SourceError)
    return { severity: 'error', text: sourceSentence(error.kind, error.place), actions: ['show-log'] };
  if (!(error instanceof SaveError)) return undefined;
  const text = asText([
    saveSentence(error.kind, error.place),
    l10n.t('Nothing was written. Choose another folder or try again.'),
  ]);
  return { severity: 'error', text, actions: ['show-log'] };
}
