import type { ResultView } from '../../src/core/messages.ts';
import { loadImage } from './bitmaps.ts';
import { copyFocused, copyReference } from './copyReference.ts';

/** What came of copying; `reference` is what documents take. */
type Copying = 'no' | 'running' | 'done' | 'reference' | 'failed';

/** Which picture shows what else can be done with it, and what came of copying it. */
export class More {
  readonly #redraw: () => void;
  #resultId: string | undefined;
  #copying: Copying = 'no';

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

  get copying(): Copying {
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

  /** Copies a picture for documents. */
  copyReference(result: ResultView): void {
    this.#set(result.id, copyReference(result) ? 'reference' : 'failed');
  }

  /** Copies the picture that has the focus at Ctrl+C, and opens its row, which says so. */
  listenToCopies(find: (resultId: string) => ResultView | undefined): void {
    document.addEventListener('copy', (event) => {
      const id = copyFocused(event, find);
      if (id === undefined) return;
      this.#resultId = id;
      this.#set(id, 'reference');
    });
  }

  #set(resultId: string, copying: Copying): void {
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
