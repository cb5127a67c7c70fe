import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Summary } from './summary.ts';

/** One line of the index. */
interface Line {
  /** Another one after the form of a line has changed; lines of other versions are passed over. */
  readonly version: 1;
  /** When the job's folder had last changed as it was read, in milliseconds since 1970. */
  readonly stamp: number;
  readonly summary: Summary;
}

/** Lines that say nothing any more may be as many as the others, and so many beside. */
const mostSpare = 2_000;

/**
 * The jobs that rest: they have ended, nobody has touched their folders for a while, and so they need not be read again to
 * be listed. What is known of them is in an index beside the journal, a line for each, which every window adds to. It is a
 * notebook and no more: a line counts only while the folder has not changed since, and whatever is missing, damaged or
 * overwritten is read from the folders, which stay the truth.
 */
export class Shelf {
  readonly #file: string;
  readonly #lines = new Map<string, Line>();
  #unwritten: Line[] = [];
  /** Of the file, as far as this window knows. */
  #count = 0;

  /** @param folder of the journal */
  constructor(folder: string) {
    this.#file = join(folder, '.index');
  }

  /** Reads what the index says. Throws what the disk throws, but for an index that is not there. */
  async load(): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return '';
      throw error;
    });
    for (const each of text.split('\n')) {
      if (each === '') continue;
      this.#count++;
      const line = readLine(each);
      if (line) this.#lines.set(line.summary.id, line);
    }
  }

  /** True where the job's folder is as it was when its line was written. */
  isResting(jobId: string, stamp: number | undefined): boolean {
    return stamp !== undefined && this.#lines.get(jobId)?.stamp === stamp;
  }

  put(summary: Summary, stamp: number): void {
    const line: Line = { version: 1, stamp, summary };
    this.#lines.set(summary.id, line);
    this.#unwritten.push(line);
  }

  drop(jobId: string): void {
    this.#lines.delete(jobId);
  }

  get(jobId: string): Summary | undefined {
    return this.#lines.get(jobId)?.summary;
  }

  ids(): Iterable<string> {
    return this.#lines.keys();
  }

  *summaries(): Generator<Summary> {
    for (const { summary } of this.#lines.values()) yield summary;
  }

  /** Adds what is new to the index; writes it anew where most of it says nothing any more. */
  async write(): Promise<void> {
    const lines = this.#unwritten;
    if (lines.length === 0) return;
    this.#unwritten = [];
    this.#count += lines.length;
    if (this.#count > 2 * this.#lines.size + mostSpare) return this.#writeAnew();
    // A window that was killed may have left half a line, so each writer begins on a new one.
    await appendFile(this.#file, `\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  }

  /** What another window adds meanwhile is lost from the index, and read from the folders next time. */
  async #writeAnew(): Promise<void> {
    const neighbour = `${this.#file}.${process.pid}.new`;
    try {
      await writeFile(neighbour, [...this.#lines.values()].map((line) => `${JSON.stringify(line)}\n`).join(''));
      await rename(neighbour, this.#file);
      this.#count = this.#lines.size;
    } catch (error) {
      await rm(neighbour, { force: true });
      throw error;
    }
  }
}

/** Looked at just closely enough that nothing falls over a line that is damaged: there may be tens of thousands. */
function readLine(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Partial<Line> | null;
    const summary = line?.summary as Partial<Summary> | undefined;
    const isWhole =
      line?.version === 1 &&
      typeof line.stamp === 'number' &&
      typeof summary?.id === 'string' &&
      typeof summary.createdAt === 'number' &&
      typeof summary.title === 'string' &&
      typeof summary.text === 'string' &&
      Array.isArray(summary.pictures) &&
      summary.pictures.every((picture) => /^\d+\.[a-z]+$/.test(String(picture?.file)));
    return isWhole ? (line as Line) : undefined;
  } catch {
    return undefined; // Half a line, or a damaged one: its job is read from its folder.
  }
}
