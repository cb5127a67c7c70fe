// npm start: everything that is needed to try the extension, from a fresh clone on.
import { bootstrap } from './bootstrap.mjs';

if (await bootstrap()) {
  const { main } = await import('./start.ts');
  await main(process.argv.slice(2));
}
