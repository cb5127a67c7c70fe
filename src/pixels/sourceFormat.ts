import type { ImageFormat } from './format.ts';
import { PixelError } from './pixelError.ts';

/** The formats that a picture to be prepared may have: those with a header reader of ours, and those that only the engine reads. */
export type SourceFormat = ImageFormat | EngineFormat;
export type EngineFormat = 'tiff' | 'avif' | 'svg';

/**
 * The format that the bytes begin as, never by a file's name. Reads 4 KB.
 * Throws PixelError 'unsupported' for picture formats that are known but not read, else 'not-an-image'.
 */
export function sourceFormatOf(bytes: Uint8Array): SourceFormat {
  const start = String.fromCharCode(...bytes.subarray(0, 64));
  const known =
    SIGNATURES.find(([pattern]) => startsAs(start, pattern))?.[1] ??
    boxedFormat(start) ??
    (isSvg(bytes) ? 'svg' : undefined);
  if (known === undefined) {
    throw new PixelError(
      'not-an-image',
      bytes.length === 0 ? 'the file is empty' : 'the bytes begin as no known picture format',
    );
  }
  if (known.startsWith('!')) throw new PixelError('unsupported', `${known.slice(1)} pictures are not read`);
  return known as SourceFormat;
}

/** True for the formats that need the engine even to be measured. */
export function isEngineFormat(format: string): format is EngineFormat {
  return format === 'tiff' || format === 'avif' || format === 'svg';
}

/**
 * What a file of a format begins with; a place where any byte may stand is a '?'. A format with a '!' is known, but not read
 * here. Raw camera files come before TIFF, as which they begin.
 */
const SIGNATURES: readonly (readonly [start: string, format: string])[] = [
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['\xff\xd8\xff', 'jpeg'],
  ['RIFF????WEBP', 'webp'],
  ['GIF87a', 'gif'],
  ['GIF89a', 'gif'],
  ['BM', 'bmp'],
  ['II*\0????CR', '!raw camera'],
  ['II*\0', 'tiff'],
  ['MM\0*', 'tiff'],
  ['II+\0', 'tiff'],
  ['MM\0+', 'tiff'],
  ['\xff\x0a', '!JPEG XL'],
  ['\0\0\0\x0cJXL ', '!JPEG XL'],
  ['\0\0\0\x0cjP  ', '!JPEG 2000'],
  ['\0\0\x01\0?\0', '!icon'],
  ['\0\0\x02\0?\0', '!cursor'],
  ['icns', '!icon'],
  ['8BPS', '!Photoshop'],
  ['%PDF', '!PDF'],
  ['qoif', '!QOI'],
  ['DDS ', '!DDS'],
  ['#?RADIANCE', '!Radiance'],
  ['v/1\x01', '!OpenEXR'],
  ['gimp xcf', '!GIMP'],
  ['\x1f\x8b', '!compressed'],
];

function startsAs(start: string, pattern: string): boolean {
  return start.length >= pattern.length && [...pattern].every((mark, at) => mark === '?' || mark === start[at]);
}

/** HEIF files tell what they hold by brands: a main one, and others that a reader may go by as well. */
function boxedFormat(start: string): string | undefined {
  if (start.slice(4, 8) !== 'ftyp') return undefined;
  const brands = start.slice(8, Math.min(64, start.charCodeAt(3)));
  if (/avi[fs]/.test(brands)) return 'avif';
  return /hei[cxms]|hev[cxms]|mif1|msf1|miaf|jpeg|j2ki/.test(brands) ? '!HEIC' : undefined;
}

const SPACE = /\s/;

/** Looks for the root element behind a mark of byte order, declarations, comments and a document type. */
function isSvg(bytes: Uint8Array): boolean {
  let text = new TextDecoder('utf-8').decode(bytes.subarray(0, 4096));
  for (;;) {
    let from = 0;
    while (from < text.length && SPACE.test(text[from]!)) from += 1;
    text = text.slice(from);
    if (/^<svg[\s>/]/.test(text)) return true;
    const end = text.startsWith('<!--') ? '-->' : text.startsWith('<?') ? '?>' : undefined;
    const after = end ? text.indexOf(end) : text.startsWith('<!DOCTYPE') ? endOfDocumentType(text) : -1;
    if (after < 0) return false;
    text = text.slice(after + (end?.length ?? 1));
  }
}

/** A document type may hold declarations in brackets, which have angle brackets of their own. */
function endOfDocumentType(text: string): number {
  const end = text.indexOf('>');
  const open = text.indexOf('[');
  if (open < 0 || open > end) return end;
  const closed = text.indexOf(']', open);
  return closed < 0 ? -1 : text.indexOf('>', closed);
}
