import type { JSX } from 'preact';
import { modelCard } from '../../src/core/modelCard.ts';
import { Button } from '../parts/button.tsx';
import { fieldId, focusFieldSoon, hintId } from '../parts/fieldIds.ts';
import { NumberField } from '../parts/numberField.tsx';
import { Problems } from '../parts/problems.tsx';
import { removeLine, rowCount, setLine } from './lines.ts';
import type { WithStudio } from '../state.ts';

const placeholders = [
  'setLinePlaceholder1',
  'setLinePlaceholder2',
  'setLinePlaceholder3',
  'setLinePlaceholder4',
] as const;
const { min, max } = modelCard.setMaxImages;

/** What each picture of a set shows: a line for each that may come. */
export function SetLines({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const request = studio.request;
  const rows = rowCount(request);
  const add = (): void => {
    studio.change({ setMaxImages: rows + 1 });
    focusFieldSoon(`setLines.${rows}`);
  };
  const remove = (index: number): void => {
    studio.change({ setLines: removeLine(request.setLines, index), setMaxImages: rows - 1 });
    focusFieldSoon(`setLines.${Math.min(index, rows - 2)}`);
  };
  return (
    <fieldset class="field set-lines" id={fieldId('setLines')} aria-describedby={hintId('setLines')}>
      <legend class="label">{t('setLinesLabel')}</legend>
      <div class="hint" id={hintId('setLines')}>
        {t('setLinesHint')}
      </div>
      <ol class="lines stack">
        {Array.from({ length: rows }, (_, index) => (
          <li class="line" key={index}>
            <span class="hint" aria-hidden="true">
              {index + 1}
            </span>
            <input
              id={fieldId(`setLines.${index}`)}
              type="text"
              aria-label={t('setLineLabel', index + 1)}
              placeholder={t(placeholders[index % placeholders.length] ?? 'setLinePlaceholder1')}
              value={request.setLines[index] ?? ''}
              onInput={(event) =>
                studio.change({ setLines: setLine(request.setLines, index, event.currentTarget.value) })
              }
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.isComposing) return;
                if (index + 1 < rows) focusFieldSoon(`setLines.${index + 1}`);
                else if (rows < max) add();
              }}
            />
            <Button
              look="plain"
              icon="close"
              aria-label={t('removeSetLine', index + 1)}
              disabled={rows <= min}
              onClick={() => remove(index)}
            />
          </li>
        ))}
      </ol>
      <div class="lines-foot row apart">
        <Button look="plain" icon="add" disabled={rows >= max} onClick={add}>
          {t('addSetLine')}
        </Button>
        <NumberField
          studio={studio}
          field="setMaxImages"
          label={t('setMaxLabel')}
          unit={t('setMaxUnit')}
          value={request.setMaxImages}
          min={min}
          max={max}
          onChange={(value) => studio.change({ setMaxImages: value ?? Number.NaN })}
          areProblemsElsewhere
        />
      </div>
      {studio.later?.drawRemoved(studio, 'setLines')}
      <Problems studio={studio} field="setMaxImages" />
      <Problems studio={studio} field="setLines" />
    </fieldset>
  );
}
