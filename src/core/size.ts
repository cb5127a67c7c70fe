import { type AspectRatio, modelCard } from './modelCard.ts';
import { type ImageRequest, isEdit } from './request.ts';

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The number behind a ratio's name: '16:9' is 1.777… */
export function ratioOf(name: AspectRatio): number {
  const [width, height] = name.split(':').map(Number);
  return (width ?? 1) / (height ?? 1);
}

/** A size of about `area` pixels in the given ratio of width to height. */
export function sizeOfArea(area: number, ratio: number): Size {
  return { width: Math.round(Math.sqrt(area * ratio)), height: Math.round(Math.sqrt(area / ratio)) };
}

/**
 * The size the answer will have, by what is documented: exact for a custom size, about this for a preset. Undefined when
 * it depends on an input whose size is not known, or a custom side is missing.
 */
export function expectedSize(request: ImageRequest, lastInput: Size | undefined): Size | undefined {
  if (request.useCustomSize) {
    const { customWidth: width, customHeight: height } = request;
    return width === undefined || height === undefined ? undefined : { width, height };
  }
  const area = modelCard.presetArea[request.resolution];
  if (request.aspectRatio) return sizeOfArea(area, ratioOf(request.aspectRatio));
  if (!isEdit(request)) return sizeOfArea(area, ratioOf(modelCard.defaultAspectRatio));
  return lastInput && sizeOfArea(area, lastInput.width / lastInput.height);
}
