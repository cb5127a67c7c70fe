import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { featherOf } from '../../core/insideBoxes.ts';
import type { ResultVersion } from '../../core/messages.ts';
import { makeFolderDurably, writeDurably } from '../../jobs/durable.ts';
import type { KeptResult } from '../../jobs/record.ts';
import type { Pixels } from '../../pixels/client.ts';
import { codeOf } from '../saving/saveError.ts';
import type { EditedInput } from './editedInput.ts';
import { asInsideError, InsideError } from './insideError.ts';
import { type KeptBytes, keptName, sha256Of } from './keptBytes.ts';
import { extensionOf } from './previews.ts';

/** A version that is made here of an answer and its source. */
export type MadeVersion = Exclude<ResultVersion, 'whole'>;

/** Whether a version has all of an answer in the crop that it is of. */
export const isOfCrop = (version: ResultVersion): boolean => version === 'crop' || version === 'crop-png';

/** Whether a version is a PNG, whatever its source is. */
export const isPng = (version: ResultVersion): boolean => version === 'crop-png' || version === 'inside-png';

/** An answer in the vault, and what it is an edit of. */
export interface OneAnswer {
  readonly result: Pick<KeptResult, 'id'>;
  /** Absolute path. */
  readonly file: string;
  readonly edited: EditedInput;
}

const outside = z.enum(['identical', 'nearly']);

/** What is written beside a made picture, once it is whole. */
const MadeNote = z.strictObject({
  /** The name of its file in the folder of the note. */
  file: z.string(),
  /** Pixels, as seen upright. */
  width: z.number(),
  height: z.number(),
  format: z.string(),
  byteLength: z.number(),
  outside,
});
export type Made = z.infer<typeof MadeNote>;

/** What an answer has changed outside the boxes; `file` is the map of it. */
const LeakNote = z.strictObject({ file: z.string(), share: z.number(), outside });
export type Leaked = z.infer<typeof LeakNote>;

interface Parts {
  readonly pixels: Pick<Pixels, 'insideBoxes' | 'measureLeak'>;
  readonly kept: Pick<KeptBytes, 'read'>;
  /** The bytes that a file, a URI, holds now. Throws SourceError or the file system's own error. */
  readonly readSource: (uri: string) => Promise<Uint8Array>;
}

/**
 * Answers of boxed edits put into the boxes of their source alone, or into the crop of it that they are of. What came is never touched: all that is made of it lies in
 * a folder `inside` beside it, so that it goes with its job, and is made again where it is missing or not whole.
 */
export class InsideFiles {
  readonly #parts: Parts;
  /** What is being made, by its note. */
  readonly #making = new Map<string, Promise<Made>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  isMaking(one: Pick<OneAnswer, 'result' | 'file'>, version: MadeVersion): boolean {
    return this.#making.has(noteOf(one, version));
  }

  /** Says what a version is, after making it where it is not there. Throws InsideError. */
  make(one: OneAnswer, version: MadeVersion): Promise<Made> {
    const note = noteOf(one, version);
    const making = this.#making.get(note) ?? this.#findOrMake(note, one, version);
    this.#making.set(note, making);
    return making.finally(() => {
      if (this.#making.get(note) === making) this.#making.delete(note);
    });
  }

  /** Says what an answer has changed outside the boxes, after measuring it where that is not known. Throws InsideError. */
  async leak(one: OneAnswer): Promise<Leaked> {
    try {
      const note = noteOf(one, 'leak');
      const present = await readNote(note, LeakNote);
      if (present && (await sizeOf(pathOf(one.file, present.file))) !== undefined) return present;
      const { answer, source } = await this.#bytes(one);
      const { input, background, source: edit } = one.edited;
      const { map, ...found } = await this.#parts.pixels.measureLeak(
        source,
        answer,
        { boxes: input.boxes, background, ...(edit.crop && { crop: edit.crop }) },
        { give: true },
      );
      const leaked = { file: `${one.result.id}-leak.png`, ...found };
      await write(one, note, map, leaked);
      return leaked;
    } catch (error) {
      throw asInsideError(error, one.edited.input.name);
    }
  }

  async #findOrMake(note: string, one: OneAnswer, version: MadeVersion): Promise<Made> {
    try {
      const present = await readNote(note, MadeNote);
      if (present && (await sizeOf(pathOf(one.file, present.file))) === present.byteLength) return present;
      const { answer, source } = await this.#bytes(one);
      const { input, background, source: edit } = one.edited;
      // All of a crop is put back as into one box, so that its edge does not show.
      const boxes = isOfCrop(version) && edit.crop ? [edit.crop] : input.boxes;
      const as = isPng(version) ? 'png' : 'source';
      const { bytes, facts, ...found } = await this.#parts.pixels.insideBoxes(
        answer,
        source,
        { boxes, feather: featherOf(boxes), background, as, ...(edit.crop && { crop: edit.crop }) },
        { give: true },
      );
      const { width, height, format, byteLength } = facts;
      const file = `${one.result.id}-${version}.${extensionOf(format)}`;
      const made = { file, width, height, format, byteLength, ...found };
      await write(one, note, bytes, made);
      return made;
    } catch (error) {
      throw asInsideError(error, one.edited.input.name);
    }
  }

  async #bytes({ file, edited }: OneAnswer): Promise<{ answer: Uint8Array; source: Uint8Array }> {
    const source = await this.#source(edited);
    const answer = await readFile(file).catch((error: unknown) => {
      throw new InsideError('lost', edited.input.name, { cause: error });
    });
    return { answer, source };
  }

  /** The source as it was sent: the copy from then, or the file where it is still the same. */
  async #source({ input, source: { uri, sha256, facts } }: EditedInput): Promise<Uint8Array> {
    const kept = await this.#parts.kept.read(keptName(sha256, extensionOf(facts.format)));
    if (kept) return kept;
    const standing = await this.#parts.readSource(uri);
    if ((await sha256Of(standing)) !== sha256) throw new InsideError('changed', input.name);
    return standing;
  }
}

/** Absolute path of a file that was made of an answer, by the name in its note. */
export const pathOf = (answer: string, name: string): string => join(dirname(answer), 'inside', name);

const noteOf = ({ file, result }: Pick<OneAnswer, 'result' | 'file'>, what: MadeVersion | 'leak'): string =>
  pathOf(file, `${result.id}-${what}.json`);

/** The note comes last: what it speaks of is whole. */
async function write(
  { file, edited }: OneAnswer,
  note: string,
  bytes: Uint8Array,
  told: { readonly file: string },
): Promise<void> {
  try {
    await makeFolderDurably(dirname(note));
    await writeDurably(pathOf(file, told.file), bytes);
    await writeDurably(note, JSON.stringify(told));
  } catch (error) {
    throw new InsideError('disk', edited.input.name, { cause: error });
  }
}

/** Undefined where there is none, or none that can be understood. */
async function readNote<Note extends typeof MadeNote | typeof LeakNote>(
  file: string,
  schema: Note,
): Promise<z.infer<Note> | undefined> {
  const text = await readFile(file, 'utf8').catch(undefinedIfMissing);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text)) as z.infer<Note>;
  } catch {
    return undefined; // A part of a note, or one of another time: it is made anew.
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  return (await stat(file).catch(undefinedIfMissing))?.size;
}

function undefinedIfMissing(error: unknown): undefined {
  if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
  throw error;
}
