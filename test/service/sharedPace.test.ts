import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { type Clock, systemClock } from '../../src/service/clock.ts';
import { RateLimit } from '../../src/service/rateLimit.ts';
import { SharedPace } from '../../src/service/sharedPace.ts';
import type { QueueNews } from '../../src/service/types.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { clientFor, LeapingClock, newFolder } from './rig.ts';

interface Hammer {
  readonly ready: Promise<void>;
  readonly passed: number[];
  readonly process: ChildProcess;
  readonly end: Promise<void>;
}

/** A process of its own that wants `count` places. */
function hammer(folder: string, limit: number, window: number, count: number): Hammer {
  const child = fork(new URL('./paceHammer.ts', import.meta.url), [folder, limit, window, count].map(String));
  onTestFinished(() => void child.kill('SIGKILL'));
  const passed: number[] = [];
  const ready = new Promise<void>((resolve) => child.once('message', () => resolve()));
  child.on('message', (message: { passed?: number; line?: string }) => {
    if (message.line !== undefined) throw new Error(message.line);
    if (message.passed !== undefined) passed.push(message.passed);
  });
  return { ready, passed, process: child, end: new Promise((resolve) => child.once('exit', () => resolve())) };
}

async function letGo(hammers: readonly Hammer[]): Promise<void> {
  await Promise.all(hammers.map(({ ready }) => ready));
  for (const { process: child } of hammers) child.send('go');
}

/** The most of these moments that any window holds. */
function most(times: readonly number[], window: number): number {
  return Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + window).length));
}

test('three processes never pass more than the limit together, and all get through', async () => {
  const folder = await newFolder();
  const hammers = [1, 2, 3].map(() => hammer(folder, 20, 1000, 25));
  await letGo(hammers);
  await Promise.all(hammers.map(({ end }) => end));
  const times = hammers.flatMap(({ passed }) => passed);
  expect(times).toHaveLength(75);
  expect(most(times, 1000)).toBeLessThanOrEqual(20);
  // A limit that nobody comes near proves nothing.
  expect(most(times, 1000)).toBeGreaterThan(15);
});

test('of any that ask at the same moment no more pass than there are places, and somebody does', async () => {
  for (let round = 0; round < 20; round++) {
    const folder = await newFolder();
    const asking = { limit: 1 + (round % 3), room: 1 + (round % 3), want: undefined, longestHold: 0 };
    const windows = Array.from({ length: 6 }, () => new SharedPace(folder, systemClock, 60_000));
    const claims = await Promise.all(windows.map((window) => window.claim(asking)));
    const granted = claims.filter(({ kind }) => kind === 'granted').length;
    expect(granted).toBeLessThanOrEqual(asking.limit);
    expect(granted).toBeGreaterThan(0);
    // Who came too late has given its place back.
    const later = await Promise.all(windows.map((window) => window.claim({ ...asking, limit: 100, room: 100 })));
    expect(later.every(({ kind }) => kind === 'granted')).toBe(true);
    const full = await windows[0]?.claim({ ...asking, limit: granted + 6, room: granted + 6 });
    expect(full?.kind).toBe('full');
  }
});

test('a process that is killed takes at most its own places along', async () => {
  const folder = await newFolder();
  const [killed, other] = [hammer(folder, 10, 1000, 500), hammer(folder, 10, 1000, 30)];
  await letGo([killed, other]);
  await expect.poll(() => killed.passed.length).toBeGreaterThan(5);
  killed.process.kill('SIGKILL');
  await other.end;
  const times = [...killed.passed, ...other.passed];
  expect(other.passed).toHaveLength(30);
  expect(most(times, 1000)).toBeLessThanOrEqual(10);
});

function pair(folder: string, clock: Clock, limit = 4, log: (line: string) => void = () => undefined): RateLimit[] {
  const parts = { clock, limit, reserve: 1, log };
  return [1, 2].map(() => new RateLimit({ ...parts, shared: new SharedPace(folder, clock, 60_000) }));
}

/** A clock that a test sets; sleeping takes no time. */
class SetClock extends LeapingClock {
  override async sleep(_milliseconds: number, signal?: AbortSignal): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 2));
    signal?.throwIfAborted();
  }
}

/** How many lines of a kind the present file holds. */
function linesIn(folder: string, clock: Clock, kind: string): number {
  const text = readFileSync(path.join(folder, String(Math.floor(clock.now() / 600_000))), 'latin1');
  return text.split('\n').filter((line) => line.startsWith(kind)).length;
}

const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise((resolve) => setTimeout(resolve, 120));
  return settled;
};

test('a window waits behind what another has taken, and says how many stand before it', async () => {
  const clock = new SetClock();
  const [one, two] = pair(await newFolder(), clock) as [RateLimit, RateLimit];
  for (let count = 0; count < 4; count++) await one.take('urgent');
  const news: QueueNews[] = [];
  const first = two.take('urgent', { onQueue: (queue) => news.push(queue) });
  expect(await isSettled(first)).toBe(false);
  await eventually(() => expect(news).toEqual([{ ahead: 0 }]));
  const second: QueueNews[] = [];
  const third = one.take('urgent', { onQueue: (queue) => second.push(queue) });
  expect(await isSettled(third)).toBe(false);
  await eventually(() => expect(second.at(-1)).toEqual({ ahead: 0 })); // In its own window there are no places either, and that is known first.
  clock.time += 63_000;
  await Promise.all([first, third]);
});

