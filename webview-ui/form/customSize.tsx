import type { JSX } from 'preact';
import { modelCard } from '../../src/core/modelCard.ts';
import { allowsLargeSize, type ImageRequest } from '../../src/core/request.ts';
import { expectedSize } from '../../src/core/size.ts';
import type { Patch } from '../draft.ts';
import { NumberField } from '../parts/numberField.tsx';
import { Problems } from '../parts/problems.tsx';
import type { WithStudio } from '../state.ts';

/** Width and height in exact pixels. */
export function CustomSize({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const request = studio.request;
  const range = sideRange(request);
  const shared = { unit: t('pixels'), min: range.min, max: range.max, areProblemsElsewhere: true } as const;
  return (
    <div class="custom-size">
      <div class="custom-sides row">
        <NumberField
          studio={studio}
          {...shared}
          field="customWidth"
          label={t('customWidth')}
          value={request.customWidth}
          onChange={(customWidth) => studio.change({ customWidth })}
        />
        <span class="times" aria-hidden="true">
          ×
        </span>
        <NumberField
          studio={studio}
          {...shared}
          field="customHeight"
          label={t('customHeight')}
          value={request.customHeight}
          onChange={(customHeight) => studio.change({ customHeight })}
        />
        <span class="hint">{t('customRange', range.min, range.max)}</span>
      </div>
      <Problems studio={studio} field="customWidth" />
      <Problems studio={studio} field="customHeight" />
    </div>
  );
}

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

function sideRange(request: ImageRequest): { min: number; max: number } {
  const { minSide, maxSide, maxSideLarge } = modelCard.customSize;
  return { min: minSide, max: allowsLargeSize(request) ? maxSideLarge : maxSide };
}
