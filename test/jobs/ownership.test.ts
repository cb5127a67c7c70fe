import { rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Ownership } from '../../src/jobs/ownership.ts';
import { Watch } from '../../src/jobs/watch.ts';
import { FakeService } from './fakeService.ts';
import { newFolder, openJobs, origin, ready, stateOf, until } from './rig.ts';

const minute = 60_000;

/** A window that looks once a second, as the engine does. */
class Watcher {
  #now = 0;
  readonly #watch = new Watch(() => this.#now);
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async takesAfter(milliseconds: number, each: () => unknown = () => undefined): Promise<boolean> {
    for (const end = this.#now + milliseconds; this.#now < end; this.#now += 1_000) {
      await each();
      if (await this.#take()) return true;
    }
    return this.#take();
  }

  /** The computer sleeps, or the process does: nobody looks. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
  }

  async #take(): Promise<boolean> {
    const ownership = await Ownership.take(this.#folder, this.#watch);
    if (ownership) onTestFinished(() => ownership.release());
    return ownership !== undefined;
  }
}

/** Writes what an owner has left; `ageMs` is how old its last sign of life is by the clock, negative when that was set back. */
async function owned(owner: object | string, ageMs = 0): Promise<{ folder: string; file: string }> {
  const folder = await newFolder();
  const file = join(folder, 'owner.1');
  await writeFile(file, typeof owner === 'string' ? owner : JSON.stringify(owner));
  const at = new Date(Date.now() - ageMs);
  await utimes(file, at, at);
  return { folder, file };
}

const me = { pid: process.pid, host: hostname() };
const ended = { pid: 2 ** 30, host: hostname() };

test('an owner whose process has ended is followed at once', async () => {
  expect(await new Watcher((await owned(ended)).folder).takesAfter(0)).toBe(true);
});

test.each([
  ['runs', me],
  ['is on another machine', { pid: 1, host: 'elsewhere' }],
  ['is in another container of the same host name', { ...ended, space: 'pid:[1]' }],
  ['has not written its name yet', ''],
])('an owner that %s is followed after a minute without a sign of life, not sooner', async (_, owner) => {
  const { folder } = await owned(owner);
  const watcher = new Watcher(folder);
  expect(await watcher.takesAfter(minute - 2_000)).toBe(false);
  expect(await watcher.takesAfter(3_000)).toBe(true);
});

test.each([
  ['set back by an hour', -60 * minute],
  ['set forward by an hour', 60 * minute],
])('a clock that was %s makes no living owner dead', async (_, ageMs) => {
  const { folder, file } = await owned(me, ageMs);
  let sign = Date.now() - ageMs;
  let looks = 0;
  const giveSign = async () => {
    if (++looks % 5 > 0) return;
    const at = new Date((sign += 5_000));
    await utimes(file, at, at);
  };
  expect(await new Watcher(folder).takesAfter(3 * minute, giveSign)).toBe(false);
});

test('a clock that was set back makes no dead owner live for ever', async () => {
  const { folder } = await owned(me, -60 * minute);
  expect(await new Watcher(folder).takesAfter(minute + 1_000)).toBe(true);
});

test('a process id that was given to somebody else holds a job for a quarter of a minute', async () => {
  const { folder } = await owned(me, 60 * minute);
  const watcher = new Watcher(folder);
  expect(await watcher.takesAfter(13_000)).toBe(false);
  expect(await watcher.takesAfter(3_000)).toBe(true);
});

test('after sleep the owner gets its time to give a sign of life', async () => {
  const { folder } = await owned(me, 8 * 60 * minute);
  const watcher = new Watcher(folder);
  expect(await watcher.takesAfter(10_000)).toBe(false);
  watcher.sleep(8 * 60 * minute);
  expect(await watcher.takesAfter(14_000)).toBe(false);
});

test('a number that was used and tidied away while a window was deciding makes it no owner', async () => {
  const { folder, file } = await owned(me);
  /** While this window decides that the owner is silent, two others have taken over one after the other. */
  class Late extends Watch {
    override stillFor(): number {
      rmSync(file);
      writeFileSync(join(folder, 'owner.3'), JSON.stringify(me));
      return 2 * minute;
    }
  }
  expect(await Ownership.take(folder, new Late())).toBeUndefined();
  expect(await readdir(folder)).toEqual(['owner.3']);
});

test('however windows take a job over and let it go, never two have it', async () => {
  const folder = await newFolder();
  let holders = 0;
  const window = async () => {
    const watch = new Watch();
    for (let turns = 0; turns < 5;) {
      const ownership = await Ownership.take(folder, watch);
      if (!ownership) continue;
      turns++;
      expect(++holders).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      holders--;
      await ownership.release();
    }
  };
  await Promise.all(Array.from({ length: 8 }, window));
});

test('of many windows that find a dead owner one takes over', async () => {
  for (let round = 0; round < 30; round++) {
    const { folder } = await owned(ended);
    const taken = await Promise.all(Array.from({ length: 6 }, () => new Watcher(folder).takesAfter(0)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  }
});

test('the id that a window got after it was taken for gone is not lost', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  let accept: () => void = () => undefined;
  service.answer = () => new Promise((resolve) => (accept = () => resolve({ kind: 'job', jobId: 'service-job' })));
  const suspended = await openJobs(folder, service);
  const job = await suspended.start(ready(), origin('d'));
  const { id } = job.record;
  await until(suspended, job, 'sending');
  // As if it had been silent for long: its owner file names a process that is gone.
  const [name = ''] = (await readdir(join(folder, id))).filter((file) => file.startsWith('owner.'));
  await writeFile(join(folder, id, name), JSON.stringify(ended));
  const other = await openJobs(folder, service);
  await until(other, job, 'failed');
  accept();
  await until(other, job, 'done');
  await until(suspended, job, 'done');
  expect(service.submitted).toBe(1);
  expect(JSON.parse(await readFile(join(folder, id, 'job.json'), 'utf8'))).toMatchObject({
    results: [{ file: '0.png' }],
  });
  expect(stateOf(suspended, id)).toBe('done');
});
