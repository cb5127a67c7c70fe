import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelCard } from '../../src/core/modelCard.ts';
import {
  mapBox,
  planPreparation,
  type PreparationChoice,
  type Step,
  usualPreparation,
} from '../../src/core/preparation.ts';
import { preflight } from '../../src/core/preflight.ts';
import { emptyRequest } from '../../src/core/request.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import type { Prepared } from '../../src/pixels/protocol.ts';
import { buildBmp } from './buildBmp.ts';
import { type HardFile, hardFiles } from './hardFiles.ts';
import { apart, boxesOf, marked, markersIn, stored } from './marked.ts';
import { asSharp, pattern } from './samples.ts';

const WORKER = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));
const SLOW = 120_000;

let pixels: Pixels;
let files: HardFile[];
beforeAll(async () => {
  pixels = createPixels(WORKER);
  files = await hardFiles();
}, SLOW);
afterAll(() => pixels.dispose());

async function prepare(bytes: Uint8Array, choice: PreparationChoice = usualPreparation): Promise<Prepared> {
  const plan = planPreparation(await pixels.describe(bytes), choice);
  if (plan.kind === 'refused') throw new Error(plan.reason);
  const prepared = await pixels.prepare(bytes, plan.steps);
  expect(prepared.facts).toMatchObject({ width: plan.sent.width, height: plan.sent.height });
  if (prepared.steps.length === plan.steps.length) expect(prepared.facts.format).toBe(plan.sent.format);
  expectReady(prepared);
  return prepared;
}

function expectReady({ bytes, facts }: Prepared): void {
  const { ready, problems } = preflight(
    { ...emptyRequest(), prompt: 'x', inputs: [{ id: 'a', name: 'a', boxes: [] }] },
    new Map([['a', { bytes, facts }]]),
    { boxForm: 'auto', drawSeed: () => 1 },
  );
  expect(ready, JSON.stringify(problems)).toBeDefined();
}

/** What is written anew is upright, opaque, in sRGB and one picture, by sharp. */
async function expectPlain({ bytes, facts, steps }: Prepared, name: string): Promise<void> {
  const { format, width, height } = facts;
  const theirs = await sharp(bytes).metadata();
  expect(theirs, name).toMatchObject({ format, width, height, hasAlpha: false, space: 'srgb' });
  // Of no picture it is sent where it was taken and by whom, whether it is written anew or not.
  expect([theirs.orientation ?? 1, theirs.exif, theirs.xmp], name).toEqual([1, undefined, undefined]);
  if (steps.length > 0) expect([theirs.icc, theirs.pages ?? 1, theirs.depth], name).toEqual([undefined, 1, 'uchar']);
}

const kindsOf = (steps: readonly Step[]): string => steps.map(({ kind }) => kind).join(' ');

describe('hard files', () => {
  test('each takes its steps, passes preflight, and has its boxes where they were drawn', async () => {
    for (const { name, bytes, size, steps } of files) {
      const facts = await pixels.describe(bytes);
      expect([facts.width, facts.height], name).toEqual([size.width, size.height]);
      const prepared = await prepare(bytes);
      expect(kindsOf(prepared.steps), name).toBe(steps);
      // Its tag of orientation is metadata, and is not sent; see bare.test.ts.
      if (steps === '') expect(prepared.bytes === bytes, name).toBe(name !== 'JPEG of orientation 1');
      // sharp reads no BMP.
      if (prepared.facts.format === 'bmp') continue;
      await expectPlain(prepared, name);
      const [drawn, found] = [boxesOf(size), await markersIn(prepared.bytes)];
      expect(apart(found.red, mapBox(drawn.red, size, prepared.facts)), `${name}, red`).toBeLessThanOrEqual(1);
      expect(apart(found.blue, mapBox(drawn.blue, size, prepared.facts)), `${name}, blue`).toBeLessThanOrEqual(1);
    }
  });
});

