import { startSimulator } from './server.ts';

/** `npm run simulator`: the offline twin alone, until Ctrl+C. The port comes from WAN_IMAGE_SIMULATOR_PORT, free choice without it. */
async function main(): Promise<void> {
  const port = Number(process.env['WAN_IMAGE_SIMULATOR_PORT'] ?? 0);
  const stateFolder = process.env['WAN_IMAGE_SIMULATOR_STATE'];
  const simulator = await startSimulator({
    port,
    queueMs: 500,
    renderMs: 2500,
    drawWorker: new URL('./worker.ts', import.meta.url),
    ...(stateFolder !== undefined && { stateFolder }),
  });
  console.log(`Simulator of the Wan2.7 Image service at ${simulator.url}`);
  console.log(`
  Keys            any that begins with sk-empiriolabs-
                  sk-empiriolabs-refused… is not valid, sk-empiriolabs-broke… has no credit
  Generate        curl ${simulator.url}/v1/images/generations -H 'Authorization: Bearer sk-empiriolabs-practice' \\
                       -H 'Content-Type: application/json' -d '{"model":"wan2-7-image","prompt":"a misty forest at dawn"}'
  Counts, faults  ${simulator.url}/__sim/counts   (more in src/simulator/README.md)

Ctrl+C stops it.`);
  const stop = (): void => void simulator.stop().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

await main();
