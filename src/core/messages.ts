import * as z from 'zod/mini';
import { FailureKind } from './failure.ts';
import { isFormContent } from './formContent.ts';
import { historyMessages, HistoryView } from './history.ts';
import { pastedPicture } from './pasted.ts';
import { ImageRequest } from './requestSchema.ts';
import { HeavyNote, savingMessages, SavingView } from './saving.ts';

/**
 * What the studio panel and the host say to each other. The panel sends small messages that name things by ids the host
 * gave it, never a command or a path; the host sends one thing only, the whole Snapshot.
 */

const id = z.string().check(z.maxLength(100));
/** A request that may be half written: plain data of a bounded size. */
const form = z.unknown().check(z.refine(isFormContent));

/** Next steps that the host can offer beside a failure; the panel sends the id back. */
export const actionIds = [
  'set-key',
  'test-key',
  'show-log',
  'report-problem',
  'open-billing',
  'use-practice',
  'leave-practice',
  'edit-request',
  'send-smaller',
  'find-pictures',
  'choose-folder',
  'open-settings',
  'pick-save-folder',
  'check-storage',
  'show-spending',
  'export-spending',
  'check-service',
  'manage-trust',
  'save-lighter',
  'undo-lighter',
] as const;
export const ActionId = z.enum(actionIds);
export type ActionId = z.infer<typeof ActionId>;

/**
 * What of an answer counts: the whole of it, as it came; its source with all of the answer in the crop that it is of; or its
 * source with the answer in the boxes alone. The latter two in the format of the source, or as a PNG that loses nothing.
 */
export const ResultVersion = z.enum(['whole', 'crop', 'crop-png', 'inside', 'inside-png']);
export type ResultVersion = z.infer<typeof ResultVersion>;

export const PanelMessage = z.discriminatedUnion('type', [
  /** The panel has loaded and wants a snapshot. */
  z.strictObject({ type: z.literal('ready') }),
  /** The form has changed; kept by the host so that a closed panel opens as it was left. */
  z.strictObject({ type: z.literal('draft'), draftId: id, request: form }),
  /** Run the request. `draftId` is made anew at every change of the form: the same one twice is one job. */
  z.strictObject({ type: z.literal('run'), draftId: id, request: form, highestPrice: z.number() }),
  z.strictObject({ type: z.literal('cancel'), jobId: id }),
  /** Take a job that has ended out of the list; its pictures stay in the vault. */
  z.strictObject({ type: z.literal('dismiss'), jobId: id }),
  /** Show a job again that was taken out of the list. */
  z.strictObject({ type: z.literal('putBack'), jobId: id }),
  z.strictObject({ type: z.literal('save'), resultId: id }),
  z.strictObject({ type: z.literal('saveAs'), resultId: id }),
  z.strictObject({ type: z.literal('saveAll'), jobId: id }),
  z.strictObject({ type: z.literal('insert'), resultId: id }),
  /** Show the saved file in the Explorer. */
  z.strictObject({ type: z.literal('reveal'), resultId: id }),
  /** Open the picture in an editor. */
  z.strictObject({ type: z.literal('open'), resultId: id }),
  /** Ask for pictures of the workspace to send along. */
  z.strictObject({ type: z.literal('addSources') }),
  /** Files dropped on the panel: claims, which the host checks against the workspace. */
  z.strictObject({
    type: z.literal('dropSources'),
    uris: z.array(z.string().check(z.maxLength(4000))).check(z.maxLength(20)),
  }),
  /** A part of a picture that was pasted, as base64. Its parts come in order; the last one makes it whole. */
  z.strictObject({
    type: z.literal('pastePiece'),
    pasteId: id,
    index: z.int().check(z.minimum(0), z.maximum(pastedPicture.maxPieces - 1)),
    total: z.int().check(z.minimum(1), z.maximum(pastedPicture.maxPieces)),
    /** Of the file, where it was one. */
    name: z.string().check(z.maxLength(pastedPicture.longestName)),
    data: z.string().check(z.maxLength((pastedPicture.pieceBytes / 3) * 4), z.regex(/^[A-Za-z0-9+/]+={0,2}$/)),
  }),
  /** Find colours: of a picture of the form or a job, or else of the document that was edited last. */
  z.strictObject({ type: z.literal('findColours'), askId: id, pictureId: z.optional(id) }),
  /** The form is about to hold another request; this one was not run and can be taken up again. */
  z.strictObject({ type: z.literal('keepDraft'), draftId: id, request: form }),
  /** Go on editing from a result. */
  z.strictObject({ type: z.literal('continueFrom'), resultId: id }),
  /** Show this version of a result, and save, insert and replace with it from now on. */
  z.strictObject({ type: z.literal('showVersion'), resultId: id, version: ResultVersion }),
  /** Put a result in the place of the picture it was made from. */
  z.strictObject({ type: z.literal('replace'), resultId: id }),
  /** Bring back the bytes that a replacement took the place of. */
  z.strictObject({ type: z.literal('undoReplace'), replacementId: id }),
  /** Write boxes in this form from now on. */
  z.strictObject({ type: z.literal('useBoxForm'), form: z.enum(['auto', 'literal', 'perImage']) }),
  /** Go on to pictures of other times, for a job whose pictures are being looked for. */
  z.strictObject({ type: z.literal('lookFurther'), jobId: id }),
  /** The user says that a found picture is of this job. */
  z.strictObject({ type: z.literal('keepFound'), jobId: id, foundId: id }),
  /** None of those that were found, or nobody looks any more. */
  z.strictObject({ type: z.literal('endLooking'), jobId: id }),
  z.strictObject({ type: z.literal('action'), action: ActionId, jobId: z.optional(id) }),
  ...historyMessages,
  /**
   * Run the request of a job once more, as it was. `draftId` is made for one press of the button: the same one twice is
   * one job. `highestPrice` is what the button said, in thousandths of a dollar.
   */
  z.strictObject({
    type: z.literal('again'),
    jobId: id,
    seed: z.enum(['same', 'new']),
    draftId: id,
    highestPrice: z.number(),
  }),
  /** Put a picture of a set into another slot, from 0; what lies there takes its slot. */
  z.strictObject({ type: z.literal('moveToSlot'), resultId: id, slot: z.number() }),
  /** Copy the path of the saved file. */
  z.strictObject({ type: z.literal('copyPath'), resultId: id }),
  ...savingMessages,
  /** Make icons and social pictures from a result. */
  z.strictObject({ type: z.literal('makePacks'), resultId: id }),
  /** Cut the background out of a result. */
  z.strictObject({ type: z.literal('cutOut'), resultId: id }),
  /** Copy what asks an agent for pictures like those of a job. */
  z.strictObject({ type: z.literal('copyAgentCall'), jobId: id }),
]);
export type PanelMessage = z.infer<typeof PanelMessage>;

