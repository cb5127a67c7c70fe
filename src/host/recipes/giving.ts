import { randomUUID } from 'node:crypto';
import { mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { recipeText } from '../../core/recipe.ts';
import { embedded, type Embedding, type LeftAlone, stripped } from '../../pixels/recipe/embedding.ts';
import { shownVersion } from '../editing/versions.ts';
import type { Log } from '../log.ts';
import { removeAbandoned } from '../saving/newFile.ts';
import { asSaveError } from '../saving/saveError.ts';
import { type KeptPicture, saveNextTo } from '../saving/saver.ts';
import type { FoundResult } from '../services.ts';
import { readSetting } from '../settingsReader.ts';
import { markOf, recipeOf } from './making.ts';
import type { Ungiven } from './recipeTelling.ts';

/** What a saved picture says of how it was made, by the settings. */
interface Wish {
  readonly recipe: 'full' | 'mark' | 'none';
  readonly place: 'embedded' | 'beside';
}

/** A picture's bytes with what they are to say, and what did not go into them. */
interface Given {
  readonly bytes: Uint8Array;
  /** The text of a recipe that goes beside the file. */
  readonly beside?: string;
  readonly left?: LeftAlone | 'failed';
}

interface Parts {
  /** Name and version of this extension. */
  readonly app: string;
  /** Absolute path of a folder for files that are there while a picture is saved; made when it is needed. */
  readonly folder: string;
  /** Says in the window what could not be given. */
  readonly tell: (news: readonly Ungiven[]) => Promise<void>;
  readonly log: Log;
}

/** News of several pictures that are saved one after the other is told together; in milliseconds. */
const gatherMs = 400;

/** The name of a recipe's file beside a picture. */
export const nameBeside = (picture: string): string => `${picture}.wan.json`;

/**
 * Gives pictures their recipes on their way into the project: in the file, or beside it. A picture that takes none is saved
 * as it is, and the user is told; nothing here keeps a paid picture from being saved.
 */
export class RecipeGiver {
  readonly #parts: Parts;
  #news: Ungiven[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Saves a kept picture through `write`, which gets it with its recipe in it and answers where it was saved.
   * @param folder where it will be saved, which paths in the recipe start from
   */
  async save(
    found: FoundResult,
    picture: KeptPicture,
    folder: vscode.Uri,
    write: (picture: KeptPicture) => Promise<vscode.Uri>,
  ): Promise<vscode.Uri> {
    // The service's own bytes say nothing that would have to be taken out.
    const isUntouched = wishFor(folder).recipe === 'none' && shownVersion(found.job.record, found.result) === 'whole';
    // One that is not there any more is told by whoever saves it.
    const bytes = isUntouched ? undefined : await readFile(picture.file).catch(() => undefined);
    const given = bytes && this.#given(found, bytes, folder);
    if (!given || given.bytes === bytes) return this.#settled(await write(picture), given);
    const file = await this.#keep(given.bytes);
    if (file === undefined) return this.#settled(await write(picture), { bytes: given.bytes, left: 'failed' });
    try {
      return await this.#settled(await write({ ...picture, file }), given);
    } finally {
      await this.#drop(file);
    }
  }

  /** Puts bytes that were made of a result in the place of a file through `put`, which gets them with their recipe. */
  async replace<Result>(
    found: FoundResult,
    bytes: Uint8Array,
    file: vscode.Uri,
    put: (bytes: Uint8Array) => Promise<Result>,
  ): Promise<Result> {
    const given = this.#given(found, bytes, vscode.Uri.joinPath(file, '..'));
    const result = await put(given.bytes);
    await this.#settled(file, given);
    return result;
  }

  /** Whatever goes wrong with a recipe, the picture is there and was paid for. */
  #given(found: FoundResult, bytes: Uint8Array, folder: vscode.Uri): Given {
    try {
      return this.#give(found, bytes, folder);
    } catch (error) {
      this.#parts.log.error('A picture could not be given its recipe.', error);
      return { bytes, left: 'failed' };
    }
  }

  #give(found: FoundResult, bytes: Uint8Array, folder: vscode.Uri): Given {
    const { recipe, place } = wishFor(folder);
    // What was put into a source carries what the source says of itself, which is another picture's recipe.
    if (recipe === 'none') return { bytes: changedOr(bytes, stripped(bytes, { mark: false })) };
    const mark = markOf(found);
    if (recipe === 'mark') return given(bytes, embedded(bytes, mark));
    const text = recipeText(recipeOf(found, folder, this.#parts.app));
    if (text === undefined) return { ...given(bytes, embedded(bytes, mark)), left: 'too-large' };
    if (place === 'beside') return { ...given(bytes, embedded(bytes, mark)), beside: text };
    const whole = embedded(bytes, { ...mark, prompt: found.job.record.request.prompt, recipe: text });
    if (whole.kind === 'changed') return { bytes: whole.bytes };
    return { bytes: changedOr(bytes, embedded(bytes, mark)), beside: text, left: whole.why };
  }

  /** What comes after a picture was saved: its recipe beside it, and what could not be done. Never throws: it is saved. */
  async #settled(file: vscode.Uri, { beside, left }: Partial<Given> = {}): Promise<vscode.Uri> {
    const isBeside = beside === undefined ? undefined : await this.#writeBeside(file, beside);
    if (left || isBeside === 'exists' || isBeside === 'failed')
      this.#tellSoon({ file, ...(left && { left }), ...(isBeside && { beside: isBeside }) });
    return file;
  }

  async #writeBeside(picture: vscode.Uri, text: string): Promise<Ungiven['beside']> {
    const target = picture.with({ path: nameBeside(picture.path) });
    const file = await this.#keep(Buffer.from(`${text}\n`));
    if (file === undefined) return 'failed';
    try {
      return (await saveNextTo(file, target)) ? 'written' : 'exists';
    } catch (error) {
      const { kind, cause } = asSaveError(error, target.path);
      this.#parts.log.error(`A recipe was not written beside its picture: ${kind}.`, cause);
      return 'failed';
    } finally {
      await this.#drop(file);
    }
  }

  async #keep(bytes: Uint8Array): Promise<string | undefined> {
    const file = join(this.#parts.folder, `.wan-image-${randomUUID()}.part`);
    try {
      await mkdir(this.#parts.folder, { recursive: true });
      await removeAbandoned(this.#parts.folder);
      await writeFile(file, bytes, { flag: 'wx' });
      return file;
    } catch (error) {
      this.#parts.log.error('A picture could not be written with its recipe.', error);
      await this.#drop(file);
      return undefined;
    }
  }

  async #drop(file: string): Promise<void> {
    await unlink(file).catch(() => undefined); // It may never have been made; one that is left over is taken away later.
  }

  /** Nobody who saves waits for it. */
  #tellSoon(news: Ungiven): void {
    this.#news.push(news);
    if (this.#news.length > 1) return;
    setTimeout(() => {
      const all = this.#news;
      this.#news = [];
      this.#parts
        .tell(all)
        .catch((error: unknown) => this.#parts.log.error('What a picture does not say could not be told.', error));
    }, gatherMs);
  }
}

const wishFor = (folder: vscode.Uri): Wish => ({
  recipe: readSetting('recipe', folder),
  place: readSetting('recipePlace', folder),
});

function given(bytes: Uint8Array, embedding: Embedding): Given {
  return embedding.kind === 'changed' ? { bytes: embedding.bytes } : { bytes, left: embedding.why };
}

const changedOr = (bytes: Uint8Array, embedding: Embedding): Uint8Array =>
  embedding.kind === 'changed' ? embedding.bytes : bytes;
