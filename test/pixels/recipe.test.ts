import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { sourceOfBytes } from '../../src/pixels/byteSource.ts';
import { verifyPicture } from '../../src/pixels/integrity.ts';
import { chunk } from '../../src/pixels/png.ts';
import { carriedBy, embedded, type Embedding, type MadeBy, stripped } from '../../src/pixels/recipe/embedding.ts';
import { mutations } from './arbitraries.ts';
import { cases, mutate, opaque, type Sample, sharpSamples } from './samples.ts';

const made: MadeBy = {
  source: 'trainedAlgorithmicMedia',
  system: 'Wan2.7 Image',
  systemVersion: 'wan2.7-image-pro',
  prompt: 'a <fox> & "friends"\nin snow 狐 🦊',
  recipe: JSON.stringify({ prompt: ']]> <!-- & &lt; &#65; &amp;amp; "狐" 🦊' }),
};
const theirs =
  '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Somebody">\n' +
  ' <r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n  <!-- </r:RDF> -->\n' +
  "  <r:Description r:about='uuid:1' xmlns:dc='http://purl.org/dc/elements/1.1/' dc:format='kept'>\n" +
  '   <dc:title><r:Alt><r:li xml:lang="x-default">A &amp; B</r:li></r:Alt></dc:title>\n  </r:Description>\n' +
  ' </r:RDF>\n</x:xmpmeta>\n                    \n<?xpacket end="w"?>';

let samples: Sample[];
beforeAll(async () => {
  samples = (await sharpSamples()).filter(({ format }) => ['png', 'jpeg', 'webp'].includes(format));
});

function bytesOf(result: Embedding): Buffer {
  if (result.kind !== 'changed') throw new Error(result.why);
  return Buffer.from(result.bytes);
}

const pixelsOf = (bytes: Uint8Array) => sharp(bytes, { animated: true }).raw().toBuffer();

