import { env, l10n, type Uri, workspace } from 'vscode';
import { type Failure, type FailureKind } from '../core/failure.ts';
import { asList, asText } from '../core/joining.ts';
import type { Action, ActionId } from '../core/messages.ts';
import { modelCard } from '../core/modelCard.ts';
import { panelStrings } from '../core/panelStrings.ts';
import type { Problem } from '../core/problem.ts';
import { failureSentences, fill, problemSentences } from '../core/sentences.ts';
import type { InsertErrorKind } from './inserting/insertError.ts';
import type { InsideRefusal } from '../core/insideBoxes.ts';
import type { InsideError, InsideErrorKind } from './editing/insideError.ts';
import type { NoReplaceReason } from './editing/replacer.ts';
import type { SourceErrorKind } from './editing/sourceError.ts';
import type { QueueNews } from '../service/types.ts';
import type { TargetTrouble } from './saving/fixedTarget.ts';
import type { SaveErrorKind } from './saving/saveError.ts';
import type { VaultTrouble } from './vaultProbe.ts';

/**
 * Every sentence about something that went wrong, with its next steps: what the panel shows as a notice and the window
 * as a message.
 */
export interface Telling {
  readonly severity: 'error' | 'warning' | 'info';
  readonly text: string;
  readonly actions: readonly ActionId[];
  /** The pictures that "Choose Another Place" is about. */
  readonly unsaved?: readonly string[];
  /** The files, as URIs, that "Save as WebP Instead" is about. */
  readonly heavy?: readonly string[];
  /** The document, as a URI, that those files were inserted into. */
  readonly heavyIn?: string;
  /** The job that "Change the Request" is about. */
  readonly jobId?: string;
}

export type Mode = 'live' | 'practice';

/** What a failure says to the user and to the log. */
export interface FailureTelling extends Telling {
  readonly logLine: string;
}

/** The sentence, the next steps and the log line of a failed call. */
export function tellFailure(failure: Failure, mode: Mode): FailureTelling {
  return {
    severity: failure.kind === 'late' || failure.kind === 'cancelled' ? 'info' : 'error',
    text: asText([failureSentence(failure, mode), waitSentence(failure)]),
    actions: [...(failure.mayBeBilled ? lookFor(mode) : []), ...nextSteps(failure.kind, mode)],
    logLine: logLine(failure),
  };
}

/** What to say of a job that is held up: it was accepted, it goes on by itself, and there is nothing to change in its request. */
export function tellTrouble(failure: Failure, mode: Mode): Telling {
  const waits = l10n.t('A picture that was asked for waits for this, and comes by itself once it is mended.');
  return {
    severity: 'warning',
    text: asText([l10n.t(failureSentences[failure.kind]), waitSentence(failure), waits]),
    actions: nextSteps(failure.kind, mode).filter((action) => action !== 'edit-request'),
  };
}

/** What to say when lost pictures could not be looked for. */
export function tellSearchTrouble(failure: Failure, mode: Mode): Telling {
  const untouched = l10n.t('The pictures could not be looked for; they stay with the service.');
  return {
    severity: 'warning',
    text: asText([l10n.t(failureSentences[failure.kind]), waitSentence(failure), untouched]),
    actions: nextSteps(failure.kind, mode).filter((action) => action !== 'edit-request'),
  };
}

/** What to say of a pick that did not give its picture to the job; undefined where there is nothing to say. */
export function tellPick(how: 'kept' | 'taken' | 'gone'): Telling | undefined {
  if (how === 'kept') return undefined;
  const text =
    how === 'taken'
      ? l10n.t('That picture has just been given to another job.')
      : l10n.t('That picture is not offered any more. Look for the pictures again.');
  return { severity: 'info', text, actions: [] };
}

