import { randomBytes, randomInt } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { admit, isBroke } from './access.ts';
import { errorAnswer, jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Fault } from './faults.ts';
import { pricePerImage } from './job.ts';
import type { NormalisedJob } from './job.ts';
import { envelope, finishedObject, pictureOf } from './jobAnswers.ts';
import { billedImages, deliveredCount, stateOf } from './simulatedJob.ts';
import type { Fate, SimulatedJob } from './simulatedJob.ts';
import { withoutPictures } from './tally.ts';
import type { LoggedRequest } from './tally.ts';
import type { Twin } from './twin.ts';
import type { Refusal } from './rules/rule.ts';
import { validate } from './validator.ts';

/** A generation body as it arrived. */
export interface ReceivedBody {
  /** Undefined when it was too large to be kept. */
  bytes: Buffer | undefined;
  length: number;
}

/** Reads the body to its end; what is over the limit is read and thrown away. Undefined when the connection ended inside it. */
export async function receiveBody(
  request: IncomingMessage,
  maxBytes: number | null,
): Promise<ReceivedBody | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      length += piece.length;
      if (maxBytes === null || length <= maxBytes) pieces.push(piece);
      else pieces.length = 0;
    }
  } catch (error) {
    if (isCutOff(error)) return undefined;
    throw error;
  }
  if (!request.complete) return undefined;
  return { bytes: maxBytes === null || length <= maxBytes ? Buffer.concat(pieces) : undefined, length };
}

/** Answers a generation request whose body has arrived. */
export async function submit(
  twin: Twin,
  request: IncomingMessage,
  response: ServerResponse,
  body: ReceivedBody,
  logged: LoggedRequest,
  fault: Fault | undefined,
): Promise<Answer> {
  const refusedAccess = admit(twin, request);
  if (refusedAccess !== undefined) return refusedAccess;
  if (body.bytes === undefined) return errorAnswer(413, 'request_too_large', 'The request body is too large.');
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return errorAnswer(415, 'unsupported_media_type', 'The body must be application/json.');
  }
  const parsed = parse(body.bytes);
  if (parsed === undefined) return errorAnswer(400, 'invalid_json', 'The body is not valid JSON.');
  logged.body = withoutPictures(parsed.value);
  const { bboxForm, bboxPassedOver, refuseInlineImages, refusesLate } = twin.behaviour;
  const options = {
    bboxForm,
    bboxPassedOver,
    refuseInlineImages,
    ...(twin.factsOfUrl && { factsOfUrl: twin.factsOfUrl }),
  };
  const early = validate(parsed.value, options);
  const isLate = refusesLate && !early.ok && lateRefusals.has(early.rule);
  const verdict = isLate ? validate(parsed.value, { ...options, disabledRules: new Set(lateRefusals.keys()) }) : early;
  if (!verdict.ok) {
    logged.rule = verdict.rule;
    return errorAnswer(verdict.status, verdict.code, verdict.message, verdict.param);
  }
  if (isBroke(request) || !canPay(twin, verdict.job)) {
    return errorAnswer(402, 'insufficient_credits', 'The account has not enough credits for this request.');
  }
  const fate = isLate ? lateFate(early) : fateOf(fault);
  const job = await accept(twin, parsed.value, verdict.job, logged, { fault, fate });
  const isHeld = twin.behaviour.answerMode === 'asked' ? job.job.holds : twin.behaviour.answerMode === 'sync';
  return isHeld ? held(twin, job, response) : jsonAnswer(twin.behaviour.submitStatus, envelope(twin, job));
}

/** What the provider says of what a gateway may hand through unread. */
const lateRefusals: ReadonlyMap<string, string> = new Map([
  [
    'option-inline-images',
    'InvalidURL: The provided URL does not appear to be valid. Ensure it is correctly formatted.',
  ],
  ['bbox-form', 'InvalidParameter: bbox_list must be a list with one list of boxes for each input image.'],
]);

