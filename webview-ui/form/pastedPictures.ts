import { modelCard } from '../../src/core/modelCard.ts';
import { pastedPicture } from '../../src/core/pasted.ts';
import type { Words } from '../words.ts';
import type { FormDesk } from './formDesk.ts';

const { maxBytes, pieceBytes, longestName } = pastedPicture;

/** Hands pictures that exist nowhere else to the host, in pieces: what was pasted, and files from outside of VS Code. */
export class PastedPictures {
  readonly #desk: FormDesk;
  #note: Words | undefined;

  constructor(desk: FormDesk) {
    this.#desk = desk;
  }

  /** What is being done, or why something was not taken; until the next attempt. */
  get note(): Words | undefined {
    return this.#note;
  }

  /** Takes pictures that are pasted anywhere in the panel; text that goes into a field stays the field's. */
  listen(): void {
    document.addEventListener('paste', (event) => {
      const files = picturesIn(event.clipboardData);
      const isText = event.target instanceof Element && event.target.matches('input, textarea');
      // Programs that copy a picture of their text along mean the text.
      if (files.length === 0 || (isText && event.clipboardData?.types.includes('text/plain'))) return;
      event.preventDefault();
      void this.take(files);
    });
  }

  /** Takes the picture that is on the clipboard, where the browser lets a button do so. */
  async ask(): Promise<void> {
    const files = await readClipboard();
    if (files === undefined) this.#say(['pasteByKeys']);
    else if (files.length === 0) this.#say(['pasteNothing']);
    else await this.take(files);
  }

  /** Takes files, one after the other. What is no picture, or too large, is said before anything is sent. */
  async take(files: readonly File[]): Promise<void> {
    const room = modelCard.inputs.max - this.#desk.request.inputs.length;
    if (room <= 0) return this.#say(['inputsFull', modelCard.inputs.max]);
    const pictures = files.filter(({ type }) => type.startsWith('image/'));
    const small = pictures.filter(({ size }) => size > 0 && size <= maxBytes);
    this.#desk.flush();
    for (const file of small.slice(0, room)) {
      this.#say(['pasteTaking']);
      if (!(await this.#send(file))) return this.#say(['pasteUnreadable']);
    }
    if (small.length < pictures.length) return this.#say(['pasteTooLarge']);
    if (pictures.length === 0) return this.#say(['inputsDropNothing']);
    this.#say(small.length > room ? ['inputsFull', modelCard.inputs.max] : undefined);
  }

  /** False where the file could not be read to its end; the host gives up what came of it. */
  async #send(file: File): Promise<boolean> {
    const pasteId = crypto.randomUUID();
    const total = Math.ceil(file.size / pieceBytes);
    const name = file.name.slice(-longestName);
    for (let index = 0; index < total; index++) {
      const data = await asBase64(file.slice(index * pieceBytes, (index + 1) * pieceBytes));
      if (data === undefined) return false;
      this.#desk.send({ type: 'pastePiece', pasteId, index, total, name, data });
    }
    return true;
  }

  #say(note: Words | undefined): void {
    this.#note = note;
    this.#desk.redraw();
  }
}

function picturesIn(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
}

/** Undefined where the browser does not let us. */
async function readClipboard(): Promise<File[] | undefined> {
  try {
    const items = await navigator.clipboard.read();
    const pictures = items.flatMap((item) => {
      const type = item.types.find((one) => one.startsWith('image/'));
      return type === undefined ? [] : [item.getType(type).then((blob) => new File([blob], '', { type }))];
    });
    return await Promise.all(pictures);
  } catch {
    return undefined; // Said, with the keys that always work.
  }
}

/** The bytes as text; undefined where they cannot be read, such as of a file that was moved meanwhile. */
function asBase64(piece: Blob): Promise<string | undefined> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve((reader.result as string).replace(/^[^,]*,/, '')));
    reader.addEventListener('error', () => resolve(undefined));
    reader.readAsDataURL(piece);
  });
}
