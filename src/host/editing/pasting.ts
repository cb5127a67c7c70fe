import { readdir, rm, unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { PanelMessage } from '../../core/messages.ts';
import { pastedPicture } from '../../core/pasted.ts';
import type { Pixels } from '../../pixels/client.ts';
import { isEngineFormat, sourceFormatOf } from '../../pixels/sourceFormat.ts';
import type { Log } from '../log.ts';
import { sourceSentence, type Telling } from '../telling.ts';
import { type KeptBytes, sha256Of } from './keptBytes.ts';
import { needPlan } from './pictureFile.ts';
import { extensionOf } from './previews.ts';
import { asSourceError } from './sourceError.ts';

export type PastePiece = Omit<PanelMessage & { type: 'pastePiece' }, 'type'>;

interface Parts {
  /** Where pasted pictures are kept, and nothing else. */
  readonly kept: KeptBytes;
  readonly pixels: Pick<Pixels, 'describe'>;
  /** Throws PixelError where a PNG, JPEG, WebP, GIF or BMP file is not one whole picture. */
  readonly verify: (file: string) => Promise<unknown>;
  /** Adds a kept picture to the form. */
  readonly add: (file: vscode.Uri, name: string) => Promise<Telling | undefined>;
  /** Called when a kept picture has been deleted. */
  readonly deleted: (file: vscode.Uri) => void;
  /** The names of the pictures in the form. */
  readonly names: () => readonly string[];
  readonly log: Log;
}

/** A picture of which some pieces have come. */
interface Coming {
  readonly total: number;
  readonly name: string;
  readonly pieces: Buffer[];
  /** Gives it up when nothing more comes. */
  readonly timer: NodeJS.Timeout;
}

/** As many as may be on their way at once; each may take 20 MB of memory. */
const mostComing = 3;
/** How long a picture of which nothing more comes is waited for, in milliseconds. */
const patienceMs = 20_000;
/** What browsers call a picture that was no file. */
const nameless = /^(image|blob|unknown)?(\.[a-z]+)?$/i;

/**
 * Takes in pictures that were pasted or dropped from outside: they exist nowhere else, so that their bytes come through
 * the panel, in pieces. Nothing is kept before it is whole and found to be a picture.
 */
export class Pasting implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #coming = new Map<string, Coming>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Takes a piece. The first one begins a picture; a piece out of its order ends it. */
  async take({ pasteId, index, total, name, data }: PastePiece): Promise<Telling | undefined> {
    const coming = index === 0 ? this.#begin(pasteId, total, name) : this.#coming.get(pasteId);
    // The rest of what was given up is passed over: why was said with its first wrong piece.
    if (!coming) return undefined;
    if (coming === 'full')
      return warning(l10n.t('Several pictures are being taken in already. Paste again in a moment.'));
    const piece = Buffer.from(data, 'base64');
    const isLast = index === total - 1;
    const isInOrder = index === coming.pieces.length && total === coming.total;
    if (!isInOrder || (!isLast && piece.length !== pastedPicture.pieceBytes)) return this.#refuse(pasteId);
    coming.pieces.push(piece);
    coming.timer.refresh();
    if (!isLast) return undefined;
    this.#end(pasteId);
    const bytes = Buffer.concat(coming.pieces);
    return bytes.length > pastedPicture.maxBytes ? warning(tooLarge()) : this.#keep(bytes, this.#nameOf(coming.name));
  }

  /** The names of the files that are kept. */
  async stored(): Promise<readonly string[]> {
    return readdir(this.#folder).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    });
  }

  /** Marks those of the form as used, so that they stay, and takes away what was not used for long. */
  async tidy(inForm: readonly vscode.Uri[], room: { readonly most: number; readonly before: number }): Promise<void> {
    const { kept } = this.#parts;
    for (const { scheme, fsPath } of inForm)
      if (scheme === 'file' && dirname(fsPath) === this.#folder) await kept.read(basename(fsPath));
    await kept.shrink(room);
  }

  /** Deletes all that is kept. */
  async forget(): Promise<void> {
    for (const name of await this.stored()) {
      const file = this.#parts.kept.fileOf(name);
      await rm(file, { force: true });
      this.#parts.deleted(vscode.Uri.file(file));
    }
  }

  dispose(): void {
    for (const pasteId of this.#coming.keys()) this.#end(pasteId);
  }

  get #folder(): string {
    return dirname(this.#parts.kept.fileOf('name'));
  }

  #begin(pasteId: string, total: number, name: string): Coming | 'full' {
    this.#end(pasteId);
    if (this.#coming.size >= mostComing) return 'full';
    const timer = setTimeout(() => {
      this.#end(pasteId);
      this.#parts.log.info('A pasted picture did not come whole and was given up.');
    }, patienceMs);
    timer.unref();
    const coming: Coming = { total, name, pieces: [], timer };
    this.#coming.set(pasteId, coming);
    return coming;
  }

  #end(pasteId: string): void {
    clearTimeout(this.#coming.get(pasteId)?.timer);
    this.#coming.delete(pasteId);
  }

  #refuse(pasteId: string): Telling {
    this.#end(pasteId);
    this.#parts.log.error('The pieces of a pasted picture came in a wrong order.');
    return warning(l10n.t('The pasted picture did not come whole, so it was not taken. Paste it again.'));
  }

  async #keep(bytes: Uint8Array, name: string): Promise<Telling | undefined> {
    const { kept, pixels, verify, add, log } = this.#parts;
    try {
      const facts = await pixels.describe(bytes);
      needPlan(facts, name);
      const file = kept.fileOf(await kept.keep(bytes, await sha256Of(bytes), extensionOf(facts.format)));
      // Whole or not at all: what is kept and damaged would be offered until it is sent.
      if (!isEngineFormat(sourceFormatOf(bytes))) await verify(file).catch((error: unknown) => without(file, error));
      return await add(vscode.Uri.file(file), name);
    } catch (error) {
      const { kind, cause } = asSourceError(error, name);
      log.error(`A pasted picture was not taken: ${kind}.`, cause);
      return warning(kind === 'unexpected' || kind === 'not-allowed' ? notKept() : sourceSentence(kind, name));
    }
  }

  /** Told apart from the others in the form. */
  #nameOf(file: string): string {
    const plain = file.split(/[/\\]/).at(-1)?.trim() ?? '';
    const base = nameless.test(plain) ? l10n.t('Pasted picture') : l10n.t('Pasted picture {0}', plain);
    const names = this.#parts.names();
    let name = base;
    for (let number = 2; names.includes(name); number++) name = `${base} (${number})`;
    return name;
  }
}

async function without(file: string, error: unknown): Promise<never> {
  await unlink(file);
  throw error;
}

const tooLarge = (): string =>
  l10n.t('The pasted picture has more than 20 MB, which is more than the service takes. Paste a smaller one.');
const notKept = (): string =>
  l10n.t('The pasted picture could not be kept on the disk, so it was not taken. The log says more.');

const warning = (text: string): Telling => ({ severity: 'warning', text, actions: [] });
