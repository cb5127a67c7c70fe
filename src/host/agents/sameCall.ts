import { createHash } from 'node:crypto';
import type { AgentCall } from '../../core/agentTools.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import type { JobRecord, KeptResult } from '../../jobs/record.ts';
import { placesOf } from '../../jobs/resultMarks.ts';

/** What a call is about, beside its words: files as URIs. */
export interface CallFiles {
  readonly targets: readonly string[];
  readonly pictures: readonly { readonly uri: string; readonly sha256: string }[];
}

/**
 * What calls that ask for the same have in common: the caller, the input, the files, and the bytes of the pictures that are
 * sent along. It is how the drafts of their jobs begin.
 */
export function draftOf(askedBy: string, { kind, input }: AgentCall, { targets, pictures }: CallFiles): string {
  const parts = [askedBy, kind, wordsOf(input), targets, pictures.map(({ uri, sha256 }) => [uri, sha256])];
  return `agent-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}`;
}

/** In whatever order a model writes its fields, they say the same. How it writes paths is said by the files. */
const wordsOf = (input: object): unknown =>
  Object.entries(input)
    .filter(([name]) => !['path', 'image', 'references', 'folder', 'name'].includes(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));

/** The draft of a call's next job: another one once the last has come to nothing that counts any more. */
export function nextDraft(draft: string, last: Job | undefined): string {
  return last ? `${draft}-${last.record.id}` : draft;
}

/** The latest job of a call among those at hand. */
export function latestOf(jobs: readonly Job[], draft: string): Job | undefined {
  return jobs
    .filter(({ record: { draftId } }) => draftId === draft || draftId.startsWith(`${draft}-`))
    .reduce<Job | undefined>(
      (latest, job) => (latest && latest.record.createdAt >= job.record.createdAt ? latest : job),
      undefined,
    );
}

/** True where the same call again is about this job: it runs, may have bought something, or its files are there or still to be made. */
export async function stillCounts({ record }: Job, isThere: (uri: string) => Promise<boolean>): Promise<boolean> {
  const { status } = record;
  if (status.state === 'failed') return status.failure.mayBeBilled;
  if (status.state !== 'done') return true;
  for (const file of agreedFiles(record)) if (!(await isThere(file))) return false;
  return true;
}

/** What a picture was saved as of what its call had asked for, as a URI. People may have saved it elsewhere as well. */
export function agreedFile({ intent }: JobRecord, result: KeptResult): string | undefined {
  const targets = intent.kind === 'save' ? intent.targets : [];
  return placesOf(result).find((place) => targets.includes(place));
}

/** The same for all pictures of a job. */
export const agreedFiles = (record: JobRecord): string[] =>
  record.results.flatMap((result) => agreedFile(record, result) ?? []);
