// A thread that draws for the simulator.
import { parentPort } from 'node:worker_threads';
import type { DrawCall, DrawReply } from '../../src/simulator/drawing.ts';
import { noise, side } from './noise.ts';

parentPort!.on('message', ({ id, request }: DrawCall) => {
  parentPort!.postMessage({ id, picture: { png: noise(request), width: side, height: side } } satisfies DrawReply, []);
});
