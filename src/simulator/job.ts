import type { ImageFacts } from './imageFacts.ts';

/** A rectangle in whole pixels of the input image; right and bottom edges are exclusive. */
export interface Box {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** One palette entry; `share` is in hundredths of a percent, so that shares add up exactly (10,000 in all). */
export interface PaletteEntry {
  hex: string;
  share: number;
}

/** An input image as the service sees it: inline bytes, or an address whose bytes the simulator never fetches. */
export interface InputImage {
  url: string | undefined;
  bytes: Uint8Array | undefined;
  facts: ImageFacts | undefined;
  boxes: readonly Box[];
}

/** What the service makes of an accepted body: defaults filled in, ignored fields gone. */
export interface NormalisedJob {
  prompt: string;
  variant: 'pro' | 'standard';
  isSet: boolean;
  /** How many pictures are asked for; in set mode the largest number that may come. */
  count: number;
  thinks: boolean;
  images: readonly InputImage[];
  palette: readonly PaletteEntry[] | undefined;
  customSize: { width: number; height: number } | undefined;
  /** Width by height as in `16:9`; undefined when the ratio follows from the mode. */
  aspectRatio: string | undefined;
  resolution: '1K' | '2K' | '4K';
  /** Undefined when the request leaves the choice to the service. */
  seed: number | undefined;
  watermark: boolean;
  responseFormat: 'url' | 'b64_json';
  /** The platform's `sync` field: hold the connection until the pictures are done. */
  holds: boolean;
}

/** Dollars for one picture. Source: the Wan2.7 Image model page, Pricing. */
export function pricePerImage(job: Pick<NormalisedJob, 'variant'>): number {
  return job.variant === 'pro' ? 0.075 : 0.03;
}
