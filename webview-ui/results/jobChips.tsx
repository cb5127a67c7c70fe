import type { JSX } from 'preact';
import { modelCard } from '../../src/core/modelCard.ts';
import type { ImageRequest } from '../../src/core/request.ts';
import type { WithStudio } from '../state.ts';

/** The options of a job in a few words each. */
export function JobChips({ studio, request }: WithStudio & { request: ImageRequest }): JSX.Element {
  const { text: t } = studio;
  const { inputs, palette, seed, count } = request;
  const chips = [
    modelCard.variantNames[request.variant],
    request.useCustomSize
      ? t('sizeExact', request.customWidth ?? '', request.customHeight ?? '')
      : `${request.aspectRatio ?? t('chipRatioAuto')} · ${request.resolution}`,
    request.imageSet ? t('chipSet', request.setMaxImages) : count > 1 && t('chipTakes', count),
    inputs.length === 1 ? t('chipInputsOne') : inputs.length > 1 && t('chipInputsMany', inputs.length),
    palette.length > 0 && t('chipPalette', palette.length),
    request.watermark && t('chipWatermark'),
    seed !== undefined && t('chipSeed', seed),
  ];
  return (
    <ul class="chips row small" aria-label={t('chipsLabel')}>
      {chips.map((chip) => typeof chip === 'string' && <li key={chip}>{chip}</li>)}
    </ul>
  );
}
