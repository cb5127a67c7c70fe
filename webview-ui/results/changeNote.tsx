import type { JSX } from 'preact';
import { fitsLiteralForm } from '../../src/core/boxList.ts';
import type { JobView } from '../../src/core/messages.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Studio, WithStudio } from '../state.ts';

/** Whether the change lies where it was asked for, and what can be done when it does not. */
export function ChangeNote({ studio, job }: WithStudio & { job: JobView }): JSX.Element | null {
  const { text: t } = studio;
  if (job.change !== 'everywhere' && job.change !== 'nothing') return null;
  const form = job.change === 'everywhere' ? otherForm(studio, job) : undefined;
  const sentence = job.change === 'nothing' ? 'changeNothing' : form ? 'changeEverywhere' : 'changeEverywhereOneForm';
  const { boxForm, known } = studio.shown;
  // A form that was found to work was not chosen after this edit.
  const isChosen = boxForm !== 'auto' && boxForm !== known?.boxForm;
  return (
    <div class="change iconic look-warning" role="note">
      <Icon name="warning" />
      <div class="stack">
        <p>{t(sentence)}</p>
        {form && (
          <div class="row">
            {isChosen && <span>{t(form === 'literal' ? 'isPerImage' : 'isLiteral')}</span>}
            <Button onClick={() => studio.send({ type: 'useBoxForm', form })}>
              {t(form === 'literal' ? 'useLiteral' : 'usePerImage')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** The form of writing boxes that is not in use; the literal one can only be used where it fits. */
function otherForm(studio: Studio, { request }: JobView): 'literal' | 'perImage' | undefined {
  const { boxForm } = studio.shown;
  const canBeLiteral = fitsLiteralForm(request.inputs);
  const isLiteral = boxForm === 'literal' || (boxForm === 'auto' && canBeLiteral);
  return isLiteral ? 'perImage' : canBeLiteral ? 'literal' : undefined;
}
