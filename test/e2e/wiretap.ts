import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { freePort } from '../rig/processes.ts';

/** A request as it came over the wire, with all its headers. */
export interface HeardRequest {
  /** `service` is where the key belongs; `pictures` is another host, to which it must never go. */
  readonly to: 'service' | 'pictures';
  readonly method: string;
  /** Path and query. */
  readonly address: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

/**
 * Stands before the simulator and keeps every request whole; the simulator's own list leaves keys out. Result addresses in
 * answers are changed to another origin, as the real service's lead to another host.
 */
export class Wiretap {
  readonly #simulatorUrl: string;
  readonly #servers: readonly Server[];
  /** To be used as the service's address. */
  readonly url: string;
  readonly #picturesUrl: string;
  readonly heard: HeardRequest[] = [];

  private constructor(simulatorUrl: string, servicePort: number, picturesPort: number) {
    this.#simulatorUrl = simulatorUrl;
    this.url = `http://127.0.0.1:${servicePort}`;
    this.#picturesUrl = `http://127.0.0.1:${picturesPort}`;
    this.#servers = [
      createServer((request, response) => void this.#pass('service', request, response)).listen(
        servicePort,
        '127.0.0.1',
      ),
      createServer((request, response) => void this.#pass('pictures', request, response)).listen(
        picturesPort,
        '127.0.0.1',
      ),
    ];
  }

  static async start(simulatorUrl: string): Promise<Wiretap> {
    return new Wiretap(simulatorUrl, await freePort(), await freePort());
  }

  stop(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  async #pass(to: HeardRequest['to'], request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await buffer(request);
      const { method = '', url: address = '', rawHeaders, headers } = request;
      this.heard.push({ to, method, address, rawHeaders, authorization: headers.authorization, body });
      const answer = await this.#ask(method, address, headers, body);
      const { 'content-length': _, 'transfer-encoding': __, ...kept } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, kept).end(await this.#changed(answer));
    } catch {
      response.destroy(); // what the simulator drops is dropped here too
    }
  }

  #ask(method: string, address: string, headers: IncomingMessage['headers'], body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      forward(
        this.#simulatorUrl + address,
        { method, headers: { ...headers, host: new URL(this.#simulatorUrl).host } },
        resolve,
      )
        .once('error', reject)
        .end(body);
    });
  }

  async #changed(answer: IncomingMessage): Promise<Buffer> {
    const bytes = await buffer(answer);
    if (!answer.headers['content-type']?.startsWith('application/json')) return bytes;
    return Buffer.from(bytes.toString().replaceAll(this.#simulatorUrl, this.#picturesUrl));
  }
}
