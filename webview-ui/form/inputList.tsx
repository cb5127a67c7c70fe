import type { JSX } from 'preact';
import type { InputImage } from '../../src/core/request.ts';
import { Button } from '../parts/button.tsx';
import { fieldId, hintId } from '../parts/fieldIds.ts';
import { Icon } from '../parts/icon.tsx';
import { Problems } from '../parts/problems.tsx';
import type { WithStudio } from '../state.ts';

/** The images that go along with the request. */
export function InputList({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const { inputs } = studio.request;
  const boxes = ({ boxes: { length } }: InputImage): string =>
    length === 0 ? t('inputBoxesNone') : length === 1 ? t('inputBoxesOne') : t('inputBoxesMany', length);
  return (
    <fieldset class="field" id={fieldId('inputs')} aria-describedby={hintId('inputs')}>
      <legend class="label">{t('inputsLabel')}</legend>
      <div class="hint" id={hintId('inputs')}>
        {t('inputsHint')}
      </div>
      <ul class="inputs">
        {inputs.map((input, index) => (
          <li key={input.id} id={fieldId(`inputs.${index}`)}>
            <div class="input-line">
              <Icon name="picture" />
              <span class="input-name">{input.name}</span>
              <span class="hint">{boxes(input)}</span>
              <Button
                look="plain"
                icon="close"
                aria-label={t('removeInput', input.name)}
                onClick={() => studio.change({ inputs: inputs.filter((other) => other !== input) })}
              />
            </div>
            <Problems studio={studio} field={`inputs.${index}`} deep />
          </li>
        ))}
      </ul>
      <Problems studio={studio} field="inputs" />
    </fieldset>
  );
}
