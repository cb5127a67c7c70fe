import type { ImageRequest, InputImage } from '../../src/core/request.ts';
import { addInput, attach, boxOn, type Case, settled, somePalette } from './cases.ts';
import type { Pictures } from './pictures.ts';
import type { Random } from './random.ts';

/** Addresses that core refuses and the twin of the service does not: those that only a cautious reader keeps away from. */
export const cautiousAddresses = [
  'https://pictures.test/a.png',
  'https://a.invalid/a.png',
  'https://www.example/a.png',
  'https://hidden.onion/a.png',
  'https://box.home/a.png',
  'https://files.corp/a.png',
  'https://a..example.com/a.png',
  'https://192.0.2.7/a.png',
  'https://198.51.100.7/a.png',
  'https://203.0.113.7/a.png',
  'https://198.18.0.7/a.png',
  'https://192.0.0.7/a.png',
  'https://8.526344/a.png',
  'https://010.8.8.8/a.png',
  'https://[2001:db8::7]/a.png',
  'https://[64:ff9b::808:808]/a.png',
  'https://[2002:808:808::1]/a.png',
  'https://[2001:0:1::7]/a.png',
  'https://[4000::1]/a.png',
];
/** The same for spellings that only a lenient reader takes for an address. */
export const sloppyAddresses = [
  'https:/example.com/a.png',
  'https:example.com/a.png',
  ' https://example.com/a.png',
  'https://example.com/a b.png',
  'https://exam\nple.com/a.png',
  'https:\\\\example.com\\a.png',
  'https://ex%61mple.com/a.png',
  'https://exa\u00admple.com/a.png',
  'https://[::ffff:8.8.8.8]/a.png',
];
export const addressesWithPassword = [
  'https://me:secret@example.com/a.png',
  'https://me@example.com/a.png',
  'https://@example.com/a.png',
];
const badAddresses = [
  'file:///home/me/a.png',
  'ftp://example.com/a.png',
  'example.com/a.png',
  '',
  'https://',
  'blob:https://example.com/1',
  'http://localhost/a.png',
  'http://LOCALHOST:8080/a.png',
  'http://a.localhost/',
  'http://nas/a.png',
  'http://printer.local/a.png',
  'http://db.internal/',
  'http://x.lan/',
  'http://x.home.arpa/',
  'http://127.0.0.1/a.png',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f.0.0.1/',
  'http://0177.0.0.1/',
  'http://10.1.2.3/',
  'http://172.20.0.1/',
  'http://192.168.1.1/',
  'http://169.254.169.254/',
  'http://100.64.0.1/',
  'http://0.0.0.0/',
  'http://224.0.0.1/',
  'http://[::1]/',
  'http://[::]/',
  'http://[fe80::1]/',
  'http://[fd00::1]/',
  'http://[ff02::1]/',
  'http://[::ffff:10.0.0.1]/',
  'http://127.0.0.1%2e/',
  'http://foo.l%6fcalhost/',
  'http://１２７.0.0.１/',
  'http://a.b。localhost/',
  'http://a.local\u00adhost/',
  'https://example.com:99999/',
  'https://[2606:::1]/',
  'https://exa<mple.com/',
  'https://256.1.1.1/',
];

type Sides = readonly [width: number, height: number];

/** Ways to spoil a good request, each with a share: how often it is chosen. Each prepares the mode in which it counts. */
export const damages: Readonly<
  Record<string, { readonly share?: number; readonly spoil: (made: Case, random: Random, pictures: Pictures) => void }>
