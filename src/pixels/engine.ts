import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type Vips from 'wasm-vips';
import { encodePngAsync } from './png.ts';
import { type ImageHeader, readHeaderOf } from './header.ts';
import { decodeBmp } from './bmp.ts';
import { turnUpright } from './orient.ts';
import { PixelError } from './pixelError.ts';
import type { Raster } from './raster.ts';
import { sourceOfBytes } from './byteSource.ts';
import { verifyPicture } from './integrity.ts';
import { isEngineFormat, sourceFormatOf } from './sourceFormat.ts';

/** Bounds that are checked against the header before anything is decoded. */
export interface DecodeLimits {
  /** Most pixels, width × height; default {@link DEFAULT_MAX_PIXELS}. */
  maxPixels?: number;
}

/** A small copy of a picture, encoded. */
export interface Thumbnail {
  format: 'png' | 'webp';
  width: number;
  height: number;
  bytes: Uint8Array;
}

/** What a {@link PixelEngine} is built from. */
export interface PixelEngineOptions {
  /** Folder with vips-node.mjs and its wasm files; default {@link vipsFolder}. */
  folder?: string;
  /** Further wasm files to load at the start, for formats outside the base: 'vips-heif.wasm' (AVIF), 'vips-resvg.wasm' (SVG). */
  libraries?: readonly string[];
}

export const DEFAULT_MAX_PIXELS = 100_000_000;

/**
 * Each failed decode costs wasm-vips 0.0.19 a little of its stack and up to 180 KB; after about 5,300 of them it traps (measured,
 * any format). Long before, a fresh instance takes over. The old one's memory stays with the thread: client.ts ends that as well.
 */
const MOST_FAILURES = 500;

export type VipsModule = typeof Vips;

/**
 * libvips in WebAssembly, started on first use. Its work blocks the thread that it is called on, so the host uses it through
 * a worker (client.ts). One engine serves any number of calls; its memory grows to the largest picture and is given back only
 * with the thread.
 */
export class PixelEngine {
  readonly #folder: string | undefined;
  readonly #libraries: readonly string[];
  #started: Promise<VipsModule> | undefined;
  #failures = 0;

  constructor(options: PixelEngineOptions = {}) {
    this.#folder = options.folder;
    this.#libraries = options.libraries ?? [];
  }

  /** Decodes a picture upright, in sRGB, 8 bits, first frame; four channels where it has alpha. Throws PixelError of any kind. */
  async decode(bytes: Uint8Array, limits: DecodeLimits = {}): Promise<Raster> {
    const header = checkedHeader(bytes, limits);
    const stored = header.format === 'bmp' ? decodeBmp(bytes) : await this.#decodeStored(bytes, header);
    if (stored.width !== header.width || stored.height !== header.height) {
      throw new PixelError(
        'corrupt',
        `the header says ${header.width} x ${header.height}, the pixels are ${stored.width} x ${stored.height}`,
      );
    }
    return turnUpright(stored, header.orientation);
  }

