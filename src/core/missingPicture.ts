import type { FoundReference } from './foundReferences.ts';
import { modelCard } from './modelCard.ts';
import { allowsLargeSize, type ImageRequest } from './request.ts';
import type { Size } from './size.ts';

/** What a document says about a picture that is not there. */
export interface MissingPicture extends Pick<FoundReference, 'alt' | 'width' | 'height'> {
  /** Of the file that is wanted, without folders. */
  readonly fileName: string;
  /** The heading that it stands under. */
  readonly heading?: string;
}

/**
 * The request for a picture that a document refers to: its words from the alternative text, else from the file's name, with
 * the heading; its size from width and height, twice as many pixels where the service makes them, for dense displays.
 * @param starting what a new form starts with
 */
export function requestForMissing(missing: MissingPicture, starting: ImageRequest): ImageRequest {
  const size = sizeFor(missing, allowsLargeSize(starting));
  return {
    ...starting,
    prompt: promptFor(missing),
    ...(size && { useCustomSize: true, customWidth: size.width, customHeight: size.height }),
  };
}

function promptFor({ alt, fileName, heading }: MissingPicture): string {
  const words =
    alt ??
    fileName
      .replace(/\.[^.]*$/, '')
      .replace(/[-_.\s]+/g, ' ')
      .trim();
  const prompt = heading === undefined || heading === words ? words : `${words} (${heading})`;
  return [...prompt].slice(0, modelCard.prompt.maxCharacters).join('');
}

/** Undefined where the document does not give both sides: then the starting request's own size stays. */
function sizeFor({ width, height }: MissingPicture, isLargeAllowed: boolean): Size | undefined {
  if (width === undefined || height === undefined) return undefined;
  const { minSide, maxSide, maxSideLarge, minRatio, maxRatio } = modelCard.customSize;
  const most = isLargeAllowed ? maxSideLarge : maxSide;
  const ratio = Math.min(maxRatio, Math.max(minRatio, width / height));
  // The longer side: dense, but with the shorter one as large as the service wants it.
  const [long, short] = ratio >= 1 ? [2 * width, (2 * width) / ratio] : [2 * height, 2 * height * ratio];
  const enlarged = Math.max(1, minSide / short);
  const side = Math.min(most, long * enlarged);
  const other = Math.max(minSide, ratio >= 1 ? side / ratio : side * ratio);
  const [longSide, shortSide] = [Math.round(side), Math.round(other)];
  return ratio >= 1 ? { width: longSide, height: shortSide } : { width: shortSide, height: longSide };
}
