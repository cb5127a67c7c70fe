import { parentPort, workerData } from 'node:worker_threads';
import type { DrawCall, DrawReply } from './drawing.ts';
import type { SimulatorOptions } from './options.ts';
import { draw } from './pictures.ts';
import { startSimulator } from './server.ts';

/** Options that can cross to a thread. */
export type PracticeOptions = Omit<SimulatorOptions, 'clock' | 'factsOfUrl' | 'onError' | 'drawWorker'>;

/** What this thread is started for: to draw for a simulator, or to be one (the practice mode that ships with the extension). */
export type WorkerRole = { role: 'draw' } | { role: 'serve'; options: PracticeOptions };

/** Posted once the simulator is up. Any message to the thread stops it. */
export interface SimulatorReady {
  url: string;
}

const { role } = workerData as WorkerRole;
const port = parentPort;
if (port === null) throw new Error('This file is the entry of a worker thread.');

if (role === 'draw') {
  port.on('message', ({ id, request }: DrawCall) => {
    draw(request).then(
      ({ png, width, height }) => port.postMessage({ id, picture: { png, width, height } } satisfies DrawReply, []),
      (error: unknown) =>
        port.postMessage(
          { id, problem: error instanceof Error ? error.message : String(error) } satisfies DrawReply,
          [],
        ),
    );
  });
} else {
  const { options } = workerData as Extract<WorkerRole, { role: 'serve' }>;
  void serve(options);
}

async function serve(options: PracticeOptions): Promise<void> {
  // In a worker thread the second argument is the thread's own file, bundled or not; drawing gets a thread of the same file.
  const ownFile = process.argv[1];
  const simulator = await startSimulator({ ...options, ...(ownFile !== undefined && { drawWorker: ownFile }) });
  port?.once('message', () => void simulator.stop().then(() => process.exit(0)));
  port?.postMessage({ url: simulator.url } satisfies SimulatorReady, []);
}
