import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ImageHeader, readHeader, readHeaderOf } from '../../src/pixels/header.ts';
import { PixelError } from '../../src/pixels/pixelError.ts';
import { mutations, oneOf } from './arbitraries.ts';
import { buildBmp } from './buildBmp.ts';
import { cases, countingSource, HEIGHT, mutate, opaque, type Sample, sharpSamples, WIDTH } from './samples.ts';

let samples: Sample[];
beforeAll(async () => {
  samples = await sharpSamples();
});

describe('on whole files', () => {
  test('says what sharp says', async () => {
    for (const { name, bytes } of samples) {
      const theirs = await sharp(bytes).metadata();
      const ours = readHeaderOf(bytes);
      const expected: Partial<ImageHeader> = {
        format: theirs.format as ImageHeader['format'],
        width: theirs.width,
        height: theirs.height,
        orientation: (theirs.orientation ?? 1) as ImageHeader['orientation'],
        animated: (theirs.pages ?? 1) > 1,
        uprightWidth: theirs.autoOrient.width,
        uprightHeight: theirs.autoOrient.height,
      };
      // sharp goes by all frames of a GIF, we by the one that is shown first.
      if (name !== 'gif animated') expected.hasAlpha = theirs.hasAlpha;
      expect(ours, name).toMatchObject(expected);
    }
  });

  test('the same whether the bytes are in memory or read in pieces', async () => {
    for (const { name, bytes } of samples)
      expect(await readHeader(countingSource(bytes)), name).toEqual(readHeaderOf(bytes));
  });

  test('bits a sample', () => {
    const bits = Object.fromEntries(samples.map(({ name, bytes }) => [name, readHeaderOf(bytes).bitsPerSample]));
    expect(bits).toMatchObject({ 'png rgb': 8, 'png 16 bit': 16, 'jpeg baseline': 8, 'webp lossy': 8 });
  });

  test.each([
    ['24 bit', { bits: 24 } as const, false],
    ['OS/2', { bits: 24, headerSize: 12 } as const, false],
    ['top-down', { bits: 32, topDown: true } as const, false],
    [
      'V3 without alpha mask',
      { bits: 32, headerSize: 52, compression: 3, masks: [0xff0000, 0xff00, 0xff] } as const,
      false,
    ],
    [
      'V5 with alpha mask',
      { bits: 32, headerSize: 124, compression: 3, masks: [0xff0000, 0xff00, 0xff, 0xff000000] } as const,
      true,
    ],
    [
      'alpha bit fields behind the header',
      { bits: 32, compression: 6, masks: [0xff0000, 0xff00, 0xff, 0xff000000] } as const,
      true,
    ],
  ])('a BMP: %s', (_name, plan, hasAlpha) => {
    const bytes = buildBmp({ ...plan, width: 5, height: 3, pixel: () => 0 });
    expect(readHeaderOf(bytes)).toMatchObject({
      format: 'bmp',
      width: 5,
      height: 3,
      hasAlpha,
      animated: false,
      orientation: 1,
    });
  });
});

