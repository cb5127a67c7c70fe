import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceOfBytes } from '../../src/pixels/byteSource.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import type { ImageFormat } from '../../src/pixels/format.ts';
import { verifyPicture } from '../../src/pixels/integrity.ts';
import { bareParts, joined } from '../../src/pixels/metadata/bare.ts';
import { chunk } from '../../src/pixels/png.ts';
import { mutations } from './arbitraries.ts';
import { buildBmp } from './buildBmp.ts';
import { marked } from './marked.ts';
import { asSharp, cases, mutate, opaque, sharpSamples } from './samples.ts';

const WORKER = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));
const SIZE = { width: 331, height: 253 };
const XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- secret --></x:xmpmeta>';

let pixels: Pixels;
let withoutWorker: Pixels;
beforeAll(() => {
  pixels = createPixels(WORKER);
  withoutWorker = createPixels('/nowhere/pixels.cjs');
});
afterAll(() => {
  pixels.dispose();
  withoutWorker.dispose();
});

const telling = (image: Sharp): Sharp =>
  image
    .withExif({ IFD0: { Artist: 'secret' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 8/1 0/1' } })
    .withXmp(XMP)
    .withIccProfile('p3')
    .withDensity(144);

const segment = (marker: number, body: string): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]),
    Buffer.from(body, 'latin1'),
  ]);

/** Files that need no step, with everything in them that a file can tell besides its picture. */
const tellers: Record<string, () => Promise<Buffer>> = {
  async 'a JPEG'() {
    const jpeg = await telling(asSharp(marked(SIZE)))
      .jpeg({ progressive: true })
      .toBuffer();
    return jpegSaying(jpeg);
  },
  async 'a JPEG of one scan'() {
    return jpegSaying(
      await telling(asSharp(marked(SIZE)))
        .jpeg()
        .toBuffer(),
    );
  },
  async 'a PNG'() {
    const png = await telling(asSharp(marked(SIZE)))
      .png()
      .toBuffer();
    return Buffer.concat([
      png.subarray(0, 33),
      chunk('tEXt', Buffer.from('Comment\0secret')),
      chunk('zTXt', Buffer.from('Comment\0\0secret')),
      chunk('tIME', Buffer.from([7, 234, 1, 2, 3, 4, 5])),
      chunk('caBX', Buffer.from('secret')),
      chunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f])),
      png.subarray(33, -12),
      chunk('iTXt', Buffer.from('Comment\0\0\0\0\0secret')),
      png.subarray(-12),
      Buffer.from('secret'),
    ]);
  },
  async 'a palette PNG'() {
    return telling(asSharp(marked(SIZE)))
      .png({ palette: true })
      .toBuffer();
  },
  async 'a WebP'() {
    return webpSaying(
      await telling(asSharp(marked(SIZE)))
        .webp({ lossless: true })
        .toBuffer(),
    );
  },
};

/** Segments of many kinds at the start, comments between the scans, a thumbnail in JFIF, and a picture behind. */
function jpegSaying(jpeg: Buffer): Buffer {
  const scan = jpeg.lastIndexOf(Buffer.from('ffc4', 'hex'));
  const tables = scan > jpeg.indexOf(Buffer.from('ffda', 'hex')) ? scan : jpeg.indexOf(Buffer.from('ffdb', 'hex'));
  return Buffer.concat([
    jpeg.subarray(0, 2),
    segment(0xe0, 'JFIF\0\x01\x02\x01\0\x90\0\x90\x01\x01sec'),
    segment(0xe0, 'JFXX\0secret'),
    segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0secret'),
    segment(0xe2, 'MPF\0secret'),
    segment(0xeb, 'JP\0\x01secret'),
    segment(0xed, 'Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0b\x1c\x02\x78\0\x06secret\0'),
    segment(0xef, 'secret'),
    segment(0xfe, 'secret'),
    Buffer.from('stray secret'),
    jpeg.subarray(2, tables),
    segment(0xfe, 'secret'),
    jpeg.subarray(tables),
    jpeg,
  ]);
}

function webpSaying(webp: Buffer): Buffer {
  const extra = Buffer.concat([Buffer.from('note\x06\0\0\0', 'latin1'), Buffer.from('secret')]);
  const whole = Buffer.concat([webp, extra, Buffer.from('secret')]);
  whole.writeUInt32LE(webp.length + extra.length - 8, 4);
  return whole;
}

async function rawOf(bytes: Uint8Array, failOn: 'warning' | 'error'): Promise<Buffer> {
  return sharp(bytes, { failOn }).toColourspace('srgb').raw().toBuffer();
}

/** The same picture to the bit, saying nothing else. */
async function expectBare(bytes: Uint8Array, from: Uint8Array): Promise<void> {
  const [theirs, before] = [await sharp(bytes).metadata(), await sharp(from).metadata()];
  const { exif, xmp, iptc, comments, icc, format, width, height, space, hasAlpha } = theirs;
  expect([exif, xmp, iptc, comments]).toEqual([undefined, undefined, undefined, undefined]);
  expect({ format, width, height, space, hasAlpha }).toEqual({
    format: before.format,
    width: before.width,
    height: before.height,
    space: before.space,
    hasAlpha: before.hasAlpha,
  });
  expect(icc === before.icc || icc!.equals(before.icc!)).toBe(true);
  expect((await rawOf(bytes, 'warning')).equals(await rawOf(from, 'error'))).toBe(true);
  await expect(verifyPicture(sourceOfBytes(bytes))).resolves.toMatchObject({ trailingBytes: 0 });
}

