import { lineOf, slotsOf } from '../../jobs/slots.ts';
import { extensionFor, type ImageFormat } from '../../pixels/format.ts';
import type { FoundResult } from '../services.ts';
import type { NamedFile } from './destinations.ts';
import { fileNameFromPrompt } from './fileName.ts';
import type { MadeResult } from './making.ts';
import type { KeptPicture } from './saver.ts';

type OfJob = Pick<FoundResult, 'job' | 'result'>;

/** The place of a picture in its job, from 0. */
export const indexOf = ({ job, result }: OfJob): number => Number(result.id.slice(job.record.id.length + 1));

export const slotOf = ({ job, result }: OfJob): number => slotsOf(job.record).indexOf(result.id);

export const slotLineOf = ({ job, result }: OfJob): string | undefined => lineOf(job.record, result.id);

/** What this picture shows: in a set with a line for each picture that of its slot, else the prompt. */
export const promptOf = (one: OfJob): string => slotLineOf(one) ?? one.job.record.request.prompt;

/** What is known of a file by which it is named. */
export function namedFile(made: MadeResult, prompt = promptOf(made)): NamedFile {
  const { job, result, oneOfWidths } = made;
  const { width, height } = result;
  return {
    values: {
      slug: fileNameFromPrompt(prompt),
      seed: job.record.request.seed,
      n: (job.record.request.imageSet ? slotOf(made) : indexOf(made)) + 1,
      width,
      height,
    },
    extension: extensionOf(result.format),
    ...(oneOfWidths !== undefined && { oneOfWidths }),
  };
}

export function keptPicture({ file, result }: FoundResult, name: string): KeptPicture {
  return { file, name, extension: extensionOf(result.format) };
}

function extensionOf(format: string): string {
  const usual: string | undefined = extensionFor(format as ImageFormat);
  return usual ?? format.replace(/[^a-z0-9]/gi, '').toLowerCase();
}
