import { isPartOf } from '../../core/fullDetail.ts';
import { asSent, planPreparation } from '../../core/preparation.ts';
import type { AttachedImage } from '../../core/readyRequest.ts';
import { ImageRequest, type InputImage } from '../../core/requestSchema.ts';
import type { Size } from '../../core/size.ts';
import { modelCard } from '../../core/modelCard.ts';
import { StorageError } from '../../jobs/failures.ts';
import type { JobSource } from '../../jobs/record.ts';
import type { Pixels } from '../../pixels/client.ts';
import type { Log } from '../log.ts';
import { type KeptBytes, sha256Of } from './keptBytes.ts';
import { needPlan, readPictureFile } from './pictureFile.ts';
import { extensionOf } from './previews.ts';
import { asSourceError, SourceError } from './sourceError.ts';
import type { Sources } from './sources.ts';

/** A request with the very bytes of its pictures, ready to be checked. */
export interface PreparedInputs {
  /** Boxes in the pixels of what is sent. */
  readonly asSent: ImageRequest;
  /** The pictures as the user has them: boxes in their own pixels. */
  readonly asked: InputImage[];
  readonly images: ReadonlyMap<string, AttachedImage>;
  readonly sources: JobSource[];
  /** Keeps the pictures as they are now, so that an answer can be brought back whatever becomes of the files. Throws StorageError. */
  readonly keep: () => Promise<void>;
}

interface Parts {
  readonly sources: Pick<Sources, 'get'>;
  readonly pixels: Pick<Pixels, 'describe' | 'prepare'>;
  readonly kept: Pick<KeptBytes, 'keep'>;
  readonly log: Log;
}

interface PreparedOne {
  readonly source: JobSource;
  readonly bytes: Uint8Array;
  readonly image: AttachedImage;
  readonly size: { readonly source: Size; readonly sent: Size };
}

/** Reads the pictures that a request sends along and makes them acceptable. */
export class InputPreparer {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Undefined where there is nothing to prepare, or the request cannot be read; checking it says so. A picture that is not
   * known is left out, which checking says too. Throws SourceError.
   */
  async prepare(request: unknown): Promise<PreparedInputs | undefined> {
    const parsed = ImageRequest.safeParse(request);
    if (!parsed.success || parsed.data.inputs.length === 0 || parsed.data.inputs.length > modelCard.inputs.max)
      return undefined;
    const prepared: PreparedOne[] = [];
    // One after the other: the worker does one at a time, and nine large pictures need not be in memory twice.
    for (const input of parsed.data.inputs) {
      const one = prepared.some(({ source }) => source.id === input.id) ? undefined : await this.#prepareOne(input);
      if (one) prepared.push(one);
    }
    return {
      asSent: asSent(parsed.data, new Map(prepared.map(({ source, size }) => [source.id, size]))),
      asked: parsed.data.inputs,
      images: new Map(prepared.map(({ source, image }) => [source.id, image])),
      sources: prepared.map(({ source }) => source),
      keep: () => this.#keep(prepared),
    };
  }

  async #prepareOne(input: InputImage): Promise<PreparedOne | undefined> {
    const known = input.url === undefined ? this.#parts.sources.get(input.id) : undefined;
    if (!known) return undefined;
    const { id, uri, name } = known;
    const { pixels } = this.#parts;
    try {
      const bytes = await readPictureFile(uri, name);
      const facts = await pixels.describe(bytes);
      needPlan(facts, name);
      if (input.crop && !isPartOf(input.crop, facts, input.boxes)) throw new SourceError('changed', name);
      const plan = planPreparation(facts, input.preparation, input.crop);
      if (plan.kind === 'refused') throw new SourceError('too-large', name);
      const image = await pixels.prepare(bytes, plan.steps);
      const { width, height } = facts;
      return {
        bytes,
        image,
        source: {
          id,
          uri: uri.toString(),
          sha256: await sha256Of(bytes),
          facts: { ...facts, isDeep: facts.isDeep ?? false },
          ...(input.crop && { crop: input.crop }),
        },
        size: { source: { width, height }, sent: { width: image.facts.width, height: image.facts.height } },
      };
    } catch (error) {
      const found = asSourceError(error, name);
      this.#parts.log.error(`A picture could not be prepared: ${found.kind}.`, found.cause);
      throw found;
    }
  }

  async #keep(prepared: readonly PreparedOne[]): Promise<void> {
    try {
      for (const { bytes, source } of prepared)
        await this.#parts.kept.keep(bytes, source.sha256, extensionOf(source.facts.format));
    } catch (error) {
      throw new StorageError(error, false);
    }
  }
}