describe('what is sent of a picture that needs no step', () => {
  test.each(Object.entries(tellers))(
    '%s: its picture to the bit, and nothing of where and by whom',
    async (_name, make) => {
      const source = await make();
      expect((await sharp(source).metadata()).exif?.includes('secret')).toBe(true);
      const kept = Buffer.from(source);
      for (const maker of [pixels, withoutWorker]) {
        const { bytes, facts, steps } = await maker.prepare(source, []);
        expect(steps).toEqual([]);
        expect(facts).toMatchObject({ ...SIZE, byteLength: bytes.length, hasAlpha: false });
        const text = Buffer.from(bytes).toString('latin1');
        for (const left of ['secret', 'Exif', 'JFXX', 'xmpmeta', 'Photoshop'])
          expect(text.includes(left), left).toBe(false);
        await expectBare(bytes, source);
      }
      // The answer is brought back to the source with all it says.
      expect(source.equals(kept)).toBe(true);
      const back = await pixels.bringBack(await asSharp(marked(SIZE)).png().toBuffer(), source);
      expect((await sharp(back.bytes).metadata()).exif?.includes('secret')).toBe(true);
    },
  );

  test('inks are still told by their Adobe marker', async () => {
    const jpeg = await asSharp(marked(SIZE))
      .toColourspace('cmyk')
      .withExif({ IFD0: { Artist: 'secret' } })
      .jpeg()
      .toBuffer();
    const bare = joined(bareParts(jpeg, 'jpeg'), jpeg);
    expect(Buffer.from(bare).includes('Adobe')).toBe(true);
    await expectBare(bare, jpeg);
  });

  test('the very same array where a file says nothing', async () => {
    const files: [ImageFormat, Buffer][] = [
      ['jpeg', await asSharp(marked(SIZE)).jpeg().toBuffer()],
      ['jpeg', await asSharp(marked(SIZE)).withIccProfile('p3').jpeg({ progressive: true }).toBuffer()],
      ['png', await asSharp(marked(SIZE)).withIccProfile('p3').png().toBuffer()],
      ['png', await asSharp(marked(SIZE)).png({ palette: true }).toBuffer()],
      ['webp', await asSharp(marked(SIZE)).withIccProfile('p3').webp().toBuffer()],
      ['webp', await asSharp(marked(SIZE)).webp({ lossless: true }).toBuffer()],
      ['bmp', buildBmp({ bits: 24, width: 300, height: 260, pixel: () => 0 })],
    ];
    for (const [format, bytes] of files) {
      expect(joined(bareParts(bytes, format), bytes), format).toBe(bytes);
      expect((await pixels.prepare(bytes, [])).bytes, format).toBe(bytes);
      expect((await withoutWorker.prepare(bytes, [])).bytes, format).toBe(bytes);
    }
  });

  test('a JPEG with padding before its markers stays as it is', async () => {
    const jpeg = await asSharp(marked(SIZE)).jpeg().toBuffer();
    const padded = Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xff]), jpeg.subarray(2)]);
    expect(joined(bareParts(padded, 'jpeg'), padded)).toBe(padded);
  });

  test('half a file is refused, with an engine or without', async () => {
    for (const make of Object.values(tellers)) {
      const bytes = await make();
      const half = bytes.subarray(0, bytes.length / 3);
      for (const maker of [pixels, withoutWorker])
        await expect(maker.prepare(half, [])).rejects.toMatchObject({ kind: 'truncated' });
    }
  });
});

test('any file that is found whole can be taken apart, and shows the same', async () => {
  const samples = [
    ...(await sharpSamples()),
    { format: 'jpeg' as const, bytes: jpegSaying(await telling(opaque()).jpeg({ progressive: true }).toBuffer()) },
    { format: 'webp' as const, bytes: webpSaying(await telling(opaque()).webp().toBuffer()) },
    { format: 'png' as const, bytes: await telling(opaque()).png().toBuffer() },
  ].filter(({ format }) => format !== 'gif');
  const counts = { whole: 0, same: 0 };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...samples), mutations, async ({ bytes: original }, changes) => {
      const bytes = mutate(original, changes);
      const found = await verifyPicture(sourceOfBytes(bytes)).catch(() => undefined);
      if (!found) return;
      counts.whole += 1;
      const bare = joined(bareParts(bytes, found.header.format), bytes);
      const { header, trailingBytes } = await verifyPicture(sourceOfBytes(bare));
      expect([header.width, header.height, trailingBytes]).toEqual([found.header.width, found.header.height, 0]);
      expect(joined(bareParts(bare, header.format), bare)).toBe(bare);
      const before = await rawOf(bytes, 'warning').catch(() => undefined);
      if (!before) return;
      counts.same += 1;
      expect((await rawOf(bare, 'warning')).equals(before)).toBe(true);
    }),
    { numRuns: cases(300) },
  );
  expect(counts.whole).toBeGreaterThan(cases(300) / 20);
  expect(counts.same).toBeGreaterThan(cases(300) / 60);
});
