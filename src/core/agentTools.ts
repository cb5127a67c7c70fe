import * as z from 'zod/mini';
import { aspectRatios, modelCard, resolutions } from './modelCard.ts';
import { paletteOf } from './paletteShares.ts';
import { emptyRequest, type ImageRequest, usesThinking } from './request.ts';

/**
 * What a language model may ask for, and how that becomes a request. The shapes are what VS Code shows the model as JSON
 * schema, so every field says what a model has to know of it.
 */

/** The most characters of a path; no file system that VS Code works on takes longer ones everywhere. */
const mostOfPath = 500;
const setFormats = { png: 'png', jpeg: 'jpg', webp: 'webp' } as const;
const models = { pro: 'wan2.7-image-pro', standard: 'wan2.7-image' } as const;

const { minSide, maxSideLarge } = modelCard.customSize;

const path = (what: string) => z.string().check(z.minLength(1), z.maxLength(mostOfPath), z.describe(what));

const words = (what: string) =>
  z.string().check(z.minLength(1), z.maxLength(modelCard.prompt.maxCharacters), z.describe(what));

const whole = (min: number, max: number, what: string) =>
  z.int().check(z.minimum(min), z.maximum(max), z.describe(what));

const targetPath = () =>
  path(
    'Where the new file is saved: from the workspace folder on with forward slashes, such as "images/hero.webp", or absolute. ' +
      'Its ending chooses the format: .png, .jpg, .webp or .avif. Nothing may be there yet: no file is ever replaced. Missing folders are made. ' +
      'In a workspace of several folders begin with the name of the folder.',
  );

const model = z.optional(
  z
    .enum(['pro', 'standard'])
    .check(z.describe('"pro" costs more, knows thinking and 4K, and is better with text in pictures. Default: pro.')),
);

const ratio = (what: string) => z.optional(z.enum(aspectRatios).check(z.describe(what)));

const size = z.optional(
  z
    .strictObject({
      width: whole(minSide, maxSideLarge, 'Pixels from left to right.'),
      height: whole(minSide, maxSideLarge, 'Pixels from top to bottom.'),
    })
    .check(
      z.describe(
        'The size in pixels, instead of ratio and resolution. Sides of more than 2048 pixels only for generated pictures of the pro model.',
      ),
    ),
);