/** What to say of a pick that the disk did not take. */
export function tellFailedPick(failure: Failure): Telling {
  const text =
    failure.kind === 'storage'
      ? l10n.t('The disk did not take the picture. It is still offered, so make room and pick it again.')
      : l10n.t('The picture could not be given to the job. It is still offered, so pick it again.');
  return { severity: 'error', text, actions: ['show-log'] };
}

/** What may have been bought can be looked for, where anything is bought. */
export function lookFor(mode: Mode): ActionId[] {
  return mode === 'live' ? ['find-pictures'] : [];
}

/** How a request waits that has not been sent yet. */
export function queueSentence({ ahead, until }: QueueNews): string {
  if (until !== undefined) return fill(l10n.t(panelStrings.busyUntil), [secondsUntil(until)]);
  const { requestsPerMinute } = modelCard;
  return ahead === 0
    ? fill(l10n.t(panelStrings.turnNext), [requestsPerMinute])
    : fill(l10n.t(panelStrings.turnAfter), [ahead, requestsPerMinute]);
}

const secondsUntil = (moment: number): number => Math.max(1, Math.ceil((moment - Date.now()) / 1000));

function failureSentence(failure: Failure, mode: Mode): string {
  if (mode === 'practice' && failure.kind === 'nothing-delivered') {
    return l10n.t('Practice mode was started anew and does not know this picture any more. It cost nothing.');
  }
  const sentence = failure.kind === 'storage' ? storageSentence(failure) : l10n.t(failureSentences[failure.kind]);
  // The sentence of `nothing-delivered` says it already.
  const isUncertain =
    failure.mayBeBilled && mode === 'live' && failure.kind !== 'nothing-delivered' && failure.kind !== 'late';
  return isUncertain
    ? asText([sentence, l10n.t('The request may have been billed, so it was not sent again.')])
    : sentence;
}

/** A job with an id waits for the disk and goes on; what ends by the disk was not sent, or its answer or its journal entry is gone. */
function storageSentence({ mayBeBilled }: Failure): string {
  return mayBeBilled
    ? l10n.t('The disk did not take the answer of the service, or what was kept of it cannot be read any more.')
    : l10n.t('The disk did not take what the extension has to keep, so the request was not sent.');
}

function waitSentence({ retryAfterMs }: Failure): string | undefined {
  return retryAfterMs === undefined
    ? undefined
    : l10n.t('Try again in {0} s.', Math.max(1, Math.ceil(retryAfterMs / 1000)));
}

function nextSteps(kind: FailureKind, mode: Mode): ActionId[] {
  switch (kind) {
    case 'key-missing':
    case 'key-refused':
      return mode === 'live' ? ['set-key', 'use-practice'] : ['show-log'];
    case 'no-credit':
      return mode === 'live' ? ['open-billing', 'use-practice'] : ['show-log'];
    case 'busy':
    case 'content-refused':
    case 'cancelled':
      return ['edit-request'];
    case 'inline-image-refused':
      return ['send-smaller', 'edit-request'];
    case 'bad-request':
      return ['edit-request', 'show-log'];
    case 'unavailable':
      return ['edit-request', 'show-log'];
    case 'unexpected':
      return ['edit-request', 'report-problem', 'show-log'];
    case 'network':
      return ['edit-request', 'open-settings', 'show-log'];
    case 'nothing-delivered':
      return mode === 'live' ? ['open-billing', 'edit-request', 'show-log'] : ['edit-request'];
    case 'storage':
      return ['show-log'];
    case 'late':
      return [];
  }
}

function logLine({ kind, status, requestId, mayBeBilled, detail }: Failure): string {
  const parts = [
    kind,
    status && `status ${status}`,
    requestId && `request ${requestId}`,
    mayBeBilled && 'may be billed',
    detail,
  ];
  return parts.filter(Boolean).join(', ');
}

