import { type Mills, modelCard, type Prices } from './modelCard.ts';
import type { ImageRequest } from './requestSchema.ts';

// The types alone: whoever needs a schema at run time takes it, and zod with it, from requestSchema.ts.
export type { Box, ImageRequest, InputImage, PaletteColour } from './requestSchema.ts';

/** The request a new form starts with: the defaults of its schema, written out so that the panel need not carry zod. */
export function emptyRequest(): ImageRequest {
  return {
    prompt: '',
    variant: 'wan2.7-image-pro',
    imageSet: false,
    count: 1,
    setMaxImages: 4,
    setLines: [],
    resolution: '2K',
    useCustomSize: false,
    thinking: true,
    inputs: [],
    palette: [],
    watermark: false,
    responseFormat: 'url',
  };
}

/** True when the request sends pictures along, which makes the service edit instead of generate. */
export function isEdit(request: Pick<ImageRequest, 'inputs'>): boolean {
  return request.inputs.length > 0;
}

/** True when sides up to 4096 pixels and the 4K preset are open: Pro, no input image, not a set (rules 4-6, 21). */
export function allowsLargeSize(request: Pick<ImageRequest, 'variant' | 'inputs' | 'imageSet'>): boolean {
  return request.variant === 'wan2.7-image-pro' && !isEdit(request) && !request.imageSet;
}

/** True when thinking mode has an effect: Pro, no input image, not a set (rules 7-9). */
export const usesThinking = allowsLargeSize;

/** The most pictures this request can bring. */
export function highestCount(request: Pick<ImageRequest, 'imageSet' | 'count' | 'setMaxImages'>): number {
  return request.imageSet ? request.setMaxImages : request.count;
}

/**
 * The most this request can cost; undefined while a count is not a whole number in its range.
 * @param prices those of the service it goes to, where other ones than the model page's are known
 */
export function highestPrice(
  request: Pick<ImageRequest, 'imageSet' | 'count' | 'setMaxImages' | 'variant'>,
  prices: Prices = modelCard.price,
): Mills | undefined {
  const count = highestCount(request);
  const range = request.imageSet ? modelCard.setMaxImages : modelCard.count;
  if (!Number.isInteger(count) || count < range.min || count > range.max) return undefined;
  return count * prices[request.variant];
}

/** An amount in thousandths of a dollar as text: 75 is "$0.075", 300 is "$0.30". */
export function formatPrice(mills: number): string {
  const text = (mills / 1000).toFixed(3);
  return `$${text.endsWith('0') ? text.slice(0, -1) : text}`;
}

/** A balance in US dollars as text, in whole cents: 4.2 is "$4.20". */
export function formatBalance(dollars: number): string {
  return `${dollars < 0 ? '-' : ''}$${Math.abs(dollars).toFixed(2)}`;
}
