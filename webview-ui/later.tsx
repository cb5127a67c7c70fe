import type { JSX } from 'preact';
import type { JobView, Looking, ResultView, SourceView } from '../src/core/messages.ts';
import { AddressEntry } from './form/addressEntry.ts';
import { AddressForm } from './form/addressForm.tsx';
import { Again } from './results/again.ts';
import { announcement } from './results/announcement.ts';
import { ChangeNote } from './results/changeNote.tsx';
import { CompareGestures } from './results/compareGestures.ts';
import { CompareView } from './results/compareView.tsx';
import { type CompareDesk, Comparison } from './results/comparison.ts';
import { EmptyPicture } from './results/emptyPicture.tsx';
import { FoundPictures } from './results/found.tsx';
import type { JobCard } from './results/jobCard.tsx';
import { Gallery, type Viewer } from './history/gallery.ts';
import { GalleryView } from './history/galleryView.tsx';
import { FormerNote } from './history/formerNote.tsx';
import { reopen } from './history/reopen.ts';
import { Marks } from './results/marks.tsx';
import { More } from './results/more.ts';
import { MoreRow } from './results/moreRow.tsx';
import { pairOf } from './results/pairOf.ts';
import { SlotButtons } from './results/slotButtons.tsx';
import { SlotMoves } from './results/slotMoves.ts';
import type { Studio } from './state.ts';
import { Gestures } from './stage/gestures.ts';
import { type Desk, Stage } from './stage/stage.ts';
import { StageView } from './stage/stageView.tsx';
import type { Words } from './words.ts';

/** What all that comes later needs of the studio. */
export type LaterDesk = Desk & CompareDesk & Viewer;

/** What a first paint can do without. The build makes a file of its own of this and of what only this imports. */
export class Later {
  readonly stage: Stage;
  readonly addresses: AddressEntry;
  readonly gallery: Gallery;
  readonly comparison: Comparison;
  readonly again = new Again();
  readonly more: More;
  readonly #gestures: Gestures;
  readonly #compareGestures: CompareGestures;
  readonly #moves: SlotMoves;

  constructor(desk: LaterDesk) {
    this.stage = new Stage(desk);
    this.addresses = new AddressEntry(desk);
    this.gallery = new Gallery(desk);
    this.#gestures = new Gestures(this.stage);
    this.comparison = new Comparison(desk);
    this.#compareGestures = new CompareGestures(this.comparison);
    this.more = new More(() => desk.redraw());
    this.#moves = new SlotMoves((resultId, slot) => desk.send({ type: 'moveToSlot', resultId, slot }));
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

  /** Everything that was made, in the place of what is shown of it usually. One entry alone is drawn by `Card`. */
  drawHistory(studio: Studio, Card: typeof JobCard): JSX.Element {
    return <GalleryView studio={studio} gallery={this.gallery} Card={Card} />;
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

  drawEmptyPicture(): JSX.Element {
    return <EmptyPicture />;
  }

  /** What a screen reader is told of what has changed. */
  newsOf(before: readonly JobView[], after: readonly JobView[]): Words[] {
    const old = new Map(before.map((job) => [job.id, job]));
    return after.flatMap((job) => {
      const words = announcement(old.get(job.id), job);
      return words ? [words] : [];
    });
  }

  /** Holds a picture of a job against its original, or against another picture of the job. */
  compare(studio: Studio, job: JobView, resultId: string): void {
    this.comparison.open(pairOf(studio, job, resultId));
  }

  drawComparison(studio: Studio): JSX.Element {
    return <CompareView studio={studio} comparison={this.comparison} gestures={this.#compareGestures} />;
  }

  /** The boxes on the original of an edit. */
  drawBoxesOf(job: JobView): JSX.Element {
    return <Marks {...job} />;
  }

  /** What brings a picture of a set into another slot. */
  drawSlotButtons(studio: Studio, job: JobView, result: ResultView): JSX.Element {
    return <SlotButtons studio={studio} moves={this.#moves} job={job} result={result} />;
  }

  /** What else can be done with a picture, where that is shown. */
  drawMore(studio: Studio, job: JobView, result: ResultView): JSX.Element {
    return <MoreRow studio={studio} more={this.more} moves={this.#moves} job={job} result={result} />;
  }

  /** Where the address of a picture is written, while it is the one of this place. */
  drawAddress(studio: Studio, place: string): JSX.Element | null {
    return this.addresses.place === place ? <AddressForm studio={studio} entry={this.addresses} /> : null;
  }
}
