import { isFrame, standsAlone } from '../headers/jpeg.ts';
import { PixelError } from '../pixelError.ts';
import { withoutExifThumbnail } from './exif.ts';
import { holdsPictures } from './xmp.ts';

/** One segment before the pixels. */
interface Segment {
  readonly marker: number;
  /** From its marker to its end. */
  readonly whole: Uint8Array;
  readonly body: Uint8Array;
}

/** How a JPEG was written, as far as it can be done again. */
export interface JpegTraits {
  /** As libjpeg counts, 1 to 100, guessed from the table for brightness. */
  readonly quality: number;
  /** Whether colours have half the pixels of brightness both ways (4:2:0). */
  readonly subsampled: boolean;
  readonly progressive: boolean;
}

const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP13 = 0xed;
const APP14 = 0xee;
const APP15 = 0xef;
const COMMENT = 0xfe;
const QUANTISATION = 0xdb;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/** Reads how a JPEG was written. It must be one that our header reader takes. */
export function jpegTraits(bytes: Uint8Array): JpegTraits {
  let quality = 85;
  let subsampled = false;
  let progressive = false;
  for (const { marker, body } of segmentsOf(bytes)) {
    if (marker === QUANTISATION) quality = brightnessQuality(body) ?? quality;
    if (isFrame(marker)) {
      progressive = marker === 0xc2;
      // The first component is brightness; its samples are counted in comparison to the others, which have one each way.
      subsampled = body[5] === 3 && body[7] === 0x22 && body[10] === 0x11;
    }
  }
  return { quality, subsampled, progressive };
}

/** The JPEG standard's example table for brightness, Annex K, in the order in which files store it. */
const STANDARD: readonly number[] = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61,
  60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121,
  112, 100, 120, 92, 101, 103, 99,
];

/** libjpeg scales the example table by a percentage that follows from the quality. Undefined where the segment has no table 0. */
function brightnessQuality(body: Uint8Array): number | undefined {
  let at = 0;
  while (at < body.length) {
    const bytesEach = body[at]! >> 4 ? 2 : 1;
    const isBrightness = (body[at]! & 15) === 0;
    const table = body.subarray(at + 1, at + 1 + 64 * bytesEach);
    at += 1 + 64 * bytesEach;
    if (!isBrightness || table.length < 64 * bytesEach) continue;
    const stepAt = (index: number): number =>
      bytesEach === 1 ? table[index]! : table[index * 2]! * 256 + table[index * 2 + 1]!;
    const percent = STANDARD.reduce((sum, standard, index) => sum + (stepAt(index) * 100) / standard, 0) / 64;
    const quality = percent <= 100 ? (200 - percent) / 2 : 5000 / percent;
    return Math.max(1, Math.min(100, Math.round(quality)));
  }
  return undefined;
}

/**
 * A newly written JPEG with the source's metadata: JFIF density, EXIF, XMP, IPTC and comments, without the small copies of the
 * old picture in them. Signatures over the old picture (C2PA) and further pictures behind it are left out.
 * @param withProfile takes the source's colour profile along, too
 */
export function withJpegMetadata(written: Uint8Array, source: Uint8Array, withProfile: boolean): Uint8Array {
  const kept = segmentsOf(source).flatMap((segment) => keptSegment(segment, withProfile));
  const hasDensity = kept.some(({ marker }) => marker === APP0);
  const own = segmentsOf(written);
  const pixels = 2 + own.reduce((sum, { whole }) => sum + whole.length, 0);
  return Buffer.concat([
    written.subarray(0, 2),
    ...(hasDensity ? [] : own.filter(({ marker }) => marker === APP0).map(({ whole }) => whole)),
    ...kept.map(({ whole }) => whole),
    ...own.filter(({ marker }) => marker !== APP0).map(({ whole }) => whole),
    written.subarray(pixels),
  ]);
}

function keptSegment(segment: Segment, withProfile: boolean): Segment[] {
  const { marker, body } = segment;
  switch (marker) {
    case APP0:
      return startsWith(body, 'JFIF\0') && body.length >= 14
        ? [{ ...segment, whole: withoutJfifThumbnail(segment.whole, body) }]
        : [];
    case APP1:
      if (startsWith(body, 'Exif\0\0'))
        return [segmentOf(APP1, Buffer.concat([body.subarray(0, 6), withoutExifThumbnail(body.subarray(6))]))];
      return startsWith(body, 'http://ns.adobe.com/xap/1.0/\0') && !holdsPictures(body) ? [segment] : [];
    case APP2:
      return withProfile && startsWith(body, 'ICC_PROFILE\0') ? [segment] : [];
    case APP13:
      return startsWith(body, 'Photoshop 3.0\0')
        ? [segmentOf(APP13, Buffer.concat([body.subarray(0, 14), withoutThumbnails(body.subarray(14))]))]
        : [];
    case COMMENT:
      return [segment];
    default:
      return [];
  }
}

