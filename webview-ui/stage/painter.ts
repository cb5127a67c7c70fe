import type { Size } from '../../src/core/size.ts';
import type { View } from './geometry.ts';

/** Holds the picture that the stage shows, decoded, and paints it. */
export class Painter {
  readonly #redraw: () => void;
  #src: string | undefined;
  #bitmap: ImageBitmap | undefined;
  #isBroken = false;

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
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    const bitmap = this.#bitmap;
    if (!bitmap) return;
    context.setTransform(density, 0, 0, density, 0, 0);
    // Where every pixel is at hand, enlarging shows them as they are; a smaller stand-in is better smoothed.
    context.imageSmoothingEnabled = view.scale <= 1 || bitmap.width < picture.width;
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, view.x, view.y, picture.width * view.scale, picture.height * view.scale);
  }

  /** Lets go of the picture. */
  clear(): void {
    this.#src = undefined;
    this.#bitmap?.close();
    this.#bitmap = undefined;
  }

  async #load(src: string): Promise<void> {
    this.clear();
    this.#src = src;
    this.#isBroken = false;
    const bitmap = await decode(src);
    if (this.#src === src) {
      this.#bitmap = bitmap;
      this.#isBroken = !bitmap;
      this.#redraw();
    } else bitmap?.close();
  }
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
