import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { ReadyRequest, WireFields, WireImage } from '../../src/core/readyRequest.ts';
import { createClient, type ClientOptions } from '../../src/service/client.ts';
import type { Clock } from '../../src/service/clock.ts';
import { isServiceError, type ServiceError } from '../../src/service/errors.ts';
import type { Connection, NetworkSettings, ServiceClient, Verify } from '../../src/service/types.ts';

/** Must not be found in any text that the client lets out. */
export const canaryKey = 'sk-empiriolabs-Canary_0123456789abcdef';

/** A request as the server saw it. */
interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Requests whose bodies came to their end. */
  readonly whole: Received[];
  /** Requests that began, whole or not. */
  begun: number;
}

export type Respond = (response: ServerResponse, request: Received) => void | Promise<void>;

/** A server on loopback that reads each request to its end and then does what the test says. */
export async function startServer(respond: Respond): Promise<TestServer> {
  const server: TestServer = { url: '', port: 0, whole: [], begun: 0 };
  const port = await listen(listener(server, respond), (handle) =>
    createServer(handle).on('clientError', (_error, socket) => socket.destroy()),
  );
  return Object.assign(server, { url: `http://127.0.0.1:${port}`, port });
}

/** Reads each request and hands it on; for servers of another make. */
export function listener(server: Pick<TestServer, 'whole' | 'begun'>, respond: Respond): RequestListener {
  return (request, response) => {
    server.begun++;
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const received = { method, path: url, headers, body: Buffer.concat(pieces) };
      server.whole.push(received);
      void respond(response, received);
    });
  };
}

/** Listens on a free port until the test has ended. */
export async function listen(
  handle: RequestListener,
  make: (handle: RequestListener) => Server & { closeAllConnections(): void },
): Promise<number> {
  const server = make(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Respond {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  };
}

/** A server that sees bytes and not requests; answers its address. */
export async function rawServer(meet: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    meet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers one after the other; the last one again and again. */
export function inTurn(...responds: readonly Respond[]): Respond {
  let turn = 0;
  return (response, request) => responds[Math.min(turn++, responds.length - 1)]?.(response, request);
}

/** A request as preflight would have made it. */
export function ready(images: readonly WireImage[] = [], fields: Partial<WireFields> = {}): ReadyRequest {
  const all: WireFields = {
    model: 'wan2-7-image',
    prompt: 'a misty forest at dawn, ünïcode',
    model_variant: 'wan2.7-image-pro',
    seed: 42,
    watermark: false,
    response_format: 'url',
    ...fields,
  };
  return { fields: all, images } as unknown as ReadyRequest;
}

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'service-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A clock that never waits: sleeping moves it on. */
export class LeapingClock implements Clock {
  time = 1_800_000_000_000;
  readonly slept: number[] = [];
  now(): number {
    return this.time;
  }
  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(milliseconds);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    this.time += milliseconds;
  }
  random(): number {
    return 0.5;
  }
}

/** Takes `picture:<width>x<height>:…:end` for a whole picture. */
const verifyFake: Verify = async (file) => {
  const [, width, height] = /^picture:(\d+)x(\d+):.*:end$/s.exec(await readFile(file, 'latin1')) ?? [];
  if (width === undefined) throw new Error('truncated');
  return { format: 'png', width: Number(width), height: Number(height) };
};

export const fakePicture = (filling = 'x') => Buffer.from(`picture:64x32:${filling}:end`);

export interface TestClient {
  readonly client: ServiceClient;
  readonly connection: Connection;
  readonly clock: LeapingClock;
  readonly lines: string[];
  readonly folder: string;
}

export const plainNetwork: NetworkSettings = { proxySupport: 'override', strictCertificates: true };

/** A client that talks to this address, with a clock that never waits. */
export async function clientFor(
  baseUrl: string,
  given: Partial<Connection> & { readonly options?: Partial<ClientOptions> } = {},
): Promise<TestClient> {
  const { options, ...rest } = given;
  const lines: string[] = [];
  const folder = await newFolder();
  const connection: Connection = {
    baseUrl,
    key: () => Promise.resolve(canaryKey),
    network: plainNetwork,
    spoolFolder: path.join(folder, 'spool'),
    log: (line) => lines.push(line),
    userAgent: 'wan-image-studio/0.0.0-test',
    ...rest,
  };
  const clock = new LeapingClock();
  const client = createClient(connection, { verify: verifyFake, clock, environment: {}, ...options });
  onTestFinished(() => client.close());
  return { client, connection, clock, lines, folder };
}

/** The ServiceError of a call that has to fail. */
export async function errorOf(call: Promise<unknown>): Promise<ServiceError> {
  const error: unknown = await call.then(
    (value) => new Error(`It did not fail: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (!isServiceError(error)) throw error;
  return error;
}

/** Everything an error could carry into a log. */
export function textOf(error: unknown): string {
  const seen: string[] = [];
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    seen.push(
      String(current),
      current.stack ?? '',
      JSON.stringify(current),
      ...Object.values(current).map((value) => JSON.stringify(value)),
    );
  }
  return seen.join('\n');
}
