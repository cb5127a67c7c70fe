import * as z from 'zod/mini';
import { aspectRatios, modelCard, resolutions } from './modelCard.ts';
import { paletteOf } from './paletteShares.ts';
import { emptyRequest, highestPrice, type ImageRequest, usesThinking } from './request.ts';
import type { Mills, Prices } from './modelCard.ts';

/** What a set file can hold at most: far more than a person writes, and little enough to be read at each key press. */
export const mostOfSetFile = {
  /** UTF-16 units of the whole file. */
  text: 256 * 1024,
  /** Lists and objects inside each other; a set file has four. */
  depth: 12,
  pictures: 200,
} as const;

/** File formats of pictures, by the ends of their names. */
const setFormats = { png: 'png', jpeg: 'jpg', webp: 'webp', avif: 'avif' } as const;

const models = { pro: 'wan2.7-image-pro', standard: 'wan2.7-image' } as const;

const side = (what: string) =>
  z
    .number()
    .check(
      z.minimum(modelCard.customSize.minSide),
      z.maximum(modelCard.customSize.maxSideLarge),
      z.multipleOf(1),
      z.describe(what),
    );

const Size = z.strictObject({
  width: side('Pixels from left to right. More than 2048 only for single pictures of the Pro model.'),
  height: side('Pixels from top to bottom. More than 2048 only for single pictures of the Pro model.'),
});

