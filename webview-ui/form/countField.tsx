import type { JSX } from 'preact';
import { modelCard } from '../../src/core/modelCard.ts';
import { Choice } from '../parts/choice.tsx';
import type { WithStudio } from '../state.ts';

const counts = Array.from({ length: modelCard.count.max }, (_, index) => String(index + 1));

/** How many single pictures. */
export function CountField({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const { count } = studio.request;
  return (
    <Choice
      studio={studio}
      field="count"
      label={t('countLabel')}
      look="segments"
      value={String(count)}
      onChoose={(choice) => studio.change({ count: Number(choice) })}
      hint={count > 1 ? t('countText') : undefined}
      options={counts.map((value) => ({ value, content: <span class="segment">{value}</span> }))}
    />
  );
}
