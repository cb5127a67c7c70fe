import { decodeImage } from '../pixels/decode.ts';
import type { Raster } from '../pixels/raster.ts';
import { drawCaption, drawWatermark } from './draw/caption.ts';
import { editEverywhere, editInBoxes } from './draw/edit.ts';
import { drawLandscape } from './draw/landscape.ts';
import { encodePng } from './draw/png.ts';
import { hashNumbers, hashText } from './draw/random.ts';
import { scaleTo } from './draw/scale.ts';
import { styleFor, styleOfPalette } from './draw/style.ts';
import type { Box, InputImage, NormalisedJob, PaletteEntry } from './job.ts';
import { outputSize, unseenImageSize } from './sizes.ts';
import type { Size } from './sizes.ts';

export interface Picture {
  png: Buffer;
  width: number;
  height: number;
}

/** Everything one picture depends on, and nothing else: it can cross to a worker thread. */
export interface PictureRequest {
  prompt: string;
  seed: number;
  /** From 0. */
  index: number;
  count: number;
  isSet: boolean;
  size: Size;
  palette: readonly PaletteEntry[] | undefined;
  watermark: boolean;
  /** The input picture that is edited; undefined for text-to-image. */
  base: { bytes: Uint8Array | undefined; size: Size; boxes: readonly Box[] } | undefined;
}

/** The picture the simulator delivers at this place of a job, as PNG. The same job gives the same pixels on every machine. */
export function drawPicture(job: NormalisedJob, index: number): Promise<Picture> {
  return draw(pictureRequest(job, index));
}

/** What to draw at this place of a job; `size` replaces the size that the job asks for. A job without a seed counts as seed 0. */
export function pictureRequest(job: NormalisedJob, index: number, size: Size = outputSize(job)): PictureRequest {
  const { prompt, seed = 0, count, isSet, palette, watermark } = job;
  const base = baseOf(job.images);
  return {
    prompt,
    seed,
    index,
    count,
    isSet,
    size,
    palette,
    watermark,
    base: base && { bytes: base.bytes, size: base.facts ?? unseenImageSize, boxes: base.boxes },
  };
}

/** Draws and encodes. Throws PixelError when the input picture cannot be decoded. */
export async function draw(request: PictureRequest): Promise<Picture> {
  const raster = request.base === undefined ? paint(request) : await edit(request, request.base);
  if (request.watermark) drawWatermark(raster);
  return { png: encodePng(raster), width: raster.width, height: raster.height };
}

/** Edits happen to the last picture that has boxes; without boxes to the last one, which also gives the ratio. */
function baseOf(images: readonly InputImage[]): InputImage | undefined {
  return images.findLast(({ boxes }) => boxes.length > 0) ?? images.at(-1);
}

function paint(request: PictureRequest): Raster {
  const { prompt, seed, index, isSet, palette, size } = request;
  const hash = hashNumbers(hashText(prompt), seed);
  // The pictures of a set share their look; pictures that are merely several vary in it too.
  const look = isSet ? hash : hashNumbers(hash, index);
  const style = palette === undefined ? styleFor(prompt, look) : styleOfPalette(palette, look);
  const raster = drawLandscape(size, style, hashNumbers(hash, 17, index));
  drawCaption(raster, captionOf(request), wholeOf(size));
  return raster;
}

async function edit(request: PictureRequest, base: NonNullable<PictureRequest['base']>): Promise<Raster> {
  const { prompt, seed, index, size } = request;
  const source = base.bytes === undefined ? placeholder(base.size) : await decodeImage(base.bytes);
  const raster = scaleTo(source, size);
  const hash = hashNumbers(hashText(prompt), seed, index);
  const boxes = base.boxes.map((box) => scaledBox(box, base.size, size));
  if (boxes.length === 0) {
    editEverywhere(raster, prompt, hash);
    drawCaption(raster, captionOf(request), wholeOf(size));
    return raster;
  }
  editInBoxes(raster, boxes, prompt, hash);
  // The caption is a change too, so it stays inside the boxes.
  const [largest] = boxes.toSorted((one, other) => areaOf(other) - areaOf(one));
  if (largest !== undefined) drawCaption(raster, captionOf(request), largest);
  return raster;
}

function captionOf({ index, count, size }: PictureRequest): string {
  return `Practice picture ${index + 1}/${count} · ${size.width}×${size.height}`;
}

/** What stands for a picture of which only the address is known: a plain grey with a faint grid. */
function placeholder({ width, height }: Size): Raster {
  const data = new Uint8Array(width * height * 3);
  for (let row = 0, at = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1, at += 3)
      data.fill((row & 64) === (column & 64) ? 150 : 162, at, at + 3);
  }
  return { width, height, channels: 3, data };
}

function scaledBox({ x1, y1, x2, y2 }: Box, from: Size, to: Size): Box {
  const across = (x: number): number => Math.min(to.width, Math.max(0, Math.round((x * to.width) / from.width)));
  const down = (y: number): number => Math.min(to.height, Math.max(0, Math.round((y * to.height) / from.height)));
  return { x1: across(x1), y1: down(y1), x2: across(x2), y2: down(y2) };
}

function wholeOf({ width, height }: Size): Box {
  return { x1: 0, y1: 0, x2: width, y2: height };
}

function areaOf({ x1, y1, x2, y2 }: Box): number {
  return (x2 - x1) * (y2 - y1);
}