function lateFate({ rule }: Refusal): Fate {
  return { kind: 'fails', code: 'upstream_error', message: lateRefusals.get(rule) ?? '' };
}

/** Dollars that accepted jobs have cost or may still cost. */
export function spent(twin: Twin): number {
  const now = twin.clock();
  return twin.store.all().reduce((sum, job) => {
    const isOver = 'endedAt' in stateOf(job, now);
    return sum + (isOver ? billedImages(job) : job.delivers) * pricePerImage(job.job);
  }, 0);
}

/** How a job that this fault strikes will end; undefined when the fault is of another kind. */
export function fateOf(fault: Fault | undefined): Fate | undefined {
  switch (fault?.kind) {
    case 'empty-data':
      return { kind: 'delivers-nothing', isBilled: fault.billed ?? true };
    case 'job-failed':
      return {
        kind: 'fails',
        message: fault.message ?? 'The provider could not generate the picture.',
        code: fault.code ?? 'upstream_error',
      };
    case 'job-lost':
      return { kind: 'is-lost' };
    case 'never-finishes':
      return { kind: 'never-ends' };
    case undefined:
    default:
      return undefined;
  }
}

function isCutOff(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function parse(bytes: Buffer): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(bytes.toString('utf8')) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function canPay(twin: Twin, job: NormalisedJob): boolean {
  // Thousandths of a dollar: sums of 0.075 and 0.03 are not exact as floating point.
  const left = Math.round((twin.behaviour.credit - spent(twin)) * 1000);
  return left >= Math.round(job.count * pricePerImage(job) * 1000);
}

async function accept(
  twin: Twin,
  body: unknown,
  asked: NormalisedJob,
  logged: LoggedRequest,
  { fault, fate = { kind: 'completes' } }: { readonly fault: Fault | undefined; readonly fate: Fate | undefined },
): Promise<SimulatedJob> {
  const { queueMs, renderMs, setDelivers, pixelsOff } = twin.behaviour;
  const job = { ...asked, seed: asked.seed ?? randomInt(2_147_483_648) };
  const simulated: SimulatedJob = {
    id: `job_${randomBytes(12).toString('hex')}`,
    requestId: logged.requestId,
    body,
    job,
    acceptedAt: twin.clock(),
    queueMs,
    renderMs,
    delivers: deliveredCount(job, fault?.kind === 'set-delivers' ? (fault.count ?? job.count - 1) : setDelivers),
    pixelsOff,
    fate,
  };
  await twin.store.keep(simulated);
  twin.tally.accepted += 1;
  logged.jobId = simulated.id;
  logged.seed = job.seed;
  checkInputs(twin, simulated);
  return simulated;
}

/** Pictures are drawn when they are fetched, but input that cannot be decoded has to fail the job itself. */
function checkInputs(twin: Twin, job: SimulatedJob): void {
  if (job.fate.kind !== 'completes' || !job.job.images.some(({ bytes }) => bytes !== undefined)) return;
  const check = pictureOf(twin, job, 0)
    .then(
      () => undefined,
      (error: unknown) => {
        job.fate = {
          kind: 'fails',
          code: 'upstream_error',
          message: `InvalidImageFormat: an input image could not be decoded. ${messageOf(error)}`,
        };
        return twin.store.keep(job);
      },
    )
    .finally(() => twin.checks.delete(job.id));
  twin.checks.set(job.id, check);
}

async function held(twin: Twin, job: SimulatedJob, response: ServerResponse): Promise<Answer> {
  // Short naps rather than one long one: the clock may be a test's.
  while (!('endedAt' in stateOf(job, twin.clock())) && !response.destroyed) await sleep(20);
  await twin.checks.get(job.id);
  if (job.fate.kind === 'fails') return errorAnswer(502, job.fate.code, job.fate.message);
  return jsonAnswer(200, await finishedObject(twin, job, false));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
