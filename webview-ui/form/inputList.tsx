import type { JSX } from 'preact';
import { modelCard } from '../../src/core/modelCard.ts';
import { Button } from '../parts/button.tsx';
import { fieldId, hintId } from '../parts/fieldIds.ts';
import { Problems } from '../parts/problems.tsx';
import type { WithStudio } from '../state.ts';
import { addressButton, newPicture } from './inputPlaces.ts';
import { InputRow } from './inputRow.tsx';

/** The images that go along with the request, and ways to add some. */
export function InputList({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const { inputs } = studio.request;
  const { loaded: later, hasFailed } = studio.laterPart;
  // Where there are images, the stage says it.
  const isUnloaded = hasFailed && inputs.length === 0;
  const note = later?.pasted.note;
  const hint = isUnloaded ? 'addressFailed' : studio.dropping === 'nothing' ? 'inputsDropNothing' : 'inputsDrop';
  const isFull = inputs.length >= modelCard.inputs.max;
  return (
    <fieldset
      class={studio.dropping === 'over' ? 'field drop drop-over' : 'field drop'}
      id={fieldId('inputs')}
      aria-describedby={hintId('inputs')}
    >
      <legend class="label">{t(inputs.length > 0 ? 'inputsLabel' : 'inputsLabelNone')}</legend>
      {inputs.length > 0 && (
        <ol class="inputs">
          {inputs.map((input, index) => (
            <InputRow studio={studio} input={input} index={index} key={input.id} />
          ))}
        </ol>
      )}
      <div class="row">
        <Button
          icon="add"
          aria-disabled={isFull}
          aria-describedby={hintId('inputs')}
          onClick={() => !isFull && studio.addSources()}
        >
          {t('addImages')}
        </Button>
        <Button
          icon="link"
          id={addressButton(newPicture)}
          aria-disabled={isFull}
          aria-expanded={later?.addresses.place === newPicture}
          aria-describedby={hintId('inputs')}
          onClick={() => !isFull && studio.laterPart.toggleAddress(newPicture)}
        >
          {t('addAddress')}
        </Button>
        <Button
          icon="paste"
          aria-disabled={isFull}
          aria-describedby={hintId('inputs')}
          onClick={() => !isFull && void later?.pasted.ask()}
        >
          {t('pastePicture')}
        </Button>
        <span class="hint drop-hint" id={hintId('inputs')} role="status">
          {isFull ? t('inputsFull', modelCard.inputs.max) : note && !isUnloaded ? t(...note) : t(hint)}
        </span>
      </div>
      {later?.drawAddress(studio, newPicture)}
      {later?.drawRemoved(studio, 'inputs')}
      <Problems studio={studio} field="inputs" />
    </fieldset>
  );
}
