import type { JSX } from 'preact';
import { CheckField } from '../parts/checkField.tsx';
import type { WithStudio } from '../state.ts';

/** Whether the model thinks first. */
export function ThinkingField({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  return (
    <CheckField
      studio={studio}
      field="thinking"
      label={t('thinkingLabel')}
      hint={t('thinkingText')}
      isChecked={studio.request.thinking}
      onChange={(thinking) => studio.change({ thinking })}
    />
  );
}