test('who waited first in any window goes first, and polls of any window last', async () => {
  const clock = new SetClock();
  const folder = await newFolder();
  const parts = { clock, limit: 2, reserve: 1 };
  const [one, two, three] = [1, 2, 3].map(
    () => new RateLimit({ ...parts, shared: new SharedPace(folder, clock, 60_000) }),
  ) as [RateLimit, RateLimit, RateLimit];
  await one.take('urgent');
  clock.time += 10_000;
  await one.take('urgent');
  const order: string[] = [];
  const take = (limit: RateLimit, name: string) => limit.take('urgent').then(() => order.push(name));
  const first = take(two, 'first');
  await eventually(() => expect(linesIn(folder, clock, 'w')).toBe(1));
  const all = [first, take(three, 'second'), two.take('patient').then(() => order.push('poll'))];
  // Slowly enough for those that wait to say it again and again.
  const timer = setInterval(() => (clock.time += 500), 30);
  onTestFinished(() => clearInterval(timer));
  await Promise.all(all);
  expect(order).toEqual(['first', 'second', 'poll']);
});

test('who leaves the queue lets the next one of another window go', async () => {
  const clock = new SetClock();
  const [one, two] = pair(await newFolder(), clock, 1) as [RateLimit, RateLimit];
  await one.take('urgent');
  clock.time += 61_500; // The window's own count has room again before the shared one.
  const stop = new AbortController();
  const leaving = one.take('urgent', { signal: stop.signal });
  await new Promise((resolve) => setTimeout(resolve, 60));
  const next = two.take('urgent');
  stop.abort(new Error('enough'));
  await expect(leaving).rejects.toThrow('enough');
  clock.time += 600;
  await next;
});

test('while the service has asked to wait, the other windows hold back too', async () => {
  const clock = new SetClock();
  const folder = await newFolder();
  const [one, two] = pair(folder, clock) as [RateLimit, RateLimit];
  one.hold(20_000);
  await eventually(() => expect(linesIn(folder, clock, 'h')).toBe(1));
  const until = clock.time + 20_000;
  const news: QueueNews[] = [];
  const taking = two.take('urgent', { onQueue: (queue) => news.push(queue) });
  clock.time += 19_000;
  expect(await isSettled(taking)).toBe(false);
  await eventually(() => expect(news).toEqual([{ ahead: 0, until }]));
  clock.time += 1_001;
  await taking;
});

test('a clock that was moved back blocks nobody', async () => {
  const clock = new SetClock();
  const [one, two] = pair(await newFolder(), clock) as [RateLimit, RateLimit];
  for (let count = 0; count < 4; count++) await one.take('urgent');
  one.hold(30_000);
  await new Promise((resolve) => setTimeout(resolve, 30));
  clock.time -= 3_600_000;
  await Promise.all([one.take('urgent'), two.take('urgent')]);
});

test('what a killed process has half written disturbs nobody, and old files are taken away', async () => {
  const clock = new SetClock();
  const folder = await newFolder();
  const [one] = pair(folder, clock) as [RateLimit];
  const stretch = Math.floor(clock.time / 600_000);
  await writeFile(path.join(folder, String(stretch)), 's 00000');
  for (const old of [stretch - 3, stretch - 100, stretch + 7]) await writeFile(path.join(folder, String(old)), 'x');
  for (let count = 0; count < 4; count++) await one.take('urgent');
  expect(await isSettled(one.take('urgent'))).toBe(false);
  expect(await readdir(folder)).toEqual([String(stretch)]);
  clock.time += 70_000;
});

test('a disk that does not take it stops no request, and is said once', async () => {
  const folder = path.join(await newFolder(), 'pace');
  await writeFile(folder, 'a file where the folder should be');
  const lines: string[] = [];
  const clock = new LeapingClock();
  const limit = new RateLimit({
    clock,
    limit: 3,
    reserve: 0,
    shared: new SharedPace(folder, clock, 60_000),
    log: (line) => lines.push(line),
  });
  const startedAt = clock.time;
  for (let count = 0; count < 7; count++) await limit.take('urgent');
  expect(lines).toHaveLength(1);
  // It still keeps to the limit by its own count.
  expect(clock.time - startedAt).toBeGreaterThanOrEqual(120_000);
});

test('a disk that is too slow stops no request either', async () => {
  const clock = new LeapingClock();
  // Each look at the clock is a second and a half after the last.
  clock.now = () => (clock.time += 1500);
  const lines: string[] = [];
  const shared = new SharedPace(await newFolder(), clock, 60_000);
  const limit = new RateLimit({ clock, limit: 3, reserve: 0, shared, log: (line) => lines.push(line) });
  await limit.take('urgent');
  expect(lines).toEqual([expect.stringContaining('too slowly')]);
});

/** The machine's clock, twenty times as fast. */
class FastClock implements Clock {
  readonly #start = Date.now();
  now(): number {
    return this.#start + (Date.now() - this.#start) * 20;
  }
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(milliseconds / 20, signal);
  }
  random(): number {
    return Math.random();
  }
}

test('three clients that share a folder never hear from the service that they ask too often', async () => {
  const clock = new FastClock();
  const simulator = await startSimulator({ requestsPerMinute: 50, clock: () => clock.now(), keepMs: 1e9 });
  onTestFinished(() => simulator.stop());
  const paceFolder = path.join(await newFolder(), 'pace');
  await mkdir(paceFolder);
  const clients = await Promise.all([1, 2, 3].map(() => clientFor(simulator.url, { paceFolder, options: { clock } })));
  await Promise.all(clients.flatMap(({ client }) => Array.from({ length: 40 }, () => client.account())));
  const statuses = simulator.requests().map(({ status }) => status);
  expect(statuses).toHaveLength(120);
  expect(new Set(statuses)).toEqual(new Set([200]));
});
