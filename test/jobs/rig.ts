import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { eventually } from '../eventually.ts';
import { preflight } from '../../src/core/preflight.ts';
import type { ReadyRequest } from '../../src/core/readyRequest.ts';
import { createJobs, type JobParts } from '../../src/jobs/engine.ts';
import type { Job, Jobs } from '../../src/jobs/engineTypes.ts';
import type { ServiceClient } from '../../src/service/types.ts';
import { describe } from './fakeService.ts';

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'jobs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** An engine as a window has it, with short pauses. */
export async function openJobs(
  folder: string,
  service: ServiceClient,
  given: Partial<JobParts> & { readonly lines?: string[] } = {},
): Promise<Jobs> {
  const { lines, ...parts } = given;
  const jobs = createJobs({
    folder,
    client: () => Promise.resolve(service),
    inspect: async (file) => {
      const bytes = await readFile(file, 'utf8');
      if (!bytes.startsWith('picture')) throw new Error('not a picture');
      return describe(bytes);
    },
    now: Date.now,
    log: (line) => lines?.push(line),
    pace: { lookMs: 10, firstPauseMs: 20, longestPauseMs: 40, claimMs: 5_000, closingMs: 200 },
    ...parts,
  });
  onTestFinished(() => jobs.dispose());
  await jobs.open();
  return jobs;
}

/** A request that passes preflight; its seed is drawn as usual unless it is given. */
export function ready(change: object = {}): ReadyRequest {
  const { ready: request } = preflight({ prompt: 'a fox', ...change }, new Map(), {
    boxForm: 'auto',
    drawSeed: () => Math.floor(Math.random() * 2_147_483_647),
  });
  if (!request) throw new Error('the request of this test should pass preflight');
  return request;
}

export const origin = (draftId: string) => ({ draftId, askedBy: 'test', intent: { kind: 'show' } as const });
export const stateOf = (jobs: Jobs, id: string): string | undefined => jobs.get(id)?.record.status.state;
export const until = (jobs: Jobs, job: Job, state: string): Promise<void> =>
  eventually(() => expect(stateOf(jobs, job.record.id)).toBe(state));
