import type { JSX } from 'preact';
import type { JobView, Looking } from '../src/core/messages.ts';
import type { ImageRequest } from '../src/core/request.ts';
import { AddressEntry } from './form/addressEntry.ts';
import { AddressForm } from './form/addressForm.tsx';
import { ChangeNote } from './results/changeNote.tsx';
import { FoundPictures } from './results/found.tsx';
import { usualSeconds } from './results/usualTime.ts';
import type { Studio } from './state.ts';
import { type Place, Removals } from './undo/removals.ts';
import { Removed } from './undo/removed.tsx';
import { Gestures } from './stage/gestures.ts';
import { type Desk, Stage } from './stage/stage.ts';
import { StageView } from './stage/stageView.tsx';

/** What a first paint can do without. The build makes a file of its own of this and of what only this imports. */
export class Later {
  readonly stage: Stage;
  readonly addresses: AddressEntry;
  readonly removals: Removals;
  readonly #gestures: Gestures;

  constructor(desk: Desk) {
    this.stage = new Stage(desk);
    this.addresses = new AddressEntry(desk);
    this.removals = new Removals(desk);
    this.#gestures = new Gestures(this.stage);
  }

  /** Told of every change of the form by the user. */
  noteChange(before: ImageRequest, after: ImageRequest): void {
    this.stage.noteChange(before, after);
    this.removals.noteChange(before, after);
  }

  /** Told of a form that was filled from elsewhere. */
  noteLoad(before: ImageRequest, after: ImageRequest): void {
    this.stage.noteLoad(before, after);
    this.removals.forget();
  }

  drawStage(studio: Studio): JSX.Element {
    return <StageView studio={studio} stage={this.stage} gestures={this.#gestures} />;
  }

  /** Whether the change of an edit lies where it was asked for. */
  drawChange(studio: Studio, job: JobView): JSX.Element {
    return <ChangeNote studio={studio} job={job} />;
  }

  /** How long a job like this usually takes, in seconds. */
  usualSeconds(studio: Studio, job: JobView): { readonly min: number; readonly max: number } {
    return usualSeconds(job, studio.shown.jobs);
  }

  /** What was found among the account's past requests. */
  drawFound(studio: Studio, job: JobView, looking: Looking): JSX.Element {
    return <FoundPictures studio={studio} job={job} looking={looking} />;
  }

  /** The way back from what was removed here last. */
  drawRemoved(studio: Studio, place: Place): JSX.Element {
    return <Removed studio={studio} removals={this.removals} place={place} />;
  }

  /** Where the address of a picture is written, while it is the one of this place. */
  drawAddress(studio: Studio, place: string): JSX.Element | null {
    return this.addresses.place === place ? <AddressForm studio={studio} entry={this.addresses} /> : null;
  }
}
