import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RequestBody } from '../../src/service/body.ts';
import { ready } from './rig.ts';

async function textOf(body: RequestBody): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

const image = fc.oneof(
  fc.record({ kind: fc.constant('url' as const), url: fc.webUrl() }),
  fc.record({
    kind: fc.constant('inline' as const),
    mime: fc.constantFrom('image/png' as const, 'image/jpeg' as const),
    bytes: fc.uint8Array({ maxLength: 3000 }),
  }),
);

test('the streamed text is the JSON of fields and images, and as long as announced', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(image, { maxLength: 9 }), fc.string(), async (images, prompt) => {
      const request = ready(images, { prompt });
      const body = new RequestBody(request);
      const text = await textOf(body);
      expect(text.length).toBe(body.byteLength);
      const expected = images.map((one) =>
        one.kind === 'url' ? one.url : `data:${one.mime};base64,${Buffer.from(one.bytes).toString('base64')}`,
      );
      expect(JSON.parse(text.toString())).toEqual(
        JSON.parse(JSON.stringify({ ...request.fields, ...(images.length > 0 ? { image: expected } : {}) })),
      );
    }),
    { numRuns: 60 },
  );
});

test('a large image crosses the edges of pieces unharmed, also as a view into a larger buffer', async () => {
  const around = Buffer.alloc(2_000_003);
  for (let index = 0; index < around.length; index++) around[index] = (index * 31) & 255;
  const bytes = around.subarray(5, 2_000_001);
  const parsed = JSON.parse(
    (await textOf(new RequestBody(ready([{ kind: 'inline', mime: 'image/png', bytes }])))).toString(),
  ) as { image: string[] };
  expect(Buffer.from(parsed.image[0]?.split(',')[1] ?? '', 'base64').equals(bytes)).toBe(true);
});

test('a body can be read once only', async () => {
  const body = new RequestBody(ready());
  await textOf(body);
  await expect(textOf(body)).rejects.toThrow('not sent again');
});

test('it is whole only when its last piece has been handed over', async () => {
  const body = new RequestBody(ready([{ kind: 'inline', mime: 'image/png', bytes: Buffer.alloc(10) }]));
  const pieces = body[Symbol.asyncIterator]();
  let count = 0;
  while (!body.isWhole && (await pieces.next()).done !== true) count++;
  expect(count).toBeGreaterThan(3);
  await pieces.next();
  expect(body.isWhole).toBe(true);
});
