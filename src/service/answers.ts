import type { Failure } from '../core/failure.ts';
import { failureOf } from './errors.ts';
import { detailOf, isObject, kindOfFailedJob, refusalOf } from './refusals.ts';
import { holdsSecret } from './scrub.ts';
import { mostPictures, type Pictures } from './spool.ts';
import type { JobStatus, ResultItem, SubmitAnswer } from './types.ts';

type Json = Readonly<Record<string, unknown>>;

/** UTF-16 units of an address; servers take about half of it. */
const longestAddress = 16_384;
const longestJobId = 300;
/** Far above any bill; what claims more is nonsense, and would be shown as a price. */
const mostBilled = 1000;

/** What is known beside the answer. */
export interface KnownOfAnswer {
  /** To be taken out of what the service says. */
  readonly secrets: readonly string[];
}

/** What is known of a job beside the answer. */
export interface KnownOfJob extends KnownOfAnswer {
  /** Its request carried images as data URIs. */
  readonly carriesInline: boolean;
}

/**
 * What an accepted request came to, recognised by the shape of the answer and not by what was asked for: with pictures it
 * is finished, with a job id it is a job. Undefined where it is neither. Source: the service dossier, sections 1.2 and 1.4.
 */
export function submitAnswerOf(
  json: unknown,
  pictures: Pictures,
  requestId: string | undefined,
  { secrets }: KnownOfAnswer,
): SubmitAnswer | undefined {
  if (!isObject(json)) return undefined;
  const jobId = jobIdOf(json, secrets);
  const known = { ...(jobId === undefined ? {} : { jobId }), ...(requestId === undefined ? {} : { requestId }) };
  const listed = listedItems(json, pictures, secrets);
  // Beside the id of a job, a picture that stands somewhere else may be a mere preview.
  const items = listed.length > 0 || jobId === undefined ? withStrays(listed, pictures) : [];
  const status = typeof json['status'] === 'string' ? json['status'].toLowerCase() : '';
  if (jobId !== undefined && isUnderWay(status)) return { kind: 'job', ...known, jobId };
  if (items.length > 0) return { kind: 'finished', items, ...billedOf(json), ...known };
  if (jobId !== undefined) return { kind: 'job', ...known, jobId };
  return undefined;
}

/** True for an answer that has a list of pictures, though perhaps none in it. */
export function hasResult(json: unknown): boolean {
  return isObject(json) && listOf(json) !== undefined;
}

/** How many pictures the answer lists, usable or not. */
export function listedCount(json: unknown): number {
  return isObject(json) ? (listOf(json)?.length ?? 0) : 0;
}

/** How a job is doing; undefined where the answer does not say it. */
export function jobStatusOf(json: unknown, pictures: Pictures, known: KnownOfJob): JobStatus | undefined {
  if (!isObject(json)) return undefined;
  const status = typeof json['status'] === 'string' ? json['status'].toLowerCase() : '';
  const listed = listedItems(json, pictures, known.secrets);
  const error = json['error'];
  const isFailed = ['failed', 'failure', 'error', 'cancelled', 'canceled', 'expired'].includes(status);
  const isDone = ['completed', 'complete', 'succeeded', 'success', 'done', 'finished'].includes(status);
  // Pictures count whatever word stands beside them, also when a job failed half way: they have been paid for.
  if (isDone || (listed.length > 0 && !isUnderWay(status))) {
    const items = withStrays(listed, pictures);
    return items.length > 0
      ? { state: 'completed', items, ...billedOf(json), ...(!isDone && status !== '' && { isIncomplete: true }) }
      : { state: 'failed', failure: emptyJob(json, known) };
  }
  if (isFailed) return { state: 'failed', failure: failedJob(json, known) };
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

/**
 * True for an id that can be put into an address and into the log: dots alone would be read as folders, control and
 * direction characters would forge lines, and half a surrogate pair cannot be sent.
 */
export function isUsableJobId(id: string): boolean {
  return id.length <= longestJobId && !/^\.*$/.test(id) && !/[\p{C}\p{Zl}\p{Zp}]/u.test(id);
}

function jobIdOf(json: Json, secrets: readonly string[]): string | undefined {
  const job = isObject(json['job']) ? json['job'] : {};
  const isJob = typeof json['status'] === 'string';
  return [json['job_id'], job['job_id'], job['id'], isJob ? json['id'] : undefined]
    .map((candidate) =>
      // A larger number has lost digits, and would ask for somebody else's job.
      typeof candidate === 'string' || Number.isSafeInteger(candidate) ? String(candidate) : '',
    )
    .find((id) => isUsableJobId(id) && !holdsSecret(id, secrets));
}

/** The list of pictures: at the top, under `result`, or `result` itself; a lone picture is a list of one. */
function listOf(json: Json): readonly unknown[] | undefined {
  const result = json['result'];
  const candidates = [isObject(result) ? result['data'] : undefined, result, json['data']];
  const list = candidates.find((candidate) => Array.isArray(candidate));
  if (list) return list as readonly unknown[];
  const lone = candidates.find((candidate) => isObject(candidate) && ('url' in candidate || 'b64_json' in candidate));
  return lone === undefined ? undefined : [lone];
}

/** The usable pictures of the list, each address once. */
function listedItems(json: Json, pictures: Pictures, secrets: readonly string[]): ResultItem[] {
  const items: ResultItem[] = [];
  const seen = new Set<string>();
  for (const entry of listOf(json) ?? []) {
    if (items.length === mostPictures) break;
    const { b64_json: token, url } = isObject(entry) ? entry : { b64_json: undefined, url: entry };
    const file = typeof token === 'string' ? pictures.get(token) : undefined;
    const address = isUsableAddress(url, secrets) ? url : undefined;
    const place = file ?? address;
    if (place === undefined || seen.has(place)) continue;
    seen.add(place);
    if (file === undefined) items.push({ kind: 'url', url: place });
    else items.push({ kind: 'file', file, ...(address === undefined ? {} : { url: address }) });
  }
  return items;
}

/** Pictures of the answer that stand in no list, such as the first of two under the same key, come last. */
function withStrays(items: readonly ResultItem[], pictures: Pictures): ResultItem[] {
  const listed = new Set(items.map((item) => (item.kind === 'file' ? item.file : undefined)));
  const strays = [...pictures.values()].filter((file) => !listed.has(file));
  return [...items, ...strays.map((file) => ({ kind: 'file', file }) as const)].slice(0, mostPictures);
}

/** An address with the key in it would carry the key to wherever it leads. */
function isUsableAddress(url: unknown, secrets: readonly string[]): url is string {
  return (
    typeof url === 'string' &&
    url.length <= longestAddress &&
    /^https?:\/\//i.test(url) &&
    url.isWellFormed() &&
    !holdsSecret(url, secrets)
  );
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
  const units = [usage['billable_units'], usage['image_count']]
    .filter((candidate) => typeof candidate === 'number')
    .find((candidate) => Number.isInteger(candidate) && candidate >= 0 && candidate <= mostBilled);
  return units === undefined ? undefined : Math.abs(units); // JSON knows a zero below zero
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
