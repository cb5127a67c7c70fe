import { aspectRatios, type BoxForm, boxForms, variants } from '../../src/core/modelCard.ts';
import { normaliseShares } from '../../src/core/palette.ts';
import { allowsLargeSize, type Box, emptyRequest, type ImageRequest, type InputImage } from '../../src/core/request.ts';
import type { Picture, Pictures } from './pictures.ts';
import type { Random } from './random.ts';

/** A request with everything that both sides need to judge it. */
export interface Case {
  request: ImageRequest;
  /** Files by input id. */
  readonly pictures: Map<string, Picture>;
  boxForm: BoxForm;
  /** What was done to the good request, by name. */
  readonly damages: string[];
}

const prompts = [
  'a misty forest at dawn',
  'replace the sign',
  '一只猫坐在窗台上',
  '😀 party',
  'First image: … Second image: …',
  'x',
  `  ${'long '.repeat(40)}`,
];
const addresses = [
  'https://example.com/a.jpg',
  'http://pictures.org/b.png?size=2',
  'HTTPS://CDN.EXAMPLE.CO.UK/c.webp',
  'https://8.8.8.8/d.png',
  'https://[2606:4700::1111]/e.jpg',
  'https://example.com:8443/f%20g.bmp',
  'https://example.com./h.png',
  'https://localhost.example.com/i.png',
];

/** A request that the service takes, with options that its mode ignores mixed in. */
export function goodCase(random: Random, pictures: Pictures): Case {
  const made: Case = {
    request: { ...emptyRequest(), prompt: random.pick(prompts) },
    pictures: new Map(),
    boxForm: random.pick(boxForms),
    damages: [],
  };
  const { request } = made;
  request.variant = random.pick(variants);
  request.imageSet = random.chance(0.25);
  if (random.chance(0.55))
    for (let left = random.chance(0.1) ? 9 : random.whole(1, 3); left > 0; left--) addInput(made, random, pictures);
  request.thinking = random.chance(0.6);
  request.watermark = random.chance(0.3);
  if (random.chance(0.3)) request.responseFormat = 'b64_json';
  if (random.chance(0.5)) request.aspectRatio = random.pick(aspectRatios);
  request.resolution = random.pick(['1K', '2K', '4K']);
  if (random.chance(0.5)) request.seed = random.pick([0, 1, 2_147_483_647, random.whole(0, 2_147_483_647)]);
  // In the other mode each of these has no effect, so that there any number is good.
  request.count = request.imageSet && random.chance(0.5) ? random.pick([0, 7, 2.5]) : random.whole(1, 4);
  request.setMaxImages = !request.imageSet && random.chance(0.5) ? random.pick([0, 40, 1.5]) : random.whole(1, 12);
  if (random.chance(0.4))
    request.setLines = Array.from({ length: random.whole(0, 4) }, () => random.pick(['spring', ' ', '夏天', 'winter']));
  if (random.chance(0.4)) request.palette = somePalette(random, random.whole(3, 10));
  request.useCustomSize = random.chance(0.3);
  const longest = allowsLargeSize(request) ? 4096 : 2048;
  if (request.useCustomSize || random.chance(0.1)) {
    request.customWidth = request.useCustomSize
      ? random.pick([768, longest, random.whole(768, longest)])
      : random.pick([3, 0.5, 1000]);
    request.customHeight = request.useCustomSize
      ? random.pick([768, longest, random.whole(768, longest)])
      : random.pick([3, 99_999, 1000]);
  }
  return settled(made, random);
}

/** Makes good again what a change of mode made bad. */
export function settled(made: Case, random: Random): Case {
  const { request } = made;
  if (!allowsLargeSize(request)) {
    if (request.resolution === '4K' && !request.useCustomSize) request.resolution = random.pick(['1K', '2K']);
    if (request.useCustomSize && request.customWidth !== undefined)
      request.customWidth = Math.min(2048, request.customWidth);
    if (request.useCustomSize && request.customHeight !== undefined)
      request.customHeight = Math.min(2048, request.customHeight);
  }
  if (request.imageSet) {
    request.palette = [];
    for (const input of request.inputs) input.boxes = [];
  }
  const boxed = request.inputs.filter(({ boxes }) => boxes.length > 0);
  const isLiteral = request.inputs.length === 1 && request.inputs[0]?.boxes.length === 1;
  if (made.boxForm === 'literal' && boxed.length > 0 && !isLiteral) made.boxForm = random.pick(['auto', 'perImage']);
  return made;
}

/** Adds a good picture or a good address, often with boxes on it. */
export function addInput(made: Case, random: Random, pictures: Pictures): InputImage {
  const url = random.chance(0.2) ? random.pick(addresses) : undefined;
  const input = url === undefined ? attach(made, random.pick(pictures.good)) : { ...anInput(made), url };
  if (url !== undefined) made.request.inputs.push(input);
  for (let left = random.pick([0, 0, 1, 1, 2]); left > 0; left--) input.boxes.push(boxOn(made, input, random));
  return input;
}

/** Adds that picture. */
export function attach(made: Case, picture: Picture): InputImage {
  const input = anInput(made);
  made.pictures.set(input.id, picture);
  made.request.inputs.push(input);
  return input;
}

function anInput(made: Case): InputImage {
  const id = `image-${made.request.inputs.length}`;
  return { id, name: `${id}.png`, boxes: [] };
}

/** A good box, with its edges on those of the image now and then; on an address it lies anywhere. */
export function boxOn(made: Case, input: InputImage, random: Random): Box {
  const { width = 4000, height = 3000 } = input.url === undefined ? (made.pictures.get(input.id)?.facts ?? {}) : {};
  const [x1, y1] = [
    random.chance(0.2) ? 0 : random.whole(0, width - 1),
    random.chance(0.2) ? 0 : random.whole(0, height - 1),
  ];
  const box = {
    x1,
    y1,
    x2: random.chance(0.2) ? width : random.whole(x1 + 1, width),
    y2: random.chance(0.2) ? height : random.whole(y1 + 1, height),
  };
  return random.chance(0.3) ? { ...box, label: random.pick(['a red hat', '  ', '一只鸟']) } : box;
}

export function somePalette(random: Random, colours: number): ImageRequest['palette'] {
  const hex = (): string => `#${random.whole(0, 0xffffff).toString(16).padStart(6, '0')}`;
  const shares = Array.from({ length: colours }, () => ({
    hex: random.chance(0.5) ? hex() : hex().toUpperCase(),
    ratio: `${random.whole(1, 99)}.${random.whole(10, 99)}%`,
  }));
  return normaliseShares(shares);
}