const palette = z.optional(
  z
    .array(z.string().check(z.regex(/^#[0-9A-Fa-f]{6}$/), z.describe('A colour as # and six hexadecimal digits.')))
    .check(
      z.minLength(modelCard.palette.min),
      z.maxLength(modelCard.palette.max),
      z.describe('Three to ten colours for the picture, in equal shares.'),
    ),
);

const seed = z.optional(
  whole(
    modelCard.seed.min,
    modelCard.seed.max,
    'The same seed gives similar pictures again, not identical ones. Left out, one is drawn.',
  ),
);

/** Input of the tool that makes new pictures from words. */
export const GenerateImageInput = z.strictObject({
  prompt: words('What the picture shows, in whole sentences. Text that is to be seen in it goes in quotation marks.'),
  path: targetPath(),
  count: z.optional(
    whole(
      modelCard.count.min,
      modelCard.count.max,
      'How many pictures to choose from, each paid for. The second is saved with -2 before its ending, and so on. Default: 1.',
    ),
  ),
  model,
  ratio: ratio('The shape. Default: 16:9.'),
  resolution: z.optional(
    z.enum(resolutions).check(z.describe('About 1, 4 or 16 megapixels. 4K only with the pro model. Default: 2K.')),
  ),
  size,
  palette,
  thinking: z.optional(
    z.boolean().check(z.describe('Lets the pro model think first, which takes longer. Default: true.')),
  ),
  seed,
});
export type GenerateImageInput = z.infer<typeof GenerateImageInput>;

/** Pictures may be larger than what is sent; then their boxes are scaled along. */
const side = (what: string) => whole(0, 100_000, what);

/** Input of the tool that edits a picture of the workspace. */
export const EditRegionInput = z.strictObject({
  image: path(
    'The picture to edit: a file of the workspace, from the workspace folder on or absolute. It stays as it is; the result is a new file.',
  ),
  prompt: words(
    'What is to change and what is to stay, such as "Replace the button in the box with a blue one, keep all else".',
  ),
  path: targetPath(),
  boxes: z.optional(
    z
      .array(
        z.strictObject({
          x1: side('Left edge.'),
          y1: side('Top edge.'),
          x2: side('Right edge, the first pixel that is not in it.'),
          y2: side('Bottom edge, the first pixel that is not in it.'),
          label: z.optional(
            z.string().check(z.minLength(1), z.maxLength(100), z.describe('What the prompt calls this box.')),
          ),
        }),
      )
      .check(
        z.maxLength(modelCard.boxes.maxPerImage),
        z.describe(
          'Where to edit: up to two boxes in whole pixels of the picture as it is seen upright, from its top left corner. Left out, all of it may change.',
        ),
      ),
  ),
  keepOutside: z.optional(
    z
      .boolean()
      .check(
        z.describe(
          'With boxes: the file has the size of the picture and, outside the boxes, what was there before, wherever the shapes allow it; the answer says so. False saves all that the service has made. Default: true.',
        ),
      ),
  ),
  references: z.optional(
    z
      .array(path('A picture of the workspace.'))
      .check(
        z.maxLength(modelCard.inputs.max - 1),
        z.describe(
          'Further pictures that the prompt may speak of as image 1, image 2 and so on, in this order. The picture to edit comes after them.',
        ),
      ),
  ),
  model,
  ratio: ratio('The shape of the result. Default: that of the picture.'),
  resolution: z.optional(z.enum(['1K', '2K']).check(z.describe('About 1 or 4 megapixels. Default: 2K.'))),
  seed,
});
export type EditRegionInput = z.infer<typeof EditRegionInput>;

/** Input of the tool that makes related pictures with one request. */
export const GenerateSetInput = z.strictObject({
  prompt: words('What all pictures have in common: style, colours, characters.'),
  pictures: z
    .array(z.string().check(z.minLength(1), z.maxLength(1000), z.describe('What this picture shows, in one line.')))
    .check(
      z.minLength(2),
      z.maxLength(modelCard.setMaxImages.max),
      z.describe(
        'Each picture in a line, in order. The service may make fewer than asked for, and only those are paid for; look at the previews to know which is which.',
      ),
    ),
  folder: path(
    'The folder that the files are saved in: from the workspace folder on with forward slashes, or absolute; "." is the workspace folder itself.',
  ),
  name: z
    .string()
    .check(
      z.minLength(1),
      z.maxLength(60),
      z.describe('How the files begin: "step" gives step-1.png, step-2.png and so on. None of them may be there yet.'),
    ),
  format: z.optional(z.enum(['png', 'jpeg', 'webp']).check(z.describe('The format of the files. Default: png.'))),
  model,
  ratio: ratio('The shape of all pictures. Default: 16:9.'),
  resolution: z.optional(z.enum(['1K', '2K']).check(z.describe('About 1 or 4 megapixels. Default: 2K.'))),
  seed,
});
export type GenerateSetInput = z.infer<typeof GenerateSetInput>;

/** Input of the tool that says what a call would come to, free. */
export const CheckRequestInput = z.strictObject({
  generateImage: z.optional(GenerateImageInput.check(z.describe('The input that wanImage_generateImage would get.'))),
  editRegion: z.optional(EditRegionInput.check(z.describe('The input that wanImage_editRegion would get.'))),
  generateSet: z.optional(GenerateSetInput.check(z.describe('The input that wanImage_generateSet would get.'))),
});
export type CheckRequestInput = z.infer<typeof CheckRequestInput>;

/** Input of the tool that says what a picture file is. */
export const DescribeImageInput = z.strictObject({
  path: path('A picture of the workspace, from the workspace folder on or absolute.'),
});

/** A call that makes pictures, by the field of `CheckRequestInput` that it has. */
export type AgentCall =
  | { readonly kind: 'generateImage'; readonly input: GenerateImageInput }
  | { readonly kind: 'editRegion'; readonly input: EditRegionInput }
  | { readonly kind: 'generateSet'; readonly input: GenerateSetInput };

/** The pictures that a call sends along, as the caller wrote their paths, in the order in which they are sent. */
export function picturesOf(call: AgentCall): string[] {
  // The ratio of the answer is that of the last picture.
  return call.kind === 'editRegion' ? [...(call.input.references ?? []), call.input.image] : [];
}

/** The files that a call wants, as the caller wrote them: one for each picture that can come. */
export function targetsOf(call: AgentCall): string[] {
  switch (call.kind) {
    case 'generateImage':
      return Array.from({ length: call.input.count ?? 1 }, (_, index) => numbered(call.input.path, index + 1));
    case 'editRegion':
      return [call.input.path];
    case 'generateSet': {
      const { folder, name, format = 'png', pictures } = call.input;
      const start = folder === '.' ? '' : `${folder.replace(/\/+$/, '')}/`;
      return pictures.map((_, index) => `${start}${name}-${index + 1}.${setFormats[format]}`);
    }
  }
}

/** The first is called as it is, the others with their number before the ending. */
function numbered(file: string, number: number): string {
  return number === 1 ? file : file.replace(/(\.[^./\\]*)?$/, `-${number}$1`);
}

/**
 * The request of a call.
 * @param pictures the ids and names of what `picturesOf` names, in that order
 */
export function requestOf(
  call: AgentCall,
  pictures: readonly { readonly id: string; readonly name: string }[],
): ImageRequest {
  const { input } = call;
  const request: ImageRequest = {
    ...emptyRequest(),
    prompt: input.prompt,
    variant: models[input.model ?? 'pro'],
    resolution: input.resolution ?? '2K',
    ...(input.ratio && { aspectRatio: input.ratio }),
    ...(input.seed !== undefined && { seed: input.seed }),
    ...particular(call, pictures),
  };
  const wanted = call.kind === 'generateImage' ? call.input.thinking : undefined;
  // Where it has no effect it is left out without a word, unless it was asked for.
  return { ...request, thinking: wanted ?? usesThinking(request) };
}

function particular(
  call: AgentCall,
  pictures: readonly { readonly id: string; readonly name: string }[],
): Partial<ImageRequest> {
  switch (call.kind) {
    case 'generateImage': {
      const { count = 1, size: exact, palette: colours } = call.input;
      return {
        count,
        ...(exact && { useCustomSize: true, customWidth: exact.width, customHeight: exact.height }),
        ...(colours && { palette: paletteOf(colours.map((hex) => ({ hex }))) }),
      };
    }
    case 'editRegion': {
      const { boxes = [] } = call.input;
      const last = pictures.length - 1;
      return {
        inputs: pictures.map(({ id, name }, index) => ({ id, name, boxes: index === last ? boxes : [] })),
      };
    }
    case 'generateSet':
      return { imageSet: true, setMaxImages: call.input.pictures.length, setLines: [...call.input.pictures] };
  }
}

/** Whether the file of a call is to have, outside the boxes, what was there before. */
export const keepsOutside = ({ kind, input }: AgentCall): boolean =>
  kind === 'editRegion' && (input.boxes ?? []).length > 0 && input.keepOutside !== false;

/** What a field of the request is called in the input of a call, deeper places with dots. */
export function fieldOfCall({ kind }: AgentCall, field: string): string {
  const [first = '', second, third, ...rest] = field.split('.');
  if (first === 'inputs' && kind === 'editRegion' && third === 'boxes') return ['boxes', ...rest].join('.');
  if (first === 'inputs') return second === undefined ? 'image' : `picture ${Number(second) + 1}`;
  const named: Readonly<Record<string, string>> = {
    variant: 'model',
    aspectRatio: 'ratio',
    customWidth: 'size.width',
    customHeight: 'size.height',
    useCustomSize: 'size',
    setLines: 'pictures',
    setMaxImages: 'pictures',
    imageSet: 'pictures',
  };
  return [named[first] ?? first, second, third, ...rest].filter((part) => part !== undefined).join('.');
}

/** What a call that did not fit its schema has wrong, for a model to act on. */
export interface ShapeProblem {
  /** Where, deeper places with dots; empty for all of it. */
  readonly field: string;
  readonly sentence: string;
}

/** A call of a tool as it was read. */
export type ReadCall<Input> =
  | { readonly kind: 'call'; readonly input: Input }
  | { readonly kind: 'shape'; readonly problems: readonly ShapeProblem[] };

/** Reads what a caller hands over, whoever it is. */
export function readCall<Input>(schema: z.ZodMiniType<Input>, value: unknown): ReadCall<Input> {
  const read = schema.safeParse(value);
  if (read.success) return { kind: 'call', input: read.data };
  const problems = read.error.issues.slice(0, 20).map((issue) => ({
    field: issue.path.map(String).join('.'),
    sentence: shapeSentence(issue),
  }));
  return { kind: 'shape', problems };
}

/** What was read as the input of a tool, as a call of that tool. */
export function asCall<Kind extends AgentCall['kind']>(
  kind: Kind,
  read: ReadCall<Extract<AgentCall, { kind: Kind }>['input']>,
): ReadCall<AgentCall> {
  return read.kind === 'shape' ? read : { kind: 'call', input: { kind, input: read.input } as AgentCall };
}

/** The one call in the input of a check; undefined unless there is exactly one. */
export function callToCheck(input: CheckRequestInput): AgentCall | undefined {
  const { generateImage, editRegion, generateSet } = input;
  const calls: AgentCall[] = [
    ...(generateImage ? [{ kind: 'generateImage', input: generateImage } as const] : []),
    ...(editRegion ? [{ kind: 'editRegion', input: editRegion } as const] : []),
    ...(generateSet ? [{ kind: 'generateSet', input: generateSet } as const] : []),
  ];
  return calls.length === 1 ? calls[0] : undefined;
}

/** For models alone, which read the English of the schema as well. */
function shapeSentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `There is no field ${issue.keys.map((key) => JSON.stringify(key.slice(0, 60))).join(', ')}; leave it out.`;
    case 'invalid_type':
      if (issue.expected === 'int') return 'This must be a whole number.';
      return `This must be ${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}.`;
    case 'invalid_value':
      return `This must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}.`;
    case 'too_big':
      return `This is more than ${issue.maximum}${unitOf(issue.origin)}.`;
    case 'too_small':
      return `This is less than ${issue.minimum}${unitOf(issue.origin)}.`;
    default:
      return 'This does not fit the input schema of the tool.';
  }
}

const unitOf = (origin: string): string => ({ string: ' characters', array: ' entries' })[origin] ?? '';

/** What asks for pictures like these again, for whoever wants to give it to an agent. */
export interface CallText {
  readonly tool: `wanImage_${AgentCall['kind']}`;
  readonly input: Record<string, unknown>;
}

/** Paths from the workspace folder on. */
export interface CallPlaces {
  /** What is sent along, in order. */
  readonly pictures: readonly string[];
  /** Where a picture may go. */
  readonly target: string;
  /** All of an answer was wanted, also what lies outside its boxes. */
  readonly isWhole?: boolean;
}

/**
 * The call that makes such a request; undefined where no tool can make it, such as with the address of a picture. What was
 * chosen as usual is left out.
 */
export function callFor(request: ImageRequest, places: CallPlaces): CallText | undefined {
  const { prompt, variant, aspectRatio, resolution, inputs, seed } = request;
  if (inputs.some(({ url }) => url !== undefined) || inputs.length !== places.pictures.length) return undefined;
  const shared = {
    ...(variant !== models.pro && { model: 'standard' }),
    ...(aspectRatio && !request.useCustomSize && { ratio: aspectRatio }),
    ...(resolution !== '2K' && !request.useCustomSize && { resolution }),
    ...(seed !== undefined && { seed }),
  };
  if (inputs.length > 0) return editFor(request, places, shared);
  if (request.imageSet) return setFor(request, places.target, shared);
  const { count, useCustomSize, customWidth, customHeight, palette: colours, thinking } = request;
  return {
    tool: 'wanImage_generateImage',
    input: {
      prompt,
      path: places.target,
      ...(count !== 1 && { count }),
      ...shared,
      ...(useCustomSize && { size: { width: customWidth, height: customHeight } }),
      ...(colours.length > 0 && { palette: colours.map(({ hex }) => hex) }),
      ...(!thinking && usesThinking(request) && { thinking }),
    },
  };
}

function editFor(
  { prompt, inputs, imageSet, count }: ImageRequest,
  { pictures, target, isWhole = false }: CallPlaces,
  shared: Record<string, unknown>,
): CallText | undefined {
  const boxes = inputs.at(-1)?.boxes ?? [];
  // The tool draws boxes on the last picture alone, and asks for one picture.
  if (imageSet || count !== 1 || inputs.slice(0, -1).some((input) => input.boxes.length > 0)) return undefined;
  return {
    tool: 'wanImage_editRegion',
    input: {
      image: pictures.at(-1),
      prompt,
      path: target,
      ...(boxes.length > 0 && { boxes: boxes.map((box) => ({ ...box })), ...(isWhole && { keepOutside: false }) }),
      ...(pictures.length > 1 && { references: pictures.slice(0, -1) }),
      ...shared,
    },
  };
}

function setFor(
  { prompt, setLines, setMaxImages, useCustomSize }: ImageRequest,
  target: string,
  shared: Record<string, unknown>,
): CallText | undefined {
  if (setLines.length < 2 || setLines.length !== setMaxImages || useCustomSize || prompt.trim() === '')
    return undefined;
  const [, folder = '.', file = ''] = /^(?:(.*)\/)?([^/]*)$/.exec(target) ?? [];
  return {
    tool: 'wanImage_generateSet',
    input: {
      prompt,
      pictures: [...setLines],
      folder,
      name: file.replace(/(-\d+)?(\.[^.]*)?$/, ''),
      ...shared,
    },
  };
}