const Action = z.strictObject({ id: ActionId, label: z.string() });
export type Action = z.infer<typeof Action>;

/** What is known of a picture file; sides in pixels as it is seen upright. The same as SourceFacts of preparation.ts. */
export const PictureFacts = z.strictObject({
  format: z.string(),
  width: z.number(),
  height: z.number(),
  byteLength: z.number(),
  hasAlpha: z.boolean(),
  animated: z.boolean(),
  orientation: z.number(),
  isCmyk: z.boolean(),
  /** More than 8 bits a sample. */
  isDeep: z._default(z.boolean(), false),
});
export type PictureFacts = z.infer<typeof PictureFacts>;

/**
 * A picture that is sent along, as the panel shows it. Its id is that of the draft's input; boxes are drawn in its own
 * pixels, as seen upright, and brought to the size in which it is sent by `asSent` of preparation.ts.
 */
export const SourceView = z.strictObject({
  id,
  /** As the user would name it: its path in the workspace. */
  name: z.string(),
  phase: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('reading') }),
    z.strictObject({
      state: z.literal('ready'),
      /** An upright picture that the panel's policy allows and the browser shows; it may be smaller than the source. */
      src: z.string(),
      facts: PictureFacts,
    }),
    /** It cannot be used, with the reason in a sentence. */
    z.strictObject({ state: z.literal('refused'), sentence: z.string() }),
  ]),
  /** Of a reopened request: its file is not what was sent then, and what stands here instead. */
  former: z.optional(z.strictObject({ sentence: z.string(), canUseFile: z.boolean() })),
});
export type SourceView = z.infer<typeof SourceView>;

/** Whether an answer can be put into the boxes of its source alone, so that all else stays as it is. */
const InsideView = z.discriminatedUnion('can', [
  z.strictObject({ can: z.literal(false), sentence: z.string() }),
  z.strictObject({
    can: z.literal(true),
    /** Whether the source's format, such as "jpeg", keeps what is outside to the sample. */
    outside: z.enum(['identical', 'nearly']),
    format: z.string(),
    /** The answer is of a crop of its source: whole, it shows only that, and "crop" is it in its place. */
    isOfCrop: z.optional(z.literal(true)),
    /** The version that the rest of the view is about. */
    shown: ResultVersion,
    /** The one that is being made. */
    making: z.optional(ResultVersion),
    /** Why the chosen one is not there. */
    trouble: z.optional(z.string()),
    /** What the whole answer has changed outside: a part of it, 0 to 1, and a picture that shows where, to be laid over it. */
    leak: z.strictObject({ share: z.number(), src: z.string() }),
  }),
]);