describe('reads little', () => {
  test('4 KB of most files, 64 KB at most', async () => {
    for (const { name, bytes } of samples) {
      const source = countingSource(bytes);
      await readHeader(source);
      expect(source.bytesRead, name).toBeLessThanOrEqual(8192);
    }
  });

  test('a JPEG of 20 MB with a long row of segments before its frame', async () => {
    const jpeg = samples.find(({ name }) => name === 'jpeg orientation 6')!.bytes;
    const segment = Buffer.alloc(65537);
    segment.writeUInt16BE(0xffe2, 0);
    segment.writeUInt16BE(65535, 2);
    const long = Buffer.concat([jpeg.subarray(0, 2), ...Array.from({ length: 300 }, () => segment), jpeg.subarray(2)]);
    const source = countingSource(long);
    expect(await readHeader(source)).toMatchObject({ width: WIDTH, height: HEIGHT, orientation: 6 });
    expect(source.bytesRead).toBeLessThanOrEqual(65536);
  });

  test('a WebP whose EXIF lies behind 20 MB', async () => {
    const webp = samples.find(({ name }) => name === 'webp orientation 8')!.bytes;
    const at = webp.indexOf('EXIF');
    const filler = Buffer.alloc(20_000_008);
    filler.write('JUNK', 'latin1');
    filler.writeUInt32LE(20_000_000, 4);
    const source = countingSource(Buffer.concat([webp.subarray(0, at), filler, webp.subarray(at)]));
    expect(await readHeader(source)).toMatchObject({ orientation: 8, uprightWidth: HEIGHT });
    expect(source.bytesRead).toBeLessThanOrEqual(8192);
  });

  test('a GIF whose first frame is large is judged by its loop extension', async () => {
    const block = Buffer.alloc(256, 0x55);
    block[0] = 255;
    const frame = Buffer.concat([
      Buffer.from('2c00000000090009000008', 'hex'),
      ...Array.from({ length: 40_000 }, () => block),
      Buffer.from([0]),
    ]);
    const screen = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([9, 0, 9, 0, 0, 0, 0])]);
    const loop = Buffer.from('21ff0b4e45545343415045322e300301000000', 'hex');
    const still = countingSource(Buffer.concat([screen, frame, Buffer.from([0x3b])]));
    expect(await readHeader(still)).toMatchObject({ width: 9, animated: false, hasAlpha: false });
    expect(still.bytesRead).toBeLessThanOrEqual(65536);
    expect(readHeaderOf(Buffer.concat([screen, loop, frame, frame, Buffer.from([0x3b])])).animated).toBe(true);
  });
});

