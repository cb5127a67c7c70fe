import { createHash } from 'node:crypto';
import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolderDurably, syncFolder } from './durable.ts';
import { hasCertainlyEnded, type ProcessName, processNameIn, thisProcess } from './process.ts';
import type { JobRecord } from './record.ts';

/** How often a claim is looked at whose job is not in the journal yet, in milliseconds. */
const lookMs = 20;

interface Claiming {
  /** Of the claims of one journal; holds a folder for each draft. */
  readonly folder: string;
  readonly draftId: string;
  /** The job that is to be made from the draft. */
  readonly jobId: string;
  /** The journal's entry, undefined where there is none; throws where it cannot be read. */
  readonly jobOf: (jobId: string) => Promise<JobRecord | undefined>;
  /** True where a draft whose job stands so may be run again. */
  readonly isOver: (record: JobRecord) => boolean;
  /** How long a living window may take from its claim to its entry, in milliseconds. */
  readonly patienceMs: number;
}

/**
 * The right to make a job of a draft, over all windows. Each claim is the file `<n>` of the draft's folder, made
 * exclusively, with a number above every other; it names its job and its process. A claim holds while its job may have
 * bought something. The claimant writes the journal's entry after its claim and asks `isHeld` before it sends; whoever
 * claims over a silent one looks for that one's entry after its own claim. So of two that believe each other gone, at
 * least one sees the other, and at most one sends.
 */
export class DraftClaim {
  readonly #folder: string;
  readonly #number: number;

  private constructor(folder: string, number: number) {
    this.#folder = folder;
    this.#number = number;
  }

  /** Claims a draft, or answers the job that was made from it. Throws what the disk throws. */
  static async make(claiming: Claiming): Promise<DraftClaim | JobRecord> {
    const { draftId, jobOf, isOver, patienceMs } = claiming;
    const folder = join(claiming.folder, createHash('sha256').update(draftId).digest('hex').slice(0, 32));
    await makeFolderDurably(folder);
    const end = performance.now() + patienceMs;
    for (;;) {
      const last = await highest(folder);
      const holder = last === 0 ? undefined : await holderOf(folder, last);
      const record = holder && (await jobOf(holder.jobId));
      if (record && !isOver(record)) return record;
      const isGone = last === 0 || record !== undefined || (holder !== undefined && hasCertainlyEnded(holder.process));
      if (!isGone && performance.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, lookMs));
        continue;
      }
      const claim = new DraftClaim(folder, last + 1);
      if (!(await claim.#write(claiming.jobId))) continue;
      // Its entry may have been written since it was looked for.
      const late = last === 0 || record ? undefined : await lateEntry(folder, last, jobOf);
      if (!late || isOver(late)) return claim;
      await claim.giveUp();
      return late;
    }
  }

  /** False once another window has claimed the draft, since this one was silent for too long. */
  async isHeld(): Promise<boolean> {
    return (await highest(this.#folder)) === this.#number;
  }

  /** Lets go of a draft of which no job was made. */
  async giveUp(): Promise<void> {
    await rm(join(this.#folder, String(this.#number)), { force: true });
  }

  async #write(jobId: string): Promise<boolean> {
    const file = join(this.#folder, String(this.#number));
    try {
      const handle = await open(file, 'wx');
      try {
        await handle.writeFile(JSON.stringify({ jobId, ...thisProcess() }));
        await handle.sync();
      } catch (error) {
        // Left empty it would pass for one that is being made.
        await rm(file, { force: true });
        throw error;
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
    await syncFolder(this.#folder);
    if (await this.isHeld()) return true;
    await this.giveUp();
    return false;
  }
}

async function lateEntry(folder: string, number: number, jobOf: Claiming['jobOf']): Promise<JobRecord | undefined> {
  const holder = await holderOf(folder, number);
  return holder && (await jobOf(holder.jobId));
}

async function highest(folder: string): Promise<number> {
  const names = await readdir(folder);
  return Math.max(0, ...names.filter((name) => /^\d{1,9}$/.test(name)).map(Number));
}

/** Undefined where the claim is half written, damaged or given up. */
async function holderOf(
  folder: string,
  number: number,
): Promise<{ readonly jobId: string; readonly process: ProcessName } | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, String(number)), 'utf8'));
    const process = processNameIn(value);
    const isNamed = typeof value === 'object' && value !== null && 'jobId' in value && typeof value.jobId === 'string';
    return process && isNamed && /^[0-9a-z-]+$/.test(value.jobId as string)
      ? { jobId: value.jobId as string, process }
      : undefined;
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (error instanceof SyntaxError || isGone) return undefined;
    throw error;
  }
}
