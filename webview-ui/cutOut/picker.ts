import { loadImage } from '../results/bitmaps.ts';

/** A place in the copy that is looked at, in its pixels, and the colour there as #RRGGBB. */
export interface Cross {
  readonly x: number;
  readonly y: number;
  readonly hex: string;
}

const directions: Readonly<Record<string, readonly [across: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** How far an arrow goes, in pixels of the copy; with Shift it is one. */
const stride = 12;

/** Picks a colour out of a picture: by a press on it, or with a cross that arrows move and Enter takes. */
export class Picker {
  readonly #take: (hex: string) => void;
  #drawn: CanvasRenderingContext2D | undefined;
  #src: string | undefined;
  #cross: Cross | undefined;

  constructor(take: (hex: string) => void) {
    this.#take = take;
  }

  /** While it is moved by keys. */
  get cross(): Cross | undefined {
    return this.#cross;
  }

  /** Size of the copy in pixels, once its colours can be read. */
  get size(): { readonly width: number; readonly height: number } | undefined {
    return this.#drawn?.canvas;
  }

  /** Reads the copy. Where that fails nothing is picked, and the colour can be typed. */
  async load(src: string): Promise<void> {
    this.#src = src;
    const image = await loadImage(src).catch(() => undefined);
    if (!image || this.#src !== src) return;
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const drawn = canvas.getContext('2d', { willReadFrequently: true });
    drawn?.drawImage(image, 0, 0);
    this.#drawn = drawn ?? undefined;
  }

  end(): void {
    this.#src = undefined;
    this.#drawn = undefined;
    this.#cross = undefined;
  }

  press(event: MouseEvent & { readonly currentTarget: HTMLElement }): void {
    if (!this.size) return;
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const at = this.#at(
      ((event.clientX - left) / width) * this.size.width,
      ((event.clientY - top) / height) * this.size.height,
    );
    this.#cross = undefined;
    if (at) this.#take(at.hex);
  }

  /** True where the key was one of its own; then something may have to be drawn anew. */
  key({ key, shiftKey }: KeyboardEvent): boolean {
    const direction = directions[key];
    if (direction && this.size) {
      const { x, y } = this.#cross ?? { x: this.size.width / 2, y: this.size.height / 2 };
      const step = shiftKey ? 1 : stride;
      this.#cross = this.#cross ? this.#at(x + direction[0] * step, y + direction[1] * step) : this.#at(x, y);
      return true;
    }
    if (!this.#cross || !['Enter', ' ', 'Escape'].includes(key)) return false;
    const { hex } = this.#cross;
    this.#cross = undefined;
    if (key !== 'Escape') this.#take(hex);
    return true;
  }

  leave(): void {
    this.#cross = undefined;
  }

  /** The mean of the pixels around a place: one alone may be what compression has left. */
  #at(across: number, down: number): Cross | undefined {
    if (!this.#drawn || !this.size) return undefined;
    const x = Math.max(0, Math.min(this.size.width - 1, Math.floor(across)));
    const y = Math.max(0, Math.min(this.size.height - 1, Math.floor(down)));
    const [left, top] = [Math.max(0, x - 1), Math.max(0, y - 1)];
    const [right, bottom] = [Math.min(this.size.width, x + 2), Math.min(this.size.height, y + 2)];
    const { data } = this.#drawn.getImageData(left, top, right - left, bottom - top);
    const hex = [0, 1, 2].map((band) => {
      const values = data.filter((_, index) => index % 4 === band);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.round(mean).toString(16).padStart(2, '0');
    });
    return { x, y, hex: `#${hex.join('').toUpperCase()}` };
  }
}