describe('pixels', () => {
  const at = async (bytes: Uint8Array, x: number, y: number): Promise<number[]> => {
    const raw = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    return [...raw.data.subarray((y * raw.info.width + x) * 3, (y * raw.info.width + x) * 3 + 3)];
  };

  test('transparent places show the chosen colour', async () => {
    const clear = await sharp({ create: { width: 300, height: 300, channels: 4, background: '#ff000080' } })
      .png()
      .toBuffer();
    const sent = await prepare(clear, { background: '#00ff00', size: 'useful' });
    expect(await at(sent.bytes, 150, 150)).toEqual([128, 127, 0]);
  });

  test('pixel art keeps its edges; other small pictures are smoothed', async () => {
    const icon = asSharp(marked({ width: 32, height: 32 }));
    const sent = await prepare(await icon.png().toBuffer());
    const { data } = await sharp(sent.bytes).raw().toBuffer({ resolveWithObject: true });
    const colours = new Set(Array.from({ length: data.length / 3 }, (_, pixel) => data.readUIntBE(pixel * 3, 3)));
    expect(colours.size).toBe(3);
    const photo = Uint8Array.from({ length: 32 * 32 * 3 }, (_, index) => (index * 7919) % 251);
    const smooth = await prepare(
      await sharp(photo, { raw: { width: 32, height: 32, channels: 3 } })
        .png()
        .toBuffer(),
    );
    const raw = await sharp(smooth.bytes).raw().toBuffer();
    expect(raw.subarray(0, 3).equals(raw.subarray(3, 6)) && raw.subarray(3, 6).equals(raw.subarray(9, 12))).toBe(false);
  });

  test('colours of a wide profile become those of sRGB', async () => {
    const wide = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#3060c0' } })
      .withIccProfile('p3')
      .png()
      .toBuffer();
    const sent = await prepare(wide);
    const [red, green, blue] = await at(sent.bytes, 50, 50);
    expect([red! - 0x30, green! - 0x60, blue! - 0xc0].every((difference) => Math.abs(difference) <= 2)).toBe(true);
  });

  test('16 bits and inks look the same afterwards', async () => {
    const deep = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#3060c0' } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect(await at((await prepare(deep)).bytes, 9, 9)).toEqual([0x30, 0x60, 0xc0]);
    const inks = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#3060c0' } })
      .toColourspace('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    const theirs = await at(await sharp(inks).toColourspace('srgb').png().toBuffer(), 9, 9);
    const ours = await at((await prepare(inks)).bytes, 9, 9);
    ours.forEach((value, index) => expect(Math.abs(value - theirs[index]!)).toBeLessThanOrEqual(6));
  });
});

describe('a part of a picture', () => {
  test('is sent to the pixel as it is seen, however the file is turned, on the chosen colour', async () => {
    const size = { width: 300, height: 400 };
    const crop = { x1: 31, y1: 17, x2: 283, y2: 290 };
    for (const channels of [3, 4] as const) {
      for (const orientation of [1, 3, 6, 7]) {
        const upright = pattern(size.width, size.height, channels);
        const file = await asSharp(stored(upright, orientation)).withMetadata({ orientation }).png().toBuffer();
        const choice = { background: '#204060', size: 'useful' } as const;
        const plan = planPreparation(await pixels.describe(file), choice, crop);
        if (plan.kind === 'refused') throw new Error(plan.reason);
        const prepared = await pixels.prepare(file, plan.steps);
        expectReady(prepared);
        const wanted = asSharp(upright).extract({ left: 31, top: 17, width: 252, height: 273 });
        const [sent, seen] = await Promise.all([
          sharp(prepared.bytes).removeAlpha().raw().toBuffer(),
          wanted.flatten({ background: '#204060' }).removeAlpha().raw().toBuffer(),
        ]);
        expect(sent.length).toBe(seen.length);
        const off = sent.reduce((most, value, at) => Math.max(most, Math.abs(value - seen[at]!)), 0);
        expect(off, `${channels} channels, orientation ${orientation}`).toBeLessThanOrEqual(1);
      }
    }
  });

  test('may be made smaller as well', async () => {
    const file = await asSharp(marked({ width: 3000, height: 2000 }))
      .png({ compressionLevel: 1 })
      .toBuffer();
    const choice = { background: '#ffffff', size: 'small' } as const;
    const plan = planPreparation(await pixels.describe(file), choice, { x1: 0, y1: 0, x2: 2000, y2: 1500 });
    if (plan.kind === 'refused') throw new Error(plan.reason);
    const { facts } = await pixels.prepare(file, plan.steps);
    expect(facts.width / facts.height).toBeCloseTo(4 / 3, 2);
    expect(facts.width * facts.height).toBeLessThanOrEqual(modelCard.presetArea['1K'] * 1.01);
  });
});

describe('weight', () => {
  const noise = (width: number, height: number): Promise<Buffer> =>
    sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 0 })
      .toBuffer();

  test(
    'a file of 25 MB in a good size is lightened, and says so',
    async () => {
      const size = { width: 2900, height: 2900 };
      const heavy = await asSharp(marked(size)).png({ compressionLevel: 0 }).toBuffer();
      expect(heavy.length).toBeGreaterThan(25_000_000);
      const sent = await prepare(heavy, { background: '#ffffff', size: 'full' });
      expect(kindsOf(sent.steps)).toBe('lighten');
      expect(sent.facts).toMatchObject({ format: 'jpeg', ...size });
      expect(sent.facts.byteLength).toBeLessThanOrEqual(modelCard.inputs.maxBytes);
    },
    SLOW,
  );

  test(
    'a photo that would be a heavy PNG becomes a JPEG, and says so',
    async () => {
      const sent = await prepare(await noise(2600, 1900));
      expect(kindsOf(sent.steps)).toBe('shrink lighten');
      expect(sent.facts.format).toBe('jpeg');
      expect(sent.facts.byteLength).toBeLessThan(8 * 1024 * 1024);
    },
    SLOW,
  );
});

describe('refusals', () => {
  test('a plan for another picture is not carried out', async () => {
    const [small, large] = [
      await asSharp(marked({ width: 100, height: 80 }))
        .png()
        .toBuffer(),
      await asSharp(marked({ width: 400, height: 300 }, 4))
        .png()
        .toBuffer(),
    ];
    const plan = planPreparation(await pixels.describe(small));
    if (plan.kind === 'refused') throw new Error(plan.reason);
    await expect(pixels.prepare(large, plan.steps)).rejects.toMatchObject({ kind: 'corrupt' });
    await expect(pixels.prepare(large, [])).rejects.toMatchObject({ kind: 'corrupt' });
  });

  test('a part of a picture does not pass as a whole one', async () => {
    const png = await asSharp(marked({ width: 400, height: 300 }))
      .png()
      .toBuffer();
    await expect(pixels.prepare(png.subarray(0, png.length - 20), [])).rejects.toMatchObject({ kind: 'truncated' });
    const jpeg = await asSharp(marked({ width: 400, height: 300 }))
      .jpeg()
      .toBuffer();
    await expect(pixels.prepare(jpeg.subarray(0, jpeg.length / 2), [])).rejects.toMatchObject({ kind: 'truncated' });
  });

  test('a run-length coded BMP', async () => {
    const coded = buildBmp({ bits: 8, compression: 1, width: 40, height: 40, pixel: () => 1 });
    const plan = planPreparation(await pixels.describe(coded));
    if (plan.kind === 'refused') throw new Error(plan.reason);
    await expect(pixels.prepare(coded, plan.steps)).rejects.toMatchObject({ kind: 'unsupported' });
  });
});
