import { modelCard } from '../core/modelCard.ts';
import type { ReadyRequest } from '../core/readyRequest.ts';
import { jobStatusOf, hasResult, isUsableJobId, listedCount, submitAnswerOf } from './answers.ts';
import { Api, type Call, mayBeBilledAt, type Reply } from './api.ts';
import { accountOf } from './account.ts';
import { type Catalogue, catalogueOf } from './catalogue.ts';
import { RequestBody } from './body.ts';
import { type Clock, systemClock } from './clock.ts';
import { systemAuthorities } from './connections.ts';
import { Downloads } from './download.ts';
import { isServiceError, ServiceError } from './errors.ts';
import { type Pace, usualPace } from './pace.ts';
import { isNear } from './hosts.ts';
import { type Environment, isLoopback } from './proxy.ts';
import { RateLimit } from './rateLimit.ts';
import { type Asked, detailOf, kindOfAnswer, refusalOf } from './refusals.ts';
import { Salvage } from './salvage.ts';
import { SharedPace } from './sharedPace.ts';
import { discardPictures, sweepSpool } from './spool.ts';
import { Transport } from './transport.ts';
import type {
  Account,
  Connection,
  Downloaded,
  JobStatus,
  ResultItem,
  ServiceClient,
  SubmitAnswer,
  UsagePage,
  SubmitOptions,
  Verify,
  WaitNews,
} from './types.ts';
import { usagePageOf } from './usage.ts';
import { askPatiently, type EndedJob, waitForEnd, type Waiting } from './waiting.ts';

const day = 86_400_000;
const submitPath = '/v1/images/generations';

/** What the client is given beside the connection. All but `verify` is for tests. */
export interface ClientOptions {
  readonly verify: Verify;
  readonly clock?: Clock;
  readonly pace?: Partial<Pace>;
  /** Trusted certificates in PEM form, instead of the system's. */
  readonly authorities?: () => readonly string[];
  readonly environment?: Environment;
}

/** Makes a client for one connection. Nothing is opened before the first call. */
export function createClient(connection: Connection, options: ClientOptions): ServiceClient {
  return new Client(connection, options);
}

class Client implements ServiceClient {
  readonly #api: Api;
  readonly #transport: Transport;
  readonly #downloads: Downloads;
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #spoolFolder: string;
  readonly #closing = new AbortController();
  /** Jobs whose request carried images as text: it tells what their failures mean. */
  readonly #inlineJobs = new Set<string>();
  readonly #salvage = new Salvage();
  #isSwept = false;

