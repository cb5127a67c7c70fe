import { createHmac, timingSafeEqual } from 'node:crypto';
import { pictureRequest } from './pictures.ts';
import type { Picture } from './pictures.ts';
import { billedImages, deliveredSize, stateOf } from './simulatedJob.ts';
import type { SimulatedJob } from './simulatedJob.ts';
import type { Size } from './sizes.ts';
import type { Twin } from './twin.ts';

/** The answer to an asynchronous submit. */
export function envelope(twin: Twin, job: SimulatedJob): Record<string, unknown> {
  const { status } = stateOf(job, twin.clock());
  const path = `/v1/jobs/${job.id}`;
  const { pollUrl, extraKeys } = twin.behaviour;
  const before = pollUrl === 'relative' ? '' : pollUrl === 'absolute' ? twin.origin : pollUrl;
  return {
    job_id: job.id,
    status,
    ...(pollUrl === 'none' ? {} : { poll_url: before + path }),
    ...(extraKeys ? { object: 'job', region: 'practice', eta_seconds: 12, links: { self: path } } : {}),
  };
}

/** The answer to a poll. */
export async function jobReport(twin: Twin, job: SimulatedJob): Promise<Record<string, unknown>> {
  const state = stateOf(job, twin.clock());
  const { extraKeys, resultForm } = twin.behaviour;
  const isCompleted = state.status === 'completed';
  const finished = isCompleted ? await finishedObject(twin, job, true) : null;
  return {
    job_id: job.id,
    status: state.status,
    progress: state.progress,
    created_at: isoTime(job.acceptedAt),
    completed_at: 'endedAt' in state ? isoTime(state.endedAt) : null,
    ...(resultForm === 'top' && finished !== null ? { result: null, ...finished } : { result: finished }),
    error: state.status === 'failed' ? errorOf(twin, job) : null,
    ...(extraKeys ? { object: 'job', worker: { name: 'practice', attempt: 1 } } : {}),
  };
}

/** The finished, OpenAI-style object: alone as a synchronous answer, inside `result` of a finished job. */
export async function finishedObject(
  twin: Twin,
  job: SimulatedJob,
  isInJob: boolean,
): Promise<Record<string, unknown>> {
  const state = stateOf(job, twin.clock());
  const endedAt = 'endedAt' in state ? state.endedAt : twin.clock();
  const count = job.fate.kind === 'delivers-nothing' ? 0 : job.delivers;
  const data: unknown[] = [];
  for (let index = 0; index < count; index += 1) data.push(await dataItem(twin, job, index, endedAt, isInJob));
  return {
    created: Math.floor(endedAt / 1000),
    data,
    usage: { billable_units: billedImages(job), billing_unit: 'image' },
    ...(twin.behaviour.extraKeys ? { model: 'wan2-7-image', background: 'opaque' } : {}),
  };
}

/** The picture at this place of the job; `size` replaces the size it would have. */
export function pictureOf(
  twin: Twin,
  job: SimulatedJob,
  index: number,
  size: Size = deliveredSize(job, index),
): Promise<Picture> {
  return twin.drawing.picture(`${job.id}/${index}/${size.width}/${size.height}`, pictureRequest(job.job, index, size));
}

/** A result address: works without a key until it expires. */
export function resultUrl(twin: Twin, job: SimulatedJob, index: number, endedAt: number): string {
  const expires = endedAt + twin.behaviour.urlLifetimeMs;
  return `${twin.origin}/results/${job.id}/${index}.png?expires=${expires}&signature=${signature(twin, job.id, index, expires)}`;
}

export function isSignedAndFresh(twin: Twin, id: string, index: number, query: URLSearchParams): boolean {
  const expires = Number(query.get('expires'));
  const given = Buffer.from(query.get('signature') ?? '');
  const expected = Buffer.from(signature(twin, id, index, expires));
  return given.length === expected.length && timingSafeEqual(given, expected) && twin.clock() < expires;
}

function signature(twin: Twin, id: string, index: number, expires: number): string {
  return createHmac('sha256', twin.secret).update(`${id}/${index}/${expires}`).digest('base64url');
}

async function dataItem(
  twin: Twin,
  job: SimulatedJob,
  index: number,
  endedAt: number,
  isInJob: boolean,
): Promise<Record<string, unknown>> {
  const type = isInJob ? { content_type: 'image/png' } : {};
  const extra = twin.behaviour.extraKeys ? { revised_prompt: null, index } : {};
  if (job.job.responseFormat === 'url') return { url: resultUrl(twin, job, index, endedAt), ...type, ...extra };
  const { png } = await pictureOf(twin, job, index);
  return { b64_json: png.toString('base64'), ...type, ...extra };
}

function errorOf(twin: Twin, { fate }: SimulatedJob): unknown {
  if (fate.kind !== 'fails') return null;
  return twin.behaviour.errorForm === 'string' ? fate.message : { message: fate.message, code: fate.code };
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