/** What each next step is called on a button. */
export function actionLabel(action: ActionId): string {
  switch (action) {
    case 'set-key':
      return l10n.t('Set API Key');
    case 'test-key':
      return l10n.t('Test API Key');
    case 'show-log':
      return l10n.t('Show Log');
    case 'report-problem':
      return l10n.t('Report a Problem');
    case 'open-billing':
      return l10n.t('About Billing');
    case 'use-practice':
      return l10n.t('Use Practice Mode');
    case 'leave-practice':
      return l10n.t('Leave Practice Mode');
    case 'edit-request':
      return l10n.t('Change the Request');
    case 'send-smaller':
      return l10n.t('Send Smaller Images');
    case 'find-pictures':
      return l10n.t('Look for My Pictures');
    case 'choose-folder':
      return l10n.t('Choose Another Place…');
    case 'open-settings':
      return l10n.t('Open Settings');
    case 'pick-save-folder':
      return l10n.t('Choose Folder…');
    case 'check-storage':
      return l10n.t('Check Again');
    case 'show-spending':
      return l10n.t('Show Spending');
    case 'export-spending':
      return l10n.t('Choose Another Place…');
    case 'check-service':
      return l10n.t('Check Service');
    case 'manage-trust':
      return l10n.t('Manage Trust');
    case 'save-lighter':
      return l10n.t('Save as WebP Instead');
    case 'undo-lighter':
      return l10n.t('Undo');
  }
}

/** Next steps with their labels, as the panel gets them. */
export function labelled(actions: readonly ActionId[]): Action[] {
  return actions.map((id) => ({ id, label: actionLabel(id) }));
}

/** The sentence of one finding of preflight. */
export function problemSentence(problem: Problem): string {
  return fill(l10n.t(problemSentences[problem.code]), problem.args);
}

/** What to say when a picture could not be written. `place` is the folder or file as the user knows it. */
export function tellSaveError(kind: SaveErrorKind, place: string, unsaved: readonly string[]): Telling {
  const isSettingAtFault =
    kind === 'bad-folder' || kind === 'outside' || kind === 'unknown-variable' || kind === 'bad-name';
  return {
    severity: 'error',
    text: asText([
      saveSentence(kind, place),
      kind === 'lost' ? undefined : l10n.t('The picture is still kept in the studio.'),
    ]),
    actions: kind === 'lost' ? ['show-log'] : isSettingAtFault ? ['choose-folder', 'open-settings'] : ['choose-folder'],
    unsaved,
  };
}

/** A picture that could not be saved, and what it is called. */
export interface UnsavedPicture {
  readonly id: string;
  readonly name: string;
  readonly kind: SaveErrorKind;
  readonly place: string;
}

/** What to say when one or some of `of` pictures could not be written: each by its name, with what stood in its way. */
export function tellUnsaved(failed: readonly UnsavedPicture[], of: number): Telling {
  const unsaved = failed.map(({ id }) => id);
  const tellings = failed.map(({ kind, place }) => tellSaveError(kind, place, unsaved));
  // Where one can be saved elsewhere, that is the next step.
  const first = tellings.find(({ actions }) => actions.includes('choose-folder')) ?? tellings[0];
  if (!first) throw new Error('Nothing has failed that could be told.');
  if (of === 1) return first;
  const reasons = [...new Set(tellings.map(({ text }) => text))].map((text) => {
    const names = failed.filter((_, index) => tellings[index]?.text === text).map(({ name }) => name);
    return l10n.t('Not saved: {0}. {1}', asList(names, env.language), text);
  });
  return { ...first, text: asText([l10n.t('Saved {0} of {1} pictures.', of - failed.length, of), ...reasons]) };
}

/** That what was saved is much for a repository. */
export function heavySentence(bytes: number): string {
  const size = (bytes / 1024 / 1024).toLocaleString(env.language, { maximumFractionDigits: 1 });
  return l10n.t('{0} MB is much for a repository.', size);
}

