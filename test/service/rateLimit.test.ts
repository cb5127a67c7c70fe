import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateLimit } from '../../src/service/rateLimit.ts';
import { LeapingClock } from './rig.ts';

test('no window of a minute holds more than the limit, and everybody gets through', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('urgent', 'patient'), { minLength: 1, maxLength: 120 }),
      async (asked) => {
        const clock = new LeapingClock();
        const limit = new RateLimit({ clock, limit: 10, reserve: 2 });
        const passed: number[] = [];
        await Promise.all(asked.map(async (urgency) => limit.take(urgency).then(() => passed.push(clock.now()))));
        expect(passed).toHaveLength(asked.length);
        for (const start of passed)
          expect(passed.filter((time) => time >= start && time < start + 60_000).length).toBeLessThanOrEqual(10);
      },
    ),
    { numRuns: 40 },
  );
});

test('a submit overtakes waiting polls, and finds places that polls do not take', async () => {
  const clock = new LeapingClock();
  const limit = new RateLimit({ clock, limit: 5, reserve: 2 });
  const order: string[] = [];
  const take = async (name: string, urgency: 'urgent' | 'patient') => limit.take(urgency).then(() => order.push(name));
  const startedAt = clock.now();
  await Promise.all([take('p1', 'patient'), take('p2', 'patient'), take('p3', 'patient')]);
  const waiting = [take('p4', 'patient'), take('p5', 'patient')];
  await take('s1', 'urgent');
  expect(clock.now()).toBe(startedAt);
  await Promise.all([take('s2', 'urgent'), take('s3', 'urgent'), ...waiting]);
  expect(order.slice(3, 5)).toEqual(['s1', 's2']);
  expect(order.indexOf('s3')).toBeLessThan(order.indexOf('p4'));
});

test('a clock that is set back keeps nobody waiting', async () => {
  const clock = new LeapingClock();
  const limit = new RateLimit({ clock, limit: 2, reserve: 0 });
  await Promise.all([limit.take('urgent'), limit.take('urgent')]);
  clock.time -= 7_200_000;
  await limit.take('patient');
  expect(clock.slept).toEqual([]);
});

test('who stops waiting gives up the place', async () => {
  const clock = new LeapingClock();
  const limit = new RateLimit({ clock, limit: 1, reserve: 0 });
  await limit.take('urgent');
  const stop = new AbortController();
  const waiting = limit.take('patient', { signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await limit.take('patient');
});