const Colour = z.string().check(z.regex(/^#[0-9A-Fa-f]{6}$/), z.describe('A colour as # and six hexadecimal digits.'));

/** One picture of a set file. */
export const SetEntry = z.strictObject({
  name: z
    .string()
    .check(
      z.minLength(1),
      z.maxLength(60),
      z.describe('The name of the file, without its ending. It says which picture this is, whatever its prompt says.'),
    ),
  prompt: z.string().check(z.minLength(1), z.describe('What this picture shows, in one line.')),
  alt: z.optional(
    z.string().check(z.describe('What a reader who cannot see the picture is told. Not sent to the service.')),
  ),
  size: z.optional(Size.check(z.describe('The exact size of this picture, instead of that of the set.'))),
});
export type SetEntry = z.infer<typeof SetEntry>;

/**
 * A set of pictures as a file of the repository, `*.wanset.json`. Its shape is what the JSON schema says that is made
 * from it; what the shape cannot say is in setFileRules.ts.
 */
export const SetFile = z.strictObject({
  $schema: z.optional(z.string()),
  version: z.literal(1).check(z.describe('The version of this format.')),
  style: z.optional(
    z.string().check(z.describe('What all pictures have in common. It goes before the prompt of each.')),
  ),
  palette: z.optional(
    z
      .array(
        z.union([
          Colour,
          z.strictObject({
            hex: Colour,
            share: z
              .number()
              .check(
                z.positive(),
                z.describe('How much of the picture has this colour, beside the shares of the others.'),
              ),
          }),
        ]),
      )
      .check(
        z.minLength(modelCard.palette.min),
        z.maxLength(modelCard.palette.max),
        z.describe('Three to ten colours. Only with "together": false, since image sets take no palette.'),
      ),
  ),
  model: z.optional(
    z.enum(['pro', 'standard']).check(z.describe('Pro costs more, knows thinking and 4K. Default: pro.')),
  ),
  ratio: z.optional(z.enum(aspectRatios).check(z.describe('The shape of the pictures. Default: 16:9.'))),
  resolution: z.optional(
    z
      .enum(resolutions)
      .check(z.describe('About 1, 4 or 16 megapixels. 4K only for single pictures of the Pro model. Default: 2K.')),
  ),
  size: z.optional(Size.check(z.describe('The exact size of the pictures, instead of ratio and resolution.'))),
  thinking: z.optional(
    z
      .boolean()
      .check(
        z.describe('Lets the Pro model think about each picture first. Only with "together": false. Default: true.'),
      ),
  ),
  seed: z.optional(
    z
      .number()
      .check(
        z.minimum(modelCard.seed.min),
        z.maximum(modelCard.seed.max),
        z.multipleOf(1),
        z.describe('The same seed gives similar pictures again, not identical ones.'),
      ),
  ),
  destination: z.optional(
    z
      .string()
      .check(
        z.maxLength(500),
        z.describe(
          'The folder of the pictures, seen from this file and inside the workspace. Default: beside this file.',
        ),
      ),
  ),
  format: z.optional(
    z.enum(['png', 'jpeg', 'webp', 'avif']).check(z.describe('The format of the files. Default: png.')),
  ),
  together: z.optional(
    z
      .boolean()
      .check(
        z.describe(
          'True: up to twelve pictures are made as one cohesive image set. False: each is a request of its own. Default: true.',
        ),
      ),
  ),
  pictures: z
    .array(SetEntry)
    .check(
      z.minLength(1),
      z.maxLength(mostOfSetFile.pictures),
      z.describe('The pictures, each with a name and a prompt.'),
    ),
});
export type SetFile = z.infer<typeof SetFile>;

/**
 * What determines how a picture of a set file looks, as one text: two entries with the same are the same picture. Neither
 * its name and its place nor the other entries are in it, so that moving, adding and sorting buys nothing.
 */
export function wordsOf(set: SetFile, entry: SetEntry): string {
  const { prompt, variant, useCustomSize, customWidth, customHeight, aspectRatio, resolution, palette, seed } =
    requestFor(set, [entry]);
  const size = useCustomSize ? [customWidth, customHeight] : [aspectRatio ?? null, resolution];
  // Not thinking where the file leaves it open: it is on for one picture and off in a set.
  return JSON.stringify([1, prompt, variant, size, palette, seed ?? null, set.thinking ?? null]);
}

/** The request for some pictures of a set file that share their options: more than one are asked for in set mode. */
export function requestFor(set: SetFile, entries: readonly SetEntry[]): ImageRequest {
  const prompts = entries.map(({ prompt }) => oneLine(prompt));
  const style = set.style?.trim() ?? '';
  const imageSet = entries.length > 1;
  const size = entries[0]?.size ?? set.size;
  const request: ImageRequest = {
    ...emptyRequest(),
    prompt: imageSet ? style : [style, ...prompts].filter((part) => part !== '').join('\n'),
    variant: models[set.model ?? 'pro'],
    imageSet,
    ...(imageSet && { setMaxImages: entries.length, setLines: prompts }),
    ...(size
      ? { useCustomSize: true, customWidth: size.width, customHeight: size.height }
      : { ...(set.ratio && { aspectRatio: set.ratio }), resolution: set.resolution ?? '2K' }),
    palette: set.palette ? paletteOf(set.palette.map(asColour)) : [],
    ...(set.seed !== undefined && { seed: set.seed }),
  };
  return { ...request, thinking: usesThinking(request) && (set.thinking ?? true) };
}

const asColour = (
  colour: NonNullable<SetFile['palette']>[number],
): { readonly hex: string; readonly weight?: number } =>
  typeof colour === 'string' ? { hex: colour } : { hex: colour.hex, weight: colour.share };

const oneLine = (text: string): string => text.trim().replaceAll(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');

/** Pictures of a set file by the requests that they are asked for with: those of one size up to twelve together, or each alone. */
export function groupsOf<Entry extends SetEntry>(set: SetFile, entries: readonly Entry[]): Entry[][] {
  if (set.together === false) return entries.map((entry) => [entry]);
  const bySize = new Map<string, Entry[]>();
  for (const entry of entries) {
    const size = JSON.stringify([entry.size?.width, entry.size?.height]);
    bySize.set(size, [...(bySize.get(size) ?? []), entry]);
  }
  const { max } = modelCard.setMaxImages;
  return [...bySize.values()].flatMap((same) =>
    Array.from({ length: Math.ceil(same.length / max) }, (_, at) => same.slice(at * max, (at + 1) * max)),
  );
}

/** The most that these pictures of a set file can cost. */
export function priceOf(set: SetFile, entries: readonly SetEntry[], prices?: Prices): Mills {
  return groupsOf(set, entries).reduce((sum, group) => sum + (highestPrice(requestFor(set, group), prices) ?? 0), 0);
}

/** The name of a picture's file. */
export function fileNameOf(set: SetFile, { name }: Pick<SetEntry, 'name'>): string {
  return `${name}.${setFormats[set.format ?? 'png']}`;
}

/**
 * The folder that a set file's pictures go to, as names from the workspace folder on; undefined where that is not inside it
 * by its words. Links are for whoever writes to look at.
 * @param folder of the set file, as names from the workspace folder on
 */
export function destinationOf(set: Pick<SetFile, 'destination'>, folder: readonly string[]): string[] | undefined {
  const way = set.destination ?? '';
  if (/^[/~]|^[A-Za-z]:|[\\\p{Cc}]/u.test(way)) return undefined;
  const parts = [...folder];
  for (const part of way.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts;
}
