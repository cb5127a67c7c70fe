import type Vips from 'wasm-vips';
import {
  type MaskableMeasure,
  mostOutside,
  type PackFile,
  type PackMeasures,
  safeRadius,
  type Shaping,
} from '../core/packs.ts';
import type { Size } from '../core/size.ts';
import { type Border, borderOf, evenBorder, standingOut } from './border.ts';
import { contrastOf } from './contrast.ts';
import { imageOf, type Keep, rasterOf, type VipsModule } from './engine.ts';
import type { Engines } from './engines.ts';
import { encodeIco } from './ico.ts';
import { contactSheet, type Shown } from './packSheet.ts';
import { loadPicture, openPicture, turnedSize, turnImageUpright } from './picture.ts';
import { encodePng } from './png.ts';
import type { Raster } from './raster.ts';
import { writeImage } from './write.ts';

/** Files made from one picture. */
export interface Pack {
  /** In the order in which they were asked for. */
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly measures: PackMeasures;
  /** A PNG that shows all of them on a light and a dark ground, with the safe zone of those that have one. */
  readonly sheet: Uint8Array;
  /** #RRGGBB of what lies under the opaque ones. */
  readonly ground: string;
}

/** No file is larger, so that no more of the picture is needed. */
const enough = 2400;
/** Side of the copy on which it is measured what stands out. */
const measured = 256;
/** Pictures with no more colours than this are drawn by the pixel, and are enlarged by whole squares. */
const pixelArtColours = 64;
/** How small a maskable icon's picture is made, in turn, until it keeps to its safe zone; a square as small as the last lies in the circle whole. */
const scales: readonly number[] = [1, 0.9, 0.8, 0.7, 2 * safeRadius * Math.SQRT1_2];

/** Makes files of a pack from one picture, as `Pixels.makePack` of client.ts says. */
export async function makePackOf(
  engines: Engines,
  bytes: Uint8Array,
  files: readonly PackFile[],
  shaping: Shaping,
): Promise<Pack> {
  const picture = await openPicture(engines, bytes);
  const { facts } = picture;
  const factor = Math.min(1, enough / Math.max(facts.width, facts.height));
  const size = { width: Math.round(facts.width * factor) || 1, height: Math.round(facts.height * factor) || 1 };
  const upright = await engines
    .for(facts.format)
    .work(bytes, (vips, keep) =>
      rasterOf(
        turnImageUpright(
          loadPicture(vips, keep, picture, turnedSize(size, facts.orientation)),
          facts.orientation,
          keep,
        ),
      ),
    );
  return engines.for('png').work(bytes, (vips, keep) => new PackMaker(vips, keep, upright, shaping).make(files));
}

/** One picture, and how pieces are made of it. */
class PackMaker {
  readonly #vips: VipsModule;
  readonly #keep: Keep;
  readonly #image: Vips.Image;
  readonly #border: Border;
  /** Where it stands out of its border, in pixels of the whole; undefined where it cannot be told. */
  readonly #subject: Subject | undefined;
  readonly #shaping: Shaping;
  readonly #hasFewColours: boolean;

  constructor(vips: VipsModule, keep: Keep, raster: Raster, shaping: Shaping) {
    this.#vips = vips;
    this.#keep = keep;
    this.#image = keep(imageOf(vips, raster));
    this.#border = borderOf(raster);
    this.#shaping = shaping;
    this.#hasFewColours = hasFewColours(raster);
    this.#subject = isEven(this.#border) ? this.#findSubject() : undefined;
  }

