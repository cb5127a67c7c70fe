import { type ImageRequest, isEdit } from '../../src/core/request.ts';
import { expectedSize, type Size } from '../../src/core/size.ts';
import type { Words } from '../words.ts';

/** The size that the pictures will have, as far as it can be known; undefined while a custom side is missing. */
export function sizeWords(request: ImageRequest, lastInput: Size | undefined): Words | undefined {
  const size = expectedSize(request, lastInput);
  if (size) return [request.useCustomSize ? 'sizeExact' : 'sizeAbout', size.width, size.height];
  return isEdit(request) && !request.useCustomSize ? ['sizeByInput'] : undefined;
}
