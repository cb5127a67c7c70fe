import * as z from 'zod/mini';

const Size = z.object({ width: z.number(), height: z.number() });

/**
 * What a file of the ledger holds beside what its name says: for people to read. Nothing is decided by it, so that a
 * damaged one loses words and no money. Times are milliseconds since 1970, amounts thousandths of a dollar.
 */
export const LedgerEntry = z.object({
  version: z.literal(1),
  jobId: z.string(),
  createdAt: z.number(),
  /** For people: the name of the workspace. */
  workspaceName: z.string(),
  /** Host name of the service. */
  service: z.string(),
  askedBy: z.string(),
  /** The beginning of the prompt; it stays on this machine. */
  prompt: z.string(),
  /** The most pictures that could come. */
  highestCount: z.number(),
  resolution: z.string(),
  askedSize: z.optional(Size),
  /** Left out while the job has not ended. */
  end: z.optional(
    z.object({
      at: z.number(),
      /** Pictures that came, and their sizes by their bytes. */
      pictures: z.array(Size),
      /** Pictures billed, where the service says it. */
      billedImages: z.optional(z.number()),
    }),
  ),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;
