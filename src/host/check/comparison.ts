import {
  aspectRatios,
  type Mills,
  modelCard,
  resolutions,
  responseFormats,
  type Variant,
  variants,
} from '../../core/modelCard.ts';
import { emptyRequest, formatPrice } from '../../core/request.ts';
import type { Catalogue, CatalogueParameter } from '../../service/catalogue.ts';

/** What is compared, in the order in which it is told. */
export type Subject =
  | 'price-pro'
  | 'price-standard'
  | 'variants'
  | 'usual-variant'
  | 'ratios'
  | 'resolutions'
  | 'width'
  | 'height'
  | 'count'
  | 'set-count'
  | 'seed'
  | 'prompt-length'
  | 'input-count'
  | 'input-sides'
  | 'input-bytes'
  | 'response-formats';

/** How the catalogue's word on a subject stands to ours. Its own words are the service's: they are shown, never trusted. */
export interface Comparison {
  readonly subject: Subject;
  readonly ours: string;
  readonly theirs:
    | { readonly state: 'same' | 'unsaid' }
    | { readonly state: 'differs' | 'unread'; readonly text: string };
}

/** Holds the catalogue's prices and limits against ours, one by one. */
export function compareCatalogue({ prices, parameters }: Catalogue): readonly Comparison[] {
  const of = (name: string): CatalogueParameter => parameters?.get(name) ?? {};
  const { price, customSize, count, setMaxImages, seed, prompt, inputs } = modelCard;
  const numbers = (subject: Subject, ours: string, theirs: string | undefined): Comparison => ({
    subject,
    ours,
    theirs: compared(ours, theirs),
  });
  const image = of('image');
  return [
    priceOf('price-pro', price['wan2.7-image-pro'], prices['wan2.7-image-pro']),
    priceOf('price-standard', price['wan2.7-image'], prices['wan2.7-image']),
    list('variants', variants, of('model_variant').options),
    numbers('usual-variant', emptyRequest().variant, of('model_variant').default),
    list('ratios', aspectRatios, of('aspect_ratio').options),
    list('resolutions', resolutions, of('resolution').options),
    numbers('width', range(customSize.minSide, customSize.maxSideLarge), rangeOf(of('custom_width'))),
    numbers('height', range(customSize.minSide, customSize.maxSideLarge), rangeOf(of('custom_height'))),
    numbers('count', range(count.min, count.max), rangeOf(of('num_images'))),
    numbers('set-count', range(setMaxImages.min, setMaxImages.max), rangeOf(of('num_images_set'))),
    numbers('seed', range(seed.min, seed.max), rangeOf(of('seed'))),
    numbers('prompt-length', String(prompt.maxCharacters), text(of('prompt').maxLength)),
    numbers('input-count', String(inputs.max), text(image.maxItems ?? image.max)),
    numbers('input-sides', range(inputs.minSide, inputs.maxSide), rangeOf(pair(image))),
    numbers('input-bytes', String(inputs.maxBytes), text(image.maxBytes)),
    list('response-formats', responseFormats, of('response_format').options),
  ];
}

/** Prices that the catalogue tells plainly and that are not the model page's; undefined where there are none. */
export function otherPrices({ prices }: Catalogue): Partial<Record<Variant, Mills>> | undefined {
  const other = variants.flatMap((variant) => {
    const price = prices[variant];
    return price && 'mills' in price && price.mills !== modelCard.price[variant] ? [[variant, price.mills]] : [];
  });
  return other.length > 0 ? (Object.fromEntries(other) as Partial<Record<Variant, Mills>>) : undefined;
}

/** Every parameter that a request of ours can hold; see WireFields. */
const ours = [
  'prompt',
  'model_variant',
  'aspect_ratio',
  'resolution',
  'use_custom_size',
  'custom_width',
  'custom_height',
  'enable_sequential',
  'num_images',
  'num_images_set',
  'thinking_mode',
  'image',
  'color_palette',
  'bbox_list',
  'seed',
  'watermark',
  'response_format',
];

/** Parameters that only one side knows, by name; undefined where the catalogue lists none. */
export function strangers({
  parameters,
}: Catalogue): { readonly ours: readonly string[]; readonly theirs: readonly string[] } | undefined {
  if (!parameters) return undefined;
  const theirs = [...parameters.keys()].filter((name) => name !== 'model');
  return {
    ours: ours.filter((name) => !parameters.has(name)),
    theirs: theirs.filter((name) => !ours.includes(name)),
  };
}

function priceOf(subject: Subject, mills: number, theirs: Catalogue['prices']['wan2.7-image']): Comparison {
  const ours = formatPrice(mills);
  if (theirs && 'unread' in theirs) return { subject, ours, theirs: { state: 'unread', text: theirs.unread } };
  return { subject, ours, theirs: compared(ours, theirs && formatPrice(theirs.mills)) };
}

/** The order of a list says nothing. */
function list(subject: Subject, mine: readonly string[], theirs: readonly string[] | undefined): Comparison {
  const isSame = theirs?.length === mine.length && mine.every((one) => theirs.includes(one));
  const ours = mine.join(', ');
  return { subject, ours, theirs: isSame ? { state: 'same' } : compared(ours, theirs?.join(', ')) };
}

function compared(ours: string, theirs: string | undefined): Comparison['theirs'] {
  if (theirs === undefined) return { state: 'unsaid' };
  return theirs === ours ? { state: 'same' } : { state: 'differs', text: theirs };
}

const range = (min: number, max: number): string => `${min} – ${max}`;
const text = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));

/** Half a range is told as such, and differs. */
function rangeOf({ min, max }: Pick<CatalogueParameter, 'min' | 'max'>): string | undefined {
  return min === undefined && max === undefined ? undefined : `${min ?? '…'} – ${max ?? '…'}`;
}

function pair({ minSide, maxSide }: CatalogueParameter): Pick<CatalogueParameter, 'min' | 'max'> {
  return { ...(minSide !== undefined && { min: minSide }), ...(maxSide !== undefined && { max: maxSide }) };
}
