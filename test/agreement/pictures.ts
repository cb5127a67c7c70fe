import sharp, { type Sharp } from 'sharp';
import type { ImageFacts } from '../../src/core/readyRequest.ts';
import { readHeaderOf } from '../../src/pixels/header.ts';
import { PixelError } from '../../src/pixels/pixelError.ts';

/** A real file, as the host finds it and as the service gets it. */
export interface Picture {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the host reads in its header; undefined where that is no picture, which the host then cannot attach. */
  readonly facts: ImageFacts | undefined;
  readonly dataUri: string;
}

/** Files by what is wrong with them, the key being the problem that core must find. */
export interface Pictures {
  readonly good: readonly Picture[];
  readonly bad: Readonly<
    Record<'format' | 'side' | 'ratio' | 'alpha' | 'alphaOfBmp' | 'unreadable' | 'heavy', readonly Picture[]>
  >;
  /** Exactly 20 MB, which is good but too large to be sent often. */
  readonly full: Picture;
}

const most = 20 * 1024 * 1024;
type Colour = { r: number; g: number; b: number; alpha?: number };

function drawn(width: number, height: number, background: Colour = { r: 90, g: 140, b: 40 }): Sharp {
  return sharp({ create: { width, height, channels: background.alpha === undefined ? 3 : 4, background } });
}

/** Makes every file; they are small but for the few of 20 MB. */
export async function makePictures(): Promise<Pictures> {
  const clear = { r: 90, g: 140, b: 40, alpha: 0.5 };
  const jpeg = await drawn(320, 240).jpeg().toBuffer();
  const png = await drawn(320, 260).png({ compressionLevel: 9 }).toBuffer();
  const small = await drawn(300, 300, clear).png({ palette: true }).toBuffer();
  const good = {
    'png.png': png,
    'grey.png': await drawn(260, 300).toColourspace('b-w').png().toBuffer(),
    'palette.png': await drawn(300, 300).png({ palette: true }).toBuffer(),
    '16bit.png': await drawn(250, 250).toColourspace('rgb16').png().toBuffer(),
    'interlaced.png': await drawn(250, 260).png({ progressive: true }).toBuffer(),
    'turned.png': withChunk(png, 'eXIf', exif(8)),
    'jpeg.jpg': jpeg,
    'progressive.jpg': await drawn(300, 400).jpeg({ progressive: true }).toBuffer(),
    'turned.jpg': await drawn(400, 300).jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    'mirrored.jpg': await drawn(400, 300).jpeg().withMetadata({ orientation: 2 }).toBuffer(),
    'lossy.webp': await drawn(300, 320).webp().toBuffer(),
    'lossless.webp': await drawn(320, 300).webp({ lossless: true }).toBuffer(),
    'turned.webp': await drawn(400, 300).webp().withMetadata({ orientation: 6 }).toBuffer(),
    'bottom-up.bmp': bmp(250, 250, { bits: 24 }),
    'top-down.bmp': bmp(250, -250, { bits: 24 }),
    'spare-byte.bmp': bmp(250, 250, { bits: 32 }),
    'least.jpg': jpegOf(jpeg, 240, 240),
    'most.jpg': jpegOf(jpeg, 8000, 8000),
    'widest.jpg': jpegOf(jpeg, 8000, 1000),
    'tallest.jpg': jpegOf(jpeg, 240, 1920),
  };
  const bad = {
    format: {
      'wide.gif': opaque(await drawn(320, 300).gif().toBuffer()),
      'high.gif': opaque(await drawn(300, 320).gif().toBuffer()),
    },
    side: {
      'narrow.jpg': jpegOf(jpeg, 239, 300),
      'low.jpg': jpegOf(jpeg, 300, 239),
      'dot.png': await drawn(1, 1).png().toBuffer(),
      'icon.png': await drawn(64, 64).png().toBuffer(),
      'wide.jpg': jpegOf(jpeg, 8001, 2000),
      'high.jpg': jpegOf(jpeg, 2000, 8001),
      'low.bmp': bmp(300, 239, { bits: 24 }),
      'narrow.webp': await drawn(239, 240).webp().toBuffer(),
      'narrow-when-upright.jpg': await drawn(300, 239).jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    },
    ratio: {
      'too-wide.jpg': jpegOf(jpeg, 1921, 240),
      'too-tall.jpg': jpegOf(jpeg, 240, 1921),
      'too-wide.png': await drawn(2200, 270).png().toBuffer(),
    },
    alpha: {
      'clear.png': await drawn(300, 300, clear).png().toBuffer(),
      'clear-grey.png': await drawn(300, 300, clear).toColourspace('b-w').png().toBuffer(),
      'clear-palette.png': small,
      'one-clear-colour.png': withChunk(png, 'tRNS', Buffer.alloc(6)),
      'clear.webp': await drawn(300, 300, clear).webp().toBuffer(),
      'clear-lossless.webp': await drawn(300, 300, clear).webp({ lossless: true }).toBuffer(),
    },
    alphaOfBmp: { 'clear.bmp': bmp(250, 250, { bits: 32, alphaMask: 0xff000000 }) },
    unreadable: {
      'note.txt': Buffer.from('This is no picture at all, whatever its name says.'),
      'cut.png': png.subarray(0, 20),
      'cut.jpg': jpeg.subarray(0, 30),
      'picture.avif': await drawn(300, 300).avif().toBuffer(),
      'drawing.svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>'),
      'empty.png': Buffer.alloc(0),
    },
    heavy: { 'heavy.jpg': padded(jpeg, most + 1) },
  };
  return {
    good: Object.entries(good).map(aPicture),
    bad: {
      format: Object.entries(bad.format).map(aPicture),
      side: Object.entries(bad.side).map(aPicture),
      ratio: Object.entries(bad.ratio).map(aPicture),
      alpha: Object.entries(bad.alpha).map(aPicture),
      alphaOfBmp: Object.entries(bad.alphaOfBmp).map(aPicture),
      unreadable: Object.entries(bad.unreadable).map(aPicture),
      heavy: Object.entries(bad.heavy).map(aPicture),
    },
    full: aPicture(['full.jpg', padded(jpeg, most)]),
  };
}

