import { join } from 'node:path';
import type * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Pixels } from '../../pixels/client.ts';
import { meantPictures } from '../editing/pictureChoice.ts';
import type { LastEditor } from '../inserting/insertTarget.ts';
import type { Log } from '../log.ts';
import type { Results } from '../results.ts';
import { Saver } from '../saving/saver.ts';
import type { Sites } from '../site.ts';
import type { WindowTeller } from '../windowTeller.ts';
import { Batch } from './batch.ts';
import { Cutter } from './cutter.ts';
import { LastPacks } from './lastPacks.ts';
import { type MeantPicture, readMeant } from './meantPicture.ts';
import { PackMaker, tellingOf } from './packMaker.ts';

interface Wanted {
  readonly pixels: Pixels;
  readonly results: Pick<Results, 'pictureFile'>;
  /** Absolute path of a folder of the extension's own. */
  readonly folder: string;
  readonly saveFolder: (workspaceFolder: vscode.Uri) => Promise<string[]>;
  readonly sites: Pick<Sites, 'siteOf'>;
  readonly lastEditor: Pick<LastEditor, 'target'>;
  readonly teller: Pick<WindowTeller, 'tell' | 'tellSaved'>;
  /** Opens the request of a result with words added to its prompt; false where that cannot be done. */
  readonly askAnew: (resultId: string, words: string) => Promise<boolean>;
  readonly log: Log;
}

/** What is made locally from one picture, for a result and for files that a menu hands over. */
export class Packs {
  readonly #wanted: Wanted;
  readonly #maker: PackMaker;
  readonly #cutter: Cutter;
  readonly #last = new LastPacks();

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    const { pixels, folder, saveFolder, sites, lastEditor, teller, askAnew, log } = wanted;
    const saver = new Saver();
    const tell = teller.tell.bind(teller);
    const tellSaved = teller.tellSaved.bind(teller);
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
    this.#cutter = new Cutter({ pixels, saver, previews, saveFolder, askAnew, tell, tellSaved, log });
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
    if (picture) await this.#cutter.cut(picture);
  }

  async cutOutResult(resultId: string): Promise<void> {
    const picture = await this.#resultPicture(resultId);
    if (picture) await this.#cutter.cut(picture);
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