> = {
  promptMissing: {
    spoil: ({ request }, random) => {
      withoutWords(request);
      request.prompt = random.pick(['', ' ', '\n\t']);
    },
  },
  promptLong: {
    spoil: ({ request }, random) => {
      withoutWords(request);
      request.prompt = random.pick(['x', '森', '😀']).repeat(random.pick([5001, 5002, 6000]));
    },
  },
  promptLongWithLines: {
    spoil: (made, random) => {
      toSet(made, random);
      made.request.prompt = 'x'.repeat(4980);
      made.request.setLines = ['spring'];
    },
  },
  large: {
    share: 3,
    spoil: (made, random, pictures) => {
      random.pick([() => toStandard(made, random), () => toEdit(made, random, pictures), () => toSet(made, random)])();
      made.request.useCustomSize = false;
      made.request.resolution = '4K';
    },
  },
  largeStandard: {
    spoil: (made, random) => {
      toText(made, random);
      toStandard(made, random);
      made.request.useCustomSize = false;
      made.request.resolution = '4K';
    },
  },
  largeEdit: {
    spoil: (made, random, pictures) => {
      toEdit(made, random, pictures);
      made.request.variant = 'wan2.7-image-pro';
      made.request.useCustomSize = false;
      made.request.resolution = '4K';
    },
  },
  largeSet: {
    spoil: (made, random) => {
      toText(made, random);
      toSet(made, random);
      made.request.variant = 'wan2.7-image-pro';
      made.request.useCustomSize = false;
      made.request.resolution = '4K';
    },
  },
  paletteInSet: {
    share: 2,
    spoil: (made, random) => {
      toSet(made, random);
      made.request.palette = somePalette(random, random.whole(1, 5));
    },
  },
  paletteCount: {
    share: 2,
    spoil: (made, random) => {
      toSingle(made, random);
      made.request.palette = somePalette(random, random.pick([1, 2, 11, 12]));
    },
  },
  paletteOfThePage: {
    spoil: (made, random) => {
      toSingle(made, random);
      made.request.palette = [
        { hex: '#C2D1E6', ratio: '60.00%' },
        { hex: '#636574', ratio: '40.00%' },
      ];
    },
  },
  paletteHex: {
    share: 2,
    spoil: (made, random) =>
      colour(made, random, { hex: random.pick(['#FFF', 'C2D1E6', '#GGGGGG', '#C2D1E6FF', 'red', '', ' #C2D1E6']) }),
  },
  paletteRatio: {
    share: 2,
    spoil: (made, random) =>
      colour(made, random, {
        ratio: random.pick([
          '50%',
          '50.0%',
          '50.000%',
          '50.00',
          '-1.00%',
          '1000.00%',
          '٥٠.00%',
          '',
          '5e1.00%',
          '50.00%\n',
        ]),
      }),
  },
  paletteZero: {
    share: 2,
    spoil: (made, random) => {
      colour(made, random, { ratio: '0.00%' });
      evenOut(made.request);
    },
  },
  paletteSum: {
    share: 2,
    spoil: (made, random) => {
      toSingle(made, random);
      made.request.palette = [...somePalette(random, 3), { hex: '#000000', ratio: random.pick(['0.01%', '1.00%']) }];
    },
  },
  count: {
    share: 2,
    spoil: (made, random) => {
      toSingle(made, random);
      made.request.count = random.pick([0, 5, -1, 2.5, 1e9]);
    },
  },
  setMaximum: {
    share: 2,
    spoil: (made, random) => {
      toSet(made, random);
      made.request.setMaxImages = random.pick([0, 13, -1, 1.5]);
    },
  },
  customMissing: {
    share: 2,
    spoil: (made, random) => {
      custom(made, 900, 900);
      delete made.request[random.pick(['customWidth', 'customHeight'] as const)];
    },
  },
  customSide: {
    share: 2,
    spoil: (made, random) =>
      custom(
        made,
        ...random.pick<Sides>([
          [767, 1200],
          [1200, 767],
          [4097, 900],
          [900, 5000],
          [1, 2048],
          [0, 900],
        ]),
      ),
  },
  customSideOfSmall: {
    share: 2,
    spoil: (made, random, pictures) => {
      random.pick([() => toStandard(made, random), () => toEdit(made, random, pictures), () => toSet(made, random)])();
      custom(
        made,
        ...random.pick<Sides>([
          [2049, 900],
          [900, 4096],
          [2049, 2048],
        ] as const),
      );
    },
  },
  customArea: {
    spoil: (made, random) =>
      custom(
        made,
        ...random.pick<Sides>([
          [700, 800],
          [500, 500],
          [767, 767],
          [4097, 4096],
          [5000, 5000],
        ]),
      ),
  },
  customRatio: {
    spoil: (made, random) =>
      custom(
        made,
        ...random.pick<Sides>([
          [6160, 768],
          [768, 6160],
          [6000, 700],
          [4000, 499],
        ]),
      ),
  },
  customNotWhole: {
    share: 2,
    spoil: (made, random) =>
      custom(
        made,
        ...random.pick<Sides>([
          [900.5, 900],
          [900, 1024.001],
          [768.25, 768.25],
        ]),
      ),
  },
  variantUnknown: {
    share: 2,
    spoil: (made, random) =>
      wild(made, { variant: random.pick(['wan2.7-image-max', '', 'pro', 'WAN2.7-IMAGE']) }, random),
  },
  ratioUnknown: {
    share: 2,
    spoil: (made, random) => {
      made.request.useCustomSize = false;
      wild(made, { aspectRatio: random.pick(['21:9', '16:10', '16/9', '1:8', 'auto']) }, random);
    },
  },
  resolutionUnknown: {
    share: 2,
    spoil: (made, random) => {
      made.request.useCustomSize = false;
      wild(made, { resolution: random.pick(['8K', '2k', '', '2048x2048']) }, random);
    },
  },
  responseFormatUnknown: {
    share: 2,
    spoil: (made, random) => wild(made, { responseFormat: random.pick(['b64', 'base64', '', 'URL']) }, random),
  },
  unsentUnknown: { share: 2, spoil: unsentUnknown },
  unsentStranger: {
    spoil: (made, random) =>
      wild(made, random.pick([{ size: '1024x1024' }, { n: 2 }, { negativePrompt: 'no hats' }]), random),
  },
  wrongType: { share: 4, spoil: wrongType },
  paletteStranger: { share: 2, spoil: (made, random) => colour(made, random, { name: 'ink' }) },
  tooManyImages: {
    share: 2,
    spoil: (made, random, pictures) => {
      toEdit(made, random, pictures);
      while (made.request.inputs.length < 10) attach(made, random.pick(pictures.good));
      settled(made, random);
    },
  },
  imageFormat: {
    share: 2,
    spoil: (made, random, pictures) => {
      toEdit(made, random, pictures);
      swap(made, random, pictures.bad.format);
    },
  },
  imageSide: {
    share: 3,
    spoil: (made, random, pictures) => {
      toEdit(made, random, pictures);
      swap(made, random, pictures.bad.side);
    },
  },
  imageRatio: {
    share: 2,
    spoil: (made, random, pictures) => {
      toEdit(made, random, pictures);
      swap(made, random, pictures.bad.ratio);
    },
  },
  imageAlpha: {
    share: 2,
    spoil: (made, random, pictures) => {
      toEdit(made, random, pictures);
      swap(made, random, pictures.bad.alpha);
    },
  },
  imageAlphaOfBmp: {
    spoil: (made, random, pictures) => {
      toEdit(made, random, pictures);
      swap(made, random, pictures.bad.alphaOfBmp);
    },
  },
  imageUnreadable: {
    share: 2,
    spoil: (made, random, pictures) => {
      toEdit(made, random, pictures);
      swap(made, random, pictures.bad.unreadable);
    },
  },
  imageHeavy: {
    share: 0.75,
    spoil: (made, random, pictures) => {
      toEdit(made, random, pictures);
      swap(made, random, pictures.bad.heavy);
    },
  },
  imageMissing: {
    share: 2,
    spoil: (made, random, pictures) => {
      toEdit(made, random, pictures);
      made.pictures.delete(attachedOf(made, random, pictures).id);
    },
  },
  imageTwice: {
    spoil: (made, random, pictures) => {
      toEdit(made, random, pictures);
      made.request.inputs.push({ ...attachedOf(made, random, pictures), boxes: [] });
      if (made.request.inputs.length > 9) made.request.inputs.shift();
      settled(made, random);
    },
  },
  address: { share: 4, spoil: (made, random, pictures) => address(made, random, pictures, badAddresses) },
  addressCautious: { spoil: (made, random, pictures) => address(made, random, pictures, cautiousAddresses) },
  addressSloppy: { spoil: (made, random, pictures) => address(made, random, pictures, sloppyAddresses) },
  addressWithPassword: { spoil: (made, random, pictures) => address(made, random, pictures, addressesWithPassword) },
  boxesTooMany: {
    share: 2,
    spoil: (made, random, pictures) => {
      const input = boxable(made, random, pictures);
      while (input.boxes.length < random.pick([3, 4])) input.boxes.push(boxOn(made, input, random));
      if (input.boxes.length < 3) input.boxes.push(boxOn(made, input, random));
      settled(made, random);
    },
  },
  boxNotWhole: {
    share: 2,
    spoil: (made, random, pictures) =>
      box(made, random, pictures, random.pick([{ x1: 0.5 }, { y1: 0.25 }, { x2: 100.1 }, { y2: 99.999 }])),
  },
  boxEmpty: {
    share: 2,
    spoil: (made, random, pictures) =>
      box(
        made,
        random,
        pictures,
        random.pick([
          { x1: 50, x2: 50 },
          { y1: 60, y2: 20 },
          { x1: 9, x2: 3, y1: 9, y2: 3 },
        ]),
      ),
  },
  boxOutside: { share: 3, spoil: (made, random, pictures) => boxOutside(made, random, pictures) },
  boxesInLiteralForm: {
    share: 3,
    spoil: (made, random, pictures) => {
      const input = boxable(made, random, pictures);
      while (input.boxes.length < 2) input.boxes.push(boxOn(made, input, random));
      input.boxes.length = 2;
      made.boxForm = 'literal';
    },
  },
  boxesInSet: {
    spoil: (made, random, pictures) => {
      toEdit(made, random, pictures);
      toSet(made, random);
      const input = attachedOf(made, random, pictures);
      input.boxes.push(boxOn(made, input, random));
      made.boxForm = 'perImage';
    },
  },
  seed: {
    share: 2,
    spoil: ({ request }, random) => {
      request.seed = random.pick([-1, 2_147_483_648, 1.5, 1e300, -0.5]);
    },
  },
};

