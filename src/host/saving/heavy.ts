import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { Variant } from '../../core/saveOptions.ts';
import type { HeavyNote } from '../../core/saving.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import type { KeptResult } from '../../jobs/record.ts';
import { type KeptBytes, sha256Of } from '../editing/keptBytes.ts';
import type { Log } from '../log.ts';
import type { RecipeGiver } from '../recipes/giving.ts';
import type { FoundResult, Service, Services } from '../services.ts';
import type { Sites } from '../site.ts';
import { readSetting } from '../settingsReader.ts';
import { type Telling, tellLighter, tellSaveError } from '../telling.ts';
import type { SaveChoices } from './choices.ts';
import { formatOfTarget, placeOfTarget } from './fixedTarget.ts';
import type { Making } from './making.ts';
import { moveReferences } from './movedReferences.ts';
import { codeOf, SaveError } from './saveError.ts';
import type { Saver } from './saver.ts';

/** What a heavy picture is offered as. */
export const lighter: Variant = { format: 'webp', quality: 80 };
/** How young a job is whose pictures are tried out at once, in milliseconds: opening a long list must not make dozens. */
const youngMs = 60 * 60 * 1000;
const bytesOfMegabyte = 1024 * 1024;

interface Parts {
  readonly services: Pick<Services, 'findResult'>;
  readonly shown: (found: FoundResult) => Promise<FoundResult>;
  readonly making: Pick<Making, 'variant'>;
  readonly choices: Pick<SaveChoices, 'usual'>;
  readonly saver: Pick<Saver, 'save' | 'saveExactly'>;
  /** Gives a picture its recipe on the way to its file. */
  readonly recipes: Pick<RecipeGiver, 'save'>;
  /** Keeps what is taken away until it may be wanted back. */
  readonly kept: Pick<KeptBytes, 'keep' | 'fileOf'>;
  readonly sites: Pick<Sites, 'siteOf'>;
  readonly changed: () => void;
  readonly log: Log;
}

/** A file that was just written, as it was then. */
interface Written {
  readonly resultId: string;
  readonly format: string;
  readonly sha256: string;
  readonly byteLength: number;
}

/** A heavy file that gave way to a lighter one. */
interface Exchange {
  readonly heavy: vscode.Uri;
  readonly written: Written;
  readonly copy: string;
  readonly light: vscode.Uri;
  readonly lightSha256: string;
  /** That names the lighter one now in the place of the heavy one. */
  readonly document: vscode.Uri | undefined;
}