  #decodeStored(bytes: Uint8Array, header: ImageHeader): Promise<Raster> {
    return this.work(bytes, (vips, keep) => rasterOf(loadAsPromised(vips, bytes, header, keep)));
  }

  /**
   * A copy that fits a square of `maxSide` pixels (1 to 4096), never enlarged: PNG where there is alpha, else WebP.
   * Throws PixelError of any kind.
   */
  async thumbnail(bytes: Uint8Array, maxSide: number, limits: DecodeLimits = {}): Promise<Thumbnail> {
    if (!Number.isInteger(maxSide) || maxSide < 1 || maxSide > 4096)
      throw new RangeError(`a thumbnail of ${maxSide} pixels`);
    const header = checkedHeader(bytes, limits);
    const full = header.format === 'bmp' ? decodeBmp(bytes) : undefined;
    const small = await this.work(bytes, (vips, keep) => {
      const options = { height: maxSide, size: 'down', no_rotate: true, fail_on: FAIL_ON };
      if (full) return rasterOf(toSrgb(keep(keep(imageOf(vips, full)).thumbnailImage(maxSide, options)), keep));
      if (header.format === 'gif')
        return rasterOf(keep(loadAsPromised(vips, bytes, header, keep).thumbnailImage(maxSide, options)));
      // From the file itself, so that decoders which can shrink while they read do so.
      return rasterOf(
        withoutIdleAlpha(toSrgb(keep(vips.Image.thumbnailBuffer(bytes, maxSide, options)), keep), header, keep),
      );
    });
    return this.#encodeThumbnail(turnUpright(small, header.orientation));
  }

  async #encodeThumbnail(raster: Raster): Promise<Thumbnail> {
    const { width, height } = raster;
    if (raster.channels === 4) return { format: 'png', width, height, bytes: await encodePngAsync(raster) };
    const bytes = await this.work(raster.data, (vips, keep) =>
      keep(imageOf(vips, raster)).webpsaveBuffer({ Q: 82, effort: 2 }),
    );
    return { format: 'webp', width, height, bytes };
  }

  /**
   * Runs one piece of work with libvips and frees the images that it keeps, whatever happens. What fails is told as what
   * is wrong with `bytes`, the picture that the work is about. Throws PixelError.
   */
  async work<T>(bytes: Uint8Array, work: (vips: VipsModule, keep: Keep) => T): Promise<T> {
    const vips = await this.#start();
    let images: Vips.Image[] = [];
    const keep: Keep = (image) => {
      images.push(image);
      return image;
    };
    try {
      return work(vips, keep);
    } catch (error) {
      if (error instanceof PixelError) throw error;
      if (error instanceof Error && error.name === 'RuntimeError') {
        // A trap or an abort (out of memory, too) leaves the engine's memory in no known state.
        images = [];
        this.#started = undefined;
        throw new PixelError('engine-unavailable', 'the pixel engine stopped while working', { cause: error });
      }
      this.#failures += 1;
      if (this.#failures % MOST_FAILURES === 0) this.#started = undefined;
      throw await explained(bytes, error);
    } finally {
      for (const image of images) image.delete();
    }
  }

  #start(): Promise<VipsModule> {
    this.#started ??= this.#load().catch((error: unknown) => {
      this.#started = undefined;
      throw new PixelError('engine-unavailable', 'the pixel engine could not start', { cause: error });
    });
    return this.#started;
  }

  async #load(): Promise<VipsModule> {
    const folder = this.#folder ?? vipsFolder();
    const module = (await import(pathToFileURL(join(folder, 'vips-node.mjs')).href)) as { default: VipsModule };
    const vips = await module.default({
      dynamicLibraries: [...this.#libraries],
      locateFile: (name) => join(folder, name),
      // libvips prints its warnings to stderr, which in a host belongs to others; what matters arrives as an error.
      preRun: (instance: { ENV: Record<string, string> }) => void (instance.ENV['VIPS_WARNING'] = '0'),
    });
    // Its cache of operations would keep whole pictures alive.
    vips.Cache.max(0);
    return vips;
  }
}

/**
 * Where the engine's files are: `vips/` beside the running bundle, or the installed package when run from source.
 * Throws where neither exists.
 */
export function vipsFolder(): string {
  const here = typeof __dirname === 'string' ? __dirname : import.meta.dirname;
  const beside = join(here, 'vips');
  if (existsSync(join(beside, 'vips-node.mjs'))) return beside;
  return dirname(createRequire(join(here, 'engine.js')).resolve('wasm-vips/vips.wasm'));
}

/** Notes an image that is to be freed when the work is done, and gives it back. */
export type Keep = (image: Vips.Image) => Vips.Image;

/** A picture that ends early or whose data contradict themselves is refused, not shown in part. */
export const FAIL_ON = 'error';