function withoutWords(request: ImageRequest): void {
  request.setLines = [];
  request.inputs = request.inputs.map((input) => ({
    ...input,
    boxes: input.boxes.map(({ x1, y1, x2, y2 }) => ({ x1, y1, x2, y2 })),
  }));
}

function toText(made: Case, random: Random): void {
  made.request.inputs = [];
  toSingle(made, random);
}

function toSingle(made: Case, random: Random): void {
  made.request.imageSet = false;
  made.request.count = random.whole(1, 4);
}

function toStandard(made: Case, random: Random): void {
  made.request.variant = 'wan2.7-image';
  settled(made, random);
}

function toSet(made: Case, random: Random): void {
  made.request.imageSet = true;
  made.request.setMaxImages = random.whole(1, 12);
  settled(made, random);
}

function toEdit(made: Case, random: Random, pictures: Pictures): void {
  toSingle(made, random);
  if (made.request.inputs.length === 0) addInput(made, random, pictures);
  settled(made, random);
}

function custom(made: Case, customWidth: number, customHeight: number): void {
  Object.assign(made.request, { useCustomSize: true, customWidth, customHeight });
}

/** Sets fields to values that the type does not allow; the mode that the field belongs to has been prepared. */
function wild(made: Case, fields: Record<string, unknown>, random: Random): void {
  Object.assign(made.request, fields);
  // An unknown variant counts as Pro on one side and may as Standard on the other: keep to what both allow.
  if ('variant' in fields && made.request.resolution === '4K') made.request.resolution = random.pick(['1K', '2K']);
}

