import type { JSX } from 'preact';
import { Choice } from '../parts/choice.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Problems } from '../parts/problems.tsx';
import type { WithStudio } from '../state.ts';

/** Single pictures, or a set of related ones. */
export function ModeField({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const { imageSet, inputs } = studio.request;
  const isEdit = inputs.length > 0;
  return (
    <div class="field">
      <Choice
        studio={studio}
        field="imageSet"
        label={t('modeLabel')}
        isLabelHidden
        look="segments"
        value={imageSet ? 'set' : 'single'}
        onChoose={(mode) => studio.change({ imageSet: mode === 'set' })}
        hint={t(imageSet ? 'modeSetText' : isEdit ? 'modeEditText' : 'modeSingleText')}
        options={[
          {
            value: 'single',
            content: <Segment icon={isEdit ? 'edit' : 'picture'} text={t(isEdit ? 'modeEdit' : 'modeSingle')} />,
          },
          { value: 'set', content: <Segment icon="layers" text={t('modeSet')} /> },
        ]}
      />
      {!imageSet && <Problems studio={studio} field="setLines" />}
    </div>
  );
}

function Segment({ icon, text }: { icon: IconName; text: string }): JSX.Element {
  return (
    <span class="segment">
      <Icon name={icon} />
      {text}
    </span>
  );
}