/** What to say when lighter files have taken the place of heavy ones. */
export function tellLighter(files: readonly Uri[], document?: Uri): Telling {
  const [first] = files;
  if (!first) {
    const text = document
      ? l10n.t(
          'The heavy files were left as they are, since they have changed or {0} goes on naming them. The lighter ones are beside them.',
          workspace.asRelativePath(document),
        )
      : l10n.t('The heavy files have changed since, so they were left as they are. The lighter ones are beside them.');
    return { severity: 'info', text, actions: [] };
  }
  const name = workspace.asRelativePath(first);
  const text =
    files.length === 1
      ? l10n.t('Saved {0} and removed the heavy file.', name)
      : l10n.t('Saved {0} lighter pictures and removed the heavy files.', files.length);
  const follows = document && l10n.t('{0} names what is there now.', workspace.asRelativePath(document));
  return { severity: 'info', text: asText([text, follows]), actions: ['undo-lighter'] };
}

/** What to say when the file that a picture was saved as is not where it was. */
export function tellSavedGone(place: string): Telling {
  const text = l10n.t('{0} is not there any more. Save the picture again with Save As.', place);
  return { severity: 'warning', text, actions: [] };
}

/** What to say when nothing could be kept, which is known before anything is sent. */
export function tellVault(trouble: VaultTrouble): Telling {
  return { severity: 'error', text: vaultSentence(trouble), actions: ['check-storage', 'show-log'] };
}

function vaultSentence(trouble: VaultTrouble): string {
  const megabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024);
  switch (trouble.kind) {
    case 'not-writable':
      return l10n.t(
        'Pictures could not be kept, because {0} cannot be written. Nothing is sent until it can be; check its access rights.',
        trouble.folder,
      );
    case 'no-space':
      return l10n.t(
        'These pictures may need {0} MB where they are kept, and {1} MB are free. Nothing is sent until there is room; free some, or ask for fewer or smaller pictures.',
        megabytes(trouble.needed),
        Math.floor(trouble.free / 1024 / 1024),
      );
  }
}

/** What to say of a save folder that cannot be written, before anything is paid. */
export function tellSaveFolder({ kind, place }: TargetTrouble): Telling {
  const text = asText([
    saveSentence(kind, place),
    l10n.t('Pictures are kept all the same; choose another folder to save them in.'),
  ]);
  return { severity: 'warning', text, actions: ['pick-save-folder', 'open-settings'] };
}

/** What to say of a file that pictures were meant for, before anything was sent. */
export function tellTarget({ kind, place }: TargetTrouble): Telling {
  const text = asText([saveSentence(kind, place), l10n.t('Nothing was sent. Give the file another name or place.')]);
  return { severity: 'error', text, actions: [] };
}

/** Why a file could not be written. `place` is the folder or file as the user knows it. */
export function saveSentence(kind: SaveErrorKind, place: string): string {
  switch (kind) {
    case 'no-space':
      return l10n.t('There is no room left on the disk for {0}.', place);
    case 'not-allowed':
      return l10n.t('You are not allowed to write to {0}.', place);
    case 'read-only':
      return l10n.t('{0} can only be read, so nothing can be saved there.', place);
    case 'not-a-folder':
      return l10n.t('{0} is not a folder.', place);
    case 'bad-folder':
      return l10n.t('The save folder {0} is not a folder inside the workspace.', place);
    case 'outside':
      return l10n.t('{0} leads out of the workspace by a link, so nothing was saved there.', place);
    case 'name-too-long':
      return l10n.t('The path {0} is too long for this disk.', place);
    case 'bad-name':
      return l10n.t('{0} has a name in it that Windows does not allow.', place);
    case 'exists':
      return l10n.t('{0} is there already, and is left as it is.', place);
    case 'promised':
      return l10n.t('Another picture is being made that will be saved as {0}.', place);
    case 'other-format':
      return l10n.t('The picture is of another format than the name {0} says.', place);
    case 'changed':
      return l10n.t('{0} was changed by something else at the same moment, so it was left as it is.', place);
    case 'unknown-variable':
      return l10n.t('{0} is not known in the name of a folder or a file. Correct it in the settings.', place);
    case 'not-made':
      return l10n.t('The picture could not be brought into this format or size. Save it as it came, or try again.');
    case 'lost':
      return l10n.t('The kept picture is not on the disk any more.');
    case 'unavailable':
      return l10n.t('{0} cannot be reached right now.', place);
    case 'unexpected':
      return l10n.t('The picture could not be saved to {0}.', place);
  }
}

