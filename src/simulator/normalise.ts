import type { Box, InputImage, NormalisedJob, PaletteEntry } from './job.ts';
import type { ImageReading, Reading } from './reading.ts';
import { boxesByImage, isFourWholeNumbers } from './rules/boxRules.ts';
import { hundredths, isHex, paletteEntries } from './rules/paletteRules.ts';
import type { ValidatorOptions } from './rules/rule.ts';

/**
 * What an accepted body asks for, with the defaults of the Wan2.7 Image model page.
 * It never throws: with a rule switched off, nonsense falls back to a default.
 */
export function normalise(reading: Reading, options: Pick<ValidatorOptions, 'bboxPassedOver'>): NormalisedJob {
  const { fields, isSet, isStandard } = reading;
  const { form } = reading.shape;
  const { bboxPassedOver } = options;
  const images = imagesWithBoxes(reading, form === bboxPassedOver || bboxPassedOver === 'both');
  return {
    prompt: text(fields['prompt']) ?? '',
    variant: isStandard ? 'standard' : 'pro',
    isSet,
    count: isSet ? whole(fields['num_images_set'], 1, 12) : whole(fields['num_images'], 1, 4),
    thinks: !isStandard && !isSet && images.length === 0 && fields['thinking_mode'] !== false,
    images,
    palette: paletteOf(reading),
    customSize: customSizeOf(reading),
    aspectRatio: aspectRatioOf(reading),
    resolution: resolutionOf(reading),
    seed: typeof fields['seed'] === 'number' ? fields['seed'] : undefined,
    watermark: fields['watermark'] === true,
    responseFormat: fields['response_format'] === 'b64_json' ? 'b64_json' : 'url',
    holds: fields['sync'] === true,
  };
}

function imagesWithBoxes(reading: Reading, arePassedOver: boolean): InputImage[] {
  const boxLists = arePassedOver ? [] : boxesByImage(reading);
  return reading.images.map((image) => {
    const list = boxLists.find((entry) => entry.image === image)?.boxes ?? [];
    return {
      ...sourceOf(image),
      boxes: list.filter(isFourWholeNumbers).map(([x1, y1, x2, y2]): Box => ({ x1, y1, x2, y2 })),
    };
  });
}

function sourceOf(image: ImageReading): Omit<InputImage, 'boxes'> {
  if (image.kind === 'inline') return { url: undefined, bytes: image.bytes, facts: image.facts };
  return {
    url: image.kind === 'url' ? image.url.href : undefined,
    bytes: undefined,
    facts: image.kind === 'url' ? image.facts : undefined,
  };
}

function paletteOf(reading: Reading): PaletteEntry[] | undefined {
  const entries = paletteEntries(reading).flatMap(({ hex, ratio }) => {
    const share = hundredths(ratio);
    return isHex(hex) && share !== undefined ? [{ hex, share }] : [];
  });
  return entries.length === 0 ? undefined : entries;
}

function customSizeOf({ fields, hasCustomSize }: Reading): NormalisedJob['customSize'] {
  if (!hasCustomSize) return undefined;
  return { width: whole(fields['custom_width'], 768, 4096), height: whole(fields['custom_height'], 768, 4096) };
}

function aspectRatioOf({ fields, hasCustomSize }: Reading): string | undefined {
  const ratio = text(fields['aspect_ratio']);
  return hasCustomSize || ratio === undefined || !/^[1-9]\d?:[1-9]\d?$/.test(ratio) ? undefined : ratio;
}

function resolutionOf({ fields, hasCustomSize }: Reading): NormalisedJob['resolution'] {
  const resolution = fields['resolution'];
  return !hasCustomSize && (resolution === '1K' || resolution === '4K') ? resolution : '2K';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function whole(value: unknown, lowest: number, highest: number): number {
  return typeof value === 'number' ? Math.min(highest, Math.max(lowest, Math.round(value))) : lowest;
}
