import type { Box, ImageRequest } from '../../core/request.ts';
import { encodePng } from '../../pixels/png.ts';

/** Sides of the test picture in pixels: the smallest that the service makes. */
const side = 768;

export const probeSize = { width: side, height: side } as const;

/**
 * The place to be filled, in the upper right quarter: read with its axes swapped, or as a corner with width and height, it
 * would lie elsewhere.
 */
export const probeBox: Box = { x1: 448, y1: 80, x2: 704, y2: 336 };

/** A grey picture as PNG, the same bytes each time. */
export function probePicture(): Uint8Array {
  return encodePng({ ...probeSize, channels: 3, data: new Uint8Array(side * side * 3).fill(128) });
}

/** What is asked of the service with the test picture: one Standard picture of its size. */
export function probeRequest(
  starting: ImageRequest,
  input: { readonly id: string; readonly name: string },
): ImageRequest {
  return {
    ...starting,
    prompt: 'fill the box solid red, change nothing else',
    variant: 'wan2.7-image',
    imageSet: false,
    count: 1,
    useCustomSize: true,
    customWidth: side,
    customHeight: side,
    thinking: false,
    inputs: [{ ...input, boxes: [probeBox] }],
  };
}
