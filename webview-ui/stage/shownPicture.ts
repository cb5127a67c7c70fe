import type { SourceView } from '../../src/core/messages.ts';
import { modelCard } from '../../src/core/modelCard.ts';
import type { ImageRequest, InputImage } from '../../src/core/request.ts';

/** The picture that is shown until the user chooses one: the last that can be drawn on, else the last. */
export function pictureAtFirst({ inputs }: ImageRequest, sources: readonly SourceView[]): InputImage | undefined {
  const isReady = ({ id }: InputImage): boolean =>
    sources.some((source) => source.id === id && source.phase.state === 'ready');
  return inputs.findLast(isReady) ?? inputs.at(-1);
}

/** Why no box can be added to a picture; the key of the sentence that says it. */
export function whyNoBox({ imageSet }: ImageRequest, { boxes }: InputImage): 'boxFull' | 'boxInSet' | undefined {
  if (imageSet) return 'boxInSet';
  return boxes.length >= modelCard.boxes.maxPerImage ? 'boxFull' : undefined;
}
