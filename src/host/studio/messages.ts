import { asText } from '../../core/joining.ts';
import type { PanelMessage } from '../../core/messages.ts';
import { asItCame } from '../../core/saveOptions.ts';
import { failureOf } from '../../jobs/failures.ts';
import type { Actions } from '../actions.ts';
import type { Again } from '../again.ts';
import type { Drafts } from '../drafts.ts';
import type { ColourReader } from '../editing/colourReader.ts';
import type { Editing } from '../editing/editing.ts';
import type { InsidePictures } from '../editing/insidePictures.ts';
import type { Pasting } from '../editing/pasting.ts';
import type { Replacing } from '../editing/replacing.ts';
import type { Entries } from '../history/entries.ts';
import type { Gallery } from '../history/gallery.ts';
import type { Reopening } from '../history/reopening.ts';
import type { LastEditor } from '../inserting/insertTarget.ts';
import type { Packs } from '../packs/parts.ts';
import type { PastDrafts } from '../pastDrafts.ts';
import type { InsertOutcome, Results, SaveOutcome } from '../results.ts';
import type { Runner } from '../runner.ts';
import { type HeavyPictures, lighter } from '../saving/heavy.ts';
import type { SaveSheet } from '../saving/sheet.ts';
import type { Services } from '../services.ts';
import { runRefusal } from '../runTelling.ts';
import { heavySentence, tellFailedPick, type Telling, tellPick } from '../telling.ts';
import { savedSentence } from '../windowTeller.ts';

export interface MessageParts {
  readonly services: Pick<Services, 'find' | 'findResult'>;
  readonly drafts: Pick<Drafts, 'set'>;
  readonly runner: Pick<Runner, 'run'>;
  readonly again: Pick<Again, 'run'>;
  readonly results: Pick<Results, 'save' | 'saveAll' | 'saveElsewhere' | 'insert' | 'reveal' | 'open' | 'copyPath'>;
  readonly editing: Pick<Editing, 'add' | 'drop' | 'continueFrom' | 'remember'>;
  readonly inside: Pick<InsidePictures, 'choose'>;
  readonly pasting: Pick<Pasting, 'take'>;
  readonly colours: Pick<ColourReader, 'find'>;
  readonly pastDrafts: Pick<PastDrafts, 'keep' | 'noteRun'>;
  readonly replacing: Pick<Replacing, 'replace' | 'undo'>;
  readonly actions: Pick<Actions, 'perform' | 'useBoxForm'>;
  readonly lastEditor: Pick<LastEditor, 'target'>;
  readonly gallery: Pick<Gallery, 'ask' | 'close' | 'show'>;
  readonly entries: Pick<Entries, 'delete' | 'markFavourite' | 'undoDelete'>;
  readonly reopening: Pick<Reopening, 'reopen' | 'swap'>;
  readonly packs: Pick<Packs, 'makeFromResult' | 'cutOutResult'>;
  readonly cleanUp: () => Promise<void>;
  /** Copies what asks an agent for pictures like those of a job. */
  readonly copyAgentCall: (jobId: string) => Promise<Telling | undefined>;
  readonly heavy: Pick<HeavyPictures, 'offer' | 'noteTold'>;
  readonly saving: Pick<SaveSheet, 'open' | 'preview' | 'save' | 'close'>;
  /** What the notice that is shown was about. */
  readonly notice: () => Telling | undefined;
}

/**
 * Does what the panel asks for and answers what the panel should say about it. The panel names jobs and pictures by ids;
 * one that does not exist does nothing.
 */
