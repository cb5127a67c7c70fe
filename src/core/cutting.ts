import * as z from 'zod/mini';
import { mostEdge, mostTolerance } from './cutOut.ts';

/** What the panel and the host say to each other about cutting the background out of a picture. */

const id = z.string().check(z.maxLength(100));

/** The same as CutOptions of cutOut.ts. */
const CutChoice = z.strictObject({
  key: z.string().check(z.regex(/^#[0-9A-F]{6}$/)),
  tolerance: z.number().check(z.minimum(0), z.maximum(mostTolerance)),
  edge: z.int().check(z.minimum(0), z.maximum(mostEdge)),
  holes: z.boolean(),
});

const asked = {
  /** Of one opening of the part, as the host has named it. */
  cutId: id,
  /** Made anew at every change, so that an answer is known by it. */
  askId: id,
  options: CutChoice,
  format: z.enum(['png', 'webp']),
};
export const CutAsk = z.strictObject(asked);
export type CutAsk = z.infer<typeof CutAsk>;

export const cuttingMessages = [
  /** Cut the background out of a result. */
  z.strictObject({ type: z.literal('cutOut'), resultId: id }),
  /** Show what the cut comes to, and say where it would be saved. */
  z.strictObject({ type: z.literal('previewCut'), ...asked }),
  /** `evenSo`: also where there is something to be said against it. */
  z.strictObject({ type: z.literal('saveCut'), ...asked, evenSo: z.boolean() }),
  /** Ask for the picture again on a plain colour, or have the words for that. */
  z.strictObject({ type: z.literal('askOnPlain'), cutId: id }),
  z.strictObject({ type: z.literal('closeCut'), cutId: id }),
] as const;

const CutReport = z.strictObject({
  transparent: z.number(),
  partial: z.number(),
  border: z.number(),
  enclosed: z.number(),
  unsure: z.number(),
});

/** The part of the panel in which a background is cut out. Pictures are addresses that the panel's policy allows. */
export const CuttingView = z.strictObject({
  cutId: z.string(),
  /** As the user knows the picture. */
  name: z.string(),
  /** Whether its request can be opened again; else the words for another one can be copied. */
  canAskAnew: z.boolean(),
  /** Left out while it is being read. */
  picture: z.optional(
    z.strictObject({
      /** Upright, made smaller. */
      src: z.string(),
      /** Pixels of the picture itself. */
      width: z.number(),
      height: z.number(),
      background: z.strictObject({
        key: z.string(),
        evenness: z.number(),
        transparent: z.number(),
        checkerboard: z.optional(z.number()),
      }),
      /** #RRGGBB: what the background may be of, the likeliest first. */
      colours: z.array(z.string()),
      /** What is chosen when the part opens. */
      start: z.strictObject({ options: CutChoice, format: z.enum(['png', 'webp']) }),
    }),
  ),
  /** The last cut that was made to be looked at, made smaller. */
  shown: z.optional(z.strictObject({ src: z.string() })),
  answer: z.optional(
    z.strictObject({
      /** Of the message that asked. */
      askId: z.string(),
      state: z.enum(['making', 'ready', 'saving', 'failed']),
      /** Where it would be saved, as the user knows it; left out where a place is asked for. */
      path: z.optional(z.string()),
      /** Measured in all pixels of the picture. */
      report: z.optional(CutReport),
      /** A piece of the cut where its edge is, in its own pixels. */
      closeUp: z.optional(z.strictObject({ src: z.string(), width: z.number(), height: z.number() })),
      /** What stands in the way, in a sentence. */
      trouble: z.optional(z.string()),
    }),
  ),
});
export type CuttingView = z.infer<typeof CuttingView>;
