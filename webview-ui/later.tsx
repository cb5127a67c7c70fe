import type { JSX } from 'preact';
import type { JobView, ResultView, SourceView } from '../src/core/messages.ts';
import type { SourceFacts } from '../src/core/preparation.ts';
import type { ImageRequest, InputImage } from '../src/core/request.ts';
import { CutOutPart, CutOutPlace } from './cutOut/cutOutPart.tsx';
import { AddressEntry } from './form/addressEntry.ts';
import { AddressForm } from './form/addressForm.tsx';
import { CustomSizeFields } from './form/customSizeFields.tsx';
import { Again } from './results/again.ts';
import { announcement } from './results/announcement.ts';
import { FullDetail, withCrops } from './form/fullDetail.tsx';
import type { FormDesk } from './form/formDesk.ts';
import { PaletteEditor } from './form/palette/paletteEditor.ts';
import { PaletteView } from './form/palette/paletteView.tsx';
import { PastedPictures } from './form/pastedPictures.ts';
import { PromptBook } from './form/prompts/promptBook.ts';
import { PromptTools } from './form/prompts/promptTools.tsx';
import { Button } from './parts/button.tsx';
import { ChangeNote } from './results/changeNote.tsx';
import { CompareGestures } from './results/compareGestures.ts';
import { CompareView } from './results/compareView.tsx';
import { type CompareDesk, Comparison } from './results/comparison.ts';
import { EmptyPicture } from './results/emptyPicture.tsx';
import { FoundPictures } from './results/found.tsx';
import { Inside, LeakMap, LeakMaps, pressInFigure } from './results/inside.tsx';
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
import { usualSeconds } from './results/usualTime.ts';
import { HeavyPicture, pressForSaving, SavingPlace } from './saving/savingButtons.tsx';
import { SavingPart } from './saving/savingPart.ts';
import type { Studio } from './state.ts';
import { type Place, Removals } from './undo/removals.ts';
import { Removed } from './undo/removed.tsx';
import { Gestures } from './stage/gestures.ts';
import { Stage } from './stage/stage.ts';
import { StageView } from './stage/stageView.tsx';
import type { Words } from './words.ts';

/** What all that comes later needs of the studio. */
export type LaterDesk = FormDesk & CompareDesk & Viewer;

/** What a first paint can do without. The build makes a file of its own of this and of what only this imports. */
export class Later {
  readonly stage: Stage;
  readonly addresses: AddressEntry;
  readonly gallery: Gallery;
  readonly comparison: Comparison;
  readonly again = new Again();
  readonly more: More;
  readonly pasted: PastedPictures;
  readonly prompts: PromptBook;
  readonly #palette: PaletteEditor;
  readonly removals: Removals;
  readonly #gestures: Gestures;
  readonly #leakMaps: LeakMaps;
  readonly #compareGestures: CompareGestures;
  readonly #moves: SlotMoves;
  readonly #saving = new SavingPart();
  readonly #cutOut = new CutOutPart();

  constructor(desk: LaterDesk) {
    this.stage = new Stage(desk);
    this.addresses = new AddressEntry(desk);
    this.#leakMaps = new LeakMaps(() => desk.redraw());
    this.pasted = new PastedPictures(desk);
    this.pasted.listen();
    this.prompts = new PromptBook(desk);
    this.#palette = new PaletteEditor(desk);
    this.removals = new Removals(desk);
    this.gallery = new Gallery(desk);
    this.#gestures = new Gestures(this.stage);
    this.comparison = new Comparison(desk);
    this.#compareGestures = new CompareGestures(this.comparison);
    this.more = new More(() => desk.redraw());
    this.more.listenToCopies((id) => {
      const { jobs, opened } = desk.shown;
      return [...jobs, ...(opened ? [opened] : [])].flatMap(({ results }) => results).find((each) => each.id === id);
    });
    this.#moves = new SlotMoves((resultId, slot) => desk.send({ type: 'moveToSlot', resultId, slot }));
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

  /** Over the picture of a result: where it has changed what is outside its boxes. */
  drawInsideMap(studio: Studio, result: ResultView): JSX.Element {
    return <LeakMap studio={studio} result={result} maps={this.#leakMaps} />;
  }

  /** A key that was pressed in the figure of a result. */
  pressInside(studio: Studio, result: ResultView, event: KeyboardEvent): void {
    pressInFigure(studio, result, event);
    pressForSaving(studio, result, this.#saving, event);
  }

  /** How long a job like this usually takes, in seconds. */
  usualSeconds(studio: Studio, job: JobView): { readonly min: number; readonly max: number } {
    return usualSeconds(job, studio.shown.jobs);
  }

  /** At the head of a job: who asked for it, where that was no person. */
  drawCaller(studio: Studio, { askedBy }: JobView): JSX.Element | null {
    return askedBy === undefined ? null : <span>{studio.text('askedBy', askedBy)}</span>;
  }

  /** What was found among the account's past requests. */
  drawFound(studio: Studio, job: JobView, looking: NonNullable<JobView['looking']>): JSX.Element {
    return <FoundPictures studio={studio} job={job} looking={looking} />;
  }

  /** At the foot of a job that has ended: the way to have it asked for again by an agent. Beside pictures it stands with what else can be done with them. */
  drawFoot(studio: Studio, { id, results }: JobView): JSX.Element | null {
    if (results.length > 0) return null;
    return (
      <Button look="plain" icon="layers" onClick={() => studio.send({ type: 'copyAgentCall', jobId: id })}>
        {studio.text('copyAgentCall')}
      </Button>
    );
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

  /** What lies over all else: the comparison, and the sheets for saving and for cutting out, which draw themselves. */
  drawOver(studio: Studio): JSX.Element {
    return (
      <>
        <CompareView studio={studio} comparison={this.comparison} gestures={this.#compareGestures} />
        <SavingPlace studio={studio} part={this.#saving} />
        <CutOutPlace studio={studio} part={this.#cutOut} />
      </>
    );
  }

  /** Opens the sheet that saves a picture in another form or place. */
  openSaving(studio: Studio, resultId: string): void {
    void this.#saving.open(studio, resultId);
  }

  /** The boxes on the original of an edit. */
  drawBoxesOf(job: JobView): JSX.Element {
    return <Marks {...job} />;
  }

  /** What brings a picture of a set into another slot. */
  drawSlotButtons(studio: Studio, job: JobView, result: ResultView): JSX.Element {
    return <SlotButtons studio={studio} moves={this.#moves} job={job} result={result} />;
  }

  /** That a picture is heavy, and what else can be done with one, where that is shown. */
  drawMore(studio: Studio, job: JobView, result: ResultView): JSX.Element {
    return (
      <>
        <HeavyPicture studio={studio} result={result} />
        <MoreRow studio={studio} more={this.more} moves={this.#moves} job={job} result={result} />
      </>
    );
  }

  drawCustomSize(studio: Studio): JSX.Element {
    return <CustomSizeFields studio={studio} />;
  }

  /** What edits the palette. */
  drawPalette(studio: Studio): JSX.Element {
    return <PaletteView studio={studio} editor={this.#palette} />;
  }

  /** Earlier prompts and templates. */
  drawPromptTools(studio: Studio): JSX.Element {
    return <PromptTools studio={studio} book={this.prompts} />;
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