function wrongType(made: Case, random: Random): void {
  const ways: readonly (() => void)[] = [
    () => wild(made, { seed: random.pick(['5', null, true]) }, random),
    () => wild(made, { watermark: random.pick(['yes', 1, null]) }, random),
    () => {
      toSingle(made, random);
      wild(made, { count: random.pick(['2', null, Number.NaN, Infinity]) }, random);
    },
    () => {
      toSet(made, random);
      wild(made, { setMaxImages: random.pick(['2', null]) }, random);
    },
    () => {
      custom(made, 900, 900);
      wild(made, random.pick([{ customWidth: '900' }, { customHeight: null }]), random);
    },
    () => {
      toText(made, random);
      made.request.variant = 'wan2.7-image-pro';
      wild(made, { thinking: random.pick(['yes', 1]) }, random);
    },
    () => wild(made, { responseFormat: random.pick([5, null]) }, random),
  ];
  random.pick(ways)();
}

function unsentUnknown(made: Case, random: Random, pictures: Pictures): void {
  const ways: readonly (() => void)[] = [
    () => {
      custom(made, 900, 900);
      wild(made, random.pick([{ aspectRatio: '21:9' }, { resolution: '8K' }, { resolution: 2 }]), random);
    },
    () => {
      made.request.useCustomSize = false;
      wild(made, random.pick([{ customWidth: '900' }, { customHeight: null }]), random);
    },
    () => {
      toSet(made, random);
      wild(made, { count: random.pick(['2', Number.NaN]) }, random);
    },
    () => {
      toSingle(made, random);
      wild(made, { setMaxImages: random.pick(['2', null]) }, random);
    },
    () => {
      toEdit(made, random, pictures);
      wild(made, { thinking: 'yes' }, random);
    },
  ];
  random.pick(ways)();
}

