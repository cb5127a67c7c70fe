import { standsAlone } from '../headers/jpeg.ts';
import { type Container, spliced, startsAs } from './container.ts';

/** What the segment of a JPEG's packet begins with. Source: XMP specification part 3, 1.1.3. */
const name = 'http://ns.adobe.com/xap/1.0/\0';
/** A segment's length is told in two bytes, and counts these. */
const mostInSegment = 0xffff - 2 - name.length;

const APP0 = 0xe0;
const APP1 = 0xe1;
const APP11 = 0xeb;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/** The packet of a JPEG, which goes behind JFIF and EXIF; undefined where the file cannot be walked through. */
export function jpegContainer(bytes: Uint8Array): Container | undefined {
  let [isSigned, isAtStart, behind]: [boolean, boolean, number] = [false, true, 2];
  let found: { readonly from: number; readonly until: number } | undefined;
  for (let at = 2; ;) {
    // A marker may be preceded by any number of these.
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === undefined || marker === 0 || marker === END_OF_IMAGE) return undefined;
    if (marker === START_OF_SCAN) break;
    const length = standsAlone(marker) ? 0 : (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
    const end = at + 2 + length;
    if (end >= bytes.length || (length < 2 && !standsAlone(marker))) return undefined;
    const body = bytes.subarray(at + 4, end);
    // The parts of JUMBF boxes, which hold C2PA among other things that speak of the file. Source: ISO 19566-5, D.2.
    isSigned ||= marker === APP11 && startsAs(body, 'JP');
    isAtStart &&= marker === APP0 || (marker === APP1 && startsAs(body, 'Exif\0\0'));
    if (isAtStart) behind = end;
    if (marker === APP1 && startsAs(body, name)) found ??= { from: at, until: end };
    at = end;
  }
  const { from, until } = found ?? { from: behind, until: behind };
  return {
    ...(found && { packet: bytes.subarray(from + 4 + name.length, until) }),
    isSigned,
    with: (put) => {
      if (!put) return spliced(bytes, from, until, new Uint8Array());
      return put.length > mostInSegment ? undefined : spliced(bytes, from, until, segmentOf(put));
    },
  };
}

function segmentOf(packet: Uint8Array): Uint8Array {
  const length = packet.length + name.length + 2;
  return Buffer.concat([Buffer.from([0xff, APP1, length >> 8, length & 255]), Buffer.from(name, 'latin1'), packet]);
}