  constructor(connection: Connection, options: ClientOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#pace = { ...usualPace, ...options.pace };
    this.#spoolFolder = connection.spoolFolder;
    const log = (line: string) => this.#api.log(line);
    this.#transport = new Transport(
      connection.network,
      options.environment ?? process.env,
      options.authorities ?? systemAuthorities,
      log,
    );
    const rateLimit = new RateLimit({
      clock: this.#clock,
      limit: this.#pace.requestsPerMinute,
      reserve: this.#pace.reservedForSubmits,
      patientHold: this.#pace.retryAfterLongest,
      shared:
        connection.paceFolder === undefined ? undefined : new SharedPace(connection.paceFolder, this.#clock, 60_000),
      log,
    });
    this.#api = new Api(connection, this.#transport, rateLimit, this.#clock, this.#pace);
    this.#downloads = new Downloads({
      transport: this.#transport,
      verify: options.verify,
      clock: this.#clock,
      pace: this.#pace,
      userAgent: connection.userAgent,
      isLocal: holds(connection.baseUrl, isLoopback),
      isNear: holds(connection.baseUrl, isNear),
      log,
    });
  }

  async submit(ready: ReadyRequest, options: SubmitOptions = {}): Promise<SubmitAnswer> {
    void this.#sweep(); // nobody waits for it, and it logs its own trouble
    const body = new RequestBody(ready);
    const asked: Asked = { what: 'submit', carriesInline: ready.images.some((image) => image.kind === 'inline') };
    const reply = await this.#api.call({
      path: submitPath,
      body,
      asked,
      urgency: 'urgent',
      signal: this.#signal(options.signal),
      untilTurn: options.untilTurn,
      onQueue: options.onQueue,
      beforeSending: options.beforeSending,
    });
    const answer = await this.#accepted(reply, asked, body);
    const jobId = answer.jobId;
    if (asked.carriesInline && jobId !== undefined) this.#inlineJobs.add(jobId);
    this.#api.log(
      answer.kind === 'job' ? `Accepted as job ${answer.jobId}.` : `Answered with ${answer.items.length} pictures.`,
    );
    return answer;
  }

  async poll(jobId: string, options: { readonly signal?: AbortSignal } = {}): Promise<JobStatus> {
    const signal = this.#signal(options.signal);
    return await this.#untilCancelled(signal, () => askPatiently(this.#waiting(jobId, signal)));
  }

  async wait(
    jobId: string,
    options: { readonly startedAt: number; readonly signal?: AbortSignal; readonly onNews?: (news: WaitNews) => void },
  ): Promise<EndedJob> {
    const signal = this.#signal(options.signal);
    const onNews = options.onNews ?? (() => undefined);
    return await this.#untilCancelled(signal, () =>
      waitForEnd(this.#waiting(jobId, signal), options.startedAt, onNews),
    );
  }

  async collect(item: ResultItem, file: string, options: { readonly signal?: AbortSignal } = {}): Promise<Downloaded> {
    return await this.#downloads.collect(item, file, this.#signal(options.signal));
  }

  async account(): Promise<Account> {
    const call = {
      path: '/v1/account/usage?limit=1',
      asked: { what: 'account', carriesInline: false },
      // Somebody may be looking at it: it does not follow a long wish of the service to wait.
      urgency: 'patient',
      signal: this.#closing.signal,
    } as const;
    const reply = await this.#api.call(call);
    const refusal = refusalOf(reply.json);
    const account = accountOf(reply.json);
    if (account) return account;
    const kind = refusal ? kindOfAnswer(reply.status, refusal, call.asked) : 'unexpected';
    throw this.#api.error(
      { kind, status: reply.status, requestId: reply.requestId, detail: refusal && detailOf(refusal) },
      call,
    );
  }

  async usage(options: { readonly before?: string; readonly signal?: AbortSignal } = {}): Promise<UsagePage> {
    const query = new URLSearchParams({
      model: modelCard.model,
      limit: '100',
      ...(options.before !== undefined && { before: options.before }),
    });
    const call = {
      path: `/v1/account/usage?${query.toString()}`,
      asked: { what: 'account', carriesInline: false },
      urgency: 'patient',
      signal: this.#signal(options.signal),
    } as const;
    const reply = await this.#api.call(call);
    const page = usagePageOf(reply.json);
    if (page) return page;
    const refusal = refusalOf(reply.json);
    const kind = refusal ? kindOfAnswer(reply.status, refusal, call.asked) : 'unexpected';
    const detail = refusal ? detailOf(refusal) : 'The answer does not list past requests.';
    throw this.#api.error({ kind, status: reply.status, requestId: reply.requestId, detail }, call);
  }

  async catalogue(): Promise<Catalogue | undefined> {
    const reply = await this.#api.call({
      path: `/v1/models/${modelCard.model}`,
      asked: { what: 'account', carriesInline: false },
      urgency: 'urgent',
      signal: this.#closing.signal,
    });
    return catalogueOf(reply.json, modelCard.model);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#transport.close();
    await this.#salvage.clear();
  }

  /** Makes sense of a 2xx answer to a request: it may still be a refusal, or hold nothing. */
  async #accepted(reply: Reply, asked: Asked, body: RequestBody): Promise<SubmitAnswer> {
    if (reply.trouble) {
      this.#api.log(`The answer broke off: ${reply.trouble.detail ?? reply.trouble.kind}`);
      const items = [...reply.pictures.values()].map((file) => ({ kind: 'file', file }) as const);
      return {
        kind: 'finished',
        items,
        isIncomplete: true,
        ...(reply.requestId === undefined ? {} : { requestId: reply.requestId }),
      };
    }
    const answer = submitAnswerOf(reply.json, reply.pictures, reply.requestId, { secrets: this.#api.secrets });
    await this.#discardUnused(reply, answer?.kind === 'finished' ? answer.items : []);
    if (answer) return answer;
    const refusal = refusalOf(reply.json);
    const known = { status: reply.status, requestId: refusal?.requestId || reply.requestId };
    if (!refusal) {
      const kind = hasResult(reply.json) ? 'nothing-delivered' : 'unexpected';
      const detail = hasResult(reply.json)
        ? 'The answer holds no picture.'
        : 'The answer has neither a job nor pictures.';
      throw this.#api.error({ ...known, kind, detail }, { asked, body });
    }
    const kind = kindOfAnswer(reply.status, refusal, asked);
    // The status says that it was accepted; only an error that is called one says otherwise.
    const mayBeBilled = !refusal.isError || mayBeBilledAt(reply.status, kind, refusal.code);
    throw new ServiceError({ ...known, kind, mayBeBilled, detail: detailOf(refusal) }, { secrets: this.#api.secrets });
  }

  /** Deletes what nobody will ask for, and says what an answer lists beyond what can be had of it. */
  async #discardUnused(reply: Reply, items: readonly ResultItem[]): Promise<void> {
    const used = new Set(items.map((item) => (item.kind === 'file' ? item.file : undefined)));
    await discardPictures(new Map([...reply.pictures].filter(([, file]) => !used.has(file))));
    const listed = listedCount(reply.json);
    if (items.length < listed)
      this.#api.log(`The answer lists ${listed} pictures, of which ${items.length} are taken.`);
  }

  #waiting(jobId: string, signal: AbortSignal): Waiting {
    return {
      ask: () => this.#ask(jobId, signal),
      clock: this.#clock,
      pace: this.#pace,
      signal,
      log: (line) => this.#api.log(line),
    };
  }

  /** Asks once about a job. Its own address for that is built here: one in an answer could lead the key elsewhere. */
  async #ask(jobId: string, signal: AbortSignal): Promise<JobStatus> {
    const asked: Asked = { what: 'poll', carriesInline: false };
    if (!isUsableJobId(jobId))
      throw this.#api.error({ kind: 'nothing-delivered', detail: 'The id of the job is not usable.' }, { asked });
    const call = { path: `/v1/jobs/${encodeURIComponent(jobId)}`, asked, urgency: 'patient', signal } as const;
    try {
      const reply = await this.#api.call(call);
      return reply.trouble ? await this.#afterCut(jobId, reply, call) : await this.#statusOf(jobId, reply, call);
    } catch (error) {
      if (!isForgotten(error)) throw error;
      const salvaged = this.#salvaged(jobId);
      if (salvaged) return salvaged;
      throw new ServiceError(
        { ...error.failure, kind: 'nothing-delivered', detail: 'The service does not know the job any more.' },
        { cause: error },
      );
    }
  }

  async #statusOf(jobId: string, reply: Reply, call: Pick<Call, 'asked'>): Promise<JobStatus> {
    const status = jobStatusOf(reply.json, reply.pictures, {
      carriesInline: this.#inlineJobs.has(jobId),
      secrets: this.#api.secrets,
    });
    await this.#discardUnused(reply, status?.state === 'completed' ? status.items : []);
    if (status?.state === 'completed') await this.#salvage.drop(jobId);
    if (status) return (status.state === 'failed' && this.#salvaged(jobId)) || status;
    const { status: code, requestId } = reply;
    const detail = 'The answer does not say how the job is doing.';
    throw this.#api.error({ kind: 'unexpected', status: code, requestId, detail }, call);
  }

  /** The job can be asked about again, and its pictures with it; but not for ever. */
  async #afterCut(jobId: string, reply: Reply, call: Pick<Call, 'asked'>): Promise<JobStatus> {
    const { trouble, status, requestId } = reply;
    // A full disk is for the user to mend, and what is held would only fill it.
    if (trouble?.kind === 'storage') await discardPictures(reply.pictures);
    else if (await this.#salvage.add(jobId, reply.pictures)) {
      const salvaged = this.#salvaged(jobId);
      if (salvaged) return salvaged;
    }
    throw this.#api.error({ kind: 'unexpected', ...trouble, status, requestId }, call);
  }

  #salvaged(jobId: string): JobStatus | undefined {
    const items = this.#salvage.take(jobId).map((file) => ({ kind: 'file', file }) as const);
    if (items.length === 0) return undefined;
    this.#api.log(`The answer about job ${jobId} never came whole: ${items.length} pictures of it are taken.`);
    return { state: 'completed', items, isIncomplete: true };
  }

  #signal(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
  }

  async #untilCancelled<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isServiceError(error) || !signal.aborted) throw error;
      throw new ServiceError({ kind: 'cancelled', mayBeBilled: true });
    }
  }

  async #sweep(): Promise<void> {
    if (this.#isSwept) return;
    this.#isSwept = true;
    try {
      await sweepSpool(this.#spoolFolder, 30 * day, this.#clock.now());
    } catch (error) {
      this.#api.log(`Old answers could not be cleared away: ${String(error)}`);
    }
  }
}

/** Only the service itself, by its JSON, can say that it does not know a job; a web page is somebody else's. */
function isForgotten(error: unknown): error is ServiceError {
  return isServiceError(error) && error.kind === 'bad-request' && [404, 410].includes(error.failure.status ?? 0);
}

function holds(baseUrl: string, claim: (url: URL) => boolean): boolean {
  const url = URL.parse(baseUrl);
  return url !== null && claim(url);
}