function aPicture([name, bytes]: readonly [string, Uint8Array]): Picture {
  const facts = factsOf(bytes);
  return {
    name,
    bytes,
    facts,
    dataUri: `data:image/${facts?.format ?? 'png'};base64,${Buffer.from(bytes).toString('base64')}`,
  };
}

/** As the host measures a file, with the header reader of src/pixels. */
function factsOf(bytes: Uint8Array): ImageFacts | undefined {
  try {
    const { format, uprightWidth: width, uprightHeight: height, hasAlpha } = readHeaderOf(bytes);
    return { format, width, height, hasAlpha, byteLength: bytes.byteLength };
  } catch (error) {
    if (error instanceof PixelError) return undefined;
    throw error;
  }
}

/** The same JPEG with other sides in its frame header. */
function jpegOf(jpeg: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(jpeg);
  for (let at = 2; at + 4 < copy.length; at += 2 + copy.readUInt16BE(at + 2)) {
    if (copy[at + 1] !== 0xc0) continue;
    copy.writeUInt16BE(height, at + 5);
    copy.writeUInt16BE(width, at + 7);
    return copy;
  }
  throw new Error('the JPEG has no baseline frame');
}

function padded(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
}

/** The same PNG with one chunk more after its header. Readers of headers do not look at the sum. */
function withChunk(png: Buffer, name: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(name, 4, 'latin1');
  data.copy(chunk, 8);
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

/** The same GIF without its transparent colour. */
function opaque(gif: Buffer): Buffer {
  const copy = Buffer.from(gif);
  const control = copy.indexOf(Buffer.from([0x21, 0xf9, 0x04]));
  if (control >= 0) copy[control + 3] = (copy[control + 3] ?? 0) & 0xfe;
  return copy;
}

/** A TIFF block that holds nothing but an orientation. */
function exif(orientation: number): Buffer {
  const block = Buffer.alloc(26);
  block.write('MM\0*', 0, 'latin1');
  block.writeUInt32BE(8, 4);
  block.writeUInt16BE(1, 8);
  block.writeUInt16BE(0x0112, 10);
  block.writeUInt16BE(3, 12);
  block.writeUInt32BE(1, 14);
  block.writeUInt16BE(orientation, 18);
  return block;
}

/** A BMP with a V4 header where it has an alpha mask, a plain one otherwise; its pixels end early, so that it is quickly read. A negative height runs from the top. */
function bmp(width: number, height: number, { bits, alphaMask }: { bits: 24 | 32; alphaMask?: number }): Buffer {
  const header = alphaMask === undefined ? 40 : 108;
  const row = Math.ceil((width * bits) / 32) * 4;
  const file = Buffer.alloc(14 + header + row);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(14 + header + row * Math.abs(height), 2);
  file.writeUInt32LE(14 + header, 10);
  file.writeUInt32LE(header, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  if (alphaMask !== undefined) {
    file.writeUInt32LE(3, 30);
    for (const [index, mask] of [0xff0000, 0xff00, 0xff, alphaMask].entries()) file.writeUInt32LE(mask, 54 + index * 4);
  }
  return file;
}
