import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Box } from '../../src/core/request.ts';
import type { Size } from '../../src/core/size.ts';
import {
  besideBox,
  boxFromDrag,
  clampScale,
  type Handle,
  keepInSight,
  moveBox,
  pinch,
  type Point,
  resizeBox,
  toPicture,
  toViewport,
} from '../../webview-ui/stage/geometry.ts';
import { type Snapped, snapDrawn, snapMoved, snapResized, type Surroundings } from '../../webview-ui/stage/snapping.ts';

/** Small pictures among them, on which no line is far. */
const side = fc.oneof(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 300 }));
const size: fc.Arbitrary<Size> = fc.record({ width: side, height: side });
/** Parts of a whole, evenly: most floating point numbers are next to nothing. */
const share = fc.integer({ min: 0, max: 1000 }).map((part) => part / 1000);
const boxOn = (picture: Size): fc.Arbitrary<Box> =>
  fc
    .tuple(share, share, share, share)
    .map(([x1, y1, x2, y2]) =>
      boxFromDrag(
        { x: x1 * picture.width, y: y1 * picture.height },
        { x: x2 * picture.width, y: y2 * picture.height },
        picture,
      ),
    );
const way = fc
  .tuple(fc.oneof(fc.integer({ min: -10_000, max: 10_000 }), fc.integer({ min: -200, max: 200 })), share)
  .map(([whole, part]) => whole + part);
const offset: fc.Arbitrary<Point> = fc.record({ x: way, y: way });
const handle = fc.constantFrom<Handle>('nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w');

/** A box on a picture with another box, and how far edges snap. */
const scene = size.chain((picture) =>
  fc.record({
    box: boxOn(picture),
    around: fc.record({
      picture: fc.constant(picture),
      others: fc.array(boxOn(picture), { maxLength: 1 }),
      reach: fc.integer({ min: 0, max: 600 }).map((tenths) => tenths / 10),
    }),
    by: offset,
    handle,
  }),
);

/** What is done to a box by hand, with snapping and without. */
const doings: Readonly<
  Record<string, (given: typeof scene extends fc.Arbitrary<infer T> ? T : never) => [Snapped, Box]>
> = {
  drawn: ({ box, around, by }) => {
    const [from, to] = [
      { x: box.x1, y: box.y1 },
      { x: box.x1 + by.x, y: box.y1 + by.y },
    ];
    return [snapDrawn(from, to, around), boxFromDrag(from, to, around.picture)];
  },
  moved: ({ box, around, by }) => [snapMoved(box, by, around), moveBox(box, by, around.picture)],
  resized: ({ box, around, by, handle: pulled }) => [
    snapResized(box, pulled, by, around),
    resizeBox(box, pulled, by, around.picture),
  ],
};

const turnedBox = ({ x1, y1, x2, y2 }: Box): Box => ({ x1: y1, y1: x1, x2: y2, y2: x2 });
const turnedHandle = { nw: 'nw', n: 'w', ne: 'sw', e: 's', se: 'se', s: 'e', sw: 'ne', w: 'n' } as const;

const edgesOf = ({ x1, x2, y1, y2 }: Box) => ({ x: [x1, x2], y: [y1, y2] });

/** Everything that a box may snap to, written down once more. */
const linesOf = ({ picture, others }: Surroundings) => ({
  x: [0, picture.width / 2, Math.round(picture.width / 2), picture.width, ...others.flatMap(({ x1, x2 }) => [x1, x2])],
  y: [
    0,
    picture.height / 2,
    Math.round(picture.height / 2),
    picture.height,
    ...others.flatMap(({ y1, y2 }) => [y1, y2]),
  ],
});

