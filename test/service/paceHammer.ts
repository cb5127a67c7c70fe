// A window of its own: asks for places as fast as it gets them and tells when each request passed.
import { systemClock } from '../../src/service/clock.ts';
import { RateLimit } from '../../src/service/rateLimit.ts';
import { SharedPace } from '../../src/service/sharedPace.ts';

const [folder = '', limit, window, count] = process.argv.slice(2);
const shared = new SharedPace(folder, systemClock, Number(window));
const rateLimit = new RateLimit({
  clock: systemClock,
  limit: Number(limit),
  reserve: 0,
  window: Number(window),
  shared,
  log: (line) => process.send?.({ line }),
});
process.send?.({ ready: true });
await new Promise((resolve) => process.once('message', resolve)); // All begin together.
await Promise.all(
  Array.from({ length: Number(count) }, async () => {
    await rateLimit.take('urgent');
    process.send?.({ passed: Date.now() });
  }),
);
process.disconnect();
