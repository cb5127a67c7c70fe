import type { JSX } from 'preact';
import { type ResponseFormat, responseFormats } from '../../src/core/modelCard.ts';
import { CheckField } from '../parts/checkField.tsx';
import { fieldId, hintId, problemsId } from '../parts/fieldIds.ts';
import { Problems } from '../parts/problems.tsx';
import { Section } from '../parts/section.tsx';
import type { WithStudio } from '../state.ts';

const formatNames = { url: 'responseFormatUrl', b64_json: 'responseFormatBase64' } as const satisfies Record<
  ResponseFormat,
  string
>;

/** What hardly anyone needs. */
export function AdvancedFields({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const { watermark, responseFormat } = studio.request;
  const changed = [
    watermark && t('advancedSummaryWatermark'),
    responseFormat !== 'url' && t('advancedSummaryBase64'),
  ].filter(Boolean);
  return (
    <Section
      studio={studio}
      name="advanced"
      label={t('advancedLabel')}
      summary={changed.join(' · ')}
      fields={['watermark', 'responseFormat']}
    >
      <CheckField
        studio={studio}
        field="watermark"
        label={t('watermarkLabel')}
        hint={t('watermarkText')}
        isChecked={watermark}
        onChange={(isChecked) => studio.change({ watermark: isChecked })}
      />
      <div class="field">
        <label class="label" for={fieldId('responseFormat')}>
          {t('responseFormatLabel')}
        </label>
        <select
          id={fieldId('responseFormat')}
          value={responseFormat}
          aria-describedby={`${hintId('responseFormat')} ${problemsId('responseFormat')}`}
          onChange={(event) => studio.change({ responseFormat: event.currentTarget.value as ResponseFormat })}
        >
          {responseFormats.map((format) => (
            <option value={format} key={format}>
              {t(formatNames[format])}
            </option>
          ))}
        </select>
        <div class="hint" id={hintId('responseFormat')}>
          {t('responseFormatText')}
        </div>
        <Problems studio={studio} field="responseFormat" />
      </div>
    </Section>
  );
}
