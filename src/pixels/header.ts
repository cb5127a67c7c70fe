import { PixelError } from './pixelError.ts';
import type { ByteSource } from './byteSource.ts';
import type { ImageFormat } from './format.ts';
import { bmpHeader } from './headers/bmp.ts';
import { gifHeader } from './headers/gif.ts';
import { jpegHeader } from './headers/jpeg.ts';
import { pngHeader } from './headers/png.ts';
import { webpHeader } from './headers/webp.ts';
import { readFrom, readIn, type Reading, Window } from './headers/window.ts';

/** EXIF orientation: 1 is upright, 2-4 are mirrored or turned half, 5-8 swap width and height. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What a picture's first bytes say about it. */
export interface ImageHeader {
  format: ImageFormat;
  /** Pixels as stored, before any turning. */
  width: number;
  height: number;
  /** From EXIF in JPEG, PNG (eXIf before the pixels) and WebP; 1 where nothing or nonsense is said. */
  orientation: Orientation;
  /** Pixels as seen: width and height after `orientation`. */
  uprightWidth: number;
  uprightHeight: number;
  /** Whether the file can hold transparent pixels: PNG colour types 4 and 6 or tRNS, WebP's alpha bit, a BMP alpha mask, a GIF whose first image has a transparent colour or leaves some of the screen bare. */
  hasAlpha: boolean;
  /** Whether there is more than one frame. For a GIF with a very large first frame it is judged by its loop extension and delay. */
  animated: boolean;
  /** Bits a sample (bits an index in palette pictures), where the format says it simply. */
  bitsPerSample?: number;
  /** Told of JPEGs: whether the pixels are inks (CMYK or YCCK, four components) and not light. */
  isCmyk?: boolean;
}

/** What a format's own reader finds; the rest of {@link ImageHeader} follows from it. */
export type FoundHeader = Omit<ImageHeader, 'uprightWidth' | 'uprightHeight'>;

/**
 * Reads what a picture is, typically from its first 4 KB and never from more than 64 KB.
 * Throws PixelError 'not-an-image', 'unsupported', 'truncated' or 'corrupt'.
 */
export function readHeader(source: ByteSource): Promise<ImageHeader> {
  return readFrom(source, headerReading(source.size));
}

/** The same as {@link readHeader} for bytes in memory, and with the same answer. */
export function readHeaderOf(bytes: Uint8Array): ImageHeader {
  return readIn(bytes, headerReading(bytes.length));
}

/** Asks for ranges and answers with the header: the part that both callers share, and that knows nothing of where bytes come from. */
function* headerReading(size: number): Reading<ImageHeader> {
  const window = new Window(size);
  const found = yield* readerFor(yield* window.upTo(0, 16))(window);
  const turned = found.orientation >= 5;
  return {
    ...found,
    uprightWidth: turned ? found.height : found.width,
    uprightHeight: turned ? found.width : found.height,
  };
}

function readerFor(start: Uint8Array): (window: Window) => Reading<FoundHeader> {
  const text = String.fromCharCode(...start);
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return pngHeader;
  if (text.startsWith('\xff\xd8\xff')) return jpegHeader;
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return webpHeader;
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return gifHeader;
  if (text.startsWith('BM')) return bmpHeader;
  throw new PixelError(
    'not-an-image',
    start.length === 0 ? 'the file is empty' : 'the bytes begin as no known picture format',
  );
}
