import { discardPictures, type Pictures } from './spool.ts';

/**
 * How often the answer about a job may break off before what has come of it is taken for all: something on the way may cut
 * every answer at the same length, and the service forgets the job in an hour.
 */
const mostCuts = 10;

/** The pictures of job answers that broke off: of each job the most that came at once. */
export class Salvage {
  readonly #jobs = new Map<string, { readonly pictures: Pictures; readonly cuts: number }>();

  /** Takes over what came of an answer. True when no further try is worth it. */
  async add(jobId: string, pictures: Pictures): Promise<boolean> {
    const before = this.#jobs.get(jobId) ?? { pictures: new Map(), cuts: 0 };
    const isMore = pictures.size > before.pictures.size;
    this.#jobs.set(jobId, { pictures: isMore ? pictures : before.pictures, cuts: before.cuts + 1 });
    await discardPictures(isMore ? before.pictures : pictures);
    return before.cuts + 1 >= mostCuts;
  }

  /** The files of a job, for whoever asks first; they are theirs from then on. */
  take(jobId: string): readonly string[] {
    const files = [...(this.#jobs.get(jobId)?.pictures.values() ?? [])];
    this.#jobs.delete(jobId);
    return files;
  }

  /** Deletes everything that nobody has asked for. */
  async clear(): Promise<void> {
    for (const jobId of this.#jobs.keys()) await this.drop(jobId);
  }

  /** Deletes what came of a job, since better has come. */
  async drop(jobId: string): Promise<void> {
    await discardPictures(new Map(this.take(jobId).map((file) => [file, file])));
  }
}
