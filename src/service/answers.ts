import type { Failure } from '../core/failure.ts';
import { failureOf } from './errors.ts';
import { detailOf, isObject, kindOfFailedJob, refusalOf } from './refusals.ts';
import type { Pictures } from './spool.ts';
import type { JobStatus, ResultItem, SubmitAnswer } from './types.ts';

type Json = Readonly<Record<string, unknown>>;

/** What is known of a job beside the answer. */
export interface KnownOfJob {
  /** Its request carried images as data URIs. */
  readonly carriesInline: boolean;
  /** To be taken out of what the service says. */
  readonly secrets: readonly string[];
}

/**
 * What an accepted request came to, recognised by the shape of the answer and not by what was asked for: with pictures it
 * is finished, with a job id it is a job. Undefined where it is neither. Source: the service dossier, sections 1.2 and 1.4.
 */
export function submitAnswerOf(
  json: unknown,
  pictures: Pictures,
  requestId: string | undefined,
): SubmitAnswer | undefined {
  if (!isObject(json)) return undefined;
  const jobId = jobIdOf(json);
  const known = { ...(jobId === undefined ? {} : { jobId }), ...(requestId === undefined ? {} : { requestId }) };
  const items = itemsOf(json, pictures);
  if (items.length > 0) return { kind: 'finished', items, ...billedOf(json), ...known };
  if (jobId !== undefined) return { kind: 'job', ...known, jobId };
  return undefined;
}

/** True for an answer that has a list of pictures, though perhaps none in it. */
export function hasResult(json: unknown): boolean {
  return isObject(json) && listOf(json) !== undefined;
}

/** How a job is doing; undefined where the answer does not say it. */
export function jobStatusOf(json: unknown, pictures: Pictures, known: KnownOfJob): JobStatus | undefined {
  if (!isObject(json)) return undefined;
  const status = typeof json['status'] === 'string' ? json['status'].toLowerCase() : '';
  const items = itemsOf(json, pictures);
  const error = json['error'];
  const isFailed = ['failed', 'failure', 'error', 'cancelled', 'canceled', 'expired'].includes(status);
  if (isFailed) return { state: 'failed', failure: failedJob(json, known) };
  if (
    ['completed', 'complete', 'succeeded', 'success', 'done', 'finished'].includes(status) ||
    (items.length > 0 && !isUnderWay(status))
  ) {
    return items.length > 0
      ? { state: 'completed', items, ...billedOf(json) }
      : { state: 'failed', failure: emptyJob(json, known) };
  }
  if (status === '')
    return error === undefined || error === null ? undefined : { state: 'failed', failure: failedJob(json, known) };
  const progress = json['progress'];
  return {
    state: ['queued', 'pending', 'submitted', 'waiting', 'created'].includes(status) ? 'queued' : 'processing',
    ...(typeof progress === 'number' && progress >= 0 ? { progress: Math.min(1, progress) } : {}),
  };
}

function isUnderWay(status: string): boolean {
  return ['queued', 'pending', 'submitted', 'waiting', 'created', 'processing', 'running', 'in_progress'].includes(
    status,
  );
}

function jobIdOf(json: Json): string | undefined {
  const job = isObject(json['job']) ? json['job'] : {};
  const isJob = typeof json['status'] === 'string';
  const id = [json['job_id'], job['job_id'], job['id'], isJob ? json['id'] : undefined].find(
    (candidate) => typeof candidate === 'string' || typeof candidate === 'number',
  );
  const text = id === undefined ? '' : String(id);
  // Dots alone would be read as folders when the id is put into an address.
  return /^\.*$/.test(text) || text.length > 300 ? undefined : text;
}

/** The list of pictures: at the top, under `result`, or `result` itself. */
function listOf(json: Json): readonly unknown[] | undefined {
  const result = json['result'];
  const candidates = [isObject(result) ? result['data'] : undefined, result, json['data']];
  return candidates.find((candidate) => Array.isArray(candidate)) as readonly unknown[] | undefined;
}

function itemsOf(json: Json, pictures: Pictures): ResultItem[] {
  return (listOf(json) ?? []).flatMap((entry): ResultItem[] => {
    if (!isObject(entry)) return [];
    const file = typeof entry['b64_json'] === 'string' ? pictures.get(entry['b64_json']) : undefined;
    if (file !== undefined) return [{ kind: 'file', file }];
    const url = entry['url'];
    return typeof url === 'string' && /^https?:\/\//i.test(url) ? [{ kind: 'url', url }] : [];
  });
}

function billedOf(json: Json): { billedImages?: number } {
  const units = billedUnits(json);
  return units === undefined ? {} : { billedImages: units };
}

function billedUnits(json: Json): number | undefined {
  const result = isObject(json['result']) ? json['result'] : {};
  const usage = [json['usage'], result['usage']].find(isObject) ?? {};
  const unit = usage['billing_unit'];
  if (typeof unit === 'string' && !/^images?$/i.test(unit)) return undefined;
  return [usage['billable_units'], usage['image_count']]
    .filter((candidate) => typeof candidate === 'number')
    .find((units) => Number.isInteger(units) && units >= 0);
}

function failedJob(json: Json, known: KnownOfJob): Failure {
  const refusal = refusalOf(json['error'] === null ? { ...json, error: undefined } : json);
  return failureOf(
    {
      kind: kindOfFailedJob(refusal, known.carriesInline),
      // The service does not say that failed jobs are free, only that accepted requests are billed.
      mayBeBilled: billedUnits(json) !== 0,
      requestId: refusal?.requestId,
      detail: refusal ? detailOf(refusal) : undefined,
    },
    known.secrets,
  );
}

function emptyJob(json: Json, known: KnownOfJob): Failure {
  const refusal = isObject(json['error']) || typeof json['error'] === 'string' ? refusalOf(json) : undefined;
  return failureOf(
    {
      kind: 'nothing-delivered',
      mayBeBilled: billedUnits(json) !== 0,
      requestId: refusal?.requestId,
      detail: refusal ? detailOf(refusal) : 'The answer holds no picture.',
    },
    known.secrets,
  );
}
