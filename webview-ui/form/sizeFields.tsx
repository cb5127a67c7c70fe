import type { JSX } from 'preact';
import { type AspectRatio, aspectRatios, modelCard, type Resolution, resolutions } from '../../src/core/modelCard.ts';
import { allowsLargeSize, type ImageRequest, isEdit } from '../../src/core/request.ts';
import { ratioOf } from '../../src/core/size.ts';
import { CheckField } from '../parts/checkField.tsx';
import { Choice } from '../parts/choice.tsx';
import { endCustomSize, startCustomSize } from './customSize.ts';
import { sizeWords } from './sizeWords.ts';
import type { WithStudio } from '../state.ts';

/** The shape and size of the pictures: a ratio and a resolution, or exact pixels. */
export function SizeFields({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const request = studio.request;
  return (
    <div class="size">
      {!request.useCustomSize && <RatioField studio={studio} />}
      {!request.useCustomSize && <ResolutionField studio={studio} />}
      <CheckField
        studio={studio}
        field="useCustomSize"
        label={t('customSizeLabel')}
        hint={t('customSizeText')}
        isChecked={request.useCustomSize}
        onChange={(isChecked) => studio.change(isChecked ? startCustomSize(request) : endCustomSize)}
      />
      {request.useCustomSize && <div class="custom-size">{studio.later?.drawCustomSize(studio)}</div>}
    </div>
  );
}

function RatioField({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const { aspectRatio, inputs } = studio.request;
  const automatic = modelCard.defaultAspectRatio;
  const follows = isEdit({ inputs });
  return (
    <Choice
      studio={studio}
      field="aspectRatio"
      label={t('ratioLabel')}
      look="tiles"
      value={aspectRatio ?? 'auto'}
      onChoose={(choice) => studio.change({ aspectRatio: choice === 'auto' ? undefined : choice })}
      hint={aspectRatio === undefined ? (follows ? t('ratioAutoEditText') : t('ratioAutoText', automatic)) : undefined}
      options={[
        {
          value: 'auto',
          spoken: follows ? t('ratioAutoEditSpoken') : t('ratioAutoSpoken', automatic),
          content: <Tile ratio={automatic} name={t('ratioAuto')} isDashed />,
        },
        ...aspectRatios.map((ratio) => ({ value: ratio, content: <Tile ratio={ratio} name={ratio} /> })),
      ]}
    />
  );
}

/** A ratio as a small drawn frame of the same area for all. */
function Tile({
  ratio,
  name,
  isDashed = false,
}: {
  ratio: AspectRatio;
  name: string;
  isDashed?: boolean;
}): JSX.Element {
  const side = 15;
  const width = side * Math.sqrt(ratioOf(ratio));
  const height = side / Math.sqrt(ratioOf(ratio));
  return (
    <span class="tile small numbers">
      <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
        <rect
          x={12 - width / 2}
          y={12 - height / 2}
          width={width}
          height={height}
          rx="1.5"
          fill="none"
          stroke="currentColor"
          stroke-width="1.25"
          {...(isDashed && { 'stroke-dasharray': '2.5 2' })}
        />
      </svg>
      <span>{name}</span>
    </span>
  );
}

const resolutionTexts = { '1K': 'resolution1K', '2K': 'resolution2K', '4K': 'resolution4K' } as const satisfies Record<
  Resolution,
  string
>;

function ResolutionField({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const request = studio.request;
  const size = sizeWords(request, studio.lastSize);
  const reason = whyNotLarge(request);
  return (
    <Choice
      studio={studio}
      field="resolution"
      label={t('resolutionLabel')}
      look="segments"
      value={request.resolution}
      onChoose={(resolution) => studio.change({ resolution })}
      hint={[size && t(...size), reason && request.resolution !== '4K' && t(reason)].filter(Boolean).join(' · ')}
      options={resolutions.map((resolution) => ({
        value: resolution,
        spoken: `${resolution}, ${t(resolutionTexts[resolution])}`,
        isDisabled: resolution === '4K' && reason !== undefined && request.resolution !== '4K',
        content: <span class="segment">{resolution}</span>,
      }))}
    />
  );
}

/** Why 4K cannot be chosen, in the order in which preflight gives its reasons. */
function whyNotLarge(request: ImageRequest): 'largeOffStandard' | 'largeOffImages' | 'largeOffSet' | undefined {
  if (allowsLargeSize(request)) return undefined;
  if (request.variant !== 'wan2.7-image-pro') return 'largeOffStandard';
  return isEdit(request) ? 'largeOffImages' : 'largeOffSet';
}
