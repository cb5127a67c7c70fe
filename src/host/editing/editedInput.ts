import { usualPreparation } from '../../core/preparation.ts';
import type { InputImage } from '../../core/request.ts';
import type { JobRecord, JobSource } from '../../jobs/record.ts';

/** The picture that an answer is an edit of. */
export interface EditedInput {
  readonly input: InputImage;
  readonly source: JobSource;
  /** The colour that transparent places were sent on. */
  readonly background: string;
  /** True for the picture whose ratio the answer follows. */
  readonly isLast: boolean;
}

/** The last picture with boxes, or the last of all; undefined where none was read from a file. */
export function editedInput({ asked, sources = [] }: Pick<JobRecord, 'asked' | 'sources'>): EditedInput | undefined {
  const inputs = asked?.inputs ?? [];
  const input = inputs.findLast(({ boxes }) => boxes.length > 0) ?? inputs.at(-1);
  if (!input || input.url !== undefined) return undefined;
  const source = sources.find(({ id }) => id === input.id);
  if (!source) return undefined;
  return {
    input,
    source,
    background: (input.preparation ?? usualPreparation).background,
    isLast: input === inputs.at(-1),
  };
}