/** What to say when a picture was saved as `saved`, but its reference could not be written into `document`. */
export function insertSentence(kind: InsertErrorKind, document: string): string {
  switch (kind) {
    case 'gone':
      return l10n.t('{0} is not there any more, so no reference was inserted.', document);
    case 'read-only':
      return l10n.t('{0} can only be read, so no reference was inserted.', document);
    case 'elsewhere':
      return l10n.t('The picture lies where {0} cannot refer to it, so no reference was inserted.', document);
    case 'language':
      return l10n.t('{0} is in a language that takes no pictures, so no reference was inserted.', document);
    case 'refused':
      return l10n.t('The editor did not take the change to {0}, so no reference was inserted.', document);
  }
}

/** Why a picture cannot be sent along, and what to do. `name` is the picture as the user knows it. */
export function sourceSentence(kind: SourceErrorKind, name: string): string {
  switch (kind) {
    case 'gone':
      return l10n.t('{0} is not there any more. Remove it, or add it from where it is now.', name);
    case 'empty':
      return l10n.t('{0} is empty. Restore the file, or use another one.', name);
    case 'not-a-picture':
      return l10n.t('{0} does not hold a picture, whatever its name says. Use another file.', name);
    case 'unsupported':
      return l10n.t('{0} is of a kind that cannot be read here. Convert it to PNG or JPEG first.', name);
    case 'truncated':
      return l10n.t('{0} ends before its picture does. Restore the file, or use another one.', name);
    case 'corrupt':
      return l10n.t('{0} is damaged and cannot be read. Restore the file, or use another one.', name);
    case 'too-large':
      return l10n.t('{0} is too large to be read. Make it smaller than 100 megapixels and 256 MB first.', name);
    case 'too-long':
      return l10n.t(
        '{0} is more than eight times as long as it is wide, which the service does not take. Crop it first.',
        name,
      );
    case 'changed':
      return l10n.t(
        '{0} has changed since the part of it to be edited was chosen. Look at its boxes and run again.',
        name,
      );
    case 'outside':
      return l10n.t('{0} is neither in the workspace nor open in a tab. Add it with the button instead.', name);
    case 'not-allowed':
      return l10n.t('You are not allowed to read {0}. Change its access rights, or use another file.', name);
    case 'unavailable':
      return l10n.t('{0} cannot be reached right now. Try again later.', name);
    case 'engine':
      return l10n.t(
        '{0} needs a change that cannot be made, because the part that works on pictures did not start. Try again, or use a PNG or JPEG of 240 to 8000 pixels without transparency.',
        name,
      );
    case 'unexpected':
      return l10n.t('{0} could not be read. The log says more.', name);
  }
}

/** What to say where smaller pictures were asked for and there are none. */
export function alreadySmallSentence(): string {
  return l10n.t(
    'The images were already sent as small as they are made. Use public addresses instead, or send fewer of them along.',
  );
}