  make(files: readonly PackFile[]): Pack {
    const made: Pack['files'][number][] = [];
    const shown: Shown[] = [];
    const measures: { maskable?: MaskableMeasure; contrast?: number } = {};
    for (const file of files) {
      const maskable = file.isMaskable ? this.#measureMaskable(file) : undefined;
      if (maskable) measures.maskable = maskable;
      const scale = maskable?.kind === 'measured' ? maskable.scale : 1;
      if (file.sizes) {
        const rasters = file.sizes.map((side) => this.#raster(file, { width: side, height: side }, scale));
        const smallest = rasters[0]!;
        measures.contrast = contrastOf(smallest, borderOf(smallest));
        made.push({ name: file.name, bytes: encodeIco(rasters) });
        shown.push(...rasters.map((raster) => ({ raster, isMaskable: false })));
      } else {
        const image = this.#piece(file, file, scale);
        made.push({ name: file.name, bytes: this.#write(image, file) });
        shown.push({ raster: this.#small(image), isMaskable: file.isMaskable });
      }
    }
    return { files: made, measures, sheet: encodePng(contactSheet(shown)), ground: this.#groundHex() };
  }

  #write(image: Vips.Image, file: PackFile): Uint8Array {
    return file.format === 'jpeg'
      ? writeImage(this.#vips, image, 'jpeg', { quality: 88 })
      : writeImage(this.#vips, image, 'png');
  }

  #raster(file: PackFile, size: Size, scale: number): Raster {
    return rasterOf(this.#piece(file, size, scale));
  }

  /** The picture in the shape and size of a file. */
  #piece(file: PackFile, { width, height }: Size, scale: number): Vips.Image {
    const isOpaque = file.background === 'opaque' || this.#image.bands < 4;
    const part = this.#part(file, width / height);
    const inner = { width: Math.round(width * scale), height: Math.round(height * scale) };
    const scaled = this.#fit(part, inner);
    const flat = isOpaque && scaled.bands === 4 ? this.#keep(scaled.flatten({ background: this.#ground() })) : scaled;
    if (flat.width === width && flat.height === height) return flat;
    const background = isOpaque ? this.#ground() : [0, 0, 0, 0];
    return this.#keep(flat.gravity('centre', width, height, { extend: 'background', background }));
  }

  /** What of the picture is shown. */
  #part(file: PackFile, ratio: number): Vips.Image {
    const subject = this.#subject;
    if (file.trims && subject) return this.#keep(this.#image.crop(subject.x, subject.y, subject.width, subject.height));
    if (this.#shaping === 'whole') return this.#image;
    const { width, height } = this.#image;
    const wide = Math.min(width, Math.round(height * ratio));
    const high = Math.min(height, Math.round(width / ratio));
    if (wide === width && high === height) return this.#image;
    if (this.#shaping === 'striking')
      return this.#keep(this.#image.smartcrop(wide, high, { interesting: this.#vips.Interesting.attention }));
    return this.#keep(this.#image.crop((width - wide) >> 1, (height - high) >> 1, wide, high));
  }

  /** As large as it can be within a size. */
  #fit(image: Vips.Image, { width, height }: Size): Vips.Image {
    const factor = Math.min(width / image.width, height / image.height);
    if (factor >= 2 && this.#hasFewColours) {
      const whole = Math.floor(factor);
      return this.#keep(image.zoom(whole, whole));
    }
    const fitted = {
      width: Math.min(width, Math.max(1, Math.round(image.width * factor))),
      height: Math.min(height, Math.max(1, Math.round(image.height * factor))),
    };
    if (fitted.width === image.width && fitted.height === image.height) return image;
    return this.#keep(image.thumbnailImage(fitted.width, { height: fitted.height, size: 'force' }));
  }

  /** The colour under what is opaque: the border's own, or white where there is none. */
  #ground(): number[] {
    return this.#border.transparent > 0.5 ? [255, 255, 255] : [...this.#border.colour];
  }

  #groundHex(): string {
    return this.#border.transparent > 0.5 ? '#FFFFFF' : this.#border.hex;
  }

  #measureMaskable(file: PackFile): MaskableMeasure {
    if (!isEven(this.#border)) return { kind: 'no-background' };
    const size = { width: measured, height: measured };
    const colour = this.#ground() as [number, number, number];
    let last: MaskableMeasure = { kind: 'no-background' };
    for (const scale of scales) {
      const raster = this.#raster(file, size, scale);
      const outside = shareOutside(raster, standingOut(raster, { colour, transparent: 0 }));
      last = { kind: 'measured', outside, scale };
      if (outside <= mostOutside) break;
    }
    return last;
  }

  #small(image: Vips.Image): Raster {
    const side = Math.max(image.width, image.height);
    return rasterOf(side <= measured ? image : this.#fit(image, { width: measured, height: measured }));
  }

  #findSubject(): Subject | undefined {
    const small = this.#small(this.#image);
    const mask = standingOut(small, this.#border);
    const found = boundsOf(mask, small);
    if (!found) return undefined;
    const factor = this.#image.width / small.width;
    // A pixel of the small copy more on each side, since its edges are blurred.
    const x = Math.max(0, Math.floor((found.x1 - 1) * factor));
    const y = Math.max(0, Math.floor((found.y1 - 1) * factor));
    return {
      x,
      y,
      width: Math.min(this.#image.width, Math.ceil((found.x2 + 1) * factor)) - x,
      height: Math.min(this.#image.height, Math.ceil((found.y2 + 1) * factor)) - y,
    };
  }
}

interface Subject extends Size {
  readonly x: number;
  readonly y: number;
}

const isEven = ({ evenness, transparent }: Border): boolean => transparent > 0.5 || evenness >= evenBorder;

/** The part of what is marked, 0 to 1, that lies outside the safe circle of a square. */
export function shareOutside({ width, height }: Size, mask: Uint8Array): number {
  const radius = safeRadius * width;
  let [all, outside] = [0, 0];
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0) continue;
    all += 1;
    const [x, y] = [(at % width) + 0.5 - width / 2, Math.floor(at / width) + 0.5 - height / 2];
    if (Math.hypot(x, y) > radius) outside += 1;
  }
  return all === 0 ? 0 : outside / all;
}

function boundsOf(mask: Uint8Array, { width, height }: Size) {
  let [x1, y1, x2, y2] = [width, height, 0, 0];
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    [x1, y1, x2, y2] = [Math.min(x1, x), Math.min(y1, y), Math.max(x2, x + 1), Math.max(y2, y + 1)];
  }
  return x2 > x1 ? { x1, y1, x2, y2 } : undefined;
}

function hasFewColours({ data, channels }: Raster): boolean {
  const seen = new Set<number>();
  for (let at = 0; at < data.length && seen.size <= pixelArtColours; at += channels)
    seen.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
  return seen.size <= pixelArtColours;
}