/** Sharp writes a PNG's packet into a text of another kind than the standard's. */
async function withXmp(packet: string, format: 'png' | 'jpeg' | 'webp'): Promise<Buffer> {
  if (format !== 'png') return opaque().withXmp(packet)[format]().toBuffer();
  const png = await opaque().png().toBuffer();
  const text = chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${packet}`));
  return Buffer.concat([png.subarray(0, 33), text, png.subarray(33)]);
}

/** The bytes that decoders make pixels of, found without any code of ours. */
function imageData(bytes: Buffer, format: string): Buffer {
  if (format === 'jpeg') return bytes.subarray(bytes.indexOf(Buffer.from([0xff, 0xda])));
  const parts: Buffer[] = [];
  const [first, overhead] = format === 'png' ? [8, 12] : [12, 8];
  for (let at = first; at + 8 <= bytes.length;) {
    const length = format === 'png' ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at + 4);
    const name = bytes.toString('latin1', format === 'png' ? at + 4 : at, format === 'png' ? at + 8 : at + 4);
    const end = at + overhead + length + (format === 'png' ? 0 : length & 1);
    if (/^(IDAT|PLTE|tRNS|VP8[ L]|ALPH|ANMF)$/.test(name)) parts.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}

describe('a picture that says how it was made', () => {
  test('has the very same pixels, is whole, and says it again', async () => {
    for (const { name, format, bytes } of samples) {
      const told = bytesOf(embedded(bytes, made));
      expect(imageData(told, format).equals(imageData(bytes, format)), name).toBe(true);
      expect((await pixelsOf(told)).equals(await pixelsOf(bytes)), name).toBe(true);
      await expect(verifyPicture(sourceOfBytes(told)), name).resolves.toMatchObject({ trailingBytes: 0 });
      expect(carriedBy(told), name).toEqual({ recipe: made.recipe, tells: true, isMarked: true });
      const before = await sharp(bytes).metadata();
      const after = await sharp(told).metadata();
      for (const key of ['width', 'height', 'orientation', 'hasAlpha', 'pages', 'space'] as const)
        expect(after[key], `${name} ${key}`).toEqual(before[key]);
      expect([after.icc, after.exif], name).toEqual([before.icc, before.exif]);
    }
  });

  test('says it in a JPEG behind what readers look for first', () => {
    for (const { name, format, bytes } of samples) {
      if (format !== 'jpeg') continue;
      const told = bytesOf(embedded(bytes, made));
      const at = told.indexOf('http://ns.adobe.com/xap/1.0/');
      for (const first of ['JFIF\0', 'Exif\0'])
        if (bytes.includes(first)) expect(told.indexOf(first), `${name} ${first}`).toBeLessThan(at);
    }
  });

  test('is again what it was, to the byte, once that is taken out', async () => {
    for (const { name, format, bytes } of samples) {
      const back = bytesOf(stripped(bytesOf(embedded(bytes, made)), { mark: true }));
      // A WebP keeps the extended form that it was given.
      if (format === 'webp') expect(imageData(back, format).equals(imageData(bytes, format)), name).toBe(true);
      else expect(back.equals(bytes), name).toBe(true);
      expect(carriedBy(back), name).toEqual({ tells: false, isMarked: false });
      expect((await sharp(back).metadata()).xmp, name).toBe(undefined);
    }
  });

  test('can keep the mark and lose what was asked for', () => {
    for (const { name, bytes } of samples) {
      const left = bytesOf(stripped(bytesOf(embedded(bytes, made)), { mark: false }));
      expect(carriedBy(left), name).toEqual({ tells: false, isMarked: true });
      expect(left.includes('fox'), name).toBe(false);
      expect(left.includes('trainedAlgorithmicMedia'), name).toBe(true);
    }
  });

  test('says it once, however often it is said', () => {
    for (const { name, bytes } of samples) {
      const { recipe: _, prompt: _prompt, ...mark } = made;
      const twice = bytesOf(embedded(bytesOf(embedded(bytes, made)), mark));
      expect(twice.equals(bytesOf(embedded(bytes, mark))), name).toBe(true);
    }
  });

  test('is left as it is where it says nothing', () => {
    for (const { bytes } of samples) {
      const result = stripped(bytes, { mark: true });
      expect(result.kind === 'changed' && result.bytes === bytes).toBe(true);
    }
  });
});

describe('what somebody else has written', () => {
  test.each(['png', 'jpeg', 'webp'] as const)('stays to the byte in a %s', async (format) => {
    const bytes = await withXmp(theirs, format);
    const told = bytesOf(embedded(bytes, made));
    const packet = (await sharp(told).metadata()).xmp?.toString() ?? '';
    const ours = /<rdf:Description rdf:about="uuid:1".*?<\/rdf:Description>/s.exec(packet)?.[0] ?? '';
    expect(ours).toContain('trainedAlgorithmicMedia');
    expect(packet.replace(ours, '')).toBe(theirs);
    expect(bytesOf(stripped(told, { mark: true })).equals(bytes)).toBe(true);
  });

  test.each([
    ['packed', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0', 'latin1'), deflateSync(theirs)]), 'iTXt'],
    [
      'in a packed text of another kind',
      Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\0', 'latin1'), deflateSync(theirs)]),
      'zTXt',
    ],
    ['in a plain text of another kind', Buffer.from(`XML:com.adobe.xmp\0${theirs}`), 'tEXt'],
  ])('stays where a PNG holds it %s', async (_, body, name) => {
    const png = await opaque().png().toBuffer();
    const bytes = Buffer.concat([png.subarray(0, 33), chunk(name, body), png.subarray(33)]);
    const told = bytesOf(embedded(bytes, made));
    expect(told.includes('A &amp; B')).toBe(true);
    expect(told.toString('latin1').match(/XML:com\.adobe\.xmp/g)).toHaveLength(1);
    expect(bytesOf(stripped(told, { mark: true })).includes(theirs)).toBe(true);
  });

  test('about AI stays, and is not said twice', async () => {
    const said = theirs.replace(
      "dc:format='kept'",
      "dc:format='kept' xmlns:e='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' e:AISystemUsed='Other' " +
        "e:DigitalSourceType='http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia'",
    );
    const told = bytesOf(embedded(await withXmp(said, 'png'), made)).toString();
    expect(told.match(/DigitalSourceType=|DigitalSourceType>/g)).toHaveLength(1);
    expect(told.match(/AISystemUsed=|<Iptc4xmpExt:AISystemUsed/g)).toHaveLength(1);
    const left = bytesOf(stripped(Buffer.from(bytesOf(embedded(await withXmp(said, 'png'), made))), { mark: true }));
    expect(left.equals(await withXmp(said, 'png'))).toBe(true);
  });

  test('that a picture was taken gives way to what is true now', async () => {
    const taken = theirs.replace(
      '<dc:title>',
      '<e:DigitalSourceType xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture</e:DigitalSourceType><dc:title>',
    );
    const told = bytesOf(
      embedded(await withXmp(taken, 'png'), { ...made, source: 'compositeWithTrainedAlgorithmicMedia' }),
    );
    expect(told.includes('digitalCapture')).toBe(false);
    expect(told.includes('compositeWithTrainedAlgorithmicMedia')).toBe(true);
    expect(told.includes('A &amp; B')).toBe(true);
  });

  test.each([
    ['no XML', '<x:xmpmeta'],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${theirs}`],
    ['nothing to add to', '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'],
    ['tags that do not match', theirs.replace('</dc:title>', '</dc:titel>')],
    [
      'a prefix that nobody has declared',
      theirs.replace('<dc:title>', '<dd:title>').replace('</dc:title>', '</dd:title>'),
    ],
  ])('is left alone where it is %s', async (_, packet) => {
    expect(embedded(await withXmp(packet, 'jpeg'), made)).toEqual({ kind: 'left-alone', why: 'unreadable' });
  });

  test('is left alone where it is signed', async () => {
    const png = await opaque().png().toBuffer();
    const jpeg = await opaque().jpeg().toBuffer();
    const webp = Buffer.from(await opaque().webp().toBuffer());
    const signed = Buffer.concat([webp, Buffer.from('C2PA\x04\0\0\0jumb', 'latin1')]);
    signed.writeUInt32LE(signed.length - 8, 4);
    const files = [
      Buffer.concat([png.subarray(0, 33), chunk('caBX', Buffer.from('jumb')), png.subarray(33)]),
      Buffer.concat([
        jpeg.subarray(0, 2),
        Buffer.from('\xff\xeb\0\x0cJP\0\x01\0\0\0\x01jumb'.slice(0, 14), 'latin1'),
        jpeg.subarray(2),
      ]),
      signed,
      await withXmp(
        theirs.replace("dc:format='kept'", "xmlns:t='http://purl.org/dc/terms/' t:provenance='https://a.io/manifest'"),
        'png',
      ),
    ];
    for (const bytes of files) {
      expect(embedded(bytes, made)).toEqual({ kind: 'left-alone', why: 'signed' });
      expect(stripped(bytes, { mark: true })).toEqual({ kind: 'left-alone', why: 'signed' });
      expect(carriedBy(bytes)).toEqual({ why: 'signed' });
    }
  });
});