/** Why a result cannot take the place of the picture it was made from. */
export function noReplaceSentence(reason: NoReplaceReason, name: string): string {
  switch (reason) {
    case 'animated':
      return l10n.t('{0} has several frames or pages, which one picture cannot replace. Save it beside instead.', name);
    case 'vector':
      return l10n.t('{0} is a drawing, which a picture of pixels cannot replace. Save it beside instead.', name);
    case 'format':
      return l10n.t('{0} has a format that cannot be written. Save the picture beside instead.', name);
    case 'outside':
      return l10n.t('{0} is not in the workspace, where alone files are replaced. Save the picture instead.', name);
    case 'part':
      return l10n.t('This shows only the part of {0} that was edited, which cannot take the place of all of it.', name);
    case 'as-png':
      return l10n.t('This PNG cannot take the place of {0}, which has another format. Save it beside instead.', name);
    case 'read-only':
      return l10n.t('{0} can only be read, so it cannot be replaced. Save the picture elsewhere.', name);
  }
}

/** Why an answer to an edit of the named picture cannot be put into its boxes alone. */
export function noInsideSentence(reason: InsideRefusal, name: string): string {
  switch (reason) {
    case 'not-last':
      return l10n.t(
        'Only inside the boxes: not for this one, since the answer follows the last image and the boxes are on {0}. Move it to the end and run again.',
        name,
      );
    case 'by-address':
      return l10n.t(
        'Only inside the boxes: not for this one, since the service fetched {0} from its address and its pixels are not here. Send the file to have it.',
        name,
      );
    case 'ratio':
      return l10n.t(
        'Only inside the boxes: not for this one, since its shape is not that of {0}. Set Shape to automatic and run again.',
        name,
      );
    case 'animated':
      return l10n.t('Only inside the boxes: not for this one, since {0} has several frames or pages.', name);
    case 'vector':
      return l10n.t('Only inside the boxes: not for this one, since {0} is a drawing and has no pixels.', name);
    case 'format':
      return l10n.t('Only inside the boxes: not for this one, since the format of {0} cannot be written.', name);
  }
}

/** Why an answer could not be put into the boxes of the named picture. */
export function insideSentence(kind: InsideErrorKind, name: string): string {
  switch (kind) {
    case 'changed':
      return l10n.t('{0} has changed since it was sent, and no copy from then is left. Run the edit again.', name);
    case 'gone':
      return l10n.t('{0} is not there any more, and no copy of it is left. Put it back in its place.', name);
    case 'lost':
      return l10n.t('The picture is not on the disk any more.');
    case 'disk':
      return l10n.t(
        'The picture could not be written to the disk. Make room or check its access rights, and try again.',
      );
    case 'engine':
      return l10n.t('The part that works on pictures did not start. Try again, or reload the window.');
    case 'unexpected':
      return l10n.t('The answer could not be put into the boxes of {0}. The log says more.', name);
  }
}

/** What to say when the version that a result is wanted in cannot be had. */
export function tellInsideError({ kind, place }: InsideError): Telling {
  const whole = l10n.t('The whole answer is still kept.');
  return {
    severity: 'error',
    text: kind === 'lost' ? insideSentence(kind, place) : `${insideSentence(kind, place)} ${whole}`,
    actions: ['show-log'],
  };
}

/** What to say when a result could not be brought into the form of the picture it was made from. */
export function tellReplaceError(kind: SourceErrorKind, place: string, resultId: string): Telling {
  const reason =
    kind === 'engine'
      ? l10n.t('The part that works on pictures did not start.')
      : l10n.t('The picture could not be brought into the form of {0}.', place);
  const text = asText([reason, l10n.t('Nothing was replaced. Save it as a new file instead, or try again.')]);
  return { severity: 'error', text, actions: ['choose-folder', 'show-log'], unsaved: [resultId] };
}

/** What to say when a replaced picture could not be brought back. */
export function tellUndoError(kind: SaveErrorKind, place: string): Telling {
  const text =
    kind === 'lost'
      ? l10n.t('The former picture of {0} is not on the disk any more.', place)
      : asText([
          saveSentence(kind, place),
          l10n.t('The former picture is still kept. Undo Replace can be tried again.'),
        ]);
  return { severity: 'error', text, actions: ['show-log'] };
}
