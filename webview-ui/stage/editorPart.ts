import type { Desk } from './stage.ts';
import type { Editor } from './editor.tsx';

/** Its styles, which the build puts beside the script that this becomes a part of. */
const styleAddress = new URL('panel-editor.css', import.meta.url).href;

/**
 * The second part of the panel, which edits pictures. It is loaded when the form first holds one, so that a panel which
 * only makes pictures opens without it.
 */
export class EditorPart {
  readonly #desk: Desk;
  #editor: Editor | undefined;
  #state: 'unneeded' | 'loading' | 'loaded' | 'failed' = 'unneeded';

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The editor, once it is there. */
  get editor(): Editor | undefined {
    return this.#editor;
  }

  get hasFailed(): boolean {
    return this.#state === 'failed';
  }

  /** Begins to load, the first time it is called. */
  need(): void {
    if (this.#state === 'unneeded') void this.load();
  }

  /** Loads, also once more after that has failed; draws the panel anew at either end. */
  async load(): Promise<void> {
    this.#state = 'loading';
    try {
      const [{ Editor }] = await Promise.all([import('./editor.tsx'), loadStyle(styleAddress)]);
      this.#editor ??= new Editor(this.#desk);
      this.#state = 'loaded';
    } catch {
      this.#state = 'failed'; // said where the editor would be, with a way to try again
    }
    this.#desk.redraw();
  }
}

/** Adds a style sheet to the page; throws where it cannot be had. */
async function loadStyle(address: string): Promise<void> {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = address;
  try {
    await new Promise((resolve, reject) => {
      link.addEventListener('load', resolve);
      link.addEventListener('error', reject);
      document.head.append(link);
    });
  } catch (error) {
    link.remove();
    throw error;
  }
}