describe.each(Object.entries(doings))('a box that is %s', (_, act) => {
  test('stays whole and inside the picture, whatever it snaps to', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const [{ box }] = act(given);
        const { width, height } = given.around.picture;
        for (const edge of [box.x1, box.y1, box.x2, box.y2]) expect(Number.isInteger(edge)).toBe(true);
        expect(box.x1 >= 0 && box.y1 >= 0 && box.x2 <= width && box.y2 <= height).toBe(true);
        expect(box.x1 < box.x2 && box.y1 < box.y2).toBe(true);
      }),
    );
  });

  test('is nowhere farther from where it was put than it may snap', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const [{ box }, put] = act(given);
        for (const edge of ['x1', 'y1', 'x2', 'y2'] as const)
          // One more for what rounding adds, and one for a side that must not close.
          expect(Math.abs(box[edge] - put[edge])).toBeLessThanOrEqual(given.around.reach + 2);
      }),
    );
  });

  test('lies on every line that is shown, and no line is shown that nothing snaps to', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const [{ box, guides }] = act(given);
        for (const { axis, at } of guides) {
          const [least = 0, most = 0] = edgesOf(box)[axis];
          expect(
            Math.min(Math.abs(least - at), Math.abs(most - at), Math.abs((least + most) / 2 - at)),
          ).toBeLessThanOrEqual(0.5);
          expect(linesOf(given.around)[axis]).toContain(at);
        }
        expect(new Set(guides.map(({ axis, at }) => `${axis} ${at}`)).size).toBe(guides.length);
      }),
    );
  });

  test('snaps across as it snaps down', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { box, around: there, by, handle: pulled } = given;
        const turned = {
          box: turnedBox(box),
          around: {
            ...there,
            picture: { width: there.picture.height, height: there.picture.width },
            others: there.others.map(turnedBox),
          },
          by: { x: by.y, y: by.x },
          handle: turnedHandle[pulled],
        };
        expect(turnedBox(act(turned)[0].box)).toEqual(act(given)[0].box);
      }),
    );
  });

  test('is put exactly where the pointer says while nothing may snap', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const [snapped, put] = act({ ...given, around: { ...given.around, reach: 0 } });
        expect(snapped).toEqual({ box: put, guides: [] });
      }),
    );
  });
});

const picture = { width: 1000, height: 600 };
const around = { picture, others: [{ x1: 200, y1: 100, x2: 400, y2: 300 }], reach: 10 };

describe('where boxes snap', () => {
  test('an edge that comes near to a line is brought to it: the edges of the picture, its middle, those of the other box', () => {
    for (const line of [200, 400, 500, 1000])
      for (const way of [-9, 0, 9])
        expect(snapDrawn({ x: 50, y: 50 }, { x: line + way, y: 450 }, around).box, `${line} ${way}`).toEqual({
          x1: 50,
          y1: 50,
          x2: line,
          y2: 450,
        });
    expect(snapDrawn({ x: 50, y: 50 }, { x: 411, y: 450 }, around).box.x2).toBe(411);
  });

  test('of two lines in reach the nearer one has it', () => {
    const close = { ...around, others: [{ x1: 100, y1: 0, x2: 106, y2: 600 }] };
    expect(snapResized({ x1: 20, y1: 50, x2: 90, y2: 450 }, 'e', { x: 12, y: 0 }, close).box.x2).toBe(100);
    expect(snapResized({ x1: 20, y1: 50, x2: 90, y2: 450 }, 'e', { x: 15, y: 0 }, close).box.x2).toBe(106);
    // An edge at 403 and the middle at 501, which has less far to go.
    expect(snapMoved({ x1: 600, y1: 400, x2: 796, y2: 520 }, { x: -197, y: 20 }, around).box.x1).toBe(402);
  });

  test('a box that is moved keeps its size, and its middle snaps to that of the picture alone', () => {
    const box = { x1: 600, y1: 400, x2: 730, y2: 520 };
    const { box: moved, guides } = snapMoved(box, { x: -160, y: -160 }, around);
    expect(moved).toEqual({ x1: 435, y1: 240, x2: 565, y2: 360 });
    expect(guides).toEqual([
      { axis: 'x', at: 500 },
      { axis: 'y', at: 300 },
    ]);
    fc.assert(
      fc.property(scene, ({ box: any, around: there, by }) => {
        const { box: then } = snapMoved(any, by, there);
        expect([then.x2 - then.x1, then.y2 - then.y1]).toEqual([any.x2 - any.x1, any.y2 - any.y1]);
      }),
    );
  });

  test('a side is not brought to the line that the opposite one lies on', () => {
    expect(snapDrawn({ x: 198, y: 50 }, { x: 207, y: 450 }, around).box).toMatchObject({ x1: 200, x2: 207 });
    expect(snapResized({ x1: 200, y1: 50, x2: 230, y2: 450 }, 'e', { x: -24, y: 0 }, around).box).toMatchObject({
      x1: 200,
      x2: 206,
    });
  });
});

