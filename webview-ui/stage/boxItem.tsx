import type { JSX } from 'preact';
import type { Box } from '../../src/core/request.ts';
import { Button } from '../parts/button.tsx';
import { fieldId } from '../parts/fieldIds.ts';
import { NumberField } from '../parts/numberField.tsx';
import { type Edge, edgeRange, setEdge } from './geometry.ts';
import { boxField, deleteBox, duplicateBox } from './keys.ts';
import type { WithStage } from './stage.ts';

const edges: readonly Edge[] = ['x1', 'y1', 'x2', 'y2'];

interface Props extends WithStage {
  readonly box: Box;
  readonly index: number;
}

/** A box in words and numbers. */
export function BoxItem({ studio, stage, box, index }: Props): JSX.Element {
  const { text: t } = studio;
  const field = boxField(stage, index);
  const isChosen = stage.chosen === index;
  const setLabel = (label: string): void => {
    const { label: _, ...bare } = box;
    stage.setBox(index, label === '' ? bare : { ...bare, label }, 'label');
  };
  return (
    <li class={isChosen ? 'box-item box-item-chosen' : 'box-item'} onFocusIn={() => stage.choose(index)}>
      <div class="row apart">
        <label class="label" for={fieldId(`${field}.label`)}>
          {t('boxLabel', index + 1)}
        </label>
        <span class="hint numbers box-size">{t('boxSize', box.x2 - box.x1, box.y2 - box.y1)}</span>
        <Button
          look="plain"
          icon="layers"
          aria-label={t('boxDuplicate', index + 1)}
          aria-disabled={stage.whyNoBox !== undefined}
          onClick={() => duplicateBox(stage, index)}
        />
        <Button
          look="plain"
          icon="trash"
          aria-label={t('boxDelete', index + 1)}
          onClick={() => deleteBox(stage, index)}
        />
      </div>
      <input
        id={fieldId(`${field}.label`)}
        type="text"
        value={box.label ?? ''}
        placeholder={t('boxLabelPlaceholder')}
        onInput={(event) => setLabel(event.currentTarget.value)}
        onBlur={() => stage.pause()}
      />
      {isChosen && (
        <div class="edges" role="group" aria-label={t('boxEdges', index + 1)}>
          {edges.map((edge) => {
            const [min, max] = edgeRange(box, edge, stage.size);
            return (
              <NumberField
                studio={studio}
                key={edge}
                field={`${field}.${edge}`}
                label={edge}
                value={box[edge]}
                min={min}
                max={max}
                areProblemsElsewhere
                onChange={(value) => {
                  if (value !== undefined && Number.isFinite(value))
                    stage.setBox(index, setEdge(box, edge, value, stage.size), edge);
                }}
              />
            );
          })}
        </div>
      )}
    </li>
  );
}