function colour(made: Case, random: Random, fields: Record<string, unknown>): void {
  toSingle(made, random);
  const palette = somePalette(random, random.whole(3, 10));
  Object.assign(random.pick(palette), fields);
  made.request.palette = palette;
}

/** Gives the first readable share what is missing to 100.00%. */
function evenOut(request: ImageRequest): void {
  const hundredths = (ratio: string): number => Number(ratio.replace(/[.%]/g, ''));
  const missing = 10_000 - request.palette.reduce((sum, { ratio }) => sum + hundredths(ratio), 0);
  const first = request.palette.find(({ ratio }) => hundredths(ratio) > 0);
  if (first) first.ratio = ((hundredths(first.ratio) + missing) / 100).toFixed(2).concat('%');
}

/** An attached input, made if there is none. */
function attachedOf(made: Case, random: Random, pictures: Pick<Pictures, 'good'>): InputImage {
  const attached = made.request.inputs.filter(({ id, url }) => url === undefined && made.pictures.has(id));
  if (attached.length > 0) return random.pick(attached);
  if (made.request.inputs.length >= 9) made.request.inputs.pop();
  return attach(made, random.pick(pictures.good));
}

function swap(made: Case, random: Random, pictures: Pictures['good']): void {
  const input = attachedOf(made, random, { good: pictures });
  input.boxes = [];
  made.pictures.set(input.id, random.pick(pictures));
  settled(made, random);
}

function address(made: Case, random: Random, pictures: Pictures, addresses: readonly string[]): void {
  toEdit(made, random, pictures);
  random.pick(made.request.inputs).url = random.pick(addresses);
}

/** An attached input that can have boxes, alone, so that every form of the list is possible. */
function boxable(made: Case, random: Random, pictures: Pictures): InputImage {
  toEdit(made, random, pictures);
  const input = attachedOf(made, random, pictures);
  if (random.chance(0.5)) made.request.inputs = [input];
  return input;
}

function box(made: Case, random: Random, pictures: Pictures, edges: Record<string, number>): void {
  const input = boxable(made, random, pictures);
  input.boxes = [{ x1: 1, y1: 1, x2: 200, y2: 200, ...edges }];
  settled(made, random);
}

function boxOutside(made: Case, random: Random, pictures: Pictures): void {
  const input = boxable(made, random, pictures);
  const { width = 0, height = 0 } = made.pictures.get(input.id)?.facts ?? {};
  const edges = random.pick([
    { x1: -1 },
    { y1: -5 },
    { x2: width + 1 },
    { y2: height + 1 },
    { x1: width, x2: width + 10 },
    { x2: 1e9 },
  ]);
  input.boxes = [{ x1: 1, y1: 1, x2: 200, y2: 200, ...edges }];
  settled(made, random);
}
