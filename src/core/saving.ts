import * as z from 'zod/mini';
import { SaveOptions } from './saveOptions.ts';

/** What the panel and the host say to each other about saving a picture in another form or place. */

const id = z.string().check(z.maxLength(100));

/** What the sheet says. Folder and name are words for the host to read by the rules of the settings, never a path. */
const asked = {
  resultId: id,
  /** Made anew at every change, so that an answer is known by it. */
  askId: id,
  options: SaveOptions,
  folder: z.string().check(z.maxLength(500)),
  name: z.string().check(z.maxLength(300)),
  /** Save and Save All go by the options from now on. */
  isUsual: z.boolean(),
};
export const SaveAsk = z.strictObject(asked);
export type SaveAsk = z.infer<typeof SaveAsk>;

export const savingMessages = [
  /** Show the sheet for this picture. */
  z.strictObject({ type: z.literal('openSaving'), resultId: id }),
  /** Say what would be written, and how heavy it would be. */
  z.strictObject({ type: z.literal('previewSaving'), ...asked }),
  z.strictObject({ type: z.literal('saveSo'), ...asked }),
  z.strictObject({ type: z.literal('closeSaving') }),
  /** Save a heavy picture as a WebP. */
  z.strictObject({ type: z.literal('saveLighter'), resultId: id }),
] as const;

/** The sheet in which a picture is saved in another form or place. */
export const SavingView = z.strictObject({
  resultId: z.string(),
  /** What it opens with; `folder` is left out where a folder is asked for when it is saved. */
  start: z.strictObject({
    options: SaveOptions,
    folder: z.optional(z.string()),
    name: z.string(),
    isUsual: z.boolean(),
  }),
  answer: z.optional(
    z.strictObject({
      /** Of the message that asked. */
      askId: z.string(),
      state: z.enum(['making', 'ready', 'saving', 'failed']),
      /** What would be written: paths as the user knows them, pixels, and bytes once they are known. */
      files: z.array(
        z.strictObject({
          path: z.string(),
          width: z.number(),
          height: z.number(),
          byteLength: z.optional(z.number()),
        }),
      ),
      /** What stands in the way, in a sentence. */
      trouble: z.optional(z.string()),
    }),
  ),
});
export type SavingView = z.infer<typeof SavingView>;

/** A picture that would make the repository much larger, and as far as it is known how heavy it would be as a WebP, in bytes. */
export const HeavyNote = z.strictObject({ lighter: z.optional(z.number()) });
export type HeavyNote = z.infer<typeof HeavyNote>;
