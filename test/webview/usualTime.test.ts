import { expect, test } from 'vitest';
import type { JobView } from '../../src/core/messages.ts';
import type { ImageRequest } from '../../src/core/request.ts';
import { modelCard } from '../../src/core/modelCard.ts';
import { usualSeconds } from '../../webview-ui/results/usualTime.ts';
import { job, request, result } from './fixtures.ts';

const running = (changes: Partial<ImageRequest> = {}): JobView =>
  job('running', { state: 'sending' }, { request: request(changes) });
const took = (seconds: number, changes: Partial<ImageRequest> = {}, isCancelled = false): JobView =>
  job(
    `took ${seconds}`,
    { state: 'done', missing: 0, endedAt: 1_000_000 + seconds * 1000, cancelled: isCancelled },
    { createdAt: 1_000_000, request: request(changes), results: [result('one')] },
  );

test('three jobs of a kind say how long the next one takes', () => {
  expect(usualSeconds(running(), [took(21), took(14.2), took(30.5)])).toEqual({ min: 14, max: 31 });
});

test('with fewer, the model page says it', () => {
  expect(usualSeconds(running(), [took(21), took(14)])).toEqual(modelCard.usualSeconds);
});

test('jobs of another kind, cancelled ones and those that were held up say nothing', () => {
  const others = [
    took(1, { variant: 'wan2.7-image' }),
    took(2, { resolution: '4K' }),
    took(3, { count: 4 }),
    took(4, { imageSet: true, setMaxImages: 4 }),
    took(5, { inputs: [{ id: 'a', name: 'a.png', boxes: [] }] }),
    took(6, {}, true),
    took(3600),
    job(
      'failed',
      { state: 'failed', kind: 'busy', sentence: '', actions: [], endedAt: 1_001_000 },
      { createdAt: 1_000_000 },
    ),
  ];
  expect(usualSeconds(running(), others)).toEqual(modelCard.usualSeconds);
  expect(usualSeconds(running(), [...others, took(20), took(21), took(22)])).toEqual({ min: 20, max: 22 });
});

test('only the latest count, and what always takes the same is still a span', () => {
  const latest = Array.from({ length: 6 }, () => took(5));
  expect(usualSeconds(running(), [...latest, took(50)])).toEqual({ min: 5, max: 6 });
});
