import { open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCertainlyEnded, type ProcessName, processNameIn, thisProcess } from './process.ts';
import type { Watch } from './watch.ts';

/** A sign of life is given this often, and an owner that is watched for `silentMs` without giving one counts as gone. */
const signOfLifeMs = 5_000;
const silentMs = 60_000;
/** How long an owner is watched whose last sign is more than `silentMs` old by the clock, which may have been set forward. */
const oldMs = 15_000;

/**
 * Ownership of a job: only one window at a time works on it. Each owner creates the file `owner.<n>`, exclusively, with a
 * number above every other; the highest is the owner. Nothing is ever taken away from a number, so two windows that both
 * find a dead owner cannot both win. An owner is dead when its process is gone, or when it was seen silent for a minute:
 * seen, since by the clock alone a clock that was set, or a computer that slept, would make the living dead.
 */
export class Ownership {
  readonly #file: string;
  readonly #folder: string;
  readonly #number: number;
  readonly #timer: NodeJS.Timeout;

  private constructor(folder: string, number: number) {
    this.#folder = folder;
    this.#number = number;
    this.#file = fileOf(folder, number);
    this.#timer = setInterval(() => void this.#signal(), signOfLifeMs);
    this.#timer.unref();
  }

  /** Takes the job over if nobody alive owns it; undefined otherwise. A silent owner is found by calling this again and again. */
  static async take(folder: string, watch: Watch): Promise<Ownership | undefined> {
    const numbers = await ownerNumbers(folder);
    const last = numbers.at(-1) ?? 0;
    const file = fileOf(folder, last + 1);
    if (last > 0 && (await isAlive(fileOf(folder, last), watch))) return undefined;
    if (!(await claim(file))) return undefined;
    // Whoever read the folder long ago may get a number that was used and tidied away since.
    if ((await ownerNumbers(folder)).at(-1) !== last + 1) {
      await rm(file, { force: true });
      return undefined;
    }
    for (const number of numbers) watch.forget(fileOf(folder, number));
    // Those that stay count for nothing, and the next owner tries again.
    await Promise.all(numbers.map((number) => rm(fileOf(folder, number), { force: true }).catch(ignoreTrouble)));
    return new Ownership(folder, last + 1);
  }

  /** False once another window has taken over, such as after this process was suspended for minutes. */
  async isHeld(): Promise<boolean> {
    return (await ownerNumbers(this.#folder)).at(-1) === this.#number;
  }

  /** Lets another window take over at once. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    // The file stays, so that its number is not used again by somebody who read the folder earlier.
    await writeFile(this.#file, JSON.stringify({ released: true })).catch(ignoreTrouble);
  }

  async #signal(): Promise<void> {
    const now = new Date();
    await utimes(this.#file, now, now).catch(ignoreTrouble);
  }
}

/** False where somebody else was first. */
async function claim(file: string): Promise<boolean> {
  const handle = await open(file, 'wx').catch((error: unknown) => {
    if (isCode(error, 'EEXIST')) return undefined;
    throw error;
  });
  if (!handle) return false;
  try {
    await handle.writeFile(JSON.stringify(thisProcess()));
    // The disk may have a clock of its own, by which a new file can be minutes old.
    const now = new Date();
    await handle.utimes(now, now).catch(ignoreTrouble);
    return true;
  } catch (error) {
    // Left empty it would pass for a living owner for a minute.
    await rm(file, { force: true }).catch(ignoreTrouble);
    throw error;
  } finally {
    await handle.close();
  }
}

const fileOf = (folder: string, number: number): string => join(folder, `owner.${number}`);

/** A job folder that was removed has no owner to tell. Any other trouble shows when the job is written. */
const ignoreTrouble = (): undefined => undefined;

async function ownerNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names
    .flatMap((name) => /^owner\.(\d{1,9})$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

async function isAlive(file: string, watch: Watch): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    const owner = parseOwner(text);
    if (owner === 'released' || (owner && hasCertainlyEnded(owner))) return false;
    // Between creating and writing the file it is empty for a moment: that it is watched speaks for it.
    const isOld = Date.now() - mtimeMs >= silentMs;
    return watch.stillFor(file, mtimeMs) < (isOld ? oldMs : silentMs);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function parseOwner(text: string): ProcessName | 'released' | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isReleased = typeof value === 'object' && value !== null && 'released' in value && value.released === true;
    return isReleased ? 'released' : processNameIn(value);
  } catch {
    return undefined; // Half written, or damaged: watched like one that cannot be asked about.
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
