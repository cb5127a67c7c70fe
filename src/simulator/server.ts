import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { keyIn } from './access.ts';
import { answerOfFault, errorAnswer, jsonAnswer, send } from './answer.ts';
import type { Answer } from './answer.ts';
import { control } from './control.ts';
import type { Controls } from './control.ts';
import { Drawing } from './drawing.ts';
import { FaultQueue } from './faults.ts';
import type { Fault, FaultPlace } from './faults.ts';
import { receiveBody, submit } from './generations.ts';
import { listJobs, poll } from './jobs.ts';
import { JobStore } from './jobStore.ts';
import { modelList, modelPage } from './models.ts';
import { defaultBehaviour } from './options.ts';
import type { Behaviour, SimulatorOptions } from './options.ts';
import { RateLimit } from './rateLimit.ts';
import { result } from './results.ts';
import { billedImages, stateOf } from './simulatedJob.ts';
import { Tally } from './tally.ts';
import type { LoggedRequest } from './tally.ts';
import type { Twin } from './twin.ts';
import { usage } from './usage.ts';

/** A running simulator. */
export interface Simulator extends Controls {
  /** `http://127.0.0.1:PORT`, to be used as the service's address. */
  readonly url: string;
  readonly port: number;
  /** Closes every connection and resolves when the port is free. */
  readonly stop: () => Promise<void>;
}

/** Starts the offline twin of the service on the loopback interface. Throws when the port is taken or the state folder cannot be used. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    port = 0,
    control: hasControl = true,
    stateFolder,
    drawWorker,
    clock = Date.now,
    factsOfUrl,
    onError = writeError,
    ...behaviour
  } = options;
  const atStart: Behaviour = { ...defaultBehaviour, ...behaviour };
  const store = new JobStore(stateFolder);
  await store.open();
  const server = createServer();
  await listen(server, port);
  const actualPort = portOf(server);
  const origin = `http://127.0.0.1:${actualPort}`;
  const twin: Twin = {
    behaviour: atStart,
    tally: new Tally(),
    store,
    faults: new FaultQueue(),
    drawing: new Drawing(drawWorker),
    rateLimit: new RateLimit(),
    secret: await store.signingSecret(),
    clock,
    factsOfUrl,
    onError,
    checks: new Map(),
    past: [],
    origin,
  };
  twin.tally.accepted = store.all().length;
  const controls = controlsOf(twin, atStart);
  server.on(
    'request',
    (request: IncomingMessage, response: ServerResponse) =>
      void handle(twin, hasControl ? controls : undefined, request, response),
  );
  return { ...controls, url: origin, port: actualPort, stop: () => stop(server, twin) };
}

function writeError(error: unknown): void {
  process.stderr.write(`simulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator has no port.');
  return address.port;
}

async function stop(server: Server, twin: Twin): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await Promise.all([closed, twin.drawing.stop()]);
}

function controlsOf(twin: Twin, atStart: Behaviour): Controls {
  return {
    counts: () => twin.tally.counts(billedNow(twin)),
    requests: () => twin.tally.requests(),
    faults: () => twin.faults.list(),
    addFaults: (faults) => {
      for (const fault of faults) twin.faults.add(fault);
    },
    clearFaults: () => twin.faults.clear(),
    options: () => ({ ...twin.behaviour }),
    setOptions: (changes) => {
      twin.behaviour = { ...twin.behaviour, ...changes };
    },
    reset: async () => {
      twin.behaviour = atStart;
      twin.tally = new Tally();
      twin.faults.clear();
      twin.rateLimit.clear();
      twin.past = [];
      await twin.store.clear();
    },
  };
}

function billedNow(twin: Twin): number {
  const now = twin.clock();
  const ended = twin.store.all().filter((job) => 'endedAt' in stateOf(job, now) && !twin.checks.has(job.id));
  return ended.reduce((sum, job) => sum + billedImages(job), 0);
}

async function handle(
  twin: Twin,
  controls: Controls | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = `req_${randomBytes(8).toString('hex')}`;
  response.setHeader('x-request-id', requestId);
  try {
    const { pathname, searchParams } = new URL(request.url ?? '/', twin.origin);
    if (controls !== undefined && pathname.startsWith('/__sim/')) {
      await send(response, await control(controls, request, pathname));
      return;
    }
    const logged: LoggedRequest = {
      at: twin.clock(),
      requestId,
      method: request.method ?? 'GET',
      path: pathname,
      keyIn: keyIn(request),
      status: 0,
    };
    if (pathname !== '/health') twin.tally.log(logged);
    await serve(twin, { request, response, logged, query: searchParams });
  } catch (error) {
    twin.onError(error);
    if (response.headersSent) response.destroy();
    else
      await send(response, errorAnswer(500, 'simulator_error', error instanceof Error ? error.message : String(error)));
  }
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  logged: LoggedRequest;
  query: URLSearchParams;
}

async function serve(twin: Twin, exchange: Exchange): Promise<void> {
  const { request, logged, query } = exchange;
  const { method, path } = logged;
  const job = /^\/v1\/jobs\/([^/]+)$/.exec(path)?.[1];
  const picture = /^\/results\/(job_\w+)\/(\d+)\.png$/.exec(path);
  const model = /^\/v1\/models\/([^/]+)$/.exec(path)?.[1];
  const isGet = method === 'GET';
  if (method === 'POST' && path === '/v1/images/generations') return generation(twin, exchange);
  if (isGet && job !== undefined) return reply(twin, exchange, 'poll', (fault) => poll(twin, request, job, fault));
  if (isGet && picture !== null) {
    return reply(twin, exchange, 'result', (fault) =>
      result(twin, request, picture[1] ?? '', Number(picture[2]), query, fault),
    );
  }
  if (isGet && path === '/v1/account/usage') return reply(twin, exchange, 'usage', () => usage(twin, request, query));
  if (isGet && path === '/v1/models') return reply(twin, exchange, 'models', () => modelList(twin));
  if (isGet && model !== undefined) return reply(twin, exchange, 'models', () => modelPage(twin, model));
  if (isGet && path === '/v1/jobs') return reply(twin, exchange, undefined, () => listJobs(twin, request, query));
  if (isGet && path === '/health') return reply(twin, exchange, undefined, () => jsonAnswer(200, { status: 'ok' }));
  return reply(twin, exchange, undefined, () => errorAnswer(404, 'not_found', `There is no ${method} ${path}.`));
}

/** A generation request differs from all others: what has arrived of its body is counted, whatever happens then. */
async function generation(twin: Twin, exchange: Exchange): Promise<void> {
  const { request, response, logged } = exchange;
  const fault = twin.faults.take('submit');
  if (fault?.kind === 'drop-inside-request') request.once('data', () => request.destroy());
  const body = await receiveBody(request, twin.behaviour.maxBodyBytes);
  if (body === undefined) {
    twin.tally.bodiesAborted += 1;
    response.destroy();
    return;
  }
  twin.tally.bodiesReceived += 1;
  await forgetOldJobs(twin);
  await answer(twin, exchange, fault, () => submit(twin, request, response, body, logged, fault));
}

