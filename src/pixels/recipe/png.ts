import { inflateSync } from 'node:zlib';
import { chunk } from '../png.ts';
import { type Container, spliced, startsAs } from './container.ts';

/** The text that holds a PNG's packet. Source: XMP specification part 3, 1.1.5. */
const keyword = 'XML:com.adobe.xmp\0';
/** A packed text that becomes longer than this is nothing that we add to. */
const mostUnpacked = 4 * 1024 * 1024;

/** The packet of a PNG, which goes before the pixels; undefined where the file cannot be walked through. */
export function pngContainer(bytes: Uint8Array): Container | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let [isSigned, found]: [boolean, Place | undefined] = [false, undefined];
  for (let at = 8; ;) {
    const end = at + 12 <= bytes.length ? at + 12 + view.getUint32(at) : Infinity;
    if (end > bytes.length) return undefined;
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, end - 4);
    isSigned ||= name === 'caBX';
    if (name in texts && startsAs(body, keyword)) found ??= { name, from: at, until: end, body };
    if (name === 'IEND') break;
    at = end;
  }
  // Behind the header, where it is before the palette and the pixels of every kind.
  const header = 8 + 12 + view.getUint32(8);
  const place = found ?? { from: header, until: header };
  const packet = found && texts[found.name]?.(found.body);
  if (found && !packet) return undefined;
  return {
    ...(packet && { packet }),
    isSigned,
    with: (put) => spliced(bytes, place.from, place.until, put ? textOf(put) : new Uint8Array()),
  };
}

interface Place {
  readonly name: string;
  readonly from: number;
  readonly until: number;
  readonly body: Uint8Array;
}

/** How each kind of text holds a packet. The first is the standard's; libvips writes the second, and some the third. */
const texts: Readonly<Record<string, (body: Uint8Array) => Uint8Array | undefined>> = {
  iTXt: international,
  zTXt: (body) => unpacked(body.subarray(keyword.length + 1)),
  tEXt: (body) => body.subarray(keyword.length),
};

/** Behind the keyword: whether it is packed, how, a language and a translated keyword, each ended by a zero. */
function international(body: Uint8Array): Uint8Array | undefined {
  const language = body.indexOf(0, keyword.length + 2);
  const translated = language < 0 ? -1 : body.indexOf(0, language + 1);
  if (translated < 0) return undefined;
  const text = body.subarray(translated + 1);
  return body[keyword.length] === 0 ? text : unpacked(text);
}

function unpacked(text: Uint8Array): Uint8Array | undefined {
  try {
    return inflateSync(text, { maxOutputLength: mostUnpacked });
  } catch {
    return undefined; // Damaged, or far more than it seems.
  }
}

const textOf = (packet: Uint8Array): Uint8Array =>
  chunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\0\0\0`, 'latin1'), packet]));
