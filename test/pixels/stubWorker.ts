// Stands in for worker.ts: does by name what a test asks of it.
import { parentPort } from 'node:worker_threads';

parentPort!.on('message', ({ id, input }: { id: number; input: [Uint8Array] }) => {
  const order = Buffer.from(input[0]).toString();
  if (order === 'exit') process.exit(3);
  if (order === 'throw')
    setImmediate(() => {
      throw new Error('thrown outside of any call');
    });
  if (order === 'fault') parentPort!.postMessage({ id, ok: false, message: 'a fault of ours' }, []);
  if (order === 'answer')
    parentPort!.postMessage({ id, ok: true, value: { thread: process.pid, count: (count += 1) } }, []);
});
let count = 0;
