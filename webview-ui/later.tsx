import type { JSX } from 'preact';
import type { JobView, Looking } from '../src/core/messages.ts';
import { AddressEntry } from './form/addressEntry.ts';
import { AddressForm } from './form/addressForm.tsx';
import type { FormDesk } from './form/formDesk.ts';
import { PaletteEditor } from './form/palette/paletteEditor.ts';
import { PaletteView } from './form/palette/paletteView.tsx';
import { PastedPictures } from './form/pastedPictures.ts';
import { PromptBook } from './form/prompts/promptBook.ts';
import { PromptTools } from './form/prompts/promptTools.tsx';
import { ChangeNote } from './results/changeNote.tsx';
import { FoundPictures } from './results/found.tsx';
import type { Studio } from './state.ts';
import { Gestures } from './stage/gestures.ts';
import { Stage } from './stage/stage.ts';
import { StageView } from './stage/stageView.tsx';

/** What a first paint can do without. The build makes a file of its own of this and of what only this imports. */
export class Later {
  readonly stage: Stage;
  readonly addresses: AddressEntry;
  readonly pasted: PastedPictures;
  readonly prompts: PromptBook;
  readonly #palette: PaletteEditor;
  readonly #gestures: Gestures;

  constructor(desk: FormDesk) {
    this.stage = new Stage(desk);
    this.addresses = new AddressEntry(desk);
    this.pasted = new PastedPictures(desk);
    this.pasted.listen();
    this.prompts = new PromptBook(desk);
    this.#palette = new PaletteEditor(desk);
    this.#gestures = new Gestures(this.stage);
  }

  drawStage(studio: Studio): JSX.Element {
    return <StageView studio={studio} stage={this.stage} gestures={this.#gestures} />;
  }

  /** Whether the change of an edit lies where it was asked for. */
  drawChange(studio: Studio, job: JobView): JSX.Element {
    return <ChangeNote studio={studio} job={job} />;
  }

  /** What was found among the account's past requests. */
  drawFound(studio: Studio, job: JobView, looking: Looking): JSX.Element {
    return <FoundPictures studio={studio} job={job} looking={looking} />;
  }

  /** What edits the palette. */
  drawPalette(studio: Studio): JSX.Element {
    return <PaletteView studio={studio} editor={this.#palette} />;
  }

  /** Earlier prompts and templates. */
  drawPromptTools(studio: Studio): JSX.Element {
    return <PromptTools studio={studio} book={this.prompts} />;
  }

  /** Where the address of a picture is written, while it is the one of this place. */
  drawAddress(studio: Studio, place: string): JSX.Element | null {
    return this.addresses.place === place ? <AddressForm studio={studio} entry={this.addresses} /> : null;
  }
}
