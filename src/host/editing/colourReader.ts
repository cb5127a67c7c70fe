import type * as vscode from 'vscode';
import { findColours } from '../../core/foundColours.ts';
import type { FoundColours } from '../../core/messages.ts';
import { modelCard } from '../../core/modelCard.ts';
import type { Pixels } from '../../pixels/client.ts';
import { dominantColours } from '../../pixels/dominantColours.ts';
import type { Log } from '../log.ts';
import { shortPath } from '../results.ts';
import { sourceSentence } from '../telling.ts';
import { readPictureFile } from './pictureFile.ts';
import { asSourceError } from './sourceError.ts';

/** A picture that the panel knows by an id. */
interface Picture {
  readonly uri: vscode.Uri;
  readonly name: string;
}

interface Parts {
  /** The document that was edited last. */
  readonly document: () => Pick<vscode.TextDocument, 'uri' | 'getText'> | undefined;
  readonly picture: (id: string) => Promise<Picture | undefined>;
  readonly pixels: Pick<Pixels, 'preview' | 'decode'>;
  /** Called when `found` is another one. */
  readonly changed: () => void;
  readonly log: Log;
}

/** Longest side of the copy that the colours of a picture are counted in, in pixels. */
const copySide = 128;

/** Finds colours for a palette: in the document that is open, or in a picture. */
export class ColourReader {
  readonly #parts: Parts;
  #found: FoundColours | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The document whose colours can be read, as the user would name it. */
  get documentName(): string | undefined {
    const document = this.#parts.document();
    return document && shortPath(document.uri);
  }

  /** What was found last. */
  get found(): FoundColours | undefined {
    return this.#found;
  }

  /** Looks for colours; an id that does not exist, or no document, gives none. */
  async find(askId: string, pictureId?: string): Promise<void> {
    this.#found = pictureId === undefined ? this.#inDocument(askId) : await this.#inPicture(askId, pictureId);
    this.#parts.changed();
  }

  #inDocument(askId: string): FoundColours {
    const document = this.#parts.document();
    return { askId, from: this.documentName ?? '', colours: findColours(document?.getText() ?? '') };
  }

  async #inPicture(askId: string, pictureId: string): Promise<FoundColours> {
    const { picture, pixels, log } = this.#parts;
    let name = '';
    try {
      const found = await picture(pictureId);
      if (!found) return { askId, from: '', colours: [] };
      name = found.name;
      const copy = await pixels.preview(await readPictureFile(found.uri, name), copySide, { give: true });
      const colours = dominantColours(await pixels.decode(copy.bytes), modelCard.palette.max);
      return { askId, from: name, colours: colours.map(({ hex, share }) => ({ hex, weight: share })) };
    } catch (error) {
      const { kind, cause } = asSourceError(error, name);
      log.error(`The colours of a picture could not be read: ${kind}.`, cause);
      return { askId, from: name, colours: [], trouble: sourceSentence(kind, name) };
    }
  }
}
