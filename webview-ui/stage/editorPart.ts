import type { Desk } from './stage.ts';
import type { Editor } from './editor.tsx';

/** Its styles, which the build puts beside the script that this becomes a part of. */
const styleAddress = new URL('panel-editor.css', import.meta.url).href;

/**
 * The second part of the panel, which edits pictures and shows what is found of lost ones. It is loaded when the form first
 * holds a picture, or one is looked for, so that a panel which only makes pictures opens without it.
 */
export class EditorPart {
  readonly #desk: Desk;
  #editor: Editor | undefined;
  #loading: Promise<void> | undefined;
  #hasFailed = false;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The editor, once it is there. */
  get editor(): Editor | undefined {
    return this.#editor;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Begins to load, unless that has failed: then it is the user's to try again. */
  need(): void {
    if (!this.#editor && !this.#hasFailed) void this.load();
  }

  /** Loads, also once more after that has failed; draws the panel anew when it ends. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** Opens the place where the address of a picture is written. */
  async openAddress(place: string): Promise<void> {
    if (!this.#editor) await this.load();
    this.#editor?.addresses.open(place);
  }

  /** Opens that place, or closes it where it is open: what the button does that says whether it is. */
  toggleAddress(place: string): void {
    const addresses = this.#editor?.addresses;
    if (addresses?.place === place) addresses.close();
    else void this.openAddress(place);
  }

  async #load(): Promise<void> {
    this.#hasFailed = false;
    try {
      const [{ Editor }] = await Promise.all([import('./editor.tsx'), loadStyle(styleAddress)]);
      this.#editor ??= new Editor(this.#desk);
    } catch {
      this.#hasFailed = true; // said where the editor would be, with a way to try again
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
