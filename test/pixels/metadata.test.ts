import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import { sourceOfBytes } from '../../src/pixels/byteSource.ts';
import { verifyPicture } from '../../src/pixels/integrity.ts';
import { withoutExifThumbnail } from '../../src/pixels/metadata/exif.ts';
import { jpegTraits, withJpegMetadata } from '../../src/pixels/metadata/jpeg.ts';
import { withPngMetadata } from '../../src/pixels/metadata/png.ts';
import { withWebpMetadata } from '../../src/pixels/metadata/webp.ts';
import { chunk } from '../../src/pixels/png.ts';
import { mutations } from './arbitraries.ts';
import { marked } from './marked.ts';
import { asSharp, cases, mutate } from './samples.ts';

const WORKER = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));
const SIZE = { width: 331, height: 253 };
const XMP =
  '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="kept"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>';

let pixels: Pixels;
let answer: Buffer;
beforeAll(async () => {
  pixels = createPixels(WORKER);
  answer = await asSharp(marked(SIZE)).png().toBuffer();
});
afterAll(() => pixels.dispose());

const source = () =>
  asSharp(marked(SIZE))
    .withExif({ IFD0: { Copyright: 'somebody', Artist: 'else' }, IFD3: { GPSLatitudeRef: 'N' } })
    .withXmp(XMP)
    .withDensity(144);

describe('what a file says besides its pixels', () => {
  test.each(['jpeg', 'png', 'webp'] as const)('stays in a %s', async (format) => {
    const bytes = await source()[format]().toBuffer();
    const theirs = await sharp(bytes).metadata();
    expect(theirs.exif?.includes('somebody')).toBe(true);
    const back = await pixels.bringBack(answer, bytes);
    const ours = await sharp(back.bytes).metadata();
    expect(ours.exif?.equals(theirs.exif!)).toBe(true);
    expect(ours.xmp?.equals(theirs.xmp!)).toBe(true);
    expect(ours.density).toBe(theirs.density);
    await expect(verifyPicture(sourceOfBytes(back.bytes))).resolves.toMatchObject({ trailingBytes: 0 });
  });

  test('texts of a PNG and comments of a JPEG stay; the time does not', async () => {
    const png = await asSharp(marked(SIZE)).png().toBuffer();
    const said = Buffer.concat([
      png.subarray(0, 33),
      chunk('tEXt', Buffer.from('Title\0mine')),
      chunk('tIME', Buffer.alloc(7)),
      chunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f])),
      png.subarray(33),
    ]);
    const back = Buffer.from((await pixels.bringBack(answer, said)).bytes);
    expect([back.includes('tEXtTitle\0mine'), back.includes('gAMA'), back.includes('tIME')]).toEqual([
      true,
      true,
      false,
    ]);
    const jpeg = await asSharp(marked(SIZE)).jpeg().toBuffer();
    const comment = Buffer.concat([
      jpeg.subarray(0, 2),
      Buffer.from('fffe0007', 'hex'),
      Buffer.from('hello'),
      jpeg.subarray(2),
    ]);
    expect(Buffer.from((await pixels.bringBack(answer, comment)).bytes).includes('hello')).toBe(true);
  });

  test('an orientation counts whatever its checksum', async () => {
    const png = await asSharp(marked(SIZE)).withMetadata({ orientation: 6 }).png().toBuffer();
    const at = png.indexOf('eXIf');
    png[at + 4 + png.readUInt32BE(at - 4)]! ^= 1;
    const turned = { width: SIZE.height, height: SIZE.width };
    const back = await pixels.bringBack(answer, png);
    expect(back.facts).toMatchObject(turned);
    expect((await sharp(back.bytes).metadata()).orientation).toBe(6);
  });

  test('an orientation that stood behind the pixels, where no reader looks, does not begin to count', async () => {
    const png = await asSharp(marked(SIZE)).png().toBuffer();
    const exif = (await sharp(await asSharp(marked(SIZE)).withMetadata({ orientation: 6 }).png().toBuffer()).metadata())
      .exif!;
    const late = Buffer.concat([png.subarray(0, -12), chunk('eXIf', exif.subarray(6)), png.subarray(-12)]);
    const back = await pixels.bringBack(answer, late);
    expect(back.facts).toMatchObject(SIZE);
    expect((await sharp(back.bytes).metadata()).orientation).toBeUndefined();
  });
});

