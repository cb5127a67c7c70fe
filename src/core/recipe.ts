import * as z from 'zod/mini';
import type { ResultVersion } from './messages.ts';
import { modelCard } from './modelCard.ts';
import { addressTrouble } from './publicAddress.ts';
import { Box, ImageRequest, InputImage } from './requestSchema.ts';

/**
 * A recipe says how a picture was made, so that the next person can see it and make it again. It travels with the
 * picture, and whoever has the one has the other: nothing in it is private but what the user has written. So there is no
 * absolute path, no name of a file outside the workspace folder, no key, and no address that could carry a signature.
 */

/** The most that a recipe may take as text, in bytes of UTF-8. A request at its limits takes about half of it. */
export const mostRecipeBytes = 64 * 1024;
const mostBoxes = 20;

const whole = (least: number, most: number) => z.int().check(z.gte(least), z.lte(most));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const side = whole(1, 1_000_000);

/** From the folder of the recipe's file, with forward slashes. */
const RelativePath = z.string().check(z.refine(isRelativePath));

/** Where a picture that was sent along comes from. */
const RecipeSource = z.discriminatedUnion('kind', [
  /** A file of the same workspace folder, known by its bytes; sides in pixels as it is seen. */
  z.strictObject({ kind: z.literal('file'), path: RelativePath, sha256, width: side, height: side }),
  /** A file that is elsewhere, whose name is nobody else's business. */
  z.strictObject({ kind: z.literal('elsewhere'), sha256, width: side, height: side }),
  z.strictObject({ kind: z.literal('address'), url: z.string().check(z.refine((url) => keptAddress(url) === url)) }),
  /** An address that carried more than the way to a public file. */
  z.strictObject({ kind: z.literal('address-not-kept') }),
]);
export type RecipeSource = z.infer<typeof RecipeSource>;

const RecipeInput = z.strictObject({
  source: RecipeSource,
  /** In pixels of the source. */
  boxes: z.array(Box).check(z.maxLength(mostBoxes)),
  preparation: z.optional(
    z.strictObject({
      background: z.string().check(z.regex(/^#[0-9a-f]{6}$/i)),
      size: z.enum(['small', 'useful', 'full']),
    }),
  ),
  crop: InputImage.shape.crop,
});

export const Recipe = z.strictObject({
  wanImageRecipe: z.literal(1),
  /** Name and version of what wrote it. */
  app: z.string().check(z.maxLength(100)),
  /** When the request was sent, to the second, in UTC. */
  madeAt: z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/), z.refine(isMoment)),
  /** Practice mode draws placeholders, which are no pictures of the model. */
  madeBy: z.enum(['service', 'practice']),
  /** As it was asked for, with the model and the seed; how the answer travelled is nobody's concern. */
  request: z.omit(ImageRequest, { inputs: true, responseFormat: true }),
  inputs: z.array(RecipeInput).check(z.maxLength(modelCard.inputs.max)),
  /** Which of the request's pictures this is, and what it was when it came. */
  picture: z.strictObject({
    number: whole(1, 100),
    of: whole(1, 100),
    /** Its own line, in a set that has one for each. */
    line: z.optional(z.string()),
    width: side,
    height: side,
    format: z.string().check(z.maxLength(10)),
    /** The answer itself, or the answer put into the boxes of its source. */
    version: z.enum(['whole', 'crop', 'crop-png', 'inside', 'inside-png'] satisfies ResultVersion[]),
  }),
  /** What the whole request has cost, in thousandths of a dollar; left out where nobody can say. */
  cost: z.optional(whole(0, 1_000_000)),
});
export type Recipe = z.infer<typeof Recipe>;

/** What a text turned out to be that should be a recipe. */
export type ReadRecipe =
  | { readonly kind: 'recipe'; readonly recipe: Recipe }
  | { readonly kind: 'refused'; readonly why: 'too-large' | 'newer' | 'not-a-recipe' };

/**
 * Reads a recipe that anybody may have written: nothing unknown is let through, however little of it there is. No form of a
 * recipe holds one of its own kind, so that its depth has an end as well.
 */
export function readRecipe(text: string): ReadRecipe {
  if (bytesOf(text) > mostRecipeBytes) return { kind: 'refused', why: 'too-large' };
  const value = parsed(text);
  const version = typeof value === 'object' && value !== null && 'wanImageRecipe' in value && value.wanImageRecipe;
  if (typeof version === 'number' && version > 1) return { kind: 'refused', why: 'newer' };
  const read = Recipe.safeParse(value);
  return read.success ? { kind: 'recipe', recipe: read.data } : { kind: 'refused', why: 'not-a-recipe' };
}

/** A recipe as it is written into a picture; undefined where it would be larger than what is read again. */
export function recipeText(recipe: Recipe): string | undefined {
  const text = JSON.stringify(recipe);
  return readRecipe(text).kind === 'recipe' ? text : undefined;
}

/** A picture that was sent along, and what is known of its file. All paths are those of URIs, which begin with a slash. */
export interface SentInput {
  readonly input: InputImage;
  readonly source?: { readonly path: string; readonly sha256: string; readonly width: number; readonly height: number };
}

/** Says where a sent picture comes from, for a recipe in `folder`; only what lies in `root` with it is named. */
export function recipeSource({ input, source }: SentInput, folder: string, root: string | undefined): RecipeSource {
  if (input.url !== undefined) {
    const url = keptAddress(input.url);
    return url === undefined ? { kind: 'address-not-kept' } : { kind: 'address', url };
  }
  if (!source) return { kind: 'address-not-kept' };
  const { sha256, width, height } = source;
  const path = root === undefined ? undefined : relativePath(folder, source.path, root);
  return path === undefined
    ? { kind: 'elsewhere', sha256, width, height }
    : { kind: 'file', path, sha256, width, height };
}

/** A public https address with nothing in it but the way to a file; undefined for any other: a query may be a signature. */
export function keptAddress(address: string): string | undefined {
  const isPlain = /^https:\/\/[^\s/?#@\\]+(\/[^\s?#\\]*)?$/i.test(address);
  return isPlain && addressTrouble(address) === undefined ? address : undefined;
}

/** The way from a folder to a file, both in `root`; undefined where one is not, or no plain way leads there. */
function relativePath(folder: string, file: string, root: string): string | undefined {
  const [from, to, base] = [stepsOf(folder), stepsOf(file), stepsOf(root)];
  if (![from, to].every((steps) => base.every((step, index) => steps[index] === step))) return undefined;
  const differs = from.findIndex((step, index) => step !== to[index]);
  const shared = differs < 0 ? from.length : differs;
  const path = [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
  return isRelativePath(path) ? path : undefined;
}

const stepsOf = (path: string): string[] => path.split('/').filter((step) => step !== '');

function isMoment(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}

/** No root, no drive, no scheme, no backslash, nothing that cannot be seen: on every system a way from a folder. */
function isRelativePath(path: string): boolean {
  return path !== '' && path.length <= 1000 && !/^\/|^[a-z][a-z0-9+.-]*:|[\\\p{Cc}]/iu.test(path);
}

/** Length as UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No JSON at all, which the schema then says.
  }
}
