import type { IncomingMessage } from 'node:http';
import { errorAnswer, jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { readFaults } from './faults.ts';
import type { Fault } from './faults.ts';
import { readBehaviour } from './options.ts';
import type { Behaviour } from './options.ts';
import type { Counts, LoggedRequest } from './tally.ts';

/** What the control interface can do; the same is offered to code in the same process. */
export interface Controls {
  readonly counts: () => Counts;
  readonly requests: () => LoggedRequest[];
  readonly faults: () => Fault[];
  readonly addFaults: (faults: readonly Fault[]) => void;
  readonly clearFaults: () => void;
  readonly options: () => Behaviour;
  readonly setOptions: (options: Partial<Behaviour>) => void;
  /** Forgets jobs, counts and faults, and takes the options of the start back. */
  readonly reset: () => Promise<void>;
}

/** Answers under `/__sim/`, and only to this machine; a web page is not this machine. */
export async function control(controls: Controls, request: IncomingMessage, path: string): Promise<Answer> {
  if (!isFromHere(request))
    return errorAnswer(403, 'access_denied', 'The control interface answers to this machine only.');
  try {
    return await act(controls, `${request.method ?? 'GET'} ${path}`, request);
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError)
      return errorAnswer(400, 'invalid_parameter', error.message);
    throw error;
  }
}

async function act(controls: Controls, what: string, request: IncomingMessage): Promise<Answer> {
  switch (what) {
    case 'GET /__sim/counts':
      return jsonAnswer(200, controls.counts());
    case 'GET /__sim/requests':
      return jsonAnswer(200, controls.requests());
    case 'GET /__sim/faults':
      return jsonAnswer(200, controls.faults());
    case 'POST /__sim/faults':
      controls.addFaults(readFaults(await jsonOf(request)));
      return jsonAnswer(200, controls.faults());
    case 'DELETE /__sim/faults':
      controls.clearFaults();
      return jsonAnswer(200, []);
    case 'GET /__sim/options':
      return jsonAnswer(200, controls.options());
    case 'POST /__sim/options':
      controls.setOptions(readBehaviour(await jsonOf(request)));
      return jsonAnswer(200, controls.options());
    case 'POST /__sim/reset':
      await controls.reset();
      return jsonAnswer(200, controls.counts());
    default:
      return errorAnswer(404, 'not_found', `The control interface has no '${what}'.`);
  }
}

function isFromHere({ socket, headers }: IncomingMessage): boolean {
  const isLoopback = /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '');
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  return isLoopback && headers.origin === undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(host);
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString('utf8'));
}
