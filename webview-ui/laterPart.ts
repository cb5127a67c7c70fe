import type { Later, LaterDesk } from './later.tsx';

/** Its styles, which the build puts beside the script that this becomes a part of. */
const styleAddress = new URL('panel-later.css', import.meta.url).href;

/**
 * The second part of the panel: what edits pictures, and all that can wait until the first paint is done. It is loaded right
 * after that.
 */
export class LaterPart {
  readonly #desk: LaterDesk;
  #loaded: Later | undefined;
  #loading: Promise<void> | undefined;
  #hasFailed = false;

  constructor(desk: LaterDesk) {
    this.#desk = desk;
  }

  /** What it draws with, once it is there. */
  get loaded(): Later | undefined {
    return this.#loaded;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Begins to load, unless that has failed: then it is the user's to try again. */
  need(): void {
    if (!this.#loaded && !this.#hasFailed) void this.load();
  }

  /** Loads, also once more after that has failed; draws the panel anew when it ends. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** Does something with it as soon as it is there. Where it cannot be loaded that is said, with a way to try again. */
  async use(act: (later: Later) => void): Promise<void> {
    if (!this.#loaded) await this.load();
    if (this.#loaded) act(this.#loaded);
  }

  /** Opens the place where the address of a picture is written. */
  openAddress(place: string): Promise<void> {
    return this.use(({ addresses }) => addresses.open(place));
  }

  /** Opens that place, or closes it where it is open: what the button does that says whether it is. */
  toggleAddress(place: string): void {
    const addresses = this.#loaded?.addresses;
    if (addresses?.place === place) addresses.close();
    else void this.openAddress(place);
  }

  /** Takes picture files that were dropped from outside of VS Code. */
  takeFiles(files: readonly File[]): Promise<void> {
    return this.use(({ pasted }) => void pasted.take(files));
  }

  async #load(): Promise<void> {
    this.#hasFailed = false;
    try {
      const [{ Later }] = await Promise.all([import('./later.tsx'), loadStyle(styleAddress)]);
      this.#loaded ??= new Later(this.#desk);
    } catch {
      this.#hasFailed = true; // said where the picture would be, with a way to try again
    }
    this.#desk.redraw();
  }
}

/** Adds a style sheet to the page; throws where it cannot be had. */
export async function loadStyle(address: string): Promise<void> {
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
