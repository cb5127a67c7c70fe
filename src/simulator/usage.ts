import type { IncomingMessage } from 'node:http';
import { admit, isBroke } from './access.ts';
import { errorAnswer, jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { spent } from './generations.ts';
import { pricePerImage } from './job.ts';
import { resultUrl } from './jobAnswers.ts';
import { billedImages, stateOf } from './simulatedJob.ts';
import type { SimulatedJob } from './simulatedJob.ts';
import type { Twin } from './twin.ts';

/** Balance and past requests of the account, newest first. Every generation of the simulator comes from the API. */
export function usage(twin: Twin, request: IncomingMessage, query: URLSearchParams): Answer {
  const refusedAccess = admit(twin, request);
  if (refusedAccess !== undefined) return refusedAccess;
  const filter = readFilter(query);
  if ('wrong' in filter) return errorAnswer(400, 'invalid_parameter', `'${filter.wrong}' is not valid.`, filter.wrong);
  const ended = [...twin.past, ...twin.store.all()]
    .toReversed()
    .filter((job) => !twin.checks.has(job.id))
    .flatMap((job) => eventsOf(twin, job))
    .filter((event) => matches(event, filter));
  const start = filter.before === null ? 0 : ended.findIndex(({ id }) => id === filter.before) + 1;
  if (filter.before !== null && start === 0)
    return errorAnswer(400, 'invalid_parameter', "'before' is not a cursor.", 'before');
  const page = ended.slice(start, start + filter.limit);
  const last = page.at(-1);
  const hasMore = start + page.length < ended.length;
  return jsonAnswer(200, {
    object: 'list',
    ...balance(twin, isBroke(request) ? 0 : dollars(twin.behaviour.credit - spent(twin))),
    data: page,
    next_cursor: hasMore && last !== undefined ? last.id : null,
  });
}

function balance({ behaviour: { balanceName, balanceForm } }: Twin, amount: number): Record<string, unknown> {
  if (balanceName === null) return {};
  const forms = { object: { amount, currency: 'USD' }, number: amount, text: `$${amount.toFixed(3)}` };
  return { [balanceName]: forms[balanceForm] };
}

interface Filter {
  limit: number;
  before: string | null;
  model: string | null;
  status: string | null;
  source: string | null;
  from: number;
  to: number;
}

function readFilter(query: URLSearchParams): Filter | { wrong: string } {
  const limit = Number(query.get('limit') ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) return { wrong: 'limit' };
  const status = query.get('status');
  if (status !== null && status !== 'success' && status !== 'error') return { wrong: 'status' };
  const source = query.get('source');
  if (source !== null && !['api', 'playground', 'compose', 'gpu_cloud', 'hosted_agents'].includes(source))
    return { wrong: 'source' };
  const from = timeOf(query.get('from'), -Infinity);
  const to = timeOf(query.get('to'), Infinity);
  if (Number.isNaN(from)) return { wrong: 'from' };
  if (Number.isNaN(to)) return { wrong: 'to' };
  return { limit, status, source, from, to, before: query.get('before'), model: query.get('model') };
}

function timeOf(text: string | null, otherwise: number): number {
  return text === null ? otherwise : Date.parse(text);
}

interface UsageEvent {
  readonly id: string;
  readonly model: string;
  readonly status: 'success' | 'error';
  /** No document names the field of the time, but a list that can be asked for from and to a time has one. */
  readonly created_at: string;
  readonly [field: string]: unknown;
}

function matches({ created_at, ...event }: UsageEvent, { model, status, source, from, to }: Filter): boolean {
  const at = Date.parse(created_at);
  return (
    at >= from &&
    at <= to &&
    (model === null || model === event.model) &&
    (source === null || source === 'api') &&
    (status === null || status === event.status)
  );
}

/** A job that has ended, and before it a request to another model where the account makes such. */
function eventsOf(twin: Twin, job: SimulatedJob): UsageEvent[] {
  const state = stateOf(job, twin.clock());
  if (!('endedAt' in state)) return [];
  const own = usageEvent(twin, job, state.endedAt);
  return twin.behaviour.usageOfOthers ? [own, eventOfOther(own)] : [own];
}

function usageEvent(twin: Twin, job: SimulatedJob, endedAt: number): UsageEvent {
  const { fate, job: asked } = job;
  const isFailed = fate.kind === 'fails';
  const images = billedImages(job);
  return {
    id: job.id.replace('job_', 'evt_'),
    object: 'usage_event',
    created_at: new Date(endedAt).toISOString(),
    source: 'api',
    model: 'wan2-7-image',
    endpoint: '/v1/images/generations',
    cost: { amount: dollars(images * pricePerImage(asked)), currency: 'USD' },
    tokens: { input: 0, output: 0, cached: 0, total: 0 },
    status: isFailed ? 'error' : 'success',
    status_code: isFailed ? 502 : 200,
    error: isFailed ? { message: fate.message, code: fate.code } : null,
    output_urls: twin.behaviour.usageAddresses ? addresses(twin, job, endedAt) : [],
    metadata: { job_id: job.id, billable_units: images, billing_unit: 'image' },
  };
}

function eventOfOther(own: UsageEvent): UsageEvent {
  return {
    ...own,
    id: `${own.id}_other`,
    model: 'qwen-image-2-0',
    output_urls: ['https://cdn.example/generated/other.png'],
    metadata: { billable_units: 1, billing_unit: 'image' },
  };
}

/** A job that the service has lost or forgotten was made and billed all the same. */
function addresses(twin: Twin, job: SimulatedJob, endedAt: number): string[] {
  if (job.fate.kind !== 'completes' && job.fate.kind !== 'is-lost') return [];
  return Array.from({ length: job.delivers }, (_, index) => resultUrl(twin, job, index, endedAt));
}

function dollars(amount: number): number {
  return Math.round(amount * 1000) / 1000;
}