/** Knows which pictures would bloat the repository, says so once, and puts lighter ones in their place when asked to. */
export class HeavyPictures {
  readonly #parts: Parts;
  /** How heavy a WebP of a picture is, by its file; undefined while it is being found out. */
  readonly #lighter = new Map<string, number | undefined>();
  readonly #written = new Map<string, Written>();
  /** Pictures whose weight the user has heard of. */
  readonly #told = new Set<string>();
  #exchanged: readonly Exchange[] = [];
  /** One is tried out after the other. */
  #trying: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What the card of a picture says while it is not saved; undefined where it is light enough, or nothing would make it so. */
  note(service: Service, job: Job, result: KeptResult, file: string): HeavyNote | undefined {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    if (!folder || !isHeavy(result.byteLength, folder) || !canBeLighter(result.format)) return undefined;
    if (this.#parts.choices.usual(folder).format !== 'as-is') return undefined;
    if (!this.#lighter.has(file) && Date.now() - job.record.createdAt < youngMs)
      this.#try({ service, job, result, file });
    const bytes = this.#lighter.get(file);
    if (bytes !== undefined && bytes >= result.byteLength) return undefined;
    return bytes === undefined ? {} : { lighter: bytes };
  }

  /** Remembers a file that was just saved, if it is a heavy one, so that a lighter one can be offered for it. */
  async remember({ result }: FoundResult, file: vscode.Uri): Promise<void> {
    const { byteLength, id: resultId } = result;
    // A file that was fixed beforehand may be in another format than the picture.
    const format = formatOfTarget(file) ?? result.format;
    const isInRepository = vscode.workspace.getWorkspaceFolder(file) !== undefined;
    if (!isInRepository || !canBeLighter(format) || !isHeavy(byteLength, file)) return;
    const bytes = await bytesOf(file);
    if (!bytes || !isHeavy(bytes.length, file)) return;
    const sha256 = await sha256Of(bytes);
    this.#written.set(file.toString(), { resultId, format, sha256, byteLength: bytes.length });
  }

  /** Those of the files that are heavy, to be offered now and never again; together so many bytes. */
  offer(files: readonly vscode.Uri[]): { readonly files: readonly string[]; readonly bytes: number } | undefined {
    const heavy = files.flatMap((file) => {
      const written = this.#written.get(file.toString());
      return written && !this.#told.has(written.resultId) ? [{ file: file.toString(), ...written }] : [];
    });
    if (heavy.length === 0) return undefined;
    for (const { resultId } of heavy) this.#told.add(resultId);
    return { files: heavy.map(({ file }) => file), bytes: heavy.reduce((sum, { byteLength }) => sum + byteLength, 0) };
  }

  /** The user has seen the note of this picture where it was saved. */
  noteTold(resultId: string): void {
    this.#told.add(resultId);
  }

  /**
   * Saves lighter files beside heavy ones that were just written, and takes those away that nobody has changed since.
   * @param document that the heavy ones were inserted into: it is to name the lighter ones, and what it goes on naming stays
   */
  async lighten(files: readonly string[], document?: string): Promise<Telling> {
    const done: Exchange[] = [];
    const uri = document === undefined ? undefined : vscode.Uri.parse(document, true);
    try {
      for (const file of files) done.push(...(await this.#exchange(vscode.Uri.parse(file, true), uri)));
    } catch (error) {
      if (!(error instanceof SaveError)) throw error;
      this.#parts.log.error(`A lighter picture was not saved: ${error.kind}.`, error.cause);
      if (done.length === 0) return tellSaveError(error.kind, error.place, []);
    }
    this.#exchanged = done;
    return tellLighter(
      done.map(({ light }) => light),
      uri,
    );
  }

  /** Brings the heavy files back that gave way last, and takes the lighter ones away that nobody has changed. */
  async undo(): Promise<Telling | undefined> {
    const exchanged = this.#exchanged;
    this.#exchanged = [];
    for (const { heavy, written, copy, light, lightSha256, document } of exchanged) {
      try {
        await this.#parts.saver.saveExactly(copy, written.format, heavy);
        await this.#markSaved(written.resultId, heavy);
        const isFree = !document || (await moveReferences(document, light, heavy, this.#parts.sites));
        if (isFree && (await hashOf(light)) === lightSha256) await remove(light);
      } catch (error) {
        if (!(error instanceof SaveError)) throw error;
        this.#parts.log.error(`A heavy picture was not brought back: ${error.kind}.`, error.cause);
        return tellSaveError(error.kind, error.place, []);
      }
    }
    this.#parts.changed();
    return undefined;
  }

  async #exchange(heavy: vscode.Uri, document: vscode.Uri | undefined): Promise<Exchange[]> {
    const written = this.#written.get(heavy.toString());
    const found = written && this.#parts.services.findResult(written.resultId);
    if (!found) return [];
    const made = await this.#parts.making.variant(await this.#parts.shown(found), lighter);
    const { workspaceFolder, parts, name } = placeOfTarget(heavy);
    const picture = {
      file: made.file,
      name: name.slice(0, name.length - posix.extname(name).length),
      extension: 'webp',
    };
    const folder = vscode.Uri.joinPath(heavy, '..');
    const light = await this.#parts.recipes.save(made, picture, folder, (given) =>
      this.#parts.saver.save(given, { workspaceFolder, folder: parts }),
    );
    await this.#markSaved(written.resultId, light);
    const bytes = await bytesOf(heavy);
    // Whatever somebody has made of it since is theirs.
    if (!bytes || (await sha256Of(bytes)) !== written.sha256) return [];
    if (document && !(await moveReferences(document, heavy, light, this.#parts.sites))) return [];
    const copy = await this.#parts.kept.keep(bytes, written.sha256, written.format);
    await remove(heavy);
    const lightSha256 = (await hashOf(light)) ?? '';
    return [{ heavy, written, copy: this.#parts.kept.fileOf(copy), light, lightSha256, document }];
  }

  async #markSaved(resultId: string, file: vscode.Uri): Promise<void> {
    const found = this.#parts.services.findResult(resultId);
    await found?.service.jobs.markSaved(resultId, file.toString(), found.result.shown);
  }

  #try(found: FoundResult): void {
    const { file } = found;
    this.#lighter.set(file, undefined);
    this.#trying = this.#trying.then(async () => {
      try {
        this.#lighter.set(file, (await this.#parts.making.variant(found, lighter)).result.byteLength);
        this.#parts.changed();
      } catch (error) {
        // The note stands without a number; saving says what is wrong.
        this.#parts.log.error('A lighter picture could not be tried out.', error);
      }
    });
  }
}

/** Whether a file is heavier than the setting of the folder that it is in says. */
function isHeavy(byteLength: number, resource: vscode.Uri): boolean {
  const megabytes = readSetting('warnAboveSize', resource);
  return megabytes > 0 && byteLength > megabytes * bytesOfMegabyte;
}

const canBeLighter = (format: string): boolean => format !== 'webp' && format !== 'avif';

/** Whatever keeps a file from being read, it is then none that may be taken away. */
async function bytesOf(file: vscode.Uri): Promise<Uint8Array | undefined> {
  return vscode.workspace.fs.readFile(file).then(undefined, () => undefined);
}

async function hashOf(file: vscode.Uri): Promise<string | undefined> {
  const bytes = await bytesOf(file);
  return bytes && sha256Of(bytes);
}

/** Into the bin where the system has one; otherwise for good, since what is removed here is kept. */
async function remove(file: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.delete(file, { useTrash: true });
  } catch (error) {
    if (codeOf(error) === 'FileNotFound') return;
    await vscode.workspace.fs.delete(file);
  }
}
