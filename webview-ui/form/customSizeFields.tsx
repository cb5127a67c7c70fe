import type { JSX } from 'preact';
import { NumberField } from '../parts/numberField.tsx';
import { Problems } from '../parts/problems.tsx';
import type { WithStudio } from '../state.ts';
import { sideRange } from './customSize.ts';

/** Width and height in exact pixels. */
export function CustomSizeFields({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const request = studio.request;
  const range = sideRange(request);
  const shared = { unit: t('pixels'), min: range.min, max: range.max, areProblemsElsewhere: true } as const;
  return (
    <>
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
    </>
  );
}