export async function handleMessage(
  message: Exclude<PanelMessage, { type: 'ready' }>,
  parts: MessageParts,
): Promise<Telling | undefined> {
  const { services, drafts, results } = parts;
  switch (message.type) {
    case 'draft':
      await drafts.set(message);
      await parts.editing.remember(message.request);
      return undefined;
    case 'run':
      return run(message, parts);
    case 'cancel':
      await services.find(message.jobId)?.service.jobs.cancel(message.jobId);
      return undefined;
    case 'dismiss':
      await services.find(message.jobId)?.service.recovery.end(message.jobId);
      await services.find(message.jobId)?.service.jobs.dismiss(message.jobId);
      return undefined;
    case 'putBack':
      await services.find(message.jobId)?.service.jobs.putBack(message.jobId);
      return undefined;
    case 'lookFurther':
      await services.find(message.jobId)?.service.recovery.lookFurther(message.jobId);
      return undefined;
    case 'keepFound':
      return keepFound(message, parts);
    case 'endLooking':
      await services.find(message.jobId)?.service.recovery.end(message.jobId);
      return undefined;
    case 'save':
      // Where it is heavy, its card has said so beside the button.
      parts.heavy.noteTold(message.resultId);
      return tellingOf(await results.save([message.resultId]));
    case 'saveAs':
      return tellingOf(await results.saveElsewhere([message.resultId]));
    case 'saveAll':
      return withOffer(await results.saveAll(resultIds(message.jobId, parts)), parts);
    case 'insert':
      return insert(message.resultId, parts);
    case 'reveal':
      return results.reveal(message.resultId);
    case 'copyPath':
      return results.copyPath(message.resultId);
    case 'makePacks':
      await parts.packs.makeFromResult(message.resultId);
      return undefined;
    case 'cutOut':
      await parts.packs.cutOutResult(message.resultId);
      return undefined;
    case 'copyAgentCall':
      return parts.copyAgentCall(message.jobId);
    case 'open':
      await results.open(message.resultId);
      return undefined;
    case 'addSources':
      return parts.editing.add();
    case 'dropSources':
      return parts.editing.drop(message.uris);
    case 'pastePiece':
      return parts.pasting.take(message);
    case 'findColours':
      await parts.colours.find(message.askId, message.pictureId);
      return undefined;
    case 'keepDraft':
      await parts.pastDrafts.keep(message);
      return undefined;
    case 'continueFrom':
      return parts.editing.continueFrom(message.resultId);
    case 'showVersion':
      return parts.inside.choose(message.resultId, message.version);
    case 'replace':
      return parts.replacing.replace(message.resultId);
    case 'undoReplace':
      return parts.replacing.undo(message.replacementId);
    case 'useBoxForm':
      return parts.actions.useBoxForm(message.form);
    case 'history':
      parts.gallery.ask(message);
      return undefined;
    case 'closeHistory':
      parts.gallery.close();
      return undefined;
    case 'showEntry':
      parts.gallery.show(message.jobId);
      return undefined;
    case 'closeEntry':
      parts.gallery.show(undefined);
      return undefined;
    case 'markFavourite':
      await parts.entries.markFavourite(message.jobId, message.isFavourite);
      return undefined;
    case 'deleteEntries':
      return parts.entries.delete(message.jobIds);
    case 'undoDelete':
      await parts.entries.undoDelete();
      return undefined;
    case 'cleanUp':
      await parts.cleanUp();
      return undefined;
    case 'reopen':
      await parts.reopening.reopen(message.jobId);
      return undefined;
    case 'swapInput':
      return parts.reopening.swap(message.inputId, message.by);
    case 'again':
      return parts.again.run(message);
    case 'moveToSlot':
      await services.findResult(message.resultId)?.service.jobs.moveToSlot(message.resultId, message.slot);
      return undefined;
    case 'openSaving':
      await parts.saving.open(message.resultId);
      return undefined;
    case 'previewSaving':
      await parts.saving.preview(message);
      return undefined;
    case 'saveSo':
      return saveSo(message, parts);
    case 'closeSaving':
      parts.saving.close();
      return undefined;
    case 'saveLighter':
      return tellingOf(
        await results.save([message.resultId], undefined, {
          ...asItCame,
          format: lighter.format,
          quality: lighter.quality,
        }),
      );
    case 'action':
      return parts.actions.perform(message.action, {
        ...parts.notice(),
        ...(message.jobId !== undefined && { jobId: message.jobId }),
      });
  }
}

async function run(
  { draftId, request, highestPrice }: PanelMessage & { type: 'run' },
  { drafts, pastDrafts, runner, editing }: MessageParts,
): Promise<Telling | undefined> {
  await drafts.set({ draftId, request });
  await editing.remember(request);
  const outcome = await runner.run(request, {
    draftId,
    askedBy: 'studio',
    intent: { kind: 'show' },
    shownPrice: highestPrice,
  });
  if (outcome.kind === 'started') await pastDrafts.noteRun(draftId);
  return runRefusal(outcome);
}

async function keepFound(
  { jobId, foundId }: PanelMessage & { type: 'keepFound' },
  { services }: MessageParts,
): Promise<Telling | undefined> {
  const service = services.find(jobId)?.service;
  if (!service) return undefined;
  try {
    return tellPick(await service.recovery.keep(jobId, foundId));
  } catch (error) {
    return tellFailedPick(failureOf(error, true));
  }
}

/** With a lighter file for what is heavy, where that was not offered before. */
function withOffer(outcome: SaveOutcome, { heavy }: MessageParts): Telling | undefined {
  const telling = tellingOf(outcome);
  const offer = outcome.kind === 'saved' ? heavy.offer(outcome.files) : undefined;
  if (!telling || !offer) return telling;
  const text = asText([telling.text, heavySentence(offer.bytes)]);
  return { severity: 'warning', text, actions: ['save-lighter'], heavy: offer.files };
}

/** What stands in the way is said in the sheet, which stays open. */
async function saveSo(
  { type: _, ...ask }: PanelMessage & { type: 'saveSo' },
  { saving }: MessageParts,
): Promise<Telling | undefined> {
  const outcome = await saving.save(ask);
  return outcome?.kind === 'saved' ? tellingOf(outcome) : undefined;
}

function resultIds(jobId: string, { services }: MessageParts): string[] {
  return services.find(jobId)?.job.record.results.map(({ id }) => id) ?? [];
}

async function insert(resultId: string, { results, lastEditor }: MessageParts): Promise<Telling | undefined> {
  const { target } = lastEditor;
  return target && tellingOf(await results.insert([resultId], target));
}

function tellingOf(outcome: SaveOutcome | InsertOutcome): Telling | undefined {
  switch (outcome.kind) {
    case 'saved':
      return outcome.files.length === 0
        ? undefined
        : { severity: 'info', text: savedSentence(outcome.files), actions: [] };
    case 'inserted':
      return { severity: 'info', text: savedSentence(outcome.files, outcome.document), actions: [] };
    case 'declined':
      return undefined;
    case 'failed':
      return outcome.telling;
  }
}
