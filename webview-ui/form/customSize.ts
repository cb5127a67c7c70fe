import { modelCard } from '../../src/core/modelCard.ts';
import { allowsLargeSize, type ImageRequest } from '../../src/core/request.ts';
import { expectedSize } from '../../src/core/size.ts';
import type { Patch } from '../draft.ts';

/** The change that begins a custom size, near the size that the presets would give. */
export function startCustomSize(request: ImageRequest): Patch {
  const size = expectedSize(request, undefined) ?? { width: 1024, height: 1024 };
  const { min, max } = sideRange(request);
  // Both sides shrink alike, so that the shape stays as near as the limits allow.
  const scale = Math.min(1, max / Math.max(size.width, size.height));
  const side = (length: number): number => Math.min(max, Math.max(min, Math.round(length * scale)));
  return {
    useCustomSize: true,
    customWidth: side(size.width),
    customHeight: side(size.height),
    aspectRatio: undefined,
    resolution: '2K',
  };
}

/** The change that goes back to the presets. */
export const endCustomSize: Patch = { useCustomSize: false, customWidth: undefined, customHeight: undefined };

/** The least and the most pixels of a side for this request. */
export function sideRange(request: ImageRequest): { min: number; max: number } {
  const { minSide, maxSide, maxSideLarge } = modelCard.customSize;
  return { min: minSide, max: allowsLargeSize(request) ? maxSideLarge : maxSide };
}