/** A TIFF structure with a small JPEG in its second directory. */
function exifWithThumbnail(little: boolean): Buffer {
  const whole = Buffer.alloc(8 + 18 + 30 + 20);
  const short = (value: number, at: number): unknown =>
    little ? whole.writeUInt16LE(value, at) : whole.writeUInt16BE(value, at);
  const long = (value: number, at: number): unknown =>
    little ? whole.writeUInt32LE(value, at) : whole.writeUInt32BE(value, at);
  const entry = (at: number, tag: number, type: number, value: number): void => {
    short(tag, at);
    short(type, at + 2);
    long(1, at + 4);
    if (type === 3) short(value, at + 8);
    else long(value, at + 8);
  };
  whole.write(little ? 'II' : 'MM', 'latin1');
  short(42, 2);
  long(8, 4);
  short(1, 8);
  entry(10, 0x0112, 3, 1);
  long(26, 22);
  short(2, 26);
  entry(28, 0x0201, 4, 56);
  entry(40, 0x0202, 4, 20);
  whole.write('old small picture...', 56);
  return whole;
}

describe('small copies of the old picture', () => {
  test.each([true, false])('are gone from EXIF, little-endian: %s', (little) => {
    const block = exifWithThumbnail(little);
    const cleaned = Buffer.from(withoutExifThumbnail(block));
    expect(cleaned.includes('old small')).toBe(false);
    expect(cleaned.length).toBe(56);
    expect(little ? cleaned.readUInt32LE(22) : cleaned.readUInt32BE(22)).toBe(0);
    expect(cleaned.subarray(0, 22)).toEqual(block.subarray(0, 22));
    // What follows the picture keeps its place.
    const longer = Buffer.from(withoutExifThumbnail(Buffer.concat([block, Buffer.from('note')])));
    expect([longer.length, longer.includes('old'), longer.includes('note')]).toEqual([80, false, true]);
  });

  test('are gone from a JPEG: EXIF, Photoshop, XMP, JFIF, and what lies behind', async () => {
    const jpeg = await asSharp(marked(SIZE)).jpeg().toBuffer();
    const segment = (marker: number, body: Buffer): Buffer =>
      Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body]);
    const resource = (id: number, body: string): Buffer => {
      const head = Buffer.alloc(12);
      head.write('8BIM', 'latin1');
      head.writeUInt16BE(id, 4);
      head.writeUInt32BE(body.length, 8);
      return Buffer.concat([head, Buffer.from(body), Buffer.alloc(body.length & 1)]);
    };
    const said = Buffer.concat([
      jpeg.subarray(0, 2),
      segment(
        0xe0,
        Buffer.concat([Buffer.from('JFIF\0\x01\x02\x01\0\x90\0\x90\x01\x01', 'latin1'), Buffer.from('old')]),
      ),
      segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exifWithThumbnail(true)])),
      segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<x xmpGImg:image="old"/>')),
      segment(0xe2, Buffer.from('MPF\0old')),
      segment(0xeb, Buffer.from('JP\0\x01 signed old')),
      segment(
        0xed,
        Buffer.concat([
          Buffer.from('Photoshop 3.0\0'),
          resource(1028, 'caption'),
          resource(1036, 'old thumb'),
          resource(1005, 'print'),
        ]),
      ),
      jpeg.subarray(2),
      Buffer.from('old picture behind'),
    ]);
    const back = Buffer.from((await pixels.bringBack(answer, said)).bytes);
    expect(back.includes('old')).toBe(false);
    for (const kept of ['caption', 'print', 'Exif\0\0']) expect(back.includes(kept), kept).toBe(true);
    expect((await sharp(back).metadata()).density).toBe(144);
    expect(await sharp(back).stats()).toBeDefined();
  });
});

test('any bytes as metadata end in a picture that others can read', async () => {
  const files = await Promise.all([source().jpeg().toBuffer(), source().png().toBuffer(), source().webp().toBuffer()]);
  const writers = [withJpegMetadata, withPngMetadata, withWebpMetadata];
  const written = await Promise.all([
    asSharp(marked(SIZE)).jpeg().toBuffer(),
    asSharp(marked(SIZE)).png().toBuffer(),
    asSharp(marked(SIZE)).webp().toBuffer(),
  ]);
  await fc.assert(
    fc.asyncProperty(fc.nat(2), mutations, fc.boolean(), async (which, changes, withProfile) => {
      const made = writers[which]!(written[which]!, mutate(files[which]!, changes), withProfile);
      await verifyPicture(sourceOfBytes(made));
      await sharp(made).stats();
    }),
    { numRuns: cases(200) },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void withoutExifThumbnail(bytes)),
    { numRuns: cases(300) },
  );
});

test('the quality of a JPEG is guessed from its tables', async () => {
  for (const quality of [30, 50, 75, 85, 92, 100]) {
    const found = jpegTraits(await asSharp(marked(SIZE)).jpeg({ quality }).toBuffer()).quality;
    expect(Math.abs(found - quality), `${quality}: ${found}`).toBeLessThanOrEqual(1);
  }
});
