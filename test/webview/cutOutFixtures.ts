import type { CuttingView } from '../../src/core/cutting.ts';
import type { Snapshot } from '../../src/core/messages.ts';
import { job, result, snapshot } from './fixtures.ts';

const done = { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false } as const;
let revision = Date.now();

/** A panel with one picture, and its cut where there is one. */
export const withCut = (cutting?: CuttingView): Snapshot =>
  snapshot({
    revision: revision++,
    jobs: [job('fox', done, { results: [result('fox-0')] })],
    ...(cutting && { cutting }),
  });

const picture: NonNullable<CuttingView['picture']> = {
  src: 'https://studio.test/pictures/fox.svg?width=720&height=405',
  width: 1600,
  height: 900,
  background: { key: '#00FF00', evenness: 0.97, transparent: 0 },
  colours: ['#00FF00', '#2040C0'],
  start: { options: { key: '#00FF00', tolerance: 0.12, edge: 2, holes: false }, format: 'png' },
};

export const cuttingView = (changes: Partial<CuttingView> = {}): CuttingView => ({
  cutId: 'cut',
  name: 'images/fox.png',
  canAskAnew: true,
  picture,
  ...changes,
});

/** A cut that was made and measured. */
export const answerTo = (
  askId: string,
  changes: Partial<NonNullable<CuttingView['answer']>> = {},
): Pick<CuttingView, 'shown' | 'answer'> => ({
  shown: { src: 'https://studio.test/pictures/cut.svg?width=720&height=405' },
  answer: {
    askId,
    state: 'ready',
    path: 'images/fox-cutout.png',
    report: { transparent: 0.8, partial: 0.004, border: 1, enclosed: 0, unsure: 0 },
    closeUp: { src: 'https://studio.test/pictures/edge.svg?width=64&height=64', width: 64, height: 64 },
    ...changes,
  },
});

export const drawnCheckerboard = cuttingView({
  picture: { ...picture, background: { ...picture.background, checkerboard: 16 } },
});
