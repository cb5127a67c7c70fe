import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import decodeIco from 'decode-ico';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leastContrast, mostOutside, type PackFile, packFiles, packIds, safeRadius } from '../../src/core/packs.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import { contrastOf, contrastRatio } from '../../src/pixels/contrast.ts';
import { encodeIco } from '../../src/pixels/ico.ts';
import type { Pack } from '../../src/pixels/packs.ts';
import type { Raster } from '../../src/pixels/raster.ts';
import { cases } from './samples.ts';

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url)));
});
afterAll(() => pixels.dispose());

const everyFile = packIds.flatMap((id) => packFiles[id]);

/** A drawing as a picture of pixels, written by a judge. */
const drawn = (svg: string, width = 600, height = width): Promise<Buffer> =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${svg}</svg>`))
    .png()
    .toBuffer();

const ground = (colour: string): string => `<rect width="100%" height="100%" fill="${colour}"/>`;
const bytesOf = (pack: Pack, name: string): Uint8Array => pack.files.find((file) => file.name === name)!.bytes;
const file = (name: string): PackFile => everyFile.find((each) => each.name === name)!;

async function pixelAt(bytes: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const at = (y * info.width + x) * info.channels;
  return [...data.subarray(at, at + info.channels)];
}

describe('an ICO', () => {
  const rasters = fc.array(fc.integer({ min: 1, max: 49 }), { minLength: 1, maxLength: 3 }).chain((sides) =>
    fc.tuple(
      ...sides.map((side) =>
        fc.record({
          width: fc.constant(side),
          height: fc.constant(side),
          channels: fc.constantFrom<3 | 4>(3, 4),
          data: fc.uint8Array({ minLength: side * side * 4, maxLength: side * side * 4 }),
        }),
      ),
    ),
  );

  test('holds every pixel of every size, as another reader sees it', () => {
    fc.assert(
      fc.property(rasters, (pictures) => {
        const exact = pictures.map((each): Raster => ({
          ...each,
          data: each.data.subarray(0, each.width * each.height * each.channels),
        }));
        const found = decodeIco(encodeIco(exact));
        const sorted = exact.toSorted((one, other) => one.width - other.width);
        expect(found.map(({ width }) => width)).toEqual(sorted.map(({ width }) => width));
        for (const [index, { channels, data, width }] of sorted.entries()) {
          for (let at = 0; at < width * width; at++) {
            const alpha = channels === 4 ? data[at * 4 + 3] : 255;
            const given = [...data.subarray(at * channels, at * channels + 3), alpha];
            const read = [...found[index]!.data.subarray(at * 4, at * 4 + 4)];
            // What is wholly transparent has no colour to speak of.
            if (alpha !== 0) expect(read).toEqual(given);
          }
        }
      }),
      { numRuns: cases(15) },
    );
  });

  test('is three pictures of 32 bits for ImageMagick', async (context) => {
    const pack = await pixels.makePack(await drawn(ground('#0a7')), packFiles.favicon, 'whole');
    const folder = mkdtempSync(join(tmpdir(), 'wan-ico-'));
    try {
      writeFileSync(join(folder, 'favicon.ico'), bytesOf(pack, 'favicon.ico'));
      const said = execFileSync('identify', ['-format', '%m %w %h\n', join(folder, 'favicon.ico')], {
        encoding: 'utf8',
      });
      expect(said.trim().split('\n')).toEqual(['ICO 16 16', 'ICO 32 32', 'ICO 48 48']);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      context.skip();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('every file of every pack', () => {
  test('has exactly its size and format, and no transparency where none may be, whatever the picture', async () => {
    const transparent = '<circle cx="300" cy="200" r="90" fill="#c22"/>';
    const pictures = [
      await drawn(`${ground('#eee')}<circle cx="300" cy="300" r="200" fill="#c22"/>`),
      await drawn(transparent, 600, 400),
      await drawn(`${ground('#123')}<rect x="10" y="10" width="9" height="9" fill="#fff"/>`, 40, 31),
      await sharp(await drawn(ground('#eee'), 3000, 700))
        .jpeg()
        .toBuffer(),
    ];
    for (const [index, picture] of pictures.entries()) {
      for (const shaping of ['striking', 'middle', 'whole'] as const) {
        if (index > 1 && shaping === 'middle') continue;
        const pack = await pixels.makePack(picture, everyFile, shaping);
        expect(pack.files.map(({ name }) => name)).toEqual(everyFile.map(({ name }) => name));
        for (const { name, bytes } of pack.files) {
          const { format, width, height, sizes, background } = file(name);
          if (sizes) {
            expect(decodeIco(bytes).map((each) => [each.width, each.height])).toEqual(
              sizes.map((side) => [side, side]),
            );
            continue;
          }
          const found = await sharp(bytes).metadata();
          expect(found, `${name} of picture ${index}, ${shaping}`).toMatchObject({ format, width, height });
          if (background === 'opaque') expect((await sharp(bytes).stats()).isOpaque, name).toBe(true);
          expect(found.exif ?? found.icc ?? found.xmp, name).toBeUndefined();
        }
        expect((await sharp(pack.sheet).metadata()).format).toBe('png');
      }
    }
  });

  test('keeps what is transparent, and puts what must be opaque on white', async () => {
    const picture = await drawn('<circle cx="300" cy="300" r="150" fill="#c22"/>');
    const pack = await pixels.makePack(picture, everyFile, 'whole');
    expect(await pixelAt(bytesOf(pack, 'icon-512.png'), 3, 3)).toEqual([0, 0, 0, 0]);
    expect(await pixelAt(bytesOf(pack, 'apple-touch-icon.png'), 3, 3)).toEqual([255, 255, 255]);
    expect(pack.ground).toBe('#FFFFFF');
  });

  test('is filled up with the colour of the border, so that no edge shows', async () => {
    const pack = await pixels.makePack(await drawn(ground('#204080')), packFiles.social, 'whole');
    const [red = 0, green = 0, blue = 0] = await pixelAt(bytesOf(pack, 'og-image.jpg'), 20, 315);
    expect(Math.hypot(red - 0x20, green - 0x40, blue - 0x80)).toBeLessThan(6);
  });

  test('shows what catches the eye, not the middle, where that is wanted', async () => {
    const picture = await drawn(
      `${ground('#dcdcdc')}<rect x="60" y="60" width="180" height="180" fill="#e01020"/><path d="M60 60L240 240" stroke="#fff" stroke-width="20"/>`,
      1200,
      300,
    );
    const mean = async (shaping: 'striking' | 'middle') => {
      const pack = await pixels.makePack(picture, [file('icon-192.png')], shaping);
      const { channels } = await sharp(bytesOf(pack, 'icon-192.png')).stats();
      return channels[1]!.mean;
    };
    expect(await mean('middle')).toBeGreaterThan(200);
    expect(await mean('striking')).toBeLessThan(190);
  });

  test('a small subject fills a favicon, whose even border goes', async () => {
    const picture = await drawn(`${ground('#fff')}<rect x="250" y="250" width="100" height="100" fill="#000"/>`);
    const pack = await pixels.makePack(picture, packFiles.favicon, 'whole');
    const small = decodeIco(bytesOf(pack, 'favicon.ico'))[0]!;
    const dark = Array.from({ length: 256 }, (_, at) => small.data[at * 4]!).filter((red) => red < 128).length;
    expect(dark).toBeGreaterThan(180);
  });

  test('pictures of few pixels are enlarged by whole squares', async () => {
    const picture = await sharp(Buffer.from([0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0]), {
      raw: { width: 2, height: 2, channels: 3 },
    })
      .png()
      .toBuffer();
    const pack = await pixels.makePack(picture, [file('icon-192.png')], 'whole');
    const { data } = await sharp(bytesOf(pack, 'icon-192.png')).raw().toBuffer({ resolveWithObject: true });
    expect([...new Set(data)].toSorted((a, b) => a - b)).toEqual([0, 255]);
  });
});

describe('the safe zone of a maskable icon', () => {
  const masked = [file('icon-maskable-512.png')];

  test('holds all but a fiftieth of what stands out of an even background, measured in the file', async () => {
    for (const shape of [
      '<circle cx="300" cy="300" r="230" fill="#c22"/>',
      '<rect x="40" y="40" width="520" height="520" fill="#c22"/>',
      '<path d="M300 20L580 580L20 580Z" fill="#c22"/>',
    ]) {
      const pack = await pixels.makePack(await drawn(ground('#fff') + shape), masked, 'whole');
      const { data, info } = await sharp(bytesOf(pack, masked[0]!.name)).raw().toBuffer({ resolveWithObject: true });
      let [all, outside] = [0, 0];
      for (let at = 0; at < 512 * 512; at++) {
        if (data[at * info.channels + 1]! > 200) continue;
        all += 1;
        const [x, y] = [(at % 512) + 0.5 - 256, Math.floor(at / 512) + 0.5 - 256];
        if (Math.hypot(x, y) > safeRadius * 512) outside += 1;
      }
      expect(pack.measures.maskable).toMatchObject({ kind: 'measured' });
      expect(outside / all).toBeLessThanOrEqual(mostOutside + 0.005);
      expect(all).toBeGreaterThan(20_000);
    }
  });

  test('leaves alone what keeps to it, and says where nothing can be told', async () => {
    const kept = await pixels.makePack(
      await drawn(`${ground('#fff')}<circle cx="300" cy="300" r="200" fill="#c22"/>`),
      masked,
      'whole',
    );
    expect(kept.measures.maskable).toEqual({ kind: 'measured', outside: 0, scale: 1 });
    const noise = Buffer.from(Array.from({ length: 300 * 300 * 3 }, (_, at) => ((at * 2_654_435_761) >>> 13) & 255));
    const photo = await sharp(noise, { raw: { width: 300, height: 300, channels: 3 } })
      .png()
      .toBuffer();
    expect((await pixels.makePack(photo, masked, 'whole')).measures.maskable).toEqual({ kind: 'no-background' });
  });
});

describe('contrast', () => {
  test('is that of WCAG, from 1 to 21, in any order', () => {
    const colour = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));
    expect(contrastRatio([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
    // The examples of the WCAG tools: #777 on white misses 4.5, #767676 keeps it.
    expect(contrastRatio([0x77, 0x77, 0x77], [255, 255, 255])).toBeLessThan(4.5);
    expect(contrastRatio([0x76, 0x76, 0x76], [255, 255, 255])).toBeGreaterThan(4.5);
    fc.assert(
      fc.property(colour, colour, (one, other) => {
        const ratio = contrastRatio(one, other);
        expect(ratio).toBeGreaterThanOrEqual(1);
        expect(ratio).toBeLessThanOrEqual(21.001);
        expect(contrastRatio(other, one)).toBe(ratio);
      }),
    );
  });

  test('tells an icon that is read at 16 pixels from one that is not', async () => {
    const contrast = async (svg: string) =>
      (await pixels.makePack(await drawn(svg), packFiles.favicon, 'whole')).measures.contrast!;
    const disc = (colour: string) => `<circle cx="300" cy="300" r="220" fill="${colour}"/>`;
    expect(await contrast(ground('#fff') + disc('#000'))).toBeGreaterThan(18);
    expect(await contrast(ground('#ffffff') + disc('#ccddcc'))).toBeLessThan(leastContrast);
    // Transparent: black is lost on a dark tab, a middle colour on none.
    expect(await contrast(disc('#000'))).toBeLessThan(leastContrast);
    expect(await contrast(disc('#5a78d2'))).toBeGreaterThan(leastContrast);
  });

  test('is 1 where nothing stands out', () => {
    const icon: Raster = { width: 16, height: 16, channels: 3, data: new Uint8Array(768).fill(90) };
    expect(contrastOf(icon, { colour: [90, 90, 90], hex: '#5A5A5A', common: [], evenness: 1, transparent: 0 })).toBe(1);
  });
});
