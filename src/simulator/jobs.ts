import type { IncomingMessage } from 'node:http';
import { admit } from './access.ts';
import { errorAnswer, jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Fault } from './faults.ts';
import { fateOf } from './generations.ts';
import { jobReport } from './jobAnswers.ts';
import { stateOf } from './simulatedJob.ts';
import type { SimulatedJob } from './simulatedJob.ts';
import type { Twin } from './twin.ts';

/** Answers a poll. A job is known until an hour after its end. */
export async function poll(
  twin: Twin,
  request: IncomingMessage,
  id: string,
  fault: Fault | undefined,
): Promise<Answer> {
  twin.tally.polls += 1;
  const refusedAccess = admit(twin, request);
  if (refusedAccess !== undefined) return refusedAccess;
  const job = await twin.store.find(id);
  if (job !== undefined) await strike(twin, job, fault);
  await twin.checks.get(id);
  if (job === undefined || !isKnown(twin, job)) return errorAnswer(404, 'job_not_found', `There is no job '${id}'.`);
  return jsonAnswer(200, await jobReport(twin, job));
}

/** Lists jobs, newest first, as the service's own tools do: filter by status, 25 unless told, at most 100. */
export async function listJobs(twin: Twin, request: IncomingMessage, query: URLSearchParams): Promise<Answer> {
  const refusedAccess = admit(twin, request);
  if (refusedAccess !== undefined) return refusedAccess;
  const limit = Number(query.get('limit') ?? 25);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    return errorAnswer(400, 'invalid_parameter', "'limit' is 1 to 100.", 'limit');
  const status = query.get('status');
  const known = twin.store
    .all()
    .toReversed()
    .filter((job) => isKnown(twin, job));
  const wanted = known.filter((job) => status === null || stateOf(job, twin.clock()).status === status).slice(0, limit);
  return jsonAnswer(200, { data: await Promise.all(wanted.map((job) => jobReport(twin, job))) });
}

async function strike(twin: Twin, job: SimulatedJob, fault: Fault | undefined): Promise<void> {
  const fate = fateOf(fault);
  if (fate === undefined && fault?.kind !== 'set-delivers') return;
  job.fate = fate ?? job.fate;
  if (fault?.kind === 'set-delivers') job.delivers = Math.min(job.job.count, fault.count ?? job.job.count - 1);
  await twin.store.keep(job);
}

function isKnown(twin: Twin, job: SimulatedJob): boolean {
  if (job.fate.kind === 'is-lost') return false;
  const state = stateOf(job, twin.clock());
  return !('endedAt' in state) || twin.clock() < state.endedAt + twin.behaviour.keepMs;
}
