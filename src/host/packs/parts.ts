import { join } from 'node:path';
import type * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { CutAsk } from '../../core/cutting.ts';
import type { Pixels } from '../../pixels/client.ts';
import { meantPictures } from '../editing/pictureChoice.ts';
import type { LastEditor } from '../inserting/insertTarget.ts';
import type { Log } from '../log.ts';
import type { Results } from '../results.ts';
import { Saver } from '../saving/saver.ts';
import type { Sites } from '../site.ts';
import type { WindowTeller } from '../windowTeller.ts';
import { Batch } from './batch.ts';
import { CutPlace } from './cutPlace.ts';
import { Cutting } from './cutting.ts';
import { LastPacks } from './lastPacks.ts';
import { type MeantPicture, readMeant } from './meantPicture.ts';
import { PackMaker, tellingOf } from './packMaker.ts';

interface Wanted {
  readonly pixels: Pixels;
  /** Starts an engine of its own for work that may be given up. */
  readonly start: () => Pixels;
  readonly results: Pick<Results, 'pictureFile'>;
  /** Absolute path of a folder of the extension's own. */
  readonly folder: string;
  readonly saveFolder: (workspaceFolder: vscode.Uri) => Promise<string[]>;
  readonly sites: Pick<Sites, 'siteOf'>;
  readonly lastEditor: Pick<LastEditor, 'target'>;
  readonly teller: Pick<WindowTeller, 'tell' | 'tellSaved'>;
  /** Opens the request of a result with words added to its prompt; false where that cannot be done. */
  readonly askAnew: (resultId: string, words: string) => Promise<boolean>;
  readonly openStudio: () => void;
  /** Told when what the studio shows of this has changed. */
  readonly changed: () => void;
  readonly log: Log;
}

/** What is made locally from one picture, for a result and for files that a menu hands over. */
export class Packs {
  readonly #wanted: Wanted;
  readonly #maker: PackMaker;
  /** The part of the panel in which a background is cut out. */
  readonly cutting: Cutting;
  readonly #last = new LastPacks();

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    const { pixels, start, folder, saveFolder, sites, lastEditor, teller, askAnew, openStudio, changed, log } = wanted;
    const saver = new Saver();
    const tell = teller.tell.bind(teller);
    const previews = join(folder, 'previews');
    this.#maker = new PackMaker({
      pixels,
      batch: new Batch(join(folder, 'batch'), saver),
      last: this.#last,
      previews,
      sites,
      target: () => lastEditor.target,
      tell,
      log,
    });
    const place = new CutPlace({ saver, saveFolder });
    this.cutting = new Cutting({ start, previews, place, openStudio, changed, askAnew, tell, log });
  }

  async make(handed: readonly unknown[]): Promise<void> {
    const [file, second] = await meantPictures(handed, l10n.t('Make icons from which picture?'));
    const picture = file && (await this.#read(file));
    if (picture) await this.#maker.make(picture, second);
  }

  async makeFromResult(resultId: string): Promise<void> {
    const picture = await this.#resultPicture(resultId);
    if (picture) await this.#maker.make(picture);
  }

  /** Deletes what was made last from one picture, as far as nobody has changed it. */
  async undo(): Promise<void> {
    await this.#wanted.teller.tell(await this.#last.undo());
  }

  async cutOut(handed: readonly unknown[]): Promise<void> {
    const [file] = await meantPictures(handed, l10n.t('Cut the background out of which picture?'));
    const picture = file && (await this.#read(file));
    if (picture) await this.cutting.open(picture);
  }

  async cutOutResult(resultId: string): Promise<void> {
    const picture = await this.#resultPicture(resultId);
    if (picture) await this.cutting.open(picture);
  }

  /** Saves a cut-out as the panel asks for it, and tells where it is. */
  async saveCut(ask: CutAsk & { readonly evenSo: boolean }): Promise<void> {
    const saved = await this.cutting.save(ask);
    if (saved) await this.#wanted.teller.tellSaved([saved]);
  }

  async #resultPicture(resultId: string): Promise<MeantPicture | undefined> {
    const found = await this.#wanted.results.pictureFile(resultId);
    return found && this.#read(found.file, found.name, resultId);
  }

  async #read(file: vscode.Uri, shown?: string, resultId?: string): Promise<MeantPicture | undefined> {
    try {
      return await readMeant(file, shown, resultId);
    } catch (error) {
      const telling = tellingOf(error);
      if (!telling) throw error;
      this.#wanted.log.error('A picture was not read.', error);
      await this.#wanted.teller.tell(telling);
      return undefined;
    }
  }
}