/** One picture in the vault, in the version that the user has chosen. */
export const ResultView = z.strictObject({
  id,
  /** An address that the panel's policy allows. */
  src: z.string(),
  /** Pixels, read from the bytes. */
  width: z.number(),
  height: z.number(),
  /** By the bytes, such as "png". */
  format: z.string(),
  byteLength: z.number(),
  /** Of a set: its slot, from 0, which is the place of its line in the request. */
  slot: z.optional(z.number()),
  /** A word about what differs from what was asked, such as the size. */
  note: z.optional(z.string()),
  /** Workspace path of the file it was saved as last. */
  savedAs: z.optional(z.string()),
  /** Whether it can take the place of the picture it was made from; left out where it was made from none. */
  replace: z.optional(
    z.discriminatedUnion('can', [
      z.strictObject({ can: z.literal(true), name: z.string() }),
      z.strictObject({ can: z.literal(false), sentence: z.string() }),
    ]),
  ),
  /** Left out where no boxes were drawn, and while it is being found out. */
  inside: z.optional(InsideView),
  /** It has taken the place of a file, whose old bytes are kept. */
  replaced: z.optional(z.strictObject({ replacementId: id, name: z.string() })),
  /** It is not saved yet and would make the repository much larger. */
  heavy: z.optional(HeavyNote),
});
export type ResultView = z.infer<typeof ResultView>;

/** What a job is doing, as a union, so that no impossible state can be drawn. Times are milliseconds since 1970. */
export const JobPhase = z.discriminatedUnion('state', [
  /** In the journal, on its way to the service. */
  z.strictObject({
    state: z.literal('sending'),
    /** Nothing has been sent yet: it waits for its turn, behind so many; or until a moment, since the service is busy. */
    queue: z.optional(z.strictObject({ ahead: z.number(), until: z.optional(z.number()) })),
  }),
  /** Accepted. `cancelled`: the user no longer waits, but the result is still collected, since it is billed. */
  z.strictObject({
    state: z.literal('waiting'),
    service: z.enum(['queued', 'processing']),
    /** 0 to 1. */
    progress: z.optional(z.number()),
    late: z.boolean(),
    cancelled: z.boolean(),
  }),
  /** The pictures are being downloaded into the vault. */
  z.strictObject({ state: z.literal('collecting'), kept: z.number(), of: z.number(), cancelled: z.boolean() }),
  /** `missing`: pictures that were asked for and did not come. */
  z.strictObject({
    state: z.literal('done'),
    missing: z.number(),
    endedAt: z.number(),
    cancelled: z.boolean(),
    /** Next steps where the missing pictures may have been billed. */
    actions: z.optional(z.array(Action)),
  }),
  z.strictObject({
    state: z.literal('failed'),
    kind: FailureKind,
    /** What happened, in a sentence. */
    sentence: z.string(),
    /** The service's own words, if any. */
    detail: z.optional(z.string()),
    actions: z.array(Action),
    endedAt: z.number(),
  }),
]);
export type JobPhase = z.infer<typeof JobPhase>;

const FoundPrice = {
  /** By the service's clock. */
  madeAt: z.optional(z.number()),
  /** Thousandths of a dollar. */
  price: z.optional(z.number()),
};

/** What a look for lost pictures among the account's past requests has come to. Nothing is the job's before the user says so. */
export const Looking = z.discriminatedUnion('state', [
  /** `of` is 0 while the list is being read. */
  z.strictObject({ state: z.literal('looking'), done: z.number(), of: z.number() }),
  z.strictObject({ state: z.literal('failed'), sentence: z.string(), actions: z.array(Action) }),
  z.strictObject({
    state: z.literal('found'),
    /** Newest first. */
    pictures: z.array(
      z.strictObject({ id, src: z.string(), width: z.number(), height: z.number(), format: z.string(), ...FoundPrice }),
    ),
    /** Their addresses do not work any more. */
    expired: z.array(z.strictObject(FoundPrice)),
    /** Past requests that worked and name no picture. */
    unaddressed: z.number(),
    /** Pictures that are in a job already. */
    claimed: z.number(),
    hasFurther: z.boolean(),
  }),
]);
export type Looking = z.infer<typeof Looking>;

export const JobView = z.strictObject({
  id,
  /** The draft it was made from. */
  draftId: z.string(),
  /** As it was asked for: boxes in the pixels of the sources. */
  request: ImageRequest,
  /** Who asked for it, where that was no person; as people know them. */
  askedBy: z.optional(z.string()),
  createdAt: z.number(),
  /** Thousandths of a dollar: the most it can cost, and what it did cost as far as is known. */
  highestPrice: z.number(),
  actualPrice: z.optional(z.number()),
  phase: JobPhase,
  results: z.array(ResultView),
  /** While its lost pictures are looked for. */
  looking: z.optional(Looking),
  /** The picture the answer is compared with: the last one with boxes, or the last. Left out where none was sent along. */
  source: z.optional(SourceView),
  /** After a boxed edit: whether the change lies in the boxes; `everywhere` offers the other form of writing boxes. */
  change: z.optional(z.enum(['inside', 'everywhere', 'nothing'])),
});
export type JobView = z.infer<typeof JobView>;

