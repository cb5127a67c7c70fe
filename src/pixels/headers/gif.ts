import { PixelError } from '../pixelError.ts';
import type { FoundHeader } from '../header.ts';
import { needPixels, type Reading, type Window } from './window.ts';

const IMAGE = 0x2c;
const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;
const APPLICATION = 0xff;

/** What the blocks up to the second image say. */
interface Blocks {
  hasAlpha: boolean;
  animated: boolean;
  first: FirstImage;
}

/** Where the first image lies on the screen; right and bottom are exclusive. */
interface FirstImage {
  isAtOrigin: boolean;
  right: number;
  bottom: number;
}

/** Reads the screen size, then walks blocks until a second image or the end shows whether the picture moves. */
export function* gifHeader(window: Window): Reading<FoundHeader> {
  const head = yield* window.bytes(6, 7);
  const bitsPerSample = (head.getUint8(4) & 7) + 1;
  const blocks = yield* walkBlocks(window, 13 + colourTable(head.getUint8(4)));
  // Like browsers: a first image that reaches past the screen widens it.
  const width = Math.max(head.getUint16(0, true), blocks.first.right);
  const height = Math.max(head.getUint16(2, true), blocks.first.bottom);
  needPixels(width, height);
  const covers = blocks.first.isAtOrigin && blocks.first.right === width && blocks.first.bottom === height;
  return {
    format: 'gif',
    width,
    height,
    orientation: 1,
    hasAlpha: blocks.hasAlpha || !covers,
    animated: blocks.animated,
    bitsPerSample,
  };
}

function* walkBlocks(window: Window, at: number): Reading<Blocks> {
  let hasAlpha = false;
  let looksAnimated = false;
  let first: FirstImage | undefined;
  while (at < window.size) {
    const kind = (yield* window.bytes(at, 1)).getUint8(0);
    if (kind === IMAGE) {
      // A mark of an image without its description is none.
      if (first) return { hasAlpha, animated: at + 10 <= window.size, first };
      const image = yield* window.bytes(at + 1, 9);
      first = firstImage(image);
      at += 11 + colourTable(image.getUint8(8));
    } else if (kind === EXTENSION) {
      const view = yield* window.upTo(at + 1, 5);
      if (view[0] === GRAPHIC_CONTROL && !first) hasAlpha ||= ((view[2] ?? 0) & 1) === 1;
      if (view[0] === APPLICATION || (view[0] === GRAPHIC_CONTROL && ((view[3] ?? 0) | (view[4] ?? 0)) !== 0))
        looksAnimated = true;
      at += 2;
    } else {
      // The trailer, or something unknown, at which decoders stop with what they have.
      break;
    }
    const after = yield* skipSubBlocks(window, at);
    // A large first image is not worth reading to its end for one bit of knowledge.
    if (after === undefined && first) return { hasAlpha, animated: looksAnimated, first };
    if (after === undefined) throw new PixelError('unsupported', 'a GIF whose first image lies behind too much else');
    at = after;
  }
  if (!first) throw new PixelError(at >= window.size ? 'truncated' : 'corrupt', 'a GIF without a picture');
  return { hasAlpha, animated: false, first };
}

function firstImage(descriptor: DataView): FirstImage {
  const left = descriptor.getUint16(0, true);
  const top = descriptor.getUint16(2, true);
  return {
    isAtOrigin: left === 0 && top === 0,
    right: left + descriptor.getUint16(4, true),
    bottom: top + descriptor.getUint16(6, true),
  };
}

/** The offset behind a chain of sub-blocks, or undefined where following it would read too much. */
function* skipSubBlocks(window: Window, at: number): Reading<number | undefined> {
  for (;;) {
    if (window.isNearlySpent) return undefined;
    const length = (yield* window.upTo(at, 1))[0];
    if (length === undefined) return at;
    at += 1 + length;
    if (length === 0) return at;
  }
}

/** Bytes of a colour table, from the packed flags that announce it. */
export function colourTable(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}
