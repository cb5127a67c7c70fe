import { crc32, deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { extensionFor, mimeFor } from '../../src/pixels/format.ts';
import { sourceOfBytes } from '../../src/pixels/byteSource.ts';
import { verifyPicture } from '../../src/pixels/integrity.ts';
import { PixelError } from '../../src/pixels/pixelError.ts';
import { mutations, oneOf } from './arbitraries.ts';
import { buildBmp } from './buildBmp.ts';
import { cases, countingSource, HEIGHT, mutate, type Sample, sharpSamples, WIDTH } from './samples.ts';

let samples: Sample[];
beforeAll(async () => {
  const bmp = buildBmp({ bits: 24, width: WIDTH, height: HEIGHT, pixel: (x, y) => x * y });
  samples = [...(await sharpSamples()), { name: 'bmp', format: 'bmp', bytes: bmp }];
});

const verdict = async (bytes: Uint8Array): Promise<string> => {
  try {
    await verifyPicture(sourceOfBytes(bytes));
    return 'whole';
  } catch (error) {
    if (error instanceof PixelError) return error.kind;
    throw error;
  }
};

describe('a whole picture', () => {
  test('of every kind passes, read once', async () => {
    for (const { name, format, bytes } of samples) {
      const source = countingSource(bytes);
      const picture = await verifyPicture(source);
      expect(picture, name).toMatchObject({
        byteLength: bytes.length,
        trailingBytes: 0,
        header: { format, width: WIDTH, height: HEIGHT },
      });
      expect(source.bytesRead, name).toBeLessThanOrEqual(bytes.length + 8192);
    }
  });

  test('may be followed by other bytes, which are told', async () => {
    for (const { name, bytes } of samples) {
      const longer = Buffer.concat([bytes, Buffer.from('and more')]);
      expect((await verifyPicture(sourceOfBytes(longer))).trailingBytes, name).toBe(8);
    }
  });

  test('has the extension and media type of its format', () => {
    expect(extensionFor('jpeg')).toBe('jpg');
    expect(mimeFor('jpeg')).toBe('image/jpeg');
    expect([extensionFor('webp'), mimeFor('webp')]).toEqual(['webp', 'image/webp']);
  });
});

describe('a part of a picture', () => {
  test('is truncated, wherever it was cut', async () => {
    const odd: string[] = [];
    for (const { name, bytes } of samples) {
      for (let length = 0; length < bytes.length; length += 1 + Math.floor(bytes.length / 100)) {
        const found = await verdict(bytes.subarray(0, length));
        if (found !== 'truncated' && !(found === 'not-an-image' && length < 12))
          odd.push(`${name} at ${length} of ${bytes.length}: ${found}`);
      }
      const found = await verdict(bytes.subarray(0, -1));
      if (found !== 'truncated') odd.push(`${name} without its last byte: ${found}`);
    }
    expect(odd).toEqual([]);
  });

  test('is truncated where a source gives less than its size', async () => {
    const { bytes } = samples[0]!;
    const source = {
      size: bytes.length + 100,
      read: (offset: number, length: number) => Promise.resolve(bytes.subarray(offset, offset + length)),
    };
    await expect(
      verifyPicture({
        ...source,
        read: (offset, length) => source.read(offset, Math.min(length, bytes.length - 20 - offset)),
      }),
    ).rejects.toMatchObject({
      kind: 'truncated',
    });
  });
});

describe('a PNG', () => {
  const chunk = (type: string, body: Uint8Array): Buffer => {
    const whole = Buffer.concat([Buffer.alloc(4), Buffer.from(type, 'latin1'), body, Buffer.alloc(4)]);
    whole.writeUInt32BE(body.length, 0);
    whole.writeUInt32BE(crc32(whole.subarray(4, -4)), whole.length - 4);
    return whole;
  };
  const png = (pixels: Uint8Array[], { width = 4, height = 4, colour = 2, interlace = 0 } = {}): Buffer => {
    const ihdr = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, colour, 0, 0, interlace]);
    ihdr.writeUInt32BE(width, 0);
    ihdr.writeUInt32BE(height, 4);
    const signature = Buffer.from('89504e470d0a1a0a', 'hex');
    return Buffer.concat([
      signature,
      chunk('IHDR', ihdr),
      ...pixels.map((body) => chunk('IDAT', body)),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  };
  const rows = (bytes: number): Buffer => deflateSync(Buffer.alloc(bytes));

  test('has exactly the pixels that its header promises', async () => {
    expect(await verdict(png([rows(4 * 13)]))).toBe('whole');
    expect(await verdict(png([rows(4 * 13 - 1)]))).toBe('truncated');
    expect(await verdict(png([rows(4 * 13 + 1)]))).toBe('corrupt');
    expect(await verdict(png([rows(4 * 13).subarray(0, -6)]))).toBe('truncated');
    expect(await verdict(png([Buffer.from('not zlib')]))).toBe('corrupt');
    expect(await verdict(png([]))).toBe('corrupt');
    expect(await verdict(png([rows(4 * 5)], { colour: 3 }))).toBe('corrupt');
  });

  test('may have them in pieces of a byte, and something behind the end of the stream', async () => {
    const pixels = rows(4 * 13);
    expect(await verdict(png([...pixels].map((byte) => Buffer.from([byte]))))).toBe('whole');
    expect(await verdict(png([pixels, Buffer.alloc(300_000)]))).toBe('whole');
    expect(await verdict(png([Buffer.concat([pixels, Buffer.alloc(10)])]))).toBe('whole');
  });

  test('that is a bomb is refused without being inflated', async () => {
    const before = process.memoryUsage().rss;
    expect(await verdict(png([rows(400_000_000)]))).toBe('corrupt');
    expect(process.memoryUsage().rss - before).toBeLessThan(600_000_000);
    const started = performance.now();
    expect(await verdict(png([rows(1000)], { width: 60_000, height: 60_000 }))).toBe('whole'); // beyond what is inflated
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('with one wrong bit is refused, whichever it is', async () => {
    const { bytes } = samples.find(({ name }) => name === 'png palette with tRNS')!;
    const bits = bytes.length * 8;
    const odd: number[] = [];
    for (let bit = 0; bit < bits; bit += 37) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      if ((await verdict(changed)) === 'whole') odd.push(bit);
    }
    expect(odd).toEqual([]);
  });
});

describe('other formats', () => {
  test('a JPEG without scan, and one without end', async () => {
    const { bytes } = samples.find(({ name }) => name === 'jpeg progressive')!;
    expect(await verdict(bytes.subarray(0, -2))).toBe('truncated');
    expect(await verdict(Buffer.concat([bytes.subarray(0, 2), Buffer.from('ffd9', 'hex')]))).toBe('corrupt');
  });

  test('a WebP whose canvas is not its frame', async () => {
    const bytes = Buffer.from(samples.find(({ name }) => name === 'webp lossy with alpha')!.bytes);
    bytes[24]! += 1;
    expect(await verdict(bytes)).toBe('corrupt');
  });

  test('a run-length coded BMP has the length that it tells', async () => {
    const bytes = buildBmp({ bits: 8, palette: [[1, 2, 3]], compression: 1, width: 4, height: 4, pixel: () => 0 });
    bytes.writeUInt32LE(16, 34);
    expect(await verdict(bytes)).toBe('whole');
    expect(await verdict(bytes.subarray(0, -1))).toBe('truncated');
  });
});

test('mutated and random files end in a verdict', async () => {
  const random = fc.uint8Array({ maxLength: 500 });
  const kinds = ['whole', 'truncated', 'corrupt', 'not-an-image', 'unsupported'];
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.tuple(oneOf(samples), mutations).map(([{ bytes }, changes]) => mutate(bytes, changes)),
        random,
      ),
      async (bytes) => {
        expect(kinds).toContain(await verdict(bytes));
      },
    ),
    { numRuns: cases(1500) },
  );
});