const StorageNote = z.strictObject({ text: z.string(), actions: z.array(Action) });
export type StorageNote = z.infer<typeof StorageNote>;

/** Colours that were asked for. */
export const FoundColours = z.strictObject({
  /** Of the message that asked. */
  askId: z.string(),
  /** What they were looked for in, as the user would name it. */
  from: z.string(),
  colours: z.array(z.strictObject({ hex: z.string(), name: z.optional(z.string()), weight: z.optional(z.number()) })),
  /** Why it could not be read, in a sentence. */
  trouble: z.optional(z.string()),
});
export type FoundColours = z.infer<typeof FoundColours>;

/** Everything the panel draws, whole. */
export const Snapshot = z.strictObject({
  type: z.literal('snapshot'),
  /** Grows with every snapshot of one host; the panel drops one that is older than what it shows. */
  revision: z.number(),
  service: z.strictObject({
    mode: z.enum(['live', 'practice']),
    /** Host name of the service, for people. */
    name: z.string(),
  }),
  key: z.enum(['present', 'missing', 'not-needed']),
  workspace: z.strictObject({
    trusted: z.boolean(),
    /** False without an open folder: saving then asks for a place. */
    hasFolder: z.boolean(),
    /** Where Save puts a picture, as the user would write it, such as "images/". */
    saveFolder: z.optional(z.string()),
  }),
  /** What is wrong with the places that pictures go to, known before anything is paid. */
  storage: z.optional(
    z.strictObject({
      /** What comes could not be kept: nothing can be run. */
      vault: z.optional(StorageNote),
      /** Save would not work; pictures are kept all the same. */
      saveFolder: z.optional(StorageNote),
    }),
  ),
  /** What is spent and left today, in thousandths of a dollar; left out in practice mode. */
  spending: z.optional(
    z.discriminatedUnion('state', [
      z.strictObject({
        state: z.literal('known'),
        today: z.number(),
        /** Of the daily limit over all workspaces, and of this workspace's own. */
        left: z.number(),
        workspaceLeft: z.number(),
        /** US dollars, where the service says it. */
        balance: z.optional(z.number()),
      }),
      /** Nothing can be sent. */
      z.strictObject({ state: z.literal('unreadable') }),
    ]),
  ),
  /** Name of the document that Insert writes to, such as "guide.md"; left out where there is none. */
  insertTarget: z.optional(z.string()),
  boxForm: z.enum(['auto', 'literal', 'perImage']),
  /** What is known of the service beyond its page: prices of one picture in thousandths of a dollar, and what it refuses. */
  known: z.optional(
    z.strictObject({
      prices: z.strictObject({ 'wan2.7-image-pro': z.number(), 'wan2.7-image': z.number() }),
      refusesInline: z.boolean(),
      /** The form of boxes that a check has found to work, and that counts while none is chosen. */
      boxForm: z.optional(z.enum(['literal', 'perImage'])),
    }),
  ),
  /** The pictures that the draft sends along. */
  sources: z.array(SourceView),
  /** What the form shows; the panel takes it when `draftId` differs from the one it last took or sent. */
  draft: z.strictObject({ draftId: z.string(), request: z.unknown() }),
  /** Requests that were in the form and were not run; newest first. */
  pastDrafts: z.optional(z.array(z.strictObject({ draftId: z.string(), keptAt: z.number(), request: z.unknown() }))),
  /** Name of the document whose colours can be read. */
  colourDocument: z.optional(z.string()),
  /** What was last found for `findColours`. */
  colours: z.optional(FoundColours),
  /** Newest first. */
  jobs: z.array(JobView),
  /** While a picture is saved in another form or place. */
  saving: z.optional(SavingView),
  /** While the history is looked at. */
  history: z.optional(HistoryView),
  /** The entry of the history that is shown whole. */
  opened: z.optional(JobView),
  /** Something the host has to say about the last message, such as why a save failed. */
  notice: z.optional(
    z.strictObject({ severity: z.enum(['error', 'warning', 'info']), text: z.string(), actions: z.array(Action) }),
  ),
  /** The panel's sentences in the user's language; a missing key falls back to English. */
  strings: z.record(z.string(), z.string()),
});
export type Snapshot = z.infer<typeof Snapshot>;
