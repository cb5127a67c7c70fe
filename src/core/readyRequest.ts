import type { InputFormat } from './modelCard.ts';
import type { ImageRequest } from './request.ts';

/** What is known of an image file by its bytes. Sides in pixels as the picture is seen, that is, after orientation. */
export interface ImageFacts {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly byteLength: number;
  readonly hasAlpha: boolean;
}

/** An image whose bytes are at hand, with the facts measured from these very bytes. */
export interface AttachedImage {
  readonly bytes: Uint8Array;
  readonly facts: ImageFacts;
}

/** The fields of the request body but `image`; exactly those the model page documents. */
export interface WireFields {
  readonly model: string;
  readonly prompt: string;
  readonly model_variant: string;
  readonly aspect_ratio?: string;
  readonly resolution?: string;
  readonly use_custom_size?: true;
  readonly custom_width?: number;
  readonly custom_height?: number;
  readonly enable_sequential?: true;
  readonly num_images?: number;
  readonly num_images_set?: number;
  readonly thinking_mode?: boolean;
  /** JSON text. */
  readonly color_palette?: string;
  /** JSON text. */
  readonly bbox_list?: string;
  readonly seed?: number;
  readonly watermark: boolean;
  readonly response_format: string;
}

/** One entry of the body's `image` array: an address, or bytes that are sent as a data URI. */
export type WireImage =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'inline'; readonly mime: `image/${InputFormat}`; readonly bytes: Uint8Array };

declare const checked: unique symbol;

/** A request that preflight has found free of errors, with the bytes it was checked against. Only `preflight` makes one. */
export interface ReadyRequest {
  readonly [checked]: true;
  /** Complete and normalised: ignored options at their defaults, the seed drawn. */
  readonly request: ImageRequest & { readonly seed: number };
  readonly fields: WireFields;
  readonly images: readonly WireImage[];
  /** Thousandths of a dollar. */
  readonly highestPrice: number;
  /** The most pictures that can come. */
  readonly highestCount: number;
  /** About the size of the answer, exact for a custom size; undefined when it is not known. */
  readonly expectedSize: { readonly width: number; readonly height: number } | undefined;
}
