import type { JSX } from 'preact';
import type { JobView, Looking, SourceView } from '../src/core/messages.ts';
import { AddressEntry } from './form/addressEntry.ts';
import { AddressForm } from './form/addressForm.tsx';
import { ChangeNote } from './results/changeNote.tsx';
import { FoundPictures } from './results/found.tsx';
import { Gallery, type Viewer } from './history/gallery.ts';
import { GalleryView } from './history/galleryView.tsx';
import { FormerNote } from './history/formerNote.tsx';
import { reopen } from './history/reopen.ts';
import type { Studio } from './state.ts';
import { Gestures } from './stage/gestures.ts';
import { type Desk, Stage } from './stage/stage.ts';
import { StageView } from './stage/stageView.tsx';

/** What a first paint can do without. The build makes a file of its own of this and of what only this imports. */
export class Later {
  readonly stage: Stage;
  readonly addresses: AddressEntry;
  readonly gallery: Gallery;
  readonly #gestures: Gestures;

  constructor(desk: Desk & Viewer) {
    this.stage = new Stage(desk);
    this.addresses = new AddressEntry(desk);
    this.gallery = new Gallery(desk);
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

  /** Everything that was made, in the place of what is shown of it usually. */
  drawHistory(studio: Studio): JSX.Element {
    return <GalleryView studio={studio} gallery={this.gallery} />;
  }

  /** What has become of a picture that a reopened request was sent with. */
  drawFormer(studio: Studio, { id, former }: SourceView): JSX.Element | undefined {
    return former && <FormerNote studio={studio} inputId={id} former={former} />;
  }

  openHistory(): void {
    this.gallery.show();
  }

  /** Has a job that was sent files opened again by the host, which knows what has become of them; false for any other. */
  reopensFiles(studio: Studio, { id, request }: JobView): boolean {
    const hasFiles = request.inputs.some(({ url }) => url === undefined);
    if (hasFiles) reopen(studio, id);
    return hasFiles;
  }

  /** Where the address of a picture is written, while it is the one of this place. */
  drawAddress(studio: Studio, place: string): JSX.Element | null {
    return this.addresses.place === place ? <AddressForm studio={studio} entry={this.addresses} /> : null;
  }
}
