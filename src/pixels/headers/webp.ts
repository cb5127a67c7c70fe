import { PixelError } from '../pixelError.ts';
import type { FoundHeader, Orientation } from '../header.ts';
import { exifOrientation } from './exif.ts';
import { nameAt, type Reading, type Window } from './window.ts';

const ALPHA = 0x10;
const EXIF = 0x08;
const ANIMATION = 0x02;

/** Reads the first chunk (VP8, VP8L or VP8X) and, where VP8X announces EXIF or frames, looks for these. */
export function* webpHeader(window: Window): Reading<FoundHeader> {
  const head = yield* window.bytes(12, 8);
  const length = head.getUint32(4, true);
  switch (nameAt(head, 0)) {
    case 'VP8 ':
      return still(yield* lossySize(window, 20));
    case 'VP8L':
      return still(yield* losslessSize(window, 20));
    case 'VP8X':
      return yield* extended(window, length);
    default:
      throw new PixelError('corrupt', 'a WebP that begins with none of its image chunks');
  }
}

interface Size {
  width: number;
  height: number;
  hasAlpha: boolean;
}

function still({ width, height, hasAlpha }: Size): FoundHeader {
  return { format: 'webp', width, height, orientation: 1, hasAlpha, animated: false, bitsPerSample: 8 };
}

/** Size from a VP8 key frame header at `at`. */
export function* lossySize(window: Window, at: number): Reading<Size> {
  const view = yield* window.bytes(at, 10);
  const isKeyFrame = (view.getUint8(0) & 1) === 0;
  if (!isKeyFrame || view.getUint16(3) !== 0x9d01 || view.getUint8(5) !== 0x2a)
    throw new PixelError('corrupt', 'not a VP8 key frame');
  const width = view.getUint16(6, true) & 0x3fff;
  const height = view.getUint16(8, true) & 0x3fff;
  if (width === 0 || height === 0) throw new PixelError('corrupt', 'a VP8 frame without pixels');
  return { width, height, hasAlpha: false };
}

/** Size and alpha from a VP8L header at `at`. */
export function* losslessSize(window: Window, at: number): Reading<Size> {
  const view = yield* window.bytes(at, 5);
  if (view.getUint8(0) !== 0x2f) throw new PixelError('corrupt', 'not a VP8L stream');
  const bits = view.getUint32(1, true);
  if (bits >>> 29 !== 0) throw new PixelError('corrupt', 'unknown VP8L version');
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, hasAlpha: (bits & 0x10000000) !== 0 };
}

function* extended(window: Window, length: number): Reading<FoundHeader> {
  if (length < 10) throw new PixelError('corrupt', 'a VP8X chunk that is too short');
  const view = yield* window.bytes(20, 10);
  const flags = view.getUint8(0);
  const width = (view.getUint32(4, true) & 0xffffff) + 1;
  const height = (view.getUint32(6, true) >>> 8) + 1;
  const behind = 20 + length + (length & 1);
  const orientation = flags & EXIF ? yield* exifChunk(window, behind) : 1;
  const frames = flags & ANIMATION ? yield* firstFrames(window, behind) : [];
  return {
    format: 'webp',
    width,
    height,
    orientation,
    hasAlpha: (flags & ALPHA) !== 0 || (frames[0] !== undefined && !covers(frames[0], width, height)),
    animated: frames.length > 1,
    bitsPerSample: 8,
  };
}

interface Frame extends Omit<Size, 'hasAlpha'> {
  isAtOrigin: boolean;
}

/** The first two frames that have pixels: a second one makes an animation, whatever the flags say. */
function* firstFrames(window: Window, from: number): Reading<Frame[]> {
  const frames: Frame[] = [];
  for (let at = from; frames.length < 2;) {
    const frame = yield* findChunk(window, at, ['ANMF']);
    if (!frame) break;
    at = endOf(frame);
    const pixels = yield* findChunk(window, frame.at + 16, ['VP8 ', 'VP8L'], at);
    if (!pixels) continue;
    // Like libwebp: a frame ends with its pixels, whatever length it claims.
    at = endOf(pixels);
    // Decoders go by the size that is told with the pixels, not by the frame's own. Left and top come first, in three bytes each.
    const place = yield* window.bytes(frame.at, 6);
    const { width, height } = yield* (pixels.name === 'VP8L' ? losslessSize : lossySize)(window, pixels.at);
    frames.push({ width, height, isAtOrigin: place.getUint32(0) === 0 && place.getUint16(4) === 0 });
  }
  return frames;
}

/** Whether a first frame leaves nothing of the canvas bare, which is transparent whatever the flags say. */
function covers(frame: Frame, width: number, height: number): boolean {
  return frame.isAtOrigin && frame.width >= width && frame.height >= height;
}

function* exifChunk(window: Window, from: number): Reading<Orientation> {
  const chunk = yield* findChunk(window, from, ['EXIF']);
  return chunk ? yield* exifBody(window, chunk.at, chunk.length) : 1;
}

interface FoundChunk {
  name: string;
  /** Where its body begins. */
  at: number;
  length: number;
}

function endOf({ at, length }: FoundChunk): number {
  return at + length + (length & 1);
}

/** The first chunk of one of the names before `end`. */
function* findChunk(
  window: Window,
  from: number,
  names: readonly string[],
  end = window.size,
): Reading<FoundChunk | undefined> {
  for (let at = from; at + 8 <= Math.min(end, window.size);) {
    const head = yield* window.bytes(at, 8);
    const [name, length] = [nameAt(head, 0), head.getUint32(4, true)];
    if (names.includes(name)) return { name, at: at + 8, length };
    at += 8 + length + (length & 1);
  }
  return undefined;
}

/** Some writers put the JPEG segment's 'Exif' and two zeros before the TIFF structure. */
function* exifBody(window: Window, at: number, length: number): Reading<Orientation> {
  const start = yield* window.upTo(at, Math.min(length, 6));
  const isPrefixed = String.fromCharCode(...start) === 'Exif\0\0';
  return yield* isPrefixed ? exifOrientation(window, at + 6, length - 6) : exifOrientation(window, at, length);
}
