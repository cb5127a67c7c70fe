import { findProblems } from '../../src/core/preflight.ts';
import { ImageRequest } from '../../src/core/requestSchema.ts';
import { byTurns, type Measured, time } from './measure.ts';

/** The check that runs at every key press, against reading the same request with its schema alone. */
export async function preflight(): Promise<Measured[]> {
  const palette = Array.from({ length: 10 }, () => ({ hex: '#C2D1E6', ratio: '10.00%' }));
  const inputs = Array.from({ length: 9 }, (_, index) => ({
    id: String(index),
    name: `picture ${index}`,
    boxes: [{ x1: 1, y1: 1, x2: 99, y2: 99, label: 'sign' }],
  }));
  const images = new Map(
    inputs.map(({ id }) => [id, { format: 'png', width: 2000, height: 1000, byteLength: 5_000_000, hasAlpha: false }]),
  );
  const request = { prompt: 'x'.repeat(4000), palette, inputs };
  const times = 200;
  const repeat = (work: () => unknown) => () =>
    time(() => {
      for (let index = 0; index < times; index++) work();
    }).then((total) => total / times);
  const figures = await byTurns(
    10,
    repeat(() => findProblems(request, { images, boxForm: 'auto' })),
    repeat(() => ImageRequest.parse(request)),
  );
  return [{ name: 'checking a full request', ...figures, unit: 'ms', against: 'its schema alone' }];
}
