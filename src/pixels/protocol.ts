import type { SourceFacts, Step } from '../core/preparation.ts';
import type { ImageFacts } from '../core/readyRequest.ts';
import type { Background, CutOptions } from '../core/cutOut.ts';
import type { PackFile, Shaping } from '../core/packs.ts';
import type { Box } from '../core/request.ts';
import type { Variant } from '../core/saveOptions.ts';
import type { Size } from '../core/size.ts';
import type { CutOut } from './cutOutPicture.ts';
import type { DecodeLimits, Thumbnail } from './engine.ts';
import type { Pack } from './packs.ts';
import type { PixelErrorKind } from './pixelError.ts';
import type { Raster } from './raster.ts';

/** Everything that the worker does, by name. A further operation is a line here and one in worker.ts; client.ts then asks for its method. */
export interface Operations {
  decode(bytes: Uint8Array, limits?: DecodeLimits): Promise<Raster>;
  thumbnail(bytes: Uint8Array, maxSide: number): Promise<Thumbnail>;
  describe(bytes: Uint8Array): Promise<SourceFacts>;
  prepare(bytes: Uint8Array, steps: readonly Step[]): Promise<Prepared>;
  preview(bytes: Uint8Array, maxSide: number): Promise<Thumbnail>;
  bringBack(answer: Uint8Array, source: Uint8Array, options?: BringBackOptions): Promise<BroughtBack>;
  insideBoxes(answer: Uint8Array, source: Uint8Array, options: InsideOptions): Promise<KeptOutside>;
  measureLeak(source: Uint8Array, answer: Uint8Array, options: LeakOptions): Promise<Leak>;
  measureChange(source: Uint8Array, answer: Uint8Array, boxes: readonly Box[]): Promise<Change>;
  judgeFill(answer: Uint8Array, box: Box, of: Size): Promise<Fill>;
  encode(bytes: Uint8Array, format: EncodedFormat, options?: EncodeOptions): Promise<Encoded>;
  variant(bytes: Uint8Array, variant: Variant): Promise<Encoded>;
  makePack(bytes: Uint8Array, files: readonly PackFile[], shaping: Shaping): Promise<Pack>;
  examineBackground(bytes: Uint8Array): Promise<Background>;
  cutOut(bytes: Uint8Array, options: CutOptions, format: 'png' | 'webp'): Promise<CutOut>;
  previewCut(bytes: Uint8Array, options: CutOptions, maxSide: number): Promise<CutOut>;
  measureCut(bytes: Uint8Array, options: CutOptions, pieceSide: number): Promise<CutOut>;
  placeholder(size: Size, label: string, format: EncodedFormat): Promise<Drawn>;
}

/** A picture that was drawn here. */
export interface Drawn {
  bytes: Uint8Array;
}

/** A picture made acceptable to the service. */
export interface Prepared {
  bytes: Uint8Array;
  /** Measured from `bytes`, as preflight wants them. */
  facts: ImageFacts;
  /** What was really done: the steps that were asked for, and `lighten` where the result would have been too heavy. */
  steps: readonly Step[];
}

/** How an answer is brought back to its source. */
export interface BringBackOptions {
  /** `keep` (the default) gives the answer the source's transparency, where it has any; `none` leaves it out. */
  alpha?: 'keep' | 'none';
  /**
   * The colour (#RRGGBB) that the source was flattened on for the service. With it, half transparent edges are freed from
   * that colour; without it they keep a fringe of it.
   */
  background?: string;
}

/** An answer in the source's format, with its size, orientation, colours and metadata. */
export interface BroughtBack {
  bytes: Uint8Array;
  /** Measured from `bytes`; sides as seen. */
  facts: ImageFacts;
  /** How an answer of another shape was fitted: stretched by at most 4 %, or cut at two sides. */
  fitted: 'scaled' | 'cut';
}

/** A rectangle in pixels of an upright picture; right and bottom edges are exclusive. */
export type Edges = Pick<Box, 'x1' | 'y1' | 'x2' | 'y2'>;

/** How an answer is put into boxes of its source. */
export interface InsideOptions {
  /** In pixels of the upright source. */
  boxes: readonly Edges[];
  /** Pixels over which the answer comes in, from a box's edge inwards; 0 for a hard edge. */
  feather: number;
  /** The colour (#RRGGBB) that the source was flattened on for the service, as for bringing back. */
  background?: string;
  /** The part of the upright source that the answer is of, where that is not all of it. */
  crop?: Edges;
  /** `source` (the default) writes what the source is written in, `png` a PNG without metadata that loses nothing. */
  as?: 'source' | 'png';
}

/** The source with an answer in its boxes. */
export interface KeptOutside {
  bytes: Uint8Array;
  /** Measured from `bytes`; sides as seen. */
  facts: ImageFacts;
  /** `identical`: every sample outside the boxes is the source's own. `nearly`: the format loses a little. */
  outside: 'identical' | 'nearly';
}

/** What an answer is held against. */
export type LeakOptions = Pick<InsideOptions, 'boxes' | 'background' | 'crop'>;

/** What an answer has changed outside the boxes. */
export interface Leak {
  /** Part of the pixels outside, 0 to 1, that plainly differ. */
  share: number;
  /** A small PNG of the source's shape, transparent but where they differ: the more, the redder. */
  map: Uint8Array;
  /** Whether `insideBoxes` can write what the source is written in without losing anything. */
  outside: KeptOutside['outside'];
}

/** Where an answer differs from its source. Differences are means of |a - b| over red, green and blue, 0 to 255. */
export interface Change {
  inside: number;
  outside: number;
  /** Part of the pixels, 0 to 1, that plainly differ. */
  insideShare: number;
  outsideShare: number;
  /** `inside`: the change lies in the boxes. `everywhere`: it does not keep to them. `nothing`: there is none to speak of. */
  verdict: 'inside' | 'everywhere' | 'nothing';
}

/** Where a picture that should have one box filled with red shows red. Colours are means of red, green and blue, 0 to 255. */
export interface Fill {
  inside: readonly [number, number, number];
  outside: readonly [number, number, number];
  /**
   * `inside`: in the box and nowhere else. `everywhere`: in the box and beside it. `elsewhere`: beside it alone. `nothing`:
   * no red to speak of. `unclear`: none of these.
   */
  verdict: 'inside' | 'everywhere' | 'elsewhere' | 'nothing' | 'unclear';
}

export type EncodedFormat = 'png' | 'jpeg' | 'webp' | 'avif';

/** How a picture is written anew. */
export interface EncodeOptions {
  /** 1 to 100, for JPEG, WebP and AVIF; default 90 (AVIF 65). */
  quality?: number;
  /** For WebP and AVIF; default false. */
  lossless?: boolean;
  /** Colour (#RRGGBB) under transparent places in a JPEG; default white. */
  background?: string;
}

export interface Encoded {
  bytes: Uint8Array;
  facts: ImageFacts;
}

export type OperationName = keyof Operations;

/** From the client to the worker. */
export interface Call<Name extends OperationName = OperationName> {
  id: number;
  operation: Name;
  input: Parameters<Operations[Name]>;
}

/** From the worker to the client. `kind` is missing where the worker itself is at fault. */
export type Answer =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; kind?: PixelErrorKind; message: string };

/** What the worker is started with. */
export interface WorkerOptions {
  /** Folder of the engine's files, where it is not the usual one. */
  vipsFolder?: string;
}
