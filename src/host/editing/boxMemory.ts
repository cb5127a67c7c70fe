import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import { Box } from '../../core/requestSchema.ts';
import type { Size } from '../../core/size.ts';

/**
 * Boxes drawn on a picture of this size; a picture that has another size by now is another picture. `sha256` is that of its
 * file, where it was known.
 */
const Remembered = z.object({
  uri: z.string(),
  width: z.number(),
  height: z.number(),
  sha256: z.optional(z.string()),
  boxes: z.array(Box),
});
type Remembered = z.infer<typeof Remembered>;

const name = 'boxes';
/** Of how many pictures the boxes are remembered. */
const mostPictures = 100;

/** More is no drawing of a person, and would only fill the editor's storage. In UTF-16 units of JSON. */
const largest = 20_000;

/** Remembers the boxes that were last drawn on each picture, so that it opens with them again. */
export class BoxMemory {
  readonly #memento: Pick<vscode.Memento, 'get' | 'update'>;

  constructor(memento: Pick<vscode.Memento, 'get' | 'update'>) {
    this.#memento = memento;
  }

  /** The boxes that were last drawn on this picture, if it still has the size it had. */
  recall(uri: string, { width, height }: Size): Box[] {
    const found = this.#all().find((one) => one.uri === uri);
    return found && found.width === width && found.height === height ? found.boxes : [];
  }

  /** Whether boxes were drawn on this picture when it had another size. */
  isOutdated(uri: string, { width, height }: Size): boolean {
    return this.#all().some((one) => one.uri === uri && (one.width !== width || one.height !== height));
  }

  /** Whether boxes were drawn on this picture when its file held something else of the same size, as far as that is known. */
  isOtherContent(uri: string, { width, height }: Size, sha256: string | undefined): boolean {
    const found = this.#all().find((one) => one.uri === uri);
    if (found?.width !== width || found.height !== height) return false;
    return found.sha256 !== undefined && sha256 !== undefined && found.sha256 !== sha256;
  }

  /** Of how many pictures boxes are remembered. */
  get pictures(): number {
    return this.#all().length;
  }

  /** Forgets the boxes of every picture. */
  async forget(): Promise<void> {
    await this.#memento.update(name, undefined);
  }

  /** Takes the place of what was remembered of this picture. Far too much is not remembered. */
  async remember(uri: string, { width, height }: Size, boxes: readonly Box[], sha256?: string): Promise<void> {
    const drawn = JSON.stringify(boxes);
    if (drawn.length > largest) return;
    const all = this.#all();
    const present = all.find((one) => one.uri === uri);
    if (
      JSON.stringify(present?.boxes ?? []) === drawn &&
      (!present || (present.width === width && present.height === height && present.sha256 === sha256))
    )
      return;
    const others = all.filter((one) => one.uri !== uri);
    const now = { uri, width, height, ...(sha256 !== undefined && { sha256 }), boxes: [...boxes] };
    const changed = boxes.length === 0 ? others : [...others, now];
    await this.#memento.update(name, changed.slice(-mostPictures));
  }

  #all(): Remembered[] {
    const parsed = z.array(Remembered).safeParse(this.#memento.get(name));
    return parsed.success ? parsed.data : [];
  }
}
