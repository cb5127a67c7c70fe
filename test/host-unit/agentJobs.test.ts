import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AgentCall } from '../../src/core/agentTools.ts';
import { modelCard } from '../../src/core/modelCard.ts';
import { preflight } from '../../src/core/preflight.ts';
import { AgentJobs, type FinishedJob } from '../../src/host/agents/agentJobs.ts';
import { fileNamed } from '../../src/host/agents/agentPaths.ts';
import { type AgentAnswer, AgentError } from '../../src/host/agents/agentTypes.ts';
import { Announcer } from '../../src/host/announcer.ts';
import type { RunOrigin, RunOutcome } from '../../src/host/runner.ts';
import type { Service } from '../../src/host/services.ts';
import { createJobs } from '../../src/jobs/engine.ts';
import type { Jobs } from '../../src/jobs/engineTypes.ts';
import { PixelError } from '../../src/pixels/pixelError.ts';
import { eventually } from '../eventually.ts';
import { bringPicture, describe as describePicture, failed, FakeService, item } from '../jobs/fakeService.ts';

const editor = vi.hoisted(() => ({ root: '', isTrusted: true }));

// As much of VS Code as paths, files and events need; the workspace is one folder of this disk.
vi.mock('vscode', async () => {
  const { readFile: read, stat } = await import('node:fs/promises');
  const { posix } = await import('node:path');
  class FileSystemError extends Error {
    readonly code = 'FileNotFound';
  }
  const uri = (path: string): object => ({
    scheme: 'file',
    authority: '',
    path,
    fsPath: path,
    with: (change: { path: string }) => uri(change.path),
    toString: () => `file://${path}`,
  });
  const isInside = (path: string) => path === editor.root || path.startsWith(`${editor.root}/`);
  const folder = () => ({ uri: uri(editor.root), name: 'work', index: 0 });
  return {
    FileSystemError,
    Uri: {
      file: (path: string) => uri(path),
      parse: (text: string) => uri(text.replace(/^file:\/\//, '')),
      joinPath: (base: { path: string }, ...parts: string[]) => uri(posix.join(base.path, ...parts)),
    },
    EventEmitter: class {
      readonly #listeners = new Set<(value: unknown) => void>();
      readonly event = (listener: (value: unknown) => void) => {
        this.#listeners.add(listener);
        return { dispose: () => this.#listeners.delete(listener) };
      };
      fire(value: unknown): void {
        for (const listener of this.#listeners) listener(value);
      }
      dispose(): void {
        this.#listeners.clear();
      }
    },
    env: { language: 'en' },
    l10n: {
      t: (text: string, ...args: unknown[]) => text.replaceAll(/\{(\d)\}/g, (_, at) => String(args[Number(at)])),
    },
    window: {},
    workspace: {
      get isTrusted() {
        return editor.isTrusted;
      },
      get workspaceFolders() {
        return [folder()];
      },
      getWorkspaceFolder: ({ path }: { path: string }) => (isInside(path) ? folder() : undefined),
      asRelativePath: ({ path }: { path: string }) => (isInside(path) ? path.slice(editor.root.length + 1) : path),
      fs: {
        stat: async ({ path }: { path: string }) => {
          if (!(await stat(path).catch(() => undefined))) throw new FileSystemError();
        },
        readFile: ({ path }: { path: string }) => read(path),
      },
    },
  };
});

let folder: string;
let service: FakeService;
let cleanUp: (() => Promise<unknown>)[];
/** Called when a picture is about to be written. */
let onSaving: () => unknown;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wan-agents-'));
  editor.root = join(folder, 'work');
  editor.isTrusted = true;
  await mkdir(editor.root);
  service = new FakeService();
  cleanUp = [];
  onSaving = () => undefined;
});

afterEach(async () => {
  for (const step of cleanUp.toReversed()) await step();
  await rm(folder, { recursive: true });
});

interface OneWindow {
  readonly agents: AgentJobs;
  readonly jobs: Jobs;
  readonly told: string[];
  /** The names of the files that each of them was about. */
  readonly written: string[][];
  readonly finished: FinishedJob[];
  /** Called when a call has got as far as the runner. */
  onRun: () => void;
}

/** A window on the workspace: with the real engine and the real announcer, and a runner that asks nobody. */
async function openWindow(): Promise<OneWindow> {
  const jobs = createJobs({
    folder: join(folder, 'vault'),
    client: () => Promise.resolve(service),
    inspect: async (file) => describePicture(await readFile(file, 'utf8')),
    now: Date.now,
    log: () => undefined,
    pace: { lookMs: 10, firstPauseMs: 20, longestPauseMs: 40, closingMs: 200 },
  });
  const current = { mode: 'live', name: 'fake', isReachable: true, jobs, folder: join(folder, 'vault') } as Service;
  const [told, written, finished]: [string[], string[][], FinishedJob[]] = [[], [], []];
  const log = { info: () => undefined, error: (_: string, error: unknown) => expect.unreachable(String(error)) };
  const services = {
    mode: 'live' as const,
    current: async () => current,
    find: (jobId: string) => {
      const job = jobs.get(jobId);
      return job && { service: current, job };
    },
    onDidChangeJob: (listener: (change: { service: Service; jobId: string }) => unknown) =>
      jobs.onDidChange((jobId) => listener({ service: current, jobId })),
  };
  const results = {
    save: () => expect.unreachable('nobody was asked'),
    saveElsewhere: () => expect.unreachable('nobody was asked'),
    insert: () => expect.unreachable('nothing was to be inserted'),
    saveExactly: async (ids: readonly string[], targets: readonly (string | undefined)[]) =>
      saveExactly(jobs, ids, targets),
  };
  const announcer = new Announcer({
    services,
    results: results as never,
    teller: { tell: () => Promise.resolve(), tellSaved: () => Promise.resolve() },
    studio: { isVisible: true, open: () => undefined },
    target: () => undefined,
    finishSet: () => Promise.resolve(),
    tellMadeByAgent: (of, jobId, written) => agents.tell(of, jobId, written),
    log,
  });
  const agents: AgentJobs = new AgentJobs({
    services,
    runner: {
      run: (request, origin) => {
        window.onRun();
        return run(jobs, current, request, origin);
      },
      check: () => expect.unreachable('not checked here'),
    },
    announcer,
    results: results as never,
    sources: { add: (uri, name) => ({ id: name, uri, name }) },
    inside: { outsideOf: () => Promise.resolve('identical') },
    pixels: {
      describe: async (bytes) => {
        if (Buffer.from(bytes).toString() === 'mine') throw new PixelError('not-an-image', 'no picture');
        return { format: 'png', width: 8, height: 6, byteLength: 9 } as never;
      },
      preview: async () => ({ format: 'webp', width: 8, height: 6, bytes: new Uint8Array(9) }),
    },
    prices: () => modelCard.price,
    notice: {
      tell: async ({ id }, files) => {
        told.push(id);
        written.push(files.map(({ path }) => basename(path)));
      },
    },
    log,
  });
  const window: OneWindow = { agents, jobs, told, written, finished, onRun: () => undefined };
  agents.onDidFinish((job) => finished.push(job));
  await jobs.open();
  cleanUp.push(async () => {
    agents.dispose();
    announcer.dispose();
    await jobs.dispose();
  });
  return window;
}

async function run(jobs: Jobs, current: Service, request: unknown, origin: RunOrigin): Promise<RunOutcome> {
  if (origin.signal?.aborted) return { kind: 'declined' };
  const { problems, ready } = preflight(request, new Map(), { boxForm: 'auto', drawSeed: () => 7 });
  if (!ready) return { kind: 'problems', problems };
  const { draftId, askedBy, intent } = origin;
  for (const target of intent.kind === 'save' ? intent.targets : [])
    if (existsSync(target.replace('file://', '')))
      return { kind: 'bad-target', trouble: { kind: 'exists', place: target } };
  return { kind: 'started', service: current, problems, job: await jobs.start(ready, { draftId, askedBy, intent }) };
}

/** Writes each picture as the file of its place, over nothing. */
async function saveExactly(jobs: Jobs, ids: readonly string[], targets: readonly (string | undefined)[]) {
  const files: { path: string }[] = [];
  for (const id of ids) {
    const target = targets[Number(id.slice(id.lastIndexOf('-') + 1))] ?? '';
    const path = target.replace('file://', '');
    const found = jobs.result(id);
    if (!found || (found.result.savedAs === target && existsSync(path))) continue;
    await mkdir(dirname(path), { recursive: true });
    // A disk that takes its time: whoever writes at the same moment is in the way.
    onSaving();
    await pause(20);
    try {
      await writeFile(path, await readFile(found.file), { flag: 'wx' });
    } catch {
      return { kind: 'failed', files, telling: { severity: 'error', text: `${path} is there already.`, actions: [] } };
    }
    await pause(20);
    await jobs.markSaved(id, target);
    files.push({ path });
  }
  return { kind: 'saved', files };
}

const hero = { kind: 'generateImage', input: { prompt: 'A fox', path: 'images/hero.png', seed: 1 } } as const;
const heroFile = () => join(editor.root, 'images', 'hero.png');
const call = (
  { agents }: OneWindow,
  what: AgentCall = hero,
  signal = new AbortController().signal,
  askedBy = 'agent',
) => agents.run(what, { askedBy, signal });

async function made(calling: ReturnType<typeof call>): Promise<AgentAnswer> {
  const answer = await calling;
  if (answer.kind !== 'made') throw new Error(JSON.stringify(answer));
  return answer;
}

async function errorOf(calling: Promise<unknown>): Promise<AgentError> {
  const error = await calling.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AgentError);
  return error as AgentError;
}

/** The service does not end a job before `release` is called. */
function holdEnd(): () => void {
  const { end } = service;
  const { promise, resolve } = Promise.withResolvers<void>();
  service.end = async (signal, onNews) => {
    await promise;
    return end(signal, onNews);
  };
  return resolve;
}

test('a call answers with its file, and people are told once', async () => {
  const window = await openWindow();
  const { pictures, cost, wasMadeBefore, problems } = await made(call(window));
  expect(pictures.map(({ absolutePath, relativePath }) => [absolutePath, relativePath])).toEqual([
    [heroFile(), 'images/hero.png'],
  ]);
  expect(pictures[0]?.preview?.bytes.byteLength).toBe(9);
  expect([cost, wasMadeBefore, problems]).toEqual([75, false, []]);
  await eventually(() => expect(window.told).toHaveLength(1));
  expect(window.finished).toMatchObject([{ askedBy: 'agent', state: 'done', files: [{ path: heroFile() }] }]);
});

test('the same call is one job at once, afterwards, and in another window', async () => {
  const [one, other] = [await openWindow(), await openWindow()];
  const answers = await Promise.all([made(call(one)), made(call(one)), made(call(other))]);
  answers.push(await made(call(other)), await made(call(one)));
  expect(new Set(answers.map(({ jobId }) => jobId)).size).toBe(1);
  expect(answers.at(-1)?.wasMadeBefore).toBe(true);
  expect(service.submitted).toBe(1);
  expect(one.told.length + other.told.length).toBe(1);
});

test('people are told of what was written just now, not of what was written before and may be their own by now', async () => {
  const window = await openWindow();
  service.end = () => Promise.resolve({ state: 'completed', items: [item('a'), item('b')] });
  const second = join(editor.root, 'images', 'hero-2.png');
  const two = { ...hero, input: { ...hero.input, count: 2 } } as const;
  onSaving = () => void (existsSync(second) || writeFileSync(second, 'in the way'));
  await errorOf(call(window, two));
  onSaving = () => undefined;
  await writeFile(heroFile(), 'retouched by hand');
  await unlink(second);
  await made(call(window, two));
  await eventually(() => expect(window.written).toEqual([['hero-2.png']]));
});

test('a call that comes while its picture is being saved waits for that', async () => {
  const window = await openWindow();
  let late: Promise<AgentAnswer> | undefined;
  onSaving = () => (late ??= made(call(window)));
  const first = await made(call(window));
  expect((await late)?.jobId).toBe(first.jobId);
  expect(window.told).toHaveLength(1);
});

test('another caller, another file or a file that has gone is another job', async () => {
  const window = await openWindow();
  const first = await made(call(window));
  await made(call(window, { ...hero, input: { ...hero.input, path: 'images/b.png' } }));
  expect(service.submitted).toBe(2);
  expect(await call(window, hero, undefined, 'extension a.b')).toMatchObject({
    kind: 'problems',
    problems: [{ code: 'target-exists' }],
  });
  await unlink(heroFile());
  expect((await made(call(window))).jobId).not.toBe(first.jobId);
  expect((await made(call(window))).wasMadeBefore).toBe(true);
  expect(service.submitted).toBe(3);
});

test('what is cancelled before it is sent is not bought', async () => {
  const window = await openWindow();
  expect((await errorOf(call(window, hero, AbortSignal.abort()))).mayExist).toBe(false);
  const controller = new AbortController();
  service.turn = ({ untilTurn }) =>
    new Promise((_, reject) => untilTurn?.addEventListener('abort', () => reject(failed('cancelled'))));
  const calling = call(window, hero, controller.signal);
  await eventually(() => expect(window.jobs.list()).toHaveLength(1));
  controller.abort();
  const { mayExist, message } = await errorOf(calling);
  expect([mayExist, message]).toEqual([false, 'Cancelled before anything was sent. Nothing was bought.']);
  expect(service.submitted).toBe(0);
});

test('a call that is joined while its caller gives it up is made for the one that stays', async () => {
  const window = await openWindow();
  const controller = new AbortController();
  window.onRun = () => controller.abort();
  const leaving = call(window, hero, controller.signal);
  const staying = made(call(window));
  expect((await errorOf(leaving)).mayExist).toBe(false);
  expect((await staying).pictures).toHaveLength(1);
  expect(service.submitted).toBe(1);
});

test('what stands where a picture was asked for, and is no picture, is not taken for it', async () => {
  const window = await openWindow();
  await made(call(window));
  await writeFile(heroFile(), 'mine');
  expect(await call(window)).toMatchObject({ kind: 'problems', problems: [{ code: 'target-exists' }] });
  expect(await readFile(heroFile(), 'utf8')).toBe('mine');
  expect(service.submitted).toBe(1);
});

test('what is cancelled after it was sent is kept, said so, and had by the same call', async () => {
  const release = holdEnd();
  const window = await openWindow();
  const controller = new AbortController();
  const calling = call(window, hero, controller.signal);
  await eventually(() => expect(service.submitted).toBe(1));
  controller.abort();
  const { mayExist, message } = await errorOf(calling);
  expect(mayExist).toBe(true);
  expect(message).toMatch(/billed all the same\. .*history.*Do not ask for another one/);
  const again = made(call(window));
  release();
  expect((await again).wasMadeBefore).toBe(true);
  expect(service.submitted).toBe(1);
});

test('one of two callers that cancels does not take the picture from the other', async () => {
  const release = holdEnd();
  const window = await openWindow();
  const controller = new AbortController();
  const leaving = call(window, hero, controller.signal);
  const staying = made(call(window));
  await eventually(() => expect(service.submitted).toBe(1));
  controller.abort();
  await errorOf(leaving);
  expect(window.jobs.list()[0]?.record.cancelled).toBe(false);
  release();
  expect((await staying).pictures).toHaveLength(1);
});

test('what the person stops in the studio is not saved, and its caller is told', async () => {
  holdEnd();
  const window = await openWindow();
  const calling = call(window);
  await eventually(() => expect(service.submitted).toBe(1));
  await window.jobs.cancel(window.jobs.list()[0]?.record.id ?? '');
  expect((await errorOf(calling)).mayExist).toBe(true);
  expect(existsSync(heroFile())).toBe(false);
});

test('a picture that could not be saved is not bought again, and saved by the same call', async () => {
  const release = holdEnd();
  const window = await openWindow();
  const calling = call(window);
  await eventually(() => expect(service.submitted).toBe(1));
  await mkdir(dirname(heroFile()), { recursive: true });
  await writeFile(heroFile(), 'in the way');
  release();
  const { mayExist, message } = await errorOf(calling);
  expect(mayExist).toBe(true);
  expect(message).toMatch(/is there already\. .*kept in the history.*Do not buy it again/);
  expect(await readFile(heroFile(), 'utf8')).toBe('in the way');
  await unlink(heroFile());
  expect((await made(call(window))).pictures).toHaveLength(1);
  expect(service.submitted).toBe(1);
});

test('a lost answer is never asked for again, and one that bought nothing may be', async () => {
  service.answer = () => Promise.reject(failed('network', true));
  const window = await openWindow();
  for (const turn of [1, 2]) {
    const { mayExist, message } = await errorOf(call(window));
    expect([turn, mayExist]).toEqual([turn, true]);
    expect(message).toMatch(/Do not ask for it again/);
  }
  expect(service.submitted).toBe(1);
  service.answer = () => Promise.reject(failed('content-refused'));
  const other = { ...hero, input: { ...hero.input, prompt: 'A badger' } };
  expect(await errorOf(call(window, other))).toMatchObject({ mayExist: false });
  service.answer = () => Promise.resolve({ kind: 'job', jobId: 'service-job' });
  expect((await made(call(window, other))).pictures).toHaveLength(1);
});

test('in a folder that nobody trusts nothing is made', async () => {
  editor.isTrusted = false;
  const window = await openWindow();
  expect((await errorOf(call(window))).message).toMatch(/not trusted/);
  expect(service.submitted).toBe(0);
});

test.each(['../hero.png', '/etc/hero.png', 'images/../../hero.png', '~/hero.png', 'file:///etc/hero.png', ''])(
  'the path %o names no file of the workspace',
  async (path) => {
    const window = await openWindow();
    const answer = await call(window, { ...hero, input: { ...hero.input, path } });
    expect(answer).toMatchObject({ kind: 'problems', problems: [{ code: 'path', field: 'path' }] });
    expect(service.submitted).toBe(0);
  },
);

test('no path that can be written names a file outside the workspace', () => {
  const step = fc.oneof(
    fc.constantFrom('..', '.', '', '...', 'a', '%2e%2e', '~', 'work', '\\', '..\\'),
    fc.string({ maxLength: 4 }),
  );
  const start = fc.constantFrom('', '/', '//', './', 'C:/', 'file://', '~/', 'work/');
  const anyPath = fc.tuple(start, fc.array(step, { maxLength: 5 })).map(([first, steps]) => first + steps.join('/'));
  const inside = fc.array(step, { maxLength: 4 }).map((steps) => `${editor.root}/${steps.join('/')}`);
  fc.assert(
    fc.property(fc.oneof(anyPath, inside), (path) => {
      const file = fileNamed(path);
      if ('sentence' in file) return;
      expect(file.path.startsWith(`${editor.root}/`)).toBe(true);
      expect(file.path.split('/')).not.toContain('..');
    }),
    { numRuns: 500 },
  );
});

test('nobody is taken for a person', async () => {
  const window = await openWindow();
  for (const person of ['studio', 'palette', 'set file'])
    await expect(call(window, hero, undefined, person)).rejects.toThrow(/how a person is called/);
  expect(service.submitted).toBe(0);
});

test('several pictures become files side by side, and fewer are said to be fewer', async () => {
  service.end = () => Promise.resolve({ state: 'completed', items: [item('a'), item('b')] });
  service.bring = bringPicture;
  const window = await openWindow();
  const set: AgentCall = {
    kind: 'generateSet',
    input: { prompt: 'Icons', pictures: ['a', 'b', 'c'], folder: 'icons', name: 'step' },
  };
  const { pictures, missing } = await made(call(window, set));
  expect(pictures.map(({ relativePath }) => relativePath)).toEqual(['icons/step-1.png', 'icons/step-2.png']);
  expect(missing).toBe(1);
});
