/**
 * Everything the service documents about Wan2.7 Image, as data: parameters, limits, defaults, prices.
 * Source: the Wan2.7 Image model page unless a line names a rule of the service dossier (its section 5).
 */

export const variants = ['wan2.7-image-pro', 'wan2.7-image'] as const;
export type Variant = (typeof variants)[number];

export const aspectRatios = ['16:9', '1:1', '9:16', '3:2', '2:3', '4:3', '3:4', '5:4', '4:5'] as const;
export type AspectRatio = (typeof aspectRatios)[number];

export const resolutions = ['1K', '2K', '4K'] as const;
export type Resolution = (typeof resolutions)[number];

export const responseFormats = ['url', 'b64_json'] as const;
export type ResponseFormat = (typeof responseFormats)[number];

export const inputFormats = ['jpeg', 'png', 'bmp', 'webp'] as const;
export type InputFormat = (typeof inputFormats)[number];

/** The two depths in which `bbox_list` may be written; `auto` chooses by what the model page shows. */
export const boxForms = ['auto', 'literal', 'perImage'] as const;
export type BoxForm = (typeof boxForms)[number];

/** Money in thousandths of a US dollar, so that sums stay whole. */
export type Mills = number;

/** What one picture costs. */
export type Prices = Readonly<Record<Variant, Mills>>;

export const modelCard = {
  model: 'wan2-7-image',
  displayName: 'Wan2.7 Image',
  region: 'Singapore',
  defaultServiceUrl: 'https://api.empiriolabs.ai',
  /** Price of one picture. */
  price: { 'wan2.7-image-pro': 75, 'wan2.7-image': 30 } satisfies Record<Variant, Mills>,
  variantNames: { 'wan2.7-image-pro': 'Pro', 'wan2.7-image': 'Standard' } satisfies Record<Variant, string>,
  /** Characters count as code points; what is longer is cut silently upstream (rule 3). */
  prompt: { maxCharacters: 5000 },
  /** Target area of a preset, in pixels; the real size may differ by a few pixels. */
  presetArea: { '1K': 1024 * 1024, '2K': 2048 * 2048, '4K': 4096 * 4096 } satisfies Record<Resolution, number>,
  /** The ratio of a generated picture when none is chosen; an edit follows its last input image. */
  defaultAspectRatio: '16:9' satisfies AspectRatio,
  customSize: { minSide: 768, maxSide: 2048, maxSideLarge: 4096, minRatio: 1 / 8, maxRatio: 8 },
  count: { min: 1, max: 4 },
  setMaxImages: { min: 1, max: 12 },
  seed: { min: 0, max: 2147483647 },
  palette: { min: 3, max: 10, recommended: 8 },
  inputs: {
    max: 9,
    minSide: 240,
    maxSide: 8000,
    minRatio: 1 / 8,
    maxRatio: 8,
    /** 20 MB, read as 20 x 1024 x 1024 bytes. */
    maxBytes: 20 * 1024 * 1024,
  },
  boxes: { maxPerImage: 2 },
  /** Requests a minute for the whole account; polls are assumed to count. */
  requestsPerMinute: 50,
  /** Usual time of one request, in seconds. */
  usualSeconds: { min: 10, max: 60 },
  /** How long the service remembers a job after it has ended, in milliseconds. */
  jobRetentionMs: 60 * 60 * 1000,
} as const;
