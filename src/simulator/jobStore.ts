import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { normalise } from './normalise.ts';
import { readBody } from './reading.ts';
import { stateOf } from './simulatedJob.ts';
import type { SimulatedJob } from './simulatedJob.ts';

/** The jobs that were accepted, in memory and, where there is a folder, on disk: pictures are drawn again when asked for. */
export class JobStore {
  readonly #folder: string | undefined;
  readonly #jobs = new Map<string, SimulatedJob>();

  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** Reads what an earlier run left behind. */
  async open(): Promise<void> {
    if (this.#folder === undefined) return;
    await mkdir(this.#folder, { recursive: true });
    for (const name of await readdir(this.#folder)) {
      if (/^job_\w+\.json$/.test(name)) await this.find(name.slice(0, -'.json'.length));
    }
  }

  /** Signs result addresses; the same over restarts where there is a folder, so that addresses outlive the simulator too. */
  async signingSecret(): Promise<Buffer> {
    const fresh = randomBytes(32);
    if (this.#folder === undefined) return fresh;
    const file = join(this.#folder, 'signing-secret');
    try {
      await writeFile(file, fresh, { flag: 'wx', mode: 0o600 });
      return fresh;
    } catch (error) {
      if (isFileError(error, 'EEXIST')) return readFile(file);
      throw error;
    }
  }

  /** Keeps a job, or its new fate; it is on disk before this returns. */
  async keep(job: SimulatedJob): Promise<void> {
    this.#jobs.set(job.id, job);
    if (this.#folder === undefined) return;
    const { job: _normalised, ...stored } = job;
    const file = join(this.#folder, `${job.id}.json`);
    await writeFile(`${file}.part`, JSON.stringify({ ...stored, seed: job.job.seed }));
    await rename(`${file}.part`, file);
  }

  /** Another simulator may share the folder, so what memory does not know is looked for on disk. */
  async find(id: string): Promise<SimulatedJob | undefined> {
    const known = this.#jobs.get(id);
    if (known !== undefined || this.#folder === undefined || !/^job_\w+$/.test(id)) return known;
    try {
      const job = restored(JSON.parse(await readFile(join(this.#folder, `${id}.json`), 'utf8')));
      this.#jobs.set(id, job);
      return job;
    } catch (error) {
      if (isFileError(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  /** From the oldest to the newest. */
  all(): SimulatedJob[] {
    return [...this.#jobs.values()].toSorted((one, other) => one.acceptedAt - other.acceptedAt);
  }

  /** Lets go of jobs that ended this long ago, and returns them. */
  async forget(now: number, keepMs: number): Promise<SimulatedJob[]> {
    const forgotten: SimulatedJob[] = [];
    for (const job of this.#jobs.values()) {
      const state = stateOf(job, now);
      const isOver = state.status === 'completed' || state.status === 'failed';
      if (!isOver || now < state.endedAt + keepMs) continue;
      this.#jobs.delete(job.id);
      forgotten.push(job);
      if (this.#folder !== undefined) await rm(join(this.#folder, `${job.id}.json`), { force: true });
    }
    return forgotten;
  }

  async clear(): Promise<void> {
    const ids = [...this.#jobs.keys()];
    this.#jobs.clear();
    if (this.#folder === undefined) return;
    for (const id of ids) await rm(join(this.#folder, `${id}.json`), { force: true });
  }
}

type Stored = Omit<SimulatedJob, 'job'> & { seed: number };

function restored({ seed, ...stored }: Stored): SimulatedJob {
  const job = normalise(readBody(stored.body as Record<string, unknown>), {});
  return { ...stored, job: { ...job, seed } };
}

function isFileError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
