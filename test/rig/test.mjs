// npm test and its parts: installs what is missing, runs the phases it is asked for, and ends with one line of numbers.
import { bootstrap } from './bootstrap.mjs';

if (await bootstrap()) {
  const { main } = await import('./test.ts');
  process.exitCode = await main(process.argv.slice(2));
}