function checkedHeader(bytes: Uint8Array, { maxPixels = DEFAULT_MAX_PIXELS }: DecodeLimits): ImageHeader {
  const header = readHeaderOf(bytes);
  if (header.width * header.height > maxPixels) {
    throw new PixelError('too-large', `${header.width} x ${header.height} is more than ${maxPixels} pixels`);
  }
  return header;
}

/** Loads the picture as its header describes it: stored, not upright, in sRGB. */
export function loadAsPromised(vips: VipsModule, bytes: Uint8Array, header: ImageHeader, keep: Keep): Vips.Image {
  const stored = keep(vips.Image.newFromBuffer(bytes, '', { access: 'sequential', fail_on: FAIL_ON }));
  const image = toSrgb(stored, keep);
  return withoutIdleAlpha(header.format === 'gif' ? onScreen(image, header, keep) : image, header, keep);
}

/** libvips takes some GIF screens for mistakes and gives the frame alone; browsers and our header keep the screen. */
function onScreen(image: Vips.Image, { width, height }: ImageHeader, keep: Keep): Vips.Image {
  if (image.width === width && image.height === height) return image;
  const withAlpha = image.bands === 4 ? image : keep(image.addalpha());
  return keep(withAlpha.gravity('north-west', width, height, { extend: 'background', background: [0, 0, 0, 0] }));
}

/** libvips goes by all frames, the header by the first, which may need no alpha. */
export function withoutIdleAlpha(
  image: Vips.Image,
  { hasAlpha }: Pick<ImageHeader, 'hasAlpha'>,
  keep: Keep,
): Vips.Image {
  return hasAlpha || image.bands < 4 ? image : keep(image.extractBand(0, { n: 3 }));
}

/** 8-bit sRGB with 3 bands, or 4 with alpha, through the picture's own colour profile where it has a usable one. */
export function toSrgb(image: Vips.Image, keep: Keep): Vips.Image {
  let result = throughProfile(image, keep) ?? keep(image.colourspace('srgb'));
  if (result.format !== 'uchar') result = keep(result.cast('uchar'));
  if (result.bands > 4) result = keep(result.extractBand(0, { n: 4 }));
  if (result.bands < 3) throw new PixelError('unsupported', `a picture of ${result.bands} bands`);
  return result;
}

function throughProfile(image: Vips.Image, keep: Keep): Vips.Image | undefined {
  const hasProfile = image.getTypeof('icc-profile-data') !== 0;
  if (!hasProfile && image.interpretation !== 'cmyk') return undefined;
  try {
    return keep(
      image.iccTransform('srgb', { embedded: hasProfile, input_profile: 'cmyk', intent: 'perceptual', depth: 8 }),
    );
  } catch (error) {
    // Decoders show a picture with a broken profile as if it had none.
    if (error instanceof Error && error.name === 'Error') return undefined;
    throw error;
  }
}

export function rasterOf(image: Vips.Image): Raster {
  const memory = image.writeToMemory();
  const data = new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength);
  return { width: image.width, height: image.height, channels: image.bands === 4 ? 4 : 3, data };
}

/** The same pixels for the engine. The caller frees it. */
export function imageOf(vips: VipsModule, { width, height, channels, data }: Raster): Vips.Image {
  const plain = vips.Image.newFromMemory(data, width, height, channels, vips.BandFormat.uchar);
  try {
    return plain.copy({ interpretation: 'srgb' });
  } finally {
    plain.delete();
  }
}

/** libvips tells what is wrong only in prose; our own check of the whole file tells it as a kind. */
async function explained(bytes: Uint8Array, error: unknown): Promise<PixelError> {
  try {
    if (!isEngineFormat(sourceFormatOf(bytes))) await verifyPicture(sourceOfBytes(bytes));
  } catch (found) {
    if (found instanceof PixelError) return new PixelError(found.kind, found.message, { cause: error });
    throw found;
  }
  return new PixelError('corrupt', 'the pixel engine cannot decode the picture', { cause: error });
}