describe('on hostile bytes', () => {
  test('no bytes, and bytes of no picture', () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('B'),
      Buffer.from('BM and so on, a text'),
      Buffer.from('<svg/>'),
      Buffer.alloc(5000),
    ]) {
      expect(() => readHeaderOf(bytes)).toThrow(expect.objectContaining({ name: 'PixelError', kind: 'not-an-image' }));
    }
  });

  test('an orientation is one whole number of any type; several values say nothing', async () => {
    const jpeg = Buffer.from(samples.find(({ name }) => name === 'jpeg orientation 6')!.bytes);
    const tag = jpeg.indexOf(Buffer.from('12010300', 'hex'));
    for (const type of [1, 3, 4, 6, 8, 9]) {
      jpeg[tag + 2] = type;
      expect(readHeaderOf(jpeg).orientation, `type ${type}`).toBe(6);
      expect((await sharp(jpeg).metadata()).orientation, `type ${type}, sharp`).toBe(6);
    }
    jpeg[tag + 2] = 2;
    expect(readHeaderOf(jpeg).orientation).toBe(1);
    jpeg[tag + 2] = 3;
    jpeg[tag + 7] = 1;
    expect(readHeaderOf(jpeg).orientation).toBe(1);
  });

  test('a WebP with one frame is no animation, and one whose first frame leaves its canvas bare has alpha', () => {
    const webp = samples.find(({ name }) => name === 'webp animated')!.bytes;
    expect(readHeaderOf(webp)).toMatchObject({ animated: true, hasAlpha: false });
    const [first, second, third] = [webp.indexOf('ANMF'), webp.indexOf('ANMF', 60), webp.lastIndexOf('ANMF')];
    expect(first < second && second < third).toBe(true);
    const still = Buffer.from(webp);
    for (const at of [second, third]) still.write('note', at, 'latin1');
    expect(readHeaderOf(still)).toMatchObject({ animated: false, hasAlpha: false });
    const moved = Buffer.from(webp);
    moved[first + 8] = 1;
    const larger = Buffer.from(webp);
    larger[24]! += 1;
    for (const bare of [moved, larger]) expect(readHeaderOf(bare)).toMatchObject({ animated: true, hasAlpha: true });
  });

  test('an animated PNG is told by acTL', async () => {
    const png = await opaque().png().toBuffer();
    const actl = Buffer.alloc(20);
    actl.writeUInt32BE(8, 0);
    actl.write('acTL', 4, 'latin1');
    actl.writeUInt32BE(3, 8);
    actl.writeUInt32BE(crc32(actl.subarray(4, 16)), 16);
    expect(readHeaderOf(Buffer.concat([png.subarray(0, 33), actl, png.subarray(33)])).animated).toBe(true);
  });

  test('a beginning of a file is truncated or already enough, at every length', () => {
    const odd: string[] = [];
    for (const { name, bytes } of samples) {
      const whole = readHeaderOf(bytes);
      for (let length = 0; length < Math.min(bytes.length, 700); length++) {
        const found = outcome(() => readHeaderOf(bytes.subarray(0, length)));
        const isRight =
          typeof found === 'string'
            ? found === 'truncated' || (found === 'not-an-image' && length < 12)
            : found.width === whole.width && found.height === whole.height && found.format === whole.format;
        if (!isRight) odd.push(`${name} at ${length}: ${JSON.stringify(found)}`);
      }
    }
    expect(odd).toEqual([]);
  });

  test('random bytes behind each signature end in a PixelError or a header, after few reads', async () => {
    const signature = fc.constantFrom(
      '89504e470d0a1a0a0000000d49484452',
      'ffd8ff',
      'ffd8ffe1',
      '52494646ffffffff57454250',
      '474946383961',
      '424d',
      '',
    );
    await fc.assert(
      fc.asyncProperty(signature, fc.uint8Array({ maxLength: 3000, size: 'max' }), async (start, rest) => {
        await expectTame(Buffer.concat([Buffer.from(start, 'hex'), rest]));
      }),
      { numRuns: cases(1500) },
    );
  });

  test('repeated small structures do not keep it busy', async () => {
    const emptySegments = Buffer.concat([
      Buffer.from('ffd8', 'hex'),
      Buffer.alloc(2_000_000, Buffer.from('ffe20002', 'hex')),
    ]);
    const fill = Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(2_000_000, 0xff)]);
    const emptyExtensions = Buffer.concat([
      Buffer.from('GIF89a'),
      Buffer.from([9, 0, 9, 0, 0, 0, 0]),
      Buffer.alloc(2_000_000, Buffer.from('21fe00', 'hex')),
    ]);
    for (const bytes of [emptySegments, fill, emptyExtensions]) await expectTame(bytes);
  });

  test('after mutation it says the same of bytes in memory and in pieces, after few reads', async () => {
    await fc.assert(
      fc.asyncProperty(oneOf(samples), mutations, async (sample, changes) => {
        await expectTame(mutate(sample.bytes, changes));
      }),
      { numRuns: cases(1500) },
    );
  });
});

/** Either a plausible header or a PixelError, the same in memory and in pieces, within the promised reads. */
async function expectTame(bytes: Uint8Array): Promise<ImageHeader | undefined> {
  const source = countingSource(bytes);
  const fromMemory = outcome(() => readHeaderOf(bytes));
  const inPieces = await readHeader(source).catch(kindOf);
  expect(inPieces).toEqual(fromMemory);
  if (source.bytesRead > 65536 || source.reads > 2048)
    expect.fail(`${source.bytesRead} bytes in ${source.reads} reads`);
  if (typeof fromMemory === 'string') return undefined;
  const { width, height, orientation } = fromMemory;
  if (width < 1 || height < 1 || orientation < 1 || orientation > 8) expect.fail(JSON.stringify(fromMemory));
  return fromMemory;
}

function outcome(work: () => ImageHeader): ImageHeader | string {
  try {
    return work();
  } catch (error) {
    return kindOf(error);
  }
}

function kindOf(error: unknown): string {
  if (error instanceof PixelError) return error.kind;
  throw error;
}
