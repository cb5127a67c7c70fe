import * as z from 'zod/mini';
import { Failure } from '../core/failure.ts';
import { PictureFacts, ResultVersion } from '../core/messages.ts';
import { ImageRequest, InputImage } from '../core/requestSchema.ts';

/** A picture of a job, in the vault. */
export const KeptResult = z.strictObject({
  /** `<jobId>-<index>`, index from 0. */
  id: z.string(),
  /** File name inside the job's folder. */
  file: z.string(),
  /** Pixels, read from the bytes. */
  width: z.number(),
  height: z.number(),
  /** By the bytes: png, jpeg, webp … */
  format: z.string(),
  byteLength: z.number(),
  sha256: z.string(),
  /** Where it was saved last, as a URI. */
  savedAs: z.optional(z.string()),
  /** The version that the user wants of it; left out where nothing was chosen. */
  shown: z.optional(ResultVersion),
  /** Where its other versions were saved last, as URIs by version. */
  versionsSavedAs: z.optional(z.record(z.string(), z.string())),
});
export type KeptResult = z.infer<typeof KeptResult>;

/** A picture that was sent along, as it was when it was read. */
export const JobSource = z.strictObject({
  /** Of the request's input. */
  id: z.string(),
  uri: z.string(),
  /** Of the file's bytes; lowercase hexadecimal. */
  sha256: z.string(),
  facts: PictureFacts,
  /** The part of it that was sent, in its own pixels, where that is not all of it. */
  crop: InputImage.shape.crop,
});
export type JobSource = z.infer<typeof JobSource>;

/** What a set file of the workspace has asked for: what each target is there, as it was when it was asked for. */
export const SetOrder = z.strictObject({
  /** The set file, a URI. */
  file: z.string(),
  pictures: z.array(
    z.strictObject({
      name: z.string(),
      /** Digest of what it is made from. */
      words: z.string(),
      /** Sha256 of the file that it takes the place of; left out where there is none. */
      replaces: z.optional(z.string()),
    }),
  ),
});
export type SetOrder = z.infer<typeof SetOrder>;

/** What should happen with the result without asking again. */
export const Intent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('show') }),
  /** Save it and put a reference into this document; the offset is where the cursor was, in UTF-16 units. */
  z.strictObject({ kind: z.literal('insert'), document: z.string(), offset: z.number() }),
  /** Save each picture as exactly the file of its place here, a URI; they were checked before anything was paid. */
  z.strictObject({
    kind: z.literal('save'),
    targets: z.array(z.string()),
    /** Of each, the sha256 of the placeholder that it takes the place of; left out where none of them exists. */
    replaces: z.optional(z.array(z.string())),
    set: z.optional(SetOrder),
    /** Of an edit, outside its boxes, what was there before, wherever that can be had. */
    keepOutside: z.optional(z.literal(true)),
  }),
]);
export type Intent = z.infer<typeof Intent>;

/** Where an answer's pictures are still to be fetched from. */
const PendingItem = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('url'), url: z.string() }),
  z.strictObject({ kind: z.literal('file'), file: z.string(), url: z.optional(z.string()) }),
]);

/** The life of one paid request. Each state is durable before the next step begins. */
export const JobState = z.discriminatedUnion('state', [
  /** In the journal; nothing has left the machine. */
  z.strictObject({ state: z.literal('prepared') }),
  /** The request is being sent: from here on it may have been accepted. */
  z.strictObject({ state: z.literal('sending') }),
  /** Accepted under this id. */
  z.strictObject({ state: z.literal('accepted'), serviceJobId: z.string() }),
  /** The answer is known; its pictures are being fetched. With a service job id the addresses can be asked for again. */
  z.strictObject({ state: z.literal('collecting'), serviceJobId: z.optional(z.string()), items: z.array(PendingItem) }),
  z.strictObject({ state: z.literal('done'), endedAt: z.number(), missing: z.number() }),
  z.strictObject({ state: z.literal('failed'), endedAt: z.number(), failure: Failure }),
]);
export type JobState = z.infer<typeof JobState>;

/** One entry of the journal. Times are milliseconds since 1970. */
export const JobRecord = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  draftId: z.string(),
  /** Who asked: the studio, the command palette, or the name of another caller. */
  askedBy: z.string(),
  intent: Intent,
  /** As it was sent. */
  request: ImageRequest,
  /** As it was asked for, where that differs: boxes in the pixels of the sources. */
  asked: z.optional(ImageRequest),
  sources: z.optional(z.array(JobSource)),
  createdAt: z.number(),
  /** When the request was sent. */
  sentAt: z.optional(z.number()),
  /** Thousandths of a dollar. */
  highestPrice: z.number(),
  highestCount: z.number(),
  expectedSize: z.optional(z.strictObject({ width: z.number(), height: z.number() })),
  /** Pictures billed, where the service says it. */
  billedImages: z.optional(z.number()),
  /** Pictures that are missing may have been bought: an answer was lost or broke off, or an address did not work. */
  missingMayBeBilled: z.optional(z.literal(true)),
  /** Once the job has ended: what it cost, in thousandths of a dollar; left out where nobody can say. */
  actualPrice: z.optional(z.number()),
  /** After a boxed edit: whether the first picture differs from its source inside the boxes. */
  change: z.optional(z.enum(['inside', 'everywhere', 'nothing'])),
  /** The user no longer waits; the result is still collected. */
  cancelled: z.boolean(),
  /** Taken out of the list by the user. */
  dismissed: z.boolean(),
  /** Marked by the user as one to keep: no clean-up proposes it. */
  favourite: z.optional(z.boolean()),
  status: JobState,
  results: z.array(KeptResult),
  /** Slots from 0, by the ids of the pictures that somebody has moved; kept with the marks and never in the entry itself. */
  slots: z.optional(z.record(z.string(), z.number())),
});
export type JobRecord = z.infer<typeof JobRecord>;
