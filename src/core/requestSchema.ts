import * as z from 'zod/mini';
import { aspectRatios, resolutions, responseFormats, variants } from './modelCard.ts';

/** A rectangle in whole pixels of the image as it is sent, origin top left; x2 and y2 are exclusive edges. */
export const Box = z.strictObject({
  x1: z.number(),
  y1: z.number(),
  x2: z.number(),
  y2: z.number(),
  /** What the prompt calls this box; it is added to the prompt that is sent. */
  label: z.optional(z.string()),
});
export type Box = z.infer<typeof Box>;

/**
 * A picture that is sent along. With a `url` the service fetches it; without one its bytes are attached by the host
 * under the same `id`.
 */
export const InputImage = z.strictObject({
  id: z.string(),
  /** Shown to the user, never sent. */
  name: z.string(),
  url: z.optional(z.string()),
  boxes: z._default(z.array(Box), []),
  /** How the picture is made acceptable, where the user chose otherwise than usual; see preparation.ts. */
  preparation: z.optional(z.strictObject({ background: z.string(), size: z.enum(['small', 'useful', 'full']) })),
  /** The part that is sent instead of all of it, in the pixels of the source as the boxes are; see fullDetail.ts. */
  crop: z.optional(z.strictObject({ x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() })),
});
export type InputImage = z.infer<typeof InputImage>;

/** One colour of a palette: `hex` as #RRGGBB, `ratio` as a share with two decimals such as "25.00%". */
export const PaletteColour = z.strictObject({ hex: z.string(), ratio: z.string() });
export type PaletteColour = z.infer<typeof PaletteColour>;

/**
 * What the user asks for. Its shape says which values can be written down; whether the service takes them is
 * preflight's to say. Every field but the prompt has the service's default, except that a set asks for four pictures.
 */
export const ImageRequest = z.strictObject({
  prompt: z.string(),
  variant: z._default(z.enum(variants), 'wan2.7-image-pro'),
  /** Image Set mode: up to `setMaxImages` related pictures from one request. */
  imageSet: z._default(z.boolean(), false),
  /** Pictures to make outside set mode, 1 to 4; each is billed. */
  count: z._default(z.number(), 1),
  /** The most pictures a set may have, 1 to 12; the model decides how many it makes. */
  setMaxImages: z._default(z.number(), 4),
  /** What each picture of a set shows, in order; added to the prompt. */
  setLines: z._default(z.array(z.string()), []),
  /** Left out: 16:9 for a generated picture, the last input's own ratio for an edit. */
  aspectRatio: z.optional(z.enum(aspectRatios)),
  resolution: z._default(z.enum(resolutions), '2K'),
  useCustomSize: z._default(z.boolean(), false),
  /** Pixels; used only with `useCustomSize`. */
  customWidth: z.optional(z.number()),
  customHeight: z.optional(z.number()),
  thinking: z._default(z.boolean(), true),
  inputs: z._default(z.array(InputImage), []),
  palette: z._default(z.array(PaletteColour), []),
  /** Left out: one is drawn before the request is sent, so that every picture can be asked for again. */
  seed: z.optional(z.number()),
  watermark: z._default(z.boolean(), false),
  responseFormat: z._default(z.enum(responseFormats), 'url'),
});
export type ImageRequest = z.infer<typeof ImageRequest>;
