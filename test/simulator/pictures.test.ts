import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import type { NormalisedJob } from '../../src/simulator/job.ts';
import { drawPicture } from '../../src/simulator/pictures.ts';
import { outputSize } from '../../src/simulator/sizes.ts';
import { validate } from '../../src/simulator/validator.ts';
import { dataUri, palette, png, set, text } from './bodies.ts';

// Decoding loads the pixel engine, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const small = { resolution: '1K', aspect_ratio: '1:1', seed: 7 };

describe('sizes', () => {
  // The table of areas by ratio and tier in the service dossier.
  test.each([
    ['16:9', [1365, 768], [2731, 1536], [5461, 3072]],
    ['1:1', [1024, 1024], [2048, 2048], [4096, 4096]],
    ['9:16', [768, 1365], [1536, 2731], [3072, 5461]],
    ['3:2', [1254, 836], [2508, 1672], [5017, 3344]],
    ['2:3', [836, 1254], [1672, 2508], [3344, 5017]],
    ['4:3', [1182, 887], [2365, 1774], [4730, 3547]],
    ['3:4', [887, 1182], [1774, 2365], [3547, 4730]],
    ['5:4', [1145, 916], [2290, 1832], [4579, 3664]],
    ['4:5', [916, 1145], [1832, 2290], [3664, 4579]],
  ])('%s', (aspect_ratio, ...expected) => {
    const sizes = ['1K', '2K', '4K'].map((resolution) => outputSize(job(text({ aspect_ratio, resolution }))));
    expect(sizes.map(({ width, height }) => [width, height])).toEqual(expected);
  });

  test('without a ratio: 16:9, or that of the last input image', () => {
    expect(outputSize(job(text()))).toEqual({ width: 2731, height: 1536 });
    expect(
      outputSize(job(text({ image: [png({ width: 500, height: 500 }), png({ width: 400, height: 1600 })] }))),
    ).toEqual({ width: 1024, height: 4096 });
    expect(outputSize(job(text({ image: ['https://example.com/a.png'] })))).toEqual({ width: 2048, height: 2048 });
  });

  test('the PNG has them, by another reader', async () => {
    const custom = job(text({ use_custom_size: true, custom_width: 1001, custom_height: 777, watermark: true }));
    expect(await sharp((await drawPicture(custom, 0)).png).metadata()).toMatchObject({
      format: 'png',
      width: 1001,
      height: 777,
      channels: 3,
      depth: 'uchar',
      hasAlpha: false,
    });
  });
});

describe('what a picture depends on', () => {
  const colours = palette(
    ['#0B3954', '20.00%'],
    ['#BFD7EA', '35.00%'],
    ['#FF6663', '15.00%'],
    ['#E0FF4F', '5.00%'],
    ['#FEFFFE', '25.00%'],
  );

  test('the same request gives the same bytes', async () => {
    expect((await drawPicture(job(text(small)), 0)).png.equals((await drawPicture(job(text(small)), 0)).png)).toBe(
      true,
    );
  });

  test.each([
    ['prompt', { prompt: 'a fox in the snow' }],
    ['seed', { seed: 8 }],
    ['palette', { color_palette: colours }],
    ['watermark', { watermark: true }],
  ])('another %s gives another picture', async (name, extra) => {
    const difference = await meanDifference(
      (await drawPicture(job(text(small)), 0)).png,
      (await drawPicture(job(text({ ...small, ...extra })), 0)).png,
    );
    expect(difference).toBeGreaterThan(name === 'watermark' ? 0.05 : 3);
  });

  test('palette colours cover their shares of the area', async () => {
    const { png: bytes } = await drawPicture(job(text({ ...small, color_palette: colours })), 0);
    const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    const wanted = [
      [0x0b, 0x39, 0x54, 0.2],
      [0xbf, 0xd7, 0xea, 0.35],
      [0xff, 0x66, 0x63, 0.15],
      [0xe0, 0xff, 0x4f, 0.05],
      [0xfe, 0xff, 0xfe, 0.25],
    ] as const;
    for (const [red, green, blue, share] of wanted) {
      let count = 0;
      for (let at = 0; at < data.length; at += 3)
        if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) count += 1;
      expect(count / (data.length / 3)).toBeCloseTo(share, 1.3);
    }
  });

  test('the pictures of a set differ in shape and share their colours', async () => {
    const asked = job(set(small));
    const pictures = await Promise.all([0, 1, 2].map(async (index) => (await drawPicture(asked, index)).png));
    const top = await Promise.all(
      pictures.map(async (bytes) => [
        ...(await sharp(bytes).extract({ left: 0, top: 0, width: 1, height: 1 }).raw().toBuffer()),
      ]),
    );
    expect(top[1]).toEqual(top[0]);
    expect(top[2]).toEqual(top[0]);
    expect(await meanDifference(pictures[0], pictures[1])).toBeGreaterThan(1.5);
  });
});

