import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentCall } from '../../src/core/agentTools.ts';
import { emptyRequest } from '../../src/core/request.ts';
import { previewOf } from '../../src/host/agents/preview.ts';
import { draftOf, latestOf, nextDraft, stillCounts } from '../../src/host/agents/sameCall.ts';
import type { Job } from '../../src/jobs/engineTypes.ts';
import type { JobRecord } from '../../src/jobs/record.ts';
import { callerOf } from '../../src/jobs/limits.ts';
import { PixelError } from '../../src/pixels/pixelError.ts';

const call: AgentCall = { kind: 'generateImage', input: { prompt: 'a fox', path: 'a.png', seed: 7 } };
const files = { targets: ['file:///w/a.png'], pictures: [{ uri: 'file:///w/b.png', sha256: 'b' }] };

function jobThatIs(status: JobRecord['status'], changes: Partial<JobRecord> = {}): Job {
  const record: JobRecord = {
    version: 1,
    id: 'job',
    draftId: 'draft',
    askedBy: 'agent',
    intent: { kind: 'save', targets: files.targets },
    request: { ...emptyRequest(), prompt: 'a fox' },
    createdAt: 1,
    highestPrice: 75,
    highestCount: 1,
    cancelled: false,
    dismissed: false,
    status,
    results: [],
    ...changes,
  };
  return { record, news: undefined, queue: undefined, trouble: undefined };
}

describe('two calls are the same', () => {
  test('in whatever order their fields come, and however they write a path', () => {
    const other: AgentCall = { kind: 'generateImage', input: { seed: 7, path: './a.png', prompt: 'a fox' } };
    expect(draftOf('agent', other, files)).toBe(draftOf('agent', call, files));
  });

  test.each<[string, () => string]>([
    ['caller', () => draftOf('extension a.b', call, files)],
    ['prompt', () => draftOf('agent', { ...call, input: { ...call.input, prompt: 'b' } }, files)],
    ['file', () => draftOf('agent', call, { ...files, targets: ['file:///w/c.png'] })],
    ['picture', () => draftOf('agent', call, { ...files, pictures: [{ uri: 'file:///w/b.png', sha256: 'c' }] })],
    ['tool', () => draftOf('agent', { kind: 'editRegion', input: call.input } as unknown as AgentCall, files)],
  ])('only with the same %s', (_, other) => {
    expect(other()).not.toBe(draftOf('agent', call, files));
  });
});

const result = (savedAs?: string) => ({
  id: 'job-0',
  file: '0.png',
  width: 1,
  height: 1,
  format: 'png',
  byteLength: 1,
  sha256: '',
  ...(savedAs !== undefined && { savedAs }),
});
const done = { state: 'done', endedAt: 2, missing: 0 } as const;
const failed = (mayBeBilled: boolean) =>
  ({ state: 'failed', endedAt: 2, failure: { kind: 'network', mayBeBilled } }) as const;

const goneIntent = { kind: 'save' as const, targets: ['file:///w/gone.png'] };
const inBoxes = { ...result('file:///w/b.png'), versionsSavedAs: { inside: 'file:///w/gone.png' } };

test.each<[string, Job, boolean]>([
  ['is being made', jobThatIs({ state: 'accepted', serviceJobId: 'x' }), true],
  ['may have been billed and failed', jobThatIs(failed(true)), true],
  ['has bought nothing', jobThatIs(failed(false)), false],
  ['has come and is unsaved', jobThatIs(done, { results: [result()] }), true],
  ['stands where it was asked for', jobThatIs(done, { results: [result('file:///w/a.png')] }), true],
  ['has gone', jobThatIs(done, { intent: goneIntent, results: [result('file:///w/gone.png')] }), false],
  ['was saved in its boxes and has gone', jobThatIs(done, { intent: goneIntent, results: [inBoxes] }), false],
  ['a person had saved elsewhere', jobThatIs(done, { results: [result('file:///w/gone.png')] }), true],
])('the same call again is about what %s: as the table says', async (_, job, counts) => {
  expect(await stillCounts(job, async (uri) => !uri.includes('gone'))).toBe(counts);
});

test('a job of another call is not taken for one', () => {
  const jobs = [
    jobThatIs(done, { id: 'old', draftId: 'agent-1', createdAt: 1 }),
    jobThatIs(done, { id: 'new', draftId: 'agent-1-old', createdAt: 2 }),
    jobThatIs(done, { id: 'other', draftId: 'agent-12', createdAt: 3 }),
  ];
  expect(latestOf(jobs, 'agent-1')?.record.id).toBe('new');
  expect(nextDraft('agent-1', latestOf(jobs, 'agent-1'))).toBe('agent-1-new');
  expect(latestOf(jobs, 'agent-3')).toBeUndefined();
});

test('no extension can call itself a person', () => {
  fc.assert(fc.property(fc.string(), (id) => callerOf(`extension ${id}`) === 'agent'));
  expect(callerOf('agent')).toBe('agent');
});

describe('a preview', () => {
  const drawn = (bytesOf: (side: number) => number) => ({
    preview: async (_: Uint8Array, side: number) =>
      ({ format: 'webp', width: side, height: side, bytes: new Uint8Array(bytesOf(side)) }) as const,
  });

  test('has at most 512 pixels a side and 60 KB, whatever the picture is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.01, max: 3, noNaN: true }), async (bytesPerPixel) => {
        const preview = await previewOf(
          new Uint8Array(),
          drawn((side) => Math.ceil(side * side * bytesPerPixel)),
        );
        expect(preview?.width).toBeLessThanOrEqual(512);
        expect(preview?.bytes.byteLength).toBeLessThanOrEqual(60 * 1024);
      }),
    );
  });

  test('is left out where there can be none, and keeps nobody from the picture', async () => {
    expect(
      await previewOf(
        new Uint8Array(),
        drawn(() => 70_000),
      ),
    ).toBeUndefined();
    const broken = { preview: () => Promise.reject(new PixelError('engine-unavailable', 'no engine')) };
    expect(await previewOf(new Uint8Array(), broken)).toBeUndefined();
  });
});