async function reply(
  twin: Twin,
  exchange: Exchange,
  place: FaultPlace | undefined,
  produce: (fault: Fault | undefined) => Answer | Promise<Answer>,
): Promise<void> {
  const fault = place === undefined ? undefined : twin.faults.take(place);
  await answer(twin, exchange, fault, () => produce(fault));
}

/** Answers, with the fault taking effect where its kind says: before the request counts, after it, or inside the answer. */
async function answer(
  twin: Twin,
  { response, logged }: Exchange,
  fault: Fault | undefined,
  produce: () => Answer | Promise<Answer>,
): Promise<void> {
  if (fault?.ms !== undefined && fault.kind !== 'slow-drip') await sleep(fault.ms);
  if (fault?.kind === 'drop-before-accept' || fault?.kind === 'drop-inside-request') {
    response.destroy();
    return;
  }
  const broken = answerOfFault(fault);
  const isAccepted = fault?.accepted ?? (fault?.kind === 'malformed-json' || fault?.kind === 'empty-body');
  const produced = broken === undefined || isAccepted ? await produce() : broken;
  if (fault?.kind === 'drop-after-accept') {
    response.destroy();
    return;
  }
  const final = broken ?? produced;
  twin.tally.answered(logged, final.status);
  await send(response, final, fault);
}

async function forgetOldJobs(twin: Twin): Promise<void> {
  const { keepMs, urlLifetimeMs } = twin.behaviour;
  const day = 24 * 3_600_000;
  const forgotten = await twin.store.forget(twin.clock(), Math.max(keepMs, Math.min(urlLifetimeMs, day)));
  twin.past.push(...forgotten.map((job) => ({ ...job, body: null, job: { ...job.job, images: [] } })));
  twin.tally.billedBefore += forgotten.reduce((sum, job) => sum + billedImages(job), 0);
}
