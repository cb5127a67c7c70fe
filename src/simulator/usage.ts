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
  const ended = twin.store
    .all()
    .toReversed()
    .filter((job) => !twin.checks.has(job.id) && matches(twin, job, filter));
  const start = filter.before === null ? 0 : ended.findIndex((job) => eventId(job) === filter.before) + 1;
  if (filter.before !== null && start === 0)
    return errorAnswer(400, 'invalid_parameter', "'before' is not a cursor.", 'before');
  const page = ended.slice(start, start + filter.limit);
  const last = page.at(-1);
  const hasMore = start + page.length < ended.length;
  return jsonAnswer(200, {
    object: 'list',
    ...balance(twin, isBroke(request) ? 0 : dollars(twin.behaviour.credit - spent(twin))),
    data: page.map((job) => usageEvent(twin, job)),
    next_cursor: hasMore && last !== undefined ? eventId(last) : null,
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

function matches(twin: Twin, job: SimulatedJob, { model, status, source, from, to }: Filter): boolean {
  const state = stateOf(job, twin.clock());
  if (!('endedAt' in state) || state.endedAt < from || state.endedAt > to) return false;
  if (model !== null && model !== 'wan2-7-image') return false;
  if (source !== null && source !== 'api') return false;
  return status === null || (status === 'success') === (state.status === 'completed');
}

function usageEvent(twin: Twin, job: SimulatedJob): Record<string, unknown> {
  const { fate, job: asked } = job;
  const isFailed = fate.kind === 'fails';
  const images = billedImages(job);
  return {
    id: eventId(job),
    object: 'usage_event',
    source: 'api',
    model: 'wan2-7-image',
    endpoint: '/v1/images/generations',
    cost: { amount: dollars(images * pricePerImage(asked)), currency: 'USD' },
    tokens: { input: 0, output: 0, cached: 0, total: 0 },
    status: isFailed ? 'error' : 'success',
    status_code: isFailed ? 502 : 200,
    error: isFailed ? { message: fate.message, code: fate.code } : null,
    output_urls: addresses(twin, job),
    metadata: { job_id: job.id, billable_units: images, billing_unit: 'image' },
  };
}

function addresses(twin: Twin, job: SimulatedJob): string[] {
  const state = stateOf(job, twin.clock());
  if (job.fate.kind !== 'completes' || !('endedAt' in state)) return [];
  return Array.from({ length: job.delivers }, (_, index) => resultUrl(twin, job, index, state.endedAt));
}

function eventId({ id }: SimulatedJob): string {
  return id.replace('job_', 'evt_');
}

function dollars(amount: number): number {
  return Math.round(amount * 1000) / 1000;
}
