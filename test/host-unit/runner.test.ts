import { expect, test } from 'vitest';
import { emptyRequest } from '../../src/core/request.ts';
import { nothingKnown } from '../../src/core/knownService.ts';
import { Runner } from '../../src/host/runner.ts';
import type { Service } from '../../src/host/services.ts';

/** Runs a request that can cost 75, with a limit of 10 and a user who says no; answers how it ended and how often was asked. */
async function run(origin: { shownPrice: number; wasConfirmed?: boolean }) {
  let asked = 0;
  const jobs = { start: () => Promise.resolve({}) };
  const runner = new Runner({
    services: { current: () => Promise.resolve({ mode: 'live', isReachable: true, jobs } as unknown as Service) },
    keys: { read: () => Promise.resolve('sk-empiriolabs-runner') },
    inputs: { prepare: () => Promise.resolve(undefined) },
    storage: { vault: () => Promise.resolve(undefined) },
    refusal: () => Promise.resolve(undefined),
    targetTrouble: () => Promise.resolve(undefined),
    boxForm: () => 'auto',
    known: () => nothingKnown,
    confirmAbove: () => 10,
    confirm: () => {
      asked++;
      return Promise.resolve(false);
    },
  });
  const request = { ...emptyRequest(), prompt: 'a park' };
  const { kind } = await runner.run(request, { draftId: 'd', askedBy: 'studio', intent: { kind: 'show' }, ...origin });
  return { kind, asked };
}

test('a price above the limit is asked about once: here, or where the user has just agreed to it', async () => {
  expect(await run({ shownPrice: 75 })).toEqual({ kind: 'declined', asked: 1 });
  expect(await run({ shownPrice: 75, wasConfirmed: true })).toEqual({ kind: 'started', asked: 0 });
});

test('having agreed to a price is no yes to a higher one', async () => {
  expect(await run({ shownPrice: 74, wasConfirmed: true })).toEqual({ kind: 'dearer', asked: 0 });
});

test('of two requests for one file only the first is paid for, at the same moment and until its picture has come', async () => {
  const made: { record: object }[] = [];
  const jobs = {
    list: () => made,
    start: async (_: unknown, origin: object) => {
      await Promise.resolve();
      const job = { record: { ...origin, cancelled: false, status: { state: 'submitted' } } };
      made.push(job);
      return job;
    },
  };
  const runner = new Runner({
    services: { current: () => Promise.resolve({ mode: 'live', isReachable: true, jobs } as unknown as Service) },
    keys: { read: () => Promise.resolve('sk-empiriolabs-runner') },
    inputs: { prepare: () => Promise.resolve(undefined) },
    storage: { vault: () => Promise.resolve(undefined) },
    refusal: () => Promise.resolve(undefined),
    targetTrouble: async (targets, _, promised) => {
      const place = targets.find((target) => promised?.has(target));
      return place === undefined ? undefined : { kind: 'promised', place };
    },
    boxForm: () => 'auto',
    known: () => nothingKnown,
    confirmAbove: () => 1000,
    confirm: () => Promise.resolve(true),
  });
  const want = async (draftId: string, target: string) => {
    const request = { ...emptyRequest(), prompt: `a park, ${draftId}` };
    const intent = { kind: 'save' as const, targets: [target] };
    return (await runner.run(request, { draftId, askedBy: 'agent', intent, shownPrice: 75 })).kind;
  };
  expect(
    await Promise.all([want('a', 'file:///1.png'), want('b', 'file:///1.png'), want('c', 'file:///2.png')]),
  ).toEqual(['started', 'bad-target', 'started']);
  expect(await want('d', 'file:///1.png')).toBe('bad-target');
  expect(await want('a', 'file:///1.png')).toBe('started'); // its own
  made.length = 0;
  expect(await want('d', 'file:///1.png')).toBe('started');
});
