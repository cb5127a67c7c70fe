import { readFile, stat } from 'node:fs/promises';
import type * as vscode from 'vscode';
import { asItCame, type SaveOptions, type Variant, wantedFiles } from '../../core/saveOptions.ts';
import type { Pixels } from '../../pixels/client.ts';
import { PixelError } from '../../pixels/pixelError.ts';
import { type KeptBytes, sha256Of } from '../editing/keptBytes.ts';
import type { FoundResult } from '../services.ts';
import { asSaveError, codeOf, SaveError } from './saveError.ts';
import { formatOfTarget, namesFormat } from './fixedTarget.ts';

/** A picture as it is to be saved: what came, or what was made of it. */
export interface MadeResult extends FoundResult {
  /** Of one that is saved in several widths. */
  readonly oneOfWidths?: number;
}

/** What is made of a picture, without the picture. */
type Made = Pick<FoundResult['result'], 'width' | 'height' | 'format' | 'byteLength'> & { readonly file: string };

interface Parts {
  /** Starts an engine of its own for this work, which can be stopped without stopping any other. */
  readonly start: () => Pick<Pixels, 'variant' | 'dispose'>;
  /** Where what was made lies until it is saved; it can be made again at any time. */
  readonly kept: Pick<KeptBytes, 'keep' | 'fileOf'>;
}

/** How many made pictures are remembered. */
const mostKnown = 60;

/** Makes the files that pictures are saved as. What came is never touched, and what was made once is not made again. */
export class Making implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #known = new Map<string, Promise<Made>>();
  #pixels: Pick<Pixels, 'variant' | 'dispose'> | undefined;
  #running = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The files that a picture is saved as by these options, the narrowest first. Throws SaveError 'lost' or 'not-made'. */
  async made(found: FoundResult, options: SaveOptions, signal?: AbortSignal): Promise<MadeResult[]> {
    const made: MadeResult[] = [];
    for (const { variant, width } of wantedFiles(options, found.result)) {
      const one = variant ? await this.variant(found, variant, signal) : found;
      made.push({ ...one, ...(width !== undefined && { oneOfWidths: width }) });
    }
    return made;
  }

  /** A picture in the format that the name of a file asks for, in its own size; the picture itself where it has that already. */
  async madeFor(target: vscode.Uri, found: FoundResult, quality = asItCame.quality): Promise<FoundResult> {
    const format = formatOfTarget(target);
    if (!format || namesFormat(target, found.result.format)) return found;
    return this.variant(found, { format, quality });
  }

  /** Throws SaveError 'lost' or 'not-made'. */
  async variant(found: FoundResult, variant: Variant, signal?: AbortSignal): Promise<FoundResult> {
    const { file, ...facts } = await this.#make(found, variant, signal);
    return { ...found, file, result: { ...found.result, ...facts } };
  }

  dispose(): void {
    this.#stop();
  }

  async #make(found: FoundResult, variant: Variant, signal: AbortSignal | undefined): Promise<Made> {
    const key = `${found.file} ${found.result.byteLength} ${JSON.stringify(variant)}`;
    const known = await this.#known.get(key)?.catch(() => undefined);
    if (known && (await isThere(known))) return known;
    const making = this.#encode(found, variant, signal);
    this.#known.set(key, making);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest);
    try {
      return await making;
    } catch (error) {
      if (this.#known.get(key) === making) this.#known.delete(key);
      throw error;
    }
  }

  async #encode({ file, result }: FoundResult, variant: Variant, signal: AbortSignal | undefined): Promise<Made> {
    const bytes = await readMaster(file);
    signal?.throwIfAborted();
    const stop = () => this.#running === 1 && this.#stop();
    signal?.addEventListener('abort', stop);
    this.#running += 1;
    try {
      this.#pixels ??= this.#parts.start();
      const { bytes: made, facts } = await this.#pixels.variant(bytes, variant, { give: true });
      const { width, height, format } = facts;
      const name = await this.#parts.kept.keep(made, await sha256Of(made), format);
      return { file: this.#parts.kept.fileOf(name), width, height, format, byteLength: made.length };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof PixelError)) throw asSaveError(error, result.id);
      throw new SaveError('not-made', result.id, { cause: error });
    } finally {
      this.#running -= 1;
      signal?.removeEventListener('abort', stop);
    }
  }

  /** An encoder cannot be told to stop, so its thread is given up. */
  #stop(): void {
    this.#pixels?.dispose();
    this.#pixels = undefined;
  }
}

async function readMaster(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new SaveError('lost', file, { cause: error });
    throw asSaveError(error, file);
  }
}

/** What is gone, for whatever reason, is made again. */
async function isThere({ file, byteLength }: Made): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found?.size === byteLength;
}
