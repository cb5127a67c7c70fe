import * as z from 'zod/mini';

/** What the panel and the host say to each other about the history. */

const id = z.string().check(z.maxLength(100));

/** What of the history is asked for. */
export const HistoryQuery = z.strictObject({
  /** Words that must all be found; empty finds everything. */
  text: z.string().check(z.maxLength(200)),
  favourites: z.boolean(),
  /** Only entries with pictures that were not saved anywhere else. */
  unsaved: z.boolean(),
  kind: z.enum(['all', 'single', 'edit', 'set']),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

export const historyMessages = [
  /** The gallery shows this part of what the query finds; opens it where it was not. */
  z.strictObject({
    type: z.literal('history'),
    query: HistoryQuery,
    from: z.int().check(z.minimum(0), z.maximum(10_000_000)),
    count: z.int().check(z.minimum(1), z.maximum(200)),
  }),
  z.strictObject({ type: z.literal('closeHistory') }),
  /** One entry is shown whole. */
  z.strictObject({ type: z.literal('showEntry'), jobId: id }),
  /** The gallery is shown again. */
  z.strictObject({ type: z.literal('closeEntry') }),
  z.strictObject({ type: z.literal('markFavourite'), jobId: id, isFavourite: z.boolean() }),
  z.strictObject({ type: z.literal('deleteEntries'), jobIds: z.array(id).check(z.minLength(1), z.maxLength(500)) }),
  /** Brings back what was deleted last. */
  z.strictObject({ type: z.literal('undoDelete') }),
  z.strictObject({ type: z.literal('cleanUp') }),
  /** Fills the form with the request of a job as it was, with its pictures. */
  z.strictObject({ type: z.literal('reopen'), jobId: id }),
  /** Another picture in the place of one that a reopened request was sent with: its file as it is now, or one that the user chooses. */
  z.strictObject({ type: z.literal('swapInput'), inputId: id, by: z.enum(['file', 'choice']) }),
] as const;

/** One request of the past, in brief. */
export const HistoryEntry = z.strictObject({
  id,
  title: z.string(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  kind: z.enum(['single', 'edit', 'set']),
  state: z.enum(['active', 'done', 'failed']),
  /** Thousandths of a dollar, once it is known. */
  price: z.optional(z.number()),
  /** Pictures, and those of them that were not saved anywhere else. */
  count: z.number(),
  unsaved: z.number(),
  favourite: z.boolean(),
  /** Who asked for it, where that was no person; as people know them. */
  askedBy: z.optional(z.string()),
  /** Of its first picture. */
  thumbnail: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('none') }),
    z.strictObject({ state: z.literal('making') }),
    z.strictObject({ state: z.literal('ready'), src: z.string() }),
  ]),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** The part of the history that is in sight. */
export const HistoryView = z.strictObject({
  query: HistoryQuery,
  /** How many there are, and how many of them the query finds. */
  all: z.number(),
  total: z.number(),
  /** False while older ones are still being read. */
  isWhole: z.boolean(),
  /** The place of the first entry here among those found, from 0; newest first. */
  from: z.number(),
  entries: z.array(HistoryEntry),
  /** Bytes, once they are counted; `limit` is 0 where there is none. */
  storage: z.optional(z.strictObject({ used: z.number(), limit: z.number() })),
  /** How many of what was deleted last can be brought back. */
  deleted: z.number(),
});
export type HistoryView = z.infer<typeof HistoryView>;