/** A JPEG's picture alone, as {@link bareParts} says: no EXIF, XMP, IPTC, comments, or further pictures. */
export function bareJpegParts(bytes: Uint8Array): Uint8Array[] {
  const parts = [bytes.subarray(0, 2)];
  let hasScan = false;
  for (let at = 2; ;) {
    const start = markerFrom(bytes, at);
    if (start < 0) throw new PixelError('truncated', 'a JPEG that ends without its end marker');
    const gap = bytes.subarray(at, start);
    // Behind the start of a scan this is the pixels, before it may be padding; anything else is no part of a JPEG.
    if (hasScan || gap.every((byte) => byte === 0xff)) parts.push(gap);
    const marker = bytes[start + 1]!;
    const length = standsAlone(marker) || marker === END_OF_IMAGE ? 0 : bytes[start + 2]! * 256 + bytes[start + 3]!;
    const end = start + 2 + length;
    if (Number.isNaN(end) || end > bytes.length) throw new PixelError('truncated', 'a JPEG that ends in a segment');
    if (length === 1) throw new PixelError('corrupt', 'a JPEG segment of length 1');
    parts.push(...barePart({ marker, whole: bytes.subarray(start, end), body: bytes.subarray(start + 4, end) }));
    if (marker === END_OF_IMAGE) return parts;
    hasScan ||= marker === START_OF_SCAN;
    at = end;
  }
}

/** Where the next marker is, or -1; like libjpeg over stray bytes. In the pixels every FF that is none is followed by 00. */
function markerFrom(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && (bytes[at + 1] === 0 || bytes[at + 1] === 0xff)) at = bytes.indexOf(0xff, at + 1);
  return at + 1 < bytes.length ? at : -1;
}

function barePart({ marker, whole, body }: Segment): Uint8Array[] {
  if (marker === COMMENT) return [];
  if (marker < APP0 || marker > APP15) return [whole];
  switch (marker) {
    case APP0:
      return startsWith(body, 'JFIF\0') && body.length >= 14 ? [withoutJfifThumbnail(whole, body)] : [];
    case APP2:
      return startsWith(body, 'ICC_PROFILE\0') ? [whole] : [];
    case APP14:
      // Tells how inks and colours are meant.
      return startsWith(body, 'Adobe') ? [whole] : [];
    default:
      return [];
  }
}

function withoutJfifThumbnail(whole: Uint8Array, body: Uint8Array): Uint8Array {
  // 12 bytes of density, then a thumbnail of no pixels.
  if (body.length === 14 && body[12] === 0 && body[13] === 0) return whole;
  return segmentOf(APP0, Buffer.concat([body.subarray(0, 12), Buffer.alloc(2)])).whole;
}

/** Photoshop's resources without 1033 and 1036, its thumbnails. What cannot be read is left out. */
function withoutThumbnails(resources: Uint8Array): Uint8Array {
  const view = new DataView(resources.buffer, resources.byteOffset, resources.length);
  const kept: Uint8Array[] = [];
  let at = 0;
  while (at + 12 <= resources.length && startsWith(resources.subarray(at), '8BIM')) {
    const id = view.getUint16(at + 4);
    // The name, a length and its characters, is padded to an even number of bytes; so are the data.
    const name = 1 + resources[at + 6]!;
    const size = at + 6 + name + (name & 1);
    if (size + 4 > resources.length) break;
    const length = view.getUint32(size);
    const end = size + 4 + length + (length & 1);
    if (id !== 1033 && id !== 1036) kept.push(resources.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}

/** The segments from the start of the image to the first scan, which is not among them. */
function segmentsOf(bytes: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  let at = 2;
  for (;;) {
    const start = markerFrom(bytes, at);
    const marker = bytes[start + 1]!;
    if (start < 0 || marker === START_OF_SCAN || marker === END_OF_IMAGE) return segments;
    const length = standsAlone(marker) ? 0 : bytes[start + 2]! * 256 + bytes[start + 3]!;
    const end = start + 2 + length;
    // Also where the length itself is missing.
    if (!(end <= bytes.length) || (length < 2 && !standsAlone(marker))) return segments;
    segments.push({ marker, whole: bytes.subarray(start, end), body: bytes.subarray(start + 4, end) });
    at = end;
  }
}

function segmentOf(marker: number, body: Uint8Array): Segment {
  const whole = Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body]);
  return { marker, whole, body };
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return bytes.length >= text.length && String.fromCharCode(...bytes.subarray(0, text.length)) === text;
}