describe('a box beside another', () => {
  test('is as large, inside the picture, and elsewhere wherever there is room', () => {
    fc.assert(
      fc.property(
        size.chain((on) => fc.tuple(fc.constant(on), boxOn(on))),
        ([on, box]) => {
          const copy = besideBox(box, on);
          expect(copy).toEqual(boxFromDrag({ x: copy.x1, y: copy.y1 }, { x: copy.x2, y: copy.y2 }, on));
          const [wide, high] = [box.x2 - box.x1, box.y2 - box.y1];
          if (wide === on.width && high === on.height) return;
          expect([copy.x2 - copy.x1, copy.y2 - copy.y1]).toEqual([wide, high]);
          expect(copy).not.toEqual(box);
        },
      ),
    );
  });

  test('lies a quarter of its size to the right and below, or to the left and above where there is more room', () => {
    const box = { x1: 100, y1: 100, x2: 300, y2: 220 };
    expect(besideBox(box, picture)).toEqual({ x1: 150, y1: 130, x2: 350, y2: 250 });
    const last = { x1: 800, y1: 480, x2: 1000, y2: 600 };
    expect(besideBox(last, picture)).toEqual({ x1: 750, y1: 450, x2: 950, y2: 570 });
  });

  test('of one that covers the picture is smaller, so that both are seen', () => {
    const whole = { x1: 0, y1: 0, x2: 1000, y2: 600, label: 'all' };
    expect(besideBox(whole, picture)).toEqual({ x1: 350, y1: 210, x2: 650, y2: 390, label: 'all' });
  });
});

describe('two fingers', () => {
  const place = fc.record({ x: fc.integer({ min: 0, max: 800 }), y: fc.integer({ min: 0, max: 600 }) });
  const viewport = { width: 800, height: 600 };

  test('keep what is between them between them, and zoom as they part', () => {
    const fingers = fc.tuple(place, place);
    fc.assert(
      fc.property(
        fingers,
        fingers,
        fc.integer({ min: 5, max: 80 }).map((tenths) => tenths / 10),
        (from, to, scale) => {
          const view = { scale, x: -100, y: -50 };
          const then = pinch(view, from, to, picture, viewport);
          const middle = ([one, other]: readonly [Point, Point]) => ({
            x: (one.x + other.x) / 2,
            y: (one.y + other.y) / 2,
          });
          const under = toViewport(then, toPicture(view, middle(from)));
          expect(under.x).toBeCloseTo(middle(to).x, 3);
          expect(under.y).toBeCloseTo(middle(to).y, 3);
          expect(then.scale).toBe(clampScale(then.scale, picture, viewport));
          const apart = ([one, other]: readonly [Point, Point]) => Math.hypot(one.x - other.x, one.y - other.y);
          if (apart(to) > apart(from) + 1)
            expect(then.scale).toBeGreaterThanOrEqual(clampScale(scale, picture, viewport));
        },
      ),
    );
  });

  test('that touch each other lose no picture', () => {
    const there = { x: 300, y: 200 };
    const then = keepInSight(
      pinch({ scale: 1, x: 0, y: 0 }, [there, there], [there, there], picture, viewport),
      picture,
      viewport,
    );
    expect(then.scale).toBe(1);
  });
});
