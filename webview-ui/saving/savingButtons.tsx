import type { JSX } from 'preact';
import type { ResultView } from '../../src/core/messages.ts';
import { fileSize } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Studio, WithStudio } from '../state.ts';
import type { SavingPart } from './savingPart.ts';

/** The key that opens the sheet, while the focus is in the result's figure. */
const savingKey = 's';

/** Where a picture is heavy, says so and offers a lighter one. */
export function HeavyPicture({ studio, result }: WithStudio & { result: ResultView }): JSX.Element | null {
  const { text: t } = studio;
  const { heavy, id: resultId } = result;
  if (!heavy) return null;
  return (
    <div class="row small">
      <p class="iconic">
        <Icon name="warning" /> <span>{t('heavy', fileSize(t, result.byteLength))}</span>
      </p>
      <Button onClick={() => studio.send({ type: 'saveLighter', resultId })}>
        {heavy.lighter === undefined ? t('saveLighter') : t('saveLighterAs', fileSize(t, heavy.lighter))}
      </Button>
    </div>
  );
}

/** Where the sheet draws itself, at every change. */
export function SavingPlace({ studio, part }: WithStudio & { part: SavingPart }): JSX.Element {
  return (
    <div
      ref={(place) => {
        part.attach(place);
        part.draw(studio);
      }}
    />
  );
}

/** Opens the sheet by its key. */
export function pressForSaving(studio: Studio, { id }: ResultView, part: SavingPart, event: KeyboardEvent): void {
  const { target, ctrlKey, metaKey, altKey, shiftKey, repeat, key } = event;
  if (key.toLowerCase() !== savingKey || ctrlKey || metaKey || altKey || shiftKey || repeat) return;
  if (target instanceof HTMLElement && target.matches('input, textarea, select')) return;
  event.preventDefault();
  void part.open(studio, id);
}
