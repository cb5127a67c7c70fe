import { readFile } from 'node:fs/promises';
import type { ResultVersion, ResultView } from '../../core/messages.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import type { KeptResult } from '../../jobs/record.ts';
import type { Log } from '../log.ts';
import type { FoundResult, Services } from '../services.ts';
import { insideSentence, noInsideSentence, type Telling, tellInsideError } from '../telling.ts';
import { type EditedInput, editedInput } from './editedInput.ts';
import { asInsideError, type InsideError } from './insideError.ts';
import {
  type InsideFiles,
  isOfCrop,
  isPng,
  type Leaked,
  type Made,
  type MadeVersion,
  type OneAnswer,
  pathOf,
} from './insideFiles.ts';
import { shownVersion, verdictOf } from './versions.ts';

/** What is known of something that takes a while. */
type Known<Value> =
  | { readonly state: 'there'; readonly value: Value }
  | { readonly state: 'failed'; readonly error: InsideError }
  | { readonly state: 'working' };

interface Parts {
  readonly services: Pick<Services, 'findResult'>;
  readonly files: Pick<InsideFiles, 'make' | 'isMaking' | 'leak'>;
  /** Called when a view may be another one. */
  readonly changed: () => void;
  readonly log: Log;
}

/** The versions of an answer to a boxed edit as the user meets them: what can be chosen, what was, and what it looks like. */
export class InsidePictures {
  readonly #parts: Parts;
  /** What the panel was told, by result and version. */
  readonly #made = new Map<string, Known<Made>>();
  readonly #leaks = new Map<string, Known<Leaked>>();
  /** One answer is measured after the other, so that other work on pictures gets its turn. */
  #measuring: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What the panel shows of a result: the chosen version once it is there, and what else can be chosen. */
  view(job: Job, result: KeptResult, file: string, src: (file: string) => string): Partial<ResultView> {
    const [verdict, edited] = [verdictOf(job.record, result), editedInput(job.record)];
    if (!verdict || !edited) return {};
    const { name } = edited.input;
    if (!verdict.possible) return { inside: { can: false, sentence: noInsideSentence(verdict.reason, name) } };
    const one = { result, file, edited };
    const leak = this.#leak(one);
    if (leak.state === 'working') return {};
    if (leak.state === 'failed') return { inside: { can: false, sentence: insideSentence(leak.error.kind, name) } };
    const shown = shownVersion(job.record, result);
    const known = shown === 'whole' ? undefined : this.#version(one, shown);
    const made = known?.state === 'there' ? known.value : undefined;
    const making = madeVersions.find((version) => this.#parts.files.isMaking(one, version));
    return {
      ...(made && pictureOf(made, file, src)),
      inside: {
        can: true,
        outside: (!isPng(shown) && made?.outside) || leak.value.outside,
        format: edited.source.facts.format,
        ...(edited.source.crop && { isOfCrop: true }),
        shown: made ? shown : 'whole',
        ...(making && { making }),
        ...(known?.state === 'failed' && { trouble: insideSentence(known.error.kind, name) }),
        leak: { share: leak.value.share, src: src(pathOf(file, leak.value.file)) },
      },
    };
  }

  /** Makes a version of a result the one that counts. An id that does not exist does nothing. */
  async choose(resultId: string, version: ResultVersion): Promise<Telling | undefined> {
    const found = this.#parts.services.findResult(resultId);
    const edited = found && editedInput(found.job.record);
    if (!found || !edited || !verdictOf(found.job.record, found.result)?.possible) return undefined;
    if (isOfCrop(version) && !edited.source.crop) return undefined;
    if (version !== 'whole') {
      const known = await this.#make({ ...found, edited }, version);
      if (known.state === 'failed') return tellInsideError(known.error);
    }
    await found.service.jobs.markShown(resultId, version);
    return undefined;
  }

  /** A result in the version that the user has chosen. Throws InsideError where that is not there and cannot be made. */
  async shown(found: FoundResult): Promise<FoundResult> {
    const { versionsSavedAs = {}, savedAs: _, ...result } = found.result;
    const shown = shownVersion(found.job.record, found.result);
    const edited = editedInput(found.job.record);
    if (shown === 'whole' || !edited) return found;
    const { file, width, height, format, byteLength } = await this.#parts.files.make({ ...found, edited }, shown);
    const savedAs = versionsSavedAs[shown];
    return {
      ...found,
      file: pathOf(found.file, file),
      result: { ...result, shown, width, height, format, byteLength, ...(savedAs !== undefined && { savedAs }) },
    };
  }

  /** Whether a version has, outside the boxes, the very pixels of the source; undefined where it cannot be had. */
  async outsideOf(found: FoundResult, version: MadeVersion): Promise<Made['outside'] | undefined> {
    const edited = editedInput(found.job.record);
    const known = edited && (await this.#make({ ...found, edited }, version));
    return known?.state === 'there' ? known.value.outside : undefined;
  }

  /** The bytes that can take the place of the source of a result, in its own format. Throws InsideError. */
  async forSource(found: FoundResult, edited: EditedInput, shown: MadeVersion): Promise<Uint8Array> {
    const { file } = await this.#parts.files.make({ ...found, edited }, isOfCrop(shown) ? 'crop' : 'inside');
    return readFile(pathOf(found.file, file));
  }

  /** A version that was chosen before, which may have to be made again. */
  #version(one: OneAnswer, version: MadeVersion): Known<Made> {
    const known = this.#made.get(keyOf(one, version));
    if (!known) void this.#make(one, version);
    return known ?? { state: 'working' };
  }

  async #make(one: OneAnswer, version: MadeVersion): Promise<Known<Made>> {
    const key = keyOf(one, version);
    if (!this.#made.has(key)) this.#made.set(key, { state: 'working' });
    const making = this.#settled(one, this.#parts.files.make(one, version));
    this.#parts.changed();
    const known = await making;
    this.#made.set(key, known);
    this.#parts.changed();
    return known;
  }

  #leak(one: OneAnswer): Known<Leaked> {
    const { id } = one.result;
    const known = this.#leaks.get(id);
    if (known) return known;
    this.#leaks.set(id, { state: 'working' });
    this.#measuring = this.#measuring.then(async () => {
      this.#leaks.set(id, await this.#settled(one, this.#parts.files.leak(one)));
      this.#parts.changed();
    });
    return { state: 'working' };
  }

  async #settled<Value>({ edited }: OneAnswer, work: Promise<Value>): Promise<Known<Value>> {
    try {
      return { state: 'there', value: await work };
    } catch (cause) {
      const error = asInsideError(cause, edited.input.name);
      this.#parts.log.error(`A picture could not be put into its boxes: ${error.kind}.`, error.cause);
      return { state: 'failed', error };
    }
  }
}

const madeVersions: readonly MadeVersion[] = ['crop', 'crop-png', 'inside', 'inside-png'];

const keyOf = ({ result }: OneAnswer, version: MadeVersion): string => `${result.id} ${version}`;

function pictureOf(made: Made, file: string, src: (file: string) => string): Partial<ResultView> {
  const { width, height, format, byteLength } = made;
  return { src: src(pathOf(file, made.file)), width, height, format, byteLength };
}
