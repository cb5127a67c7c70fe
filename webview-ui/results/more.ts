import { loadImage } from './bitmaps.ts';

/** Which picture shows what else can be done with it, and what came of copying it. */
export class More {
  readonly #redraw: () => void;
  #resultId: string | undefined;
  #copying: 'no' | 'running' | 'done' | 'failed' = 'no';

  constructor(redraw: () => void) {
    this.#redraw = redraw;
  }

  isOpen(resultId: string): boolean {
    return resultId === this.#resultId;
  }

  toggle(resultId: string): void {
    this.#resultId = this.isOpen(resultId) ? undefined : resultId;
    this.#copying = 'no';
    this.#redraw();
  }

  get copying(): 'no' | 'running' | 'done' | 'failed' {
    return this.#copying;
  }

  /** Copies a picture as an image, which other programs take as PNG. */
  async copy(resultId: string, src: string): Promise<void> {
    if (this.#copying === 'running') return;
    this.#set(resultId, 'running');
    try {
      // Given as a promise, so that the press of the button still counts when the picture is ready.
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(src) })]);
      this.#set(resultId, 'done');
    } catch {
      this.#set(resultId, 'failed'); // the clipboard gives no reason that would help; the next step is said
    }
  }

  #set(resultId: string, copying: 'running' | 'done' | 'failed'): void {
    if (!this.isOpen(resultId)) return;
    this.#copying = copying;
    this.#redraw();
  }
}

async function pngOf(src: string): Promise<Blob> {
  const image = await loadImage(src);
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
