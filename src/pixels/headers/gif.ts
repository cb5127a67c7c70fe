import { PixelError } from '../pixelError.ts';
import type { FoundHeader } from '../header.ts';
import { needPixels, type Reading, type Window } from './window.ts';

const IMAGE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;
const APPLICATION = 0xff;

/** Reads the screen size, then walks blocks until a second image or the end shows whether the picture moves. */
export function* gifHeader(window: Window): Reading<FoundHeader> {
  const head = yield* window.bytes(6, 7);
  const width = head.getUint16(0, true);
  const height = head.getUint16(2, true);
  needPixels(width, height);
  const bits = (head.getUint8(4) & 7) + 1;
  const { hasAlpha, animated } = yield* walkBlocks(window, 13 + colourTable(head.getUint8(4)));
  return { format: 'gif', width, height, orientation: 1, hasAlpha, animated, bitsPerSample: bits };
}

function* walkBlocks(window: Window, at: number): Reading<{ hasAlpha: boolean; animated: boolean }> {
  let hasAlpha = false;
  let frames = 0;
  let looksAnimated = false;
  while (at < window.size) {
    const kind = (yield* window.bytes(at, 1)).getUint8(0);
    if (kind === TRAILER) break;
    if (kind === IMAGE) {
      frames += 1;
      if (frames > 1) return { hasAlpha, animated: true };
      at += 11 + colourTable((yield* window.bytes(at + 9, 1)).getUint8(0));
    } else if (kind === EXTENSION) {
      const view = yield* window.upTo(at + 1, 5);
      if (view[0] === GRAPHIC_CONTROL && frames === 0) hasAlpha ||= ((view[2] ?? 0) & 1) === 1;
      if (view[0] === APPLICATION || (view[0] === GRAPHIC_CONTROL && ((view[3] ?? 0) | (view[4] ?? 0)) !== 0)) looksAnimated = true;
      at += 2;
    } else {
      // Decoders stop here with what they have.
      break;
    }
    const after = yield* skipSubBlocks(window, at);
    // A large first frame is not worth reading to its end for one bit of knowledge.
    if (after === undefined) return { hasAlpha, animated: frames > 1 || looksAnimated };
    at = after;
  }
  if (frames === 0) throw new PixelError(at >= window.size ? 'truncated' : 'corrupt', 'a GIF without a picture');
  return { hasAlpha, animated: false };
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
