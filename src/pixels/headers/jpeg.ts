import { PixelError } from '../pixelError.ts';
import type { FoundHeader, Orientation } from '../header.ts';
import { exifOrientation } from './exif.ts';
import { needPixels, type Reading, type Window } from './window.ts';

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const APP1 = 0xe1;

/** Walks the segments up to the first scan: the frame header gives the size, the first EXIF segment the orientation. */
export function* jpegHeader(window: Window): Reading<FoundHeader> {
  let frame: Frame | undefined;
  let orientation: Orientation | undefined;
  let at = 2;
  for (;;) {
    const { marker, after } = yield* nextMarker(window, at);
    at = after;
    if (marker === END_OF_IMAGE) throw new PixelError('corrupt', 'a JPEG without pixels');
    if (standsAlone(marker)) continue;
    const length = (yield* window.bytes(at, 2)).getUint16(0);
    if (length < 2) throw new PixelError('corrupt', `JPEG segment of length ${length}`);
    if (marker === START_OF_SCAN) break;
    if (isFrame(marker)) {
      if (frame) throw new PixelError('corrupt', 'a JPEG with two frame headers');
      frame = yield* frameHeader(window, at, length);
    }
    if (marker === APP1 && orientation === undefined) orientation = yield* exifSegment(window, at + 2, length - 2);
    at += length;
  }
  if (!frame) throw new PixelError('corrupt', 'a JPEG scan before any frame header');
  const { width, height, precision, components } = frame;
  return {
    format: 'jpeg',
    width,
    height,
    orientation: orientation ?? 1,
    hasAlpha: false,
    animated: false,
    bitsPerSample: precision,
    isCmyk: components === 4,
  };
}

/** The next marker from `at`; like libjpeg it steps over fill bytes and stray ones. */
function* nextMarker(window: Window, at: number): Reading<{ marker: number; after: number }> {
  for (;;) {
    const some = yield* window.upTo(at, 2);
    if (some.length < 2) throw new PixelError('truncated', 'the file ends before the JPEG has pixels');
    const [first, second] = [some[0]!, some[1]!];
    if (first === 0xff && second !== 0xff && second !== 0x00) return { marker: second, after: at + 2 };
    at += 1;
  }
}

interface Frame {
  width: number;
  height: number;
  /** Bits a sample. */
  precision: number;
  components: number;
}

function* frameHeader(window: Window, at: number, length: number): Reading<Frame> {
  if (length < 8) throw new PixelError('corrupt', 'a JPEG frame header that is too short');
  const view = yield* window.bytes(at + 2, 6);
  const precision = view.getUint8(0);
  const height = view.getUint16(1);
  const width = view.getUint16(3);
  // Height 0 means that it is told after the first scan (DNL), which hardly any decoder takes.
  if (height === 0 && width > 0) throw new PixelError('unsupported', 'a JPEG whose height is not in its frame header');
  needPixels(width, height);
  return { width, height, precision, components: view.getUint8(5) };
}

function* exifSegment(window: Window, at: number, length: number): Reading<Orientation | undefined> {
  if (length < 6) return undefined;
  const name = yield* window.bytes(at, 6);
  // 'Exif' and two zeros; XMP shares the marker.
  if (name.getUint32(0) !== 0x45786966 || name.getUint16(4) !== 0) return undefined;
  return yield* exifOrientation(window, at + 6, length - 6);
}

/** SOF0-SOF15 without DHT (C4), JPG (C8) and DAC (CC), which share the range. */
export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** TEM, RST0-RST7 and SOI have no length. */
export function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}
