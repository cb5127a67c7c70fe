/** Pictures by their addresses, decoded when they are first asked for. */
export class Bitmaps {
  readonly #redraw: () => void;
  readonly #known = new Map<string, ImageBitmap | 'loading' | 'broken'>();

  /** @param redraw called when a picture is there, or is known not to come */
  constructor(redraw: () => void) {
    this.#redraw = redraw;
  }

  /** A picture; undefined while it is being loaded. */
  get(src: string): ImageBitmap | 'broken' | undefined {
    const known = this.#known.get(src);
    if (known === undefined) void this.#load(src);
    return known === 'loading' ? undefined : known;
  }

  /** Lets go of all of them: two large pictures take a hundred megabytes. */
  clear(): void {
    for (const bitmap of this.#known.values()) if (typeof bitmap === 'object') bitmap.close();
    this.#known.clear();
  }

  async #load(src: string): Promise<void> {
    this.#known.set(src, 'loading');
    const bitmap = await decode(src);
    if (this.#known.get(src) === 'loading') {
      this.#known.set(src, bitmap ?? 'broken');
      this.#redraw();
    } else bitmap?.close();
  }
}

async function decode(src: string): Promise<ImageBitmap | undefined> {
  try {
    return await createImageBitmap(await loadImage(src));
  } catch {
    return undefined; // what the browser cannot show is said where it would be
  }
}

/** Loads a picture in such a way that what is drawn of it can be read again. Throws where it cannot be shown. */
export async function loadImage(src: string): Promise<HTMLImageElement> {
  const image = new Image();
  // The panel's pictures come from another origin, which allows this.
  image.crossOrigin = 'anonymous';
  image.src = src;
  await image.decode();
  return image;
}