describe('edits', () => {
  const width = 900;
  const height = 600;
  const boxList = '[[300,150,540,350]]';

  test.each([
    ['white', '#ffffff'],
    ['black', '#000000'],
    ['mid-grey', '#808080'],
    ['green', '#2a9d4e'],
    ['magenta', '#ec148c'],
  ])('on %s: unmistakable in the box, slight outside', async (_name, background) => {
    const source = await sharp({ create: { width, height, channels: 3, background } })
      .png()
      .toBuffer();
    for (const seed of [1, 2]) {
      const asked = job(text({ seed, resolution: '1K', image: [dataUri('image/png', source)], bbox_list: boxList }));
      const result = await sharp((await drawPicture(asked, 0)).png)
        .resize(width, height, { fit: 'fill' })
        .png()
        .toBuffer();
      const { inside, outside } = await changes(source, result);
      expect(inside).toBeGreaterThan(50);
      expect(outside).toBeLessThan(3);
      expect(outside).toBeGreaterThan(0);
    }
  });

  test('a photo comes back as itself around the box, scaled to the size that was asked for', async () => {
    const source = await photo();
    const asked = job(text({ seed: 4, resolution: '2K', image: [dataUri('image/jpeg', source)], bbox_list: boxList }));
    const drawn = await drawPicture(asked, 0);
    expect([drawn.width, drawn.height]).toEqual([2508, 1672]);
    const result = await sharp(drawn.png).resize(width, height).png().toBuffer();
    const { inside, outside } = await changes(source, result);
    expect(inside).toBeGreaterThan(40);
    expect(outside).toBeLessThan(6);
  });

  test('the box counts in the picture it belongs to, and that picture is edited', async () => {
    const [first, second] = [await photo('#334455'), await photo('#cc8844')];
    const asked = job(
      text({
        seed: 4,
        resolution: '1K',
        image: [dataUri('image/jpeg', first), dataUri('image/jpeg', second)],
        bbox_list: `[${boxList},[]]`,
      }),
    );
    const result = await sharp((await drawPicture(asked, 0)).png)
      .resize(width, height)
      .png()
      .toBuffer();
    const { inside, outside } = await changes(first, result);
    expect(inside).toBeGreaterThan(40);
    expect(outside).toBeLessThan(6);
  });

  test('a form of writing boxes can be passed over: then the whole picture is edited', () => {
    const boxesOf = (bbox_list: string, bboxPassedOver: 'none' | 'literal' | 'perImage' | 'both'): unknown => {
      const verdict = validate(text({ image: [png({ width: 400, height: 300 })], bbox_list }), { bboxPassedOver });
      return verdict.ok && verdict.job.images[0]?.boxes;
    };
    const box = { x1: 1, y1: 2, x2: 30, y2: 40 };
    expect(boxesOf('[[1,2,30,40]]', 'literal')).toEqual([]);
    expect(boxesOf('[[[1,2,30,40]]]', 'literal')).toEqual([box]);
    expect(boxesOf('[[[1,2,30,40]]]', 'perImage')).toEqual([]);
    expect(boxesOf('[[1,2,30,40]]', 'none')).toEqual([box]);
    for (const written of ['[[1,2,30,40]]', '[[[1,2,30,40]]]']) expect(boxesOf(written, 'both')).toEqual([]);
  });

  test('a box that is to be one solid colour gets it, and a form that is passed over colours everything', async () => {
    const grey = await sharp({ create: { width, height, channels: 3, background: '#808080' } })
      .png()
      .toBuffer();
    const body = text({
      prompt: 'fill the box solid red',
      resolution: '1K',
      image: [dataUri('image/png', grey)],
      bbox_list: boxList,
    });
    const colourAt = async (bboxPassedOver: 'none' | 'literal', left: number, top: number): Promise<number[]> => {
      const verdict = validate(body, { bboxPassedOver });
      if (!verdict.ok) throw new Error(verdict.message);
      const { png: drawn, width: across } = await drawPicture({ ...verdict.job, seed: 3 }, 0);
      const scale = across / width;
      const place = { left: Math.round(left * scale), top: Math.round(top * scale), width: 20, height: 20 };
      return [...(await sharp(drawn).extract(place).resize(1, 1).raw().toBuffer())];
    };
    expect(await colourAt('none', 400, 200)).toEqual([228, 22, 26]);
    for (const part of await colourAt('none', 600, 400)) expect(Math.abs(part - 128)).toBeLessThan(5);
    for (const [left, top] of [
      [400, 200],
      [600, 400],
    ] as const) {
      const [red = 0, green = 0, blue = 0] = await colourAt('literal', left, top);
      expect(red - Math.max(green, blue)).toBeGreaterThan(50);
    }
  });

  test('without a box the whole picture changes', async () => {
    const source = await photo();
    const asked = job(text({ seed: 4, resolution: '1K', image: [dataUri('image/jpeg', source)] }));
    expect(
      await meanDifference(
        source,
        await sharp((await drawPicture(asked, 0)).png)
          .resize(width, height)
          .png()
          .toBuffer(),
      ),
    ).toBeGreaterThan(10);
  });

  test('a turned JPEG is edited upright', async () => {
    const source = await sharp(await photo())
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const drawn = await drawPicture(
      job(text({ seed: 4, resolution: '1K', image: [dataUri('image/jpeg', source)] })),
      0,
    );
    expect([drawn.width, drawn.height]).toEqual([836, 1254]);
  });

  test('an image that is only an address is drawn as a grey placeholder', async () => {
    const drawn = await drawPicture(
      job(text({ seed: 4, resolution: '1K', image: ['https://example.com/a.jpg'], bbox_list: '[[100,100,400,300]]' })),
      0,
    );
    const [red, green, blue] = await sharp(drawn.png)
      .extract({ left: 700, top: 700, width: 1, height: 1 })
      .raw()
      .toBuffer();
    expect(red).toBe(green);
    expect(green).toBe(blue);
  });

  /** Mean change of all channel values inside the box and outside; three pixels around its edge belong to neither, for sizes differ. */
  async function changes(before: Buffer, after: Buffer): Promise<{ inside: number; outside: number }> {
    const [a, b] = await Promise.all([before, after].map((bytes) => sharp(bytes).removeAlpha().raw().toBuffer()));
    const sums = { inside: 0, outside: 0 };
    const counts = { inside: 0, outside: 0 };
    for (let at = 0; at < width * height * 3; at += 1) {
      const column = Math.floor(at / 3) % width;
      const row = Math.floor(at / 3 / width);
      const depth = Math.min(column - 300, 539 - column, row - 150, 349 - row);
      const side = depth > 3 ? 'inside' : depth < -3 ? 'outside' : undefined;
      if (side === undefined) continue;
      sums[side] += Math.abs((a?.[at] ?? 0) - (b?.[at] ?? 0));
      counts[side] += 1;
    }
    return { inside: sums.inside / counts.inside, outside: sums.outside / counts.outside };
  }

  async function photo(background = '#86b'): Promise<Buffer> {
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 20 };
    const grain = await sharp({ create: { width: 90, height: 60, channels: 3, background, noise } })
      .resize(width, height)
      .png()
      .toBuffer();
    const plain = sharp({ create: { width, height, channels: 3, background } });
    return plain
      .composite([{ input: grain, blend: 'soft-light' }])
      .jpeg({ quality: 92 })
      .toBuffer();
  }
});

test('pictures are drawn fast enough to wait for', async () => {
  // Processor time, which a busy machine changes little.
  const cost = async (body: Record<string, unknown>): Promise<number> => {
    const before = process.cpuUsage();
    await drawPicture(job(body), 0);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  await cost(text(small));
  expect(await cost(text({ resolution: '2K' }))).toBeLessThan(600);
  expect(await cost(text({ resolution: '4K' }))).toBeLessThan(2500);
});

function job(body: Record<string, unknown>): NormalisedJob {
  const verdict = validate(body);
  if (!verdict.ok) throw new Error(verdict.message);
  return verdict.job;
}

/** Mean difference of all channel values between two pictures of one size. */
async function meanDifference(one: Buffer | undefined, other: Buffer | undefined): Promise<number> {
  const [a, b] = await Promise.all([one, other].map((bytes) => sharp(bytes).removeAlpha().raw().toBuffer()));
  let sum = 0;
  for (let at = 0; at < (a?.length ?? 0); at += 1) sum += Math.abs((a?.[at] ?? 0) - (b?.[at] ?? 0));
  return sum / (a?.length ?? 1);
}