test('formats without a place for it, and packets without room, are said to be so', async () => {
  const gif = await opaque().gif().toBuffer();
  expect(embedded(gif, made)).toEqual({ kind: 'left-alone', why: 'format' });
  expect(embedded(Buffer.from('no picture'), made)).toEqual({ kind: 'left-alone', why: 'unreadable' });
  const jpeg = await opaque().jpeg().toBuffer();
  expect(embedded(jpeg, { ...made, recipe: 'x'.repeat(70_000) })).toEqual({ kind: 'left-alone', why: 'too-large' });
});

test('any text comes back as it was, but for what XML cannot hold in a prompt', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(fc.nat(1000), text, fc.array(text, { maxLength: 4 }), (which, prompt, value) => {
      const { bytes } = samples[which % samples.length] as Sample;
      const recipe = JSON.stringify(value);
      const told = carriedBy(bytesOf(embedded(bytes, { ...made, prompt, recipe })));
      if ('why' in told) throw new Error(told.why);
      expect(JSON.parse(told.recipe ?? '')).toEqual(JSON.parse(recipe));
    }),
    { numRuns: cases(100) },
  );
});

test('a damaged file is told or left alone, and never broken further', async () => {
  const telling = [
    ...samples.slice(0, 6).map(({ bytes }) => bytesOf(embedded(bytes, made))),
    ...samples.map(({ bytes }) => bytes),
  ];
  await fc.assert(
    fc.asyncProperty(fc.nat(1000), mutations, async (which, changes) => {
      const damaged = Buffer.from(mutate(telling[which % telling.length] as Buffer, changes));
      const result = embedded(damaged, made);
      stripped(damaged, { mark: true });
      carriedBy(damaged);
      if (result.kind === 'left-alone') return;
      const isWhole = (bytes: Uint8Array) =>
        verifyPicture(sourceOfBytes(bytes)).then(
          () => true,
          () => false,
        );
      if (await isWhole(damaged)) expect(await isWhole(result.bytes)).toBe(true);
    }),
    { numRuns: cases(400) },
  );
});

describe('ExifTool', () => {
  const run = promisify(execFile);
  const hasExifTool = () =>
    run('exiftool', ['-ver']).then(
      () => true,
      () => false,
    );

  test('finds every field and nothing wrong', async (context) => {
    if (!(await hasExifTool())) return context.skip('ExifTool is not installed');
    const folder = await mkdtemp(join(tmpdir(), 'wan-recipe-'));
    try {
      // ExifTool reads what is in comments, too.
      const plainly = theirs.replace('<!-- </r:RDF> -->', '');
      const chosen = samples.filter(({ name }) =>
        /rgba|baseline|lossy$|lossless with|animated|(png|jpeg) orientation 6/.test(name),
      );
      for (const [index, { format, bytes }] of chosen.entries()) {
        await writeFile(join(folder, `${index}-new.${format}`), bytesOf(embedded(bytes, made)));
        const foreign = format === 'webp' ? bytes : await withXmp(plainly, format as 'png' | 'jpeg');
        await writeFile(join(folder, `${index}-merged.${format}`), bytesOf(embedded(foreign, made)));
      }
      const { stdout } = await run('exiftool', [
        '-json',
        '-G1',
        '-validate',
        '-warning',
        '-error',
        '-a',
        '-XMP:all',
        folder,
      ]);
      const found = JSON.parse(stdout) as Record<string, unknown>[];
      expect(found).toHaveLength(chosen.length * 2);
      for (const file of found) {
        expect(file['ExifTool:Validate'] ?? 'OK', JSON.stringify(file)).toBe('OK');
        expect(file['ExifTool:Error'], JSON.stringify(file)).toBe(undefined);
        expect(String(file['XMP-iptcExt:DigitalSourceType'])).toContain('trainedAlgorithmicMedia');
        expect(Object.values(file)).toEqual(expect.arrayContaining([made.system, made.systemVersion, made.recipe]));
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
