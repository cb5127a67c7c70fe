import type { Size } from '../../src/core/size.ts';
import type { View } from './geometry.ts';

/**
 * From this many pixels on a picture is made smaller by steps of our own: the smaller copies that a browser makes for smooth
 * drawing take a third of its memory once more.
 */
const largePixels = 16_000_000;
/** The sides of the small copy of a large picture, as a part of its own. */
const smallPart = 1 / 4;
/** By how much that copy may be enlarged, which looks better than what lies between it and half of the picture. */
const mostEnlarged = 1.2;
/** The side of the pieces in which it is made, in its own pixels. */
const pieceSide = 512;
/** How long a large picture must not have moved before it is drawn as well as it can be, in milliseconds. */
const restMs = 120;

interface Decoded {
  readonly full: ImageBitmap;
  /** For a large picture in a small view; made once the whole of it has been painted. */
  small?: ImageBitmap;
}

/** Holds the picture that the stage shows, decoded, and paints it. */
export class Painter {
  readonly #redraw: () => void;
  #src: string | undefined;
  #decoded: Decoded | undefined;
  #isBroken = false;
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** @param redraw called when the picture is there, or is known not to come */
  constructor(redraw: () => void) {
    this.#redraw = redraw;
  }

  /** True when the picture at this address cannot be shown. */
  isBroken(src: string): boolean {
    return this.#isBroken && this.#src === src;
  }

  /** Paints the part of the picture that is in sight. `picture` is its true size; what is shown may have fewer pixels. */
  paint(canvas: HTMLCanvasElement, src: string, view: View, picture: Size): void {
    if (src !== this.#src) void this.#load(src);
    const { clientWidth, clientHeight } = canvas;
    const density = window.devicePixelRatio;
    const [width, height] = [Math.round(clientWidth * density), Math.round(clientHeight * density)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext('2d');
    if (!context) return;
    const place: Place = {
      x: view.x * density,
      y: view.y * density,
      width: picture.width * view.scale * density,
      height: picture.height * view.scale * density,
    };
    context.clearRect(0, 0, width, height);
    const decoded = this.#decoded;
    if (!decoded) return;
    clearTimeout(this.#rest);
    if (!isLarge(decoded.full)) {
      // Where every pixel is at hand, enlarging shows them as they are; a smaller stand-in is better smoothed.
      const isSmooth = view.scale <= 1 || decoded.full.width < picture.width;
      draw(context, decoded.full, place, isSmooth ? 'high' : 'none');
      return;
    }
    const scale = place.width / decoded.full.width;
    const isForSmall = scale <= smallPart * mostEnlarged;
    if (decoded.small && isForSmall) return draw(context, decoded.small, place, scale < smallPart / 2 ? 'high' : 'low');
    draw(context, decoded.full, place, view.scale <= 1 || decoded.full.width < picture.width ? 'low' : 'none');
    // Not where the small copy is about to come: half of a whole picture is a quarter of its memory.
    if (scale < 1 / 2 && !isForSmall) this.#rest = setTimeout(() => drawByHalves(context, decoded.full, place), restMs);
  }

  /** Lets go of the picture. */
  clear(): void {
    clearTimeout(this.#rest);
    this.#src = undefined;
    this.#decoded?.full.close();
    this.#decoded?.small?.close();
    this.#decoded = undefined;
  }

  async #load(src: string): Promise<void> {
    this.clear();
    this.#src = src;
    this.#isBroken = false;
    const full = await decode(src);
    if (this.#src !== src) return full?.close();
    this.#isBroken = !full;
    this.#decoded = full && { full };
    this.#redraw();
    if (this.#decoded && isLarge(this.#decoded.full)) await this.#makeSmall(this.#decoded);
  }

  async #makeSmall(decoded: Decoded): Promise<void> {
    const small = await smallOf(decoded.full);
    if (!small || this.#decoded !== decoded) return small?.close();
    decoded.small = small;
    this.#redraw();
  }
}

/** In pixels of a canvas. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

const isLarge = ({ width, height }: Size): boolean => width * height > largePixels;

function draw(
  context: Context,
  picture: CanvasImageSource,
  { x, y, width, height }: Place,
  smoothing: ImageSmoothingQuality | 'none',
): void {
  context.imageSmoothingEnabled = smoothing !== 'none';
  if (smoothing !== 'none') context.imageSmoothingQuality = smoothing;
  context.drawImage(picture, x, y, width, height);
}

/** Draws a picture at less than half its size over what is there: what is in sight at half of its size first, then that. */
function drawByHalves(context: CanvasRenderingContext2D, picture: ImageBitmap, place: Place): void {
  const { width, height } = context.canvas;
  const factor = picture.width / 2 / place.width;
  // Where pairs of pixels meet, so that half of the size is the mean of each two by two.
  const [left, top] = [Math.max(0, Math.floor(-place.x * factor)), Math.max(0, Math.floor(-place.y * factor))];
  const between = new OffscreenCanvas(Math.ceil(width * factor) + 1, Math.ceil(height * factor) + 1);
  const half = between.getContext('2d');
  if (!half) return; // what is there was drawn more quickly, and stays
  draw(half, picture, { x: -left, y: -top, width: picture.width / 2, height: picture.height / 2 }, 'low');
  context.clearRect(0, 0, width, height);
  const shown = { x: place.x + left / factor, y: place.y + top / factor };
  // By less than half, for which the smaller copies that a browser makes for better smoothing are not needed.
  draw(context, between, { ...shown, width: between.width / factor, height: between.height / factor }, 'low');
  letGo(between);
}

/**
 * A copy of a quarter of the sides, made piece by piece, each twice by half: asked for it as a whole, a browser keeps a copy of
 * the whole picture. Others have their turn between the rows.
 */
async function smallOf(full: ImageBitmap): Promise<ImageBitmap | undefined> {
  const small = new OffscreenCanvas(Math.ceil(full.width * smallPart), Math.ceil(full.height * smallPart));
  const between = new OffscreenCanvas(pieceSide * 2, pieceSide * 2);
  const [context, half] = [small.getContext('2d'), between.getContext('2d')];
  if (!context || !half) return undefined; // the whole picture is drawn instead
  for (let top = 0; top < small.height; top += pieceSide) {
    for (let left = 0; left < small.width; left += pieceSide) {
      half.clearRect(0, 0, between.width, between.height);
      draw(half, full, { x: -2 * left, y: -2 * top, width: full.width / 2, height: full.height / 2 }, 'low');
      draw(context, between, { x: left, y: top, width: pieceSide, height: pieceSide }, 'low');
    }
    await new Promise((resolve) => setTimeout(resolve));
  }
  letGo(between);
  const bitmap = small.transferToImageBitmap();
  letGo(small);
  return bitmap;
}

/** Gives a canvas's memory back now: it would stay until somebody tidies up. */
function letGo(canvas: OffscreenCanvas): void {
  canvas.width = 0;
}

async function decode(src: string): Promise<ImageBitmap | undefined> {
  const image = new Image();
  try {
    // Not `image.decode()`: the browser would keep its own decoded copy beside the bitmap, and the largest picture twice.
    await new Promise((resolve, reject) => {
      image.addEventListener('load', resolve);
      image.addEventListener('error', reject);
      image.src = src;
    });
    return await createImageBitmap(image);
  } catch {
    return undefined; // what the browser cannot show is said where it would be
  }
}
