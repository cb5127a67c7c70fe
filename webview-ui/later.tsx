import type { JSX } from 'preact';
import type { JobView, Looking, ResultView, SourceView } from '../src/core/messages.ts';
import type { SourceFacts } from '../src/core/preparation.ts';
import type { ImageRequest, InputImage } from '../src/core/request.ts';
import { AddressEntry } from './form/addressEntry.ts';
import { AddressForm } from './form/addressForm.tsx';
import { FullDetail, withCrops } from './form/fullDetail.tsx';
import { announcement } from './results/announcement.ts';
import { ChangeNote } from './results/changeNote.tsx';
import { comparing } from './results/comparing.ts';
import { EmptyPicture } from './results/emptyPicture.tsx';
import { FoundPictures } from './results/found.tsx';
import { Inside, LeakMap, LeakMaps, pressInFigure } from './results/inside.tsx';
import type { Studio } from './state.ts';
import { Gestures } from './stage/gestures.ts';
import { type Desk, Stage } from './stage/stage.ts';
import { StageView } from './stage/stageView.tsx';
import type { Words } from './words.ts';

/** What a first paint can do without. The build makes a file of its own of this and of what only this imports. */
export class Later {
  readonly stage: Stage;
  readonly addresses: AddressEntry;
  readonly #gestures: Gestures;
  readonly #leakMaps: LeakMaps;

  constructor(desk: Desk) {
    this.stage = new Stage(desk);
    this.addresses = new AddressEntry(desk);
    this.#leakMaps = new LeakMaps(() => desk.redraw());
    this.#gestures = new Gestures(this.stage);
  }

  drawStage(studio: Studio): JSX.Element {
    return <StageView studio={studio} stage={this.stage} gestures={this.#gestures} />;
  }

  /** Offers to edit a part of a large picture in all of its pixels. */
  drawDetail(studio: Studio, input: InputImage, facts: SourceFacts): JSX.Element {
    return <FullDetail studio={studio} input={input} facts={facts} />;
  }

  /** A changed request with the parts that are edited following its boxes. */
  withCrops(request: ImageRequest, sources: readonly SourceView[]): ImageRequest {
    return withCrops(request, sources);
  }

  /** Whether the change of an edit lies where it was asked for. */
  drawChange(studio: Studio, job: JobView): JSX.Element {
    return <ChangeNote studio={studio} job={job} />;
  }

  /** An answer in its boxes alone, and what the whole of it has changed outside. */
  drawInside(studio: Studio, result: ResultView): JSX.Element {
    return <Inside studio={studio} result={result} maps={this.#leakMaps} />;
  }

  /** What a press of the button does that shows the original in the place of a result. */
  comparing(studio: Studio, result: ResultView) {
    return comparing(studio, result);
  }

  /** Over the picture of a result: where it has changed what is outside its boxes. */
  drawInsideMap(studio: Studio, result: ResultView): JSX.Element {
    return <LeakMap studio={studio} result={result} maps={this.#leakMaps} />;
  }

  /** A key that was pressed in the figure of a result. */
  pressInside(studio: Studio, result: ResultView, event: KeyboardEvent): void {
    pressInFigure(studio, result, event);
  }

  /** What was found among the account's past requests. */
  drawFound(studio: Studio, job: JobView, looking: Looking): JSX.Element {
    return <FoundPictures studio={studio} job={job} looking={looking} />;
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

  /** Where the address of a picture is written, while it is the one of this place. */
  drawAddress(studio: Studio, place: string): JSX.Element | null {
    return this.addresses.place === place ? <AddressForm studio={studio} entry={this.addresses} /> : null;
  }
}
