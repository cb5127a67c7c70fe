import sharp, { type Sharp } from 'sharp';
import type { Size } from '../../src/core/size.ts';
import { buildBmp, packed } from './buildBmp.ts';
import { marked, stored } from './marked.ts';
import { asSharp } from './samples.ts';

/** A file that the service would not take, or that is easily taken wrongly. Its markers are where `boxesOf(size)` says. */
export interface HardFile {
  name: string;
  bytes: Buffer;
  /** As seen. */
  size: Size;
  /** The steps that its preparation takes. */
  steps: string;
}

/** Large enough to need nothing, small enough to be quick. */
const GOOD = { width: 331, height: 253 };
const ICON = { width: 64, height: 64 };
const SMALL = { width: 90, height: 70 };
/** Not much less than 8:1, since many pixels only take time. */
const WIDE = { width: 9000, height: 1207 };

const FINE = { quality: 95, chromaSubsampling: '4:4:4' };

const turnedWithAlpha = (orientation: number): Sharp =>
  asSharp(stored(marked(GOOD, 4), orientation)).withMetadata({ orientation });

/** Inks as a file stores them that is turned, without a word of it. */
const inks = (orientation: number): Promise<Buffer> =>
  asSharp(stored(marked(GOOD), orientation))
    .toColourspace('cmyk')
    .jpeg(FINE)
    .toBuffer();

/** With the EXIF segment that sharp has put first in another JPEG: sharp writes no inks and orientation together. */
async function withExifOf(other: Buffer, jpeg: Promise<Buffer>): Promise<Buffer> {
  const bytes = await jpeg;
  return Buffer.concat([bytes.subarray(0, 2), other.subarray(2, 4 + other.readUInt16BE(4)), bytes.subarray(2)]);
}

/** Every kind of file that is to be prepared right, each painted and written by sharp or built by hand. */
export async function hardFiles(): Promise<HardFile[]> {
  const good = () => asSharp(marked(GOOD));
  const files: HardFile[] = [];
  const add = async (
    name: string,
    steps: string,
    bytes: Buffer | Promise<Buffer>,
    size: Size = GOOD,
  ): Promise<void> => {
    files.push({ name, steps, bytes: await bytes, size });
  };
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const steps = orientation === 1 ? '' : 'upright';
    const tagged = () => asSharp(stored(marked(GOOD), orientation)).withMetadata({ orientation });
    await add(`JPEG of orientation ${orientation}`, steps, tagged().jpeg(FINE).toBuffer());
    if (orientation % 3 === 0)
      await add(`WebP of orientation ${orientation}`, steps, tagged().webp({ lossless: true }).toBuffer());
    if (orientation === 5)
      await add('CMYK JPEG of orientation 5', 'upright convert', withExifOf(await tagged().jpeg().toBuffer(), inks(5)));
    if (orientation === 8)
      await add(
        'WebP with alpha of orientation 8',
        'upright flatten',
        turnedWithAlpha(8).webp({ quality: 90 }).toBuffer(),
      );
    if (orientation === 6)
      await add('TIFF of orientation 6', 'upright convert', tagged().tiff({ compression: 'lzw' }).toBuffer());
  }
  await add('PNG with alpha', 'flatten', asSharp(marked(GOOD, 4)).png().toBuffer());
  await add('WebP with alpha', 'flatten', asSharp(marked(GOOD, 4)).webp({ quality: 90 }).toBuffer());
  await add('icon of 64 pixels with alpha', 'flatten enlarge', asSharp(marked(ICON, 4)).png().toBuffer(), ICON);
  await add('JPEG of 9,000 pixels', 'shrink', asSharp(marked(WIDE)).jpeg().toBuffer(), WIDE);
  await add('PNG of 9,000 pixels', 'shrink', asSharp(marked(WIDE)).png({ compressionLevel: 1 }).toBuffer(), WIDE);
  const heavy = { width: 3000, height: 2900 };
  await add('PNG of 25 MB', 'shrink', asSharp(marked(heavy)).png({ compressionLevel: 0 }).toBuffer(), heavy);
  await add('CMYK JPEG', 'convert', good().toColourspace('cmyk').jpeg(FINE).toBuffer());
  await add('16-bit PNG', 'convert', good().toColourspace('rgb16').png().toBuffer());
  await add('palette PNG', '', good().png({ palette: true }).toBuffer());
  await add('palette PNG with transparency', 'flatten', asSharp(marked(GOOD, 4)).png({ palette: true }).toBuffer());
  await add('PNG with a wide colour profile', '', good().withIccProfile('p3').png().toBuffer());
  const frames = [await good().png().toBuffer(), await good().negate().png().toBuffer()];
  // The writer marks an unused colour as transparent, and the header can only say so.
  await add(
    'animated GIF',
    'first-frame flatten convert',
    sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer(),
  );
  await add(
    'animated WebP',
    'first-frame',
    sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer(),
  );
  await add('TIFF', 'convert', good().tiff({ compression: 'deflate' }).toBuffer());
  await add('CMYK TIFF', 'convert', good().toColourspace('cmyk').tiff().toBuffer());
  await add('AVIF', 'convert', good().avif({ effort: 0, quality: 90, chromaSubsampling: '4:4:4' }).toBuffer());
  await add('SVG', 'flatten enlarge convert', svgMarked({ width: 60, height: 40 }), { width: 60, height: 40 });
  const raster = marked(GOOD);
  const plan = { ...GOOD, bits: 24, pixel: (x: number, y: number) => packed(raster, x, y) } as const;
  await add('BMP top-down', '', buildBmp({ ...plan, topDown: true }));
  await add('BMP of OS/2', '', buildBmp({ ...plan, headerSize: 12 }));
  const small = marked(SMALL);
  const tiny = { ...SMALL, bits: 24, pixel: (x: number, y: number) => packed(small, x, y) } as const;
  await add('small BMP of OS/2', 'enlarge convert', buildBmp({ ...tiny, headerSize: 12 }), SMALL);
  await add('small BMP top-down', 'enlarge convert', buildBmp({ ...tiny, topDown: true }), SMALL);
  return files;
}

function svgMarked(size: Size): Buffer {
  const { width, height } = size;
  const raster = marked(size);
  const rectangles: string[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue] = raster.data.subarray((y * width + x) * 3);
      if (red !== green || green !== blue)
        rectangles.push(
          `<rect x="${x}" y="${y}" width="1" height="1" fill="rgb(${red},${green},${blue})" shape-rendering="crispEdges"/>`,
        );
    }
  }
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${rectangles.join('')}</svg>`,
  );
}
