import { modelCard, resolutions, type AspectRatio, type Resolution, type Variant } from '../../core/modelCard.ts';
import { allowsLargeSize, type ImageRequest, isEdit } from '../../core/request.ts';

/** The request with a ratio, or without one, which lets the service choose. */
export function withRatio(request: ImageRequest, aspectRatio: AspectRatio | undefined): ImageRequest {
  const { aspectRatio: _, ...rest } = request;
  return { ...rest, useCustomSize: false, ...(aspectRatio !== undefined && { aspectRatio }) };
}

/** The request with a model; 4K, which only Pro has, becomes 2K. */
export function withVariant(request: ImageRequest, variant: Variant): ImageRequest {
  return possible({ ...request, variant });
}

/** The request as a set of at most this many pictures; what sets do not have is turned off. */
export function asSet(request: ImageRequest, setMaxImages: number): ImageRequest {
  return possible({ ...request, imageSet: true, setMaxImages, palette: [] });
}

/** The request as single pictures. */
export function asSingle(request: ImageRequest, count: number): ImageRequest {
  return { ...request, imageSet: false, count };
}

function possible(request: ImageRequest): ImageRequest {
  return request.resolution === '4K' && !allowsLargeSize(request) ? { ...request, resolution: '2K' } : request;
}

/** The resolutions this request can have. */
export function possibleResolutions(request: ImageRequest): readonly Resolution[] {
  return resolutions.filter((resolution) => resolution !== '4K' || allowsLargeSize(request));
}

/** The ratio that a request without one gets, by name; undefined for an edit, which follows its last image. */
export function ratioName(request: ImageRequest): AspectRatio | undefined {
  return request.aspectRatio ?? (isEdit(request) ? undefined : modelCard.defaultAspectRatio);
}

/** Counts to choose from. */
export function possibleCounts(request: Pick<ImageRequest, 'imageSet'>): number[] {
  const { min, max } = request.imageSet ? modelCard.setMaxImages : modelCard.count;
  return Array.from({ length: max - min + 1 }, (_, index) => min + index);
}
