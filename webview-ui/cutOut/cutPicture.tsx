import type { JSX } from 'preact';
import { Choice } from '../parts/choice.tsx';
import type { Ground } from './cutSheet.tsx';
import type { CutProps } from './cutView.tsx';

const grounds = { squares: 'cutSquares', light: 'cutLight', dark: 'cutDark', before: 'cutBefore' } as const;

/** The cut as it is so far, on a ground of choice, and its edge enlarged. A colour can be picked out of it. */
export function CutPicture({ studio, sheet, view, picture, fields }: CutProps): JSX.Element {
  const { text: t } = studio;
  const { picker } = sheet;
  const { cross, size } = picker;
  // What is cut out already could not be pointed at.
  const isBefore = fields.ground === 'before' || cross !== undefined || !view.shown;
  const closeUp = sheet.answerIn(view)?.closeUp;
  const redraw = () => studio.redraw();
  return (
    <div class="stack cut-shown">
      <div
        class={`cut-picture cut-on-${isBefore ? 'before' : fields.ground}`}
        id="cut-picture"
        role="application"
        tabIndex={0}
        aria-label={t('cutPictureOf', view.name)}
        aria-describedby="cut-picture-hint"
        onClick={(event) => picker.press(event)}
        onKeyDown={(event) => {
          if (!picker.key(event)) return;
          event.preventDefault();
          redraw();
        }}
        onBlur={() => {
          if (!picker.cross) return;
          picker.leave();
          redraw();
        }}
      >
        <img src={isBefore ? picture.src : view.shown?.src} alt="" draggable={false} />
        {cross && size && (
          <span
            class="cut-cross"
            style={{
              left: `${((cross.x + 0.5) / size.width) * 100}%`,
              top: `${((cross.y + 0.5) / size.height) * 100}%`,
            }}
          />
        )}
      </div>
      <p class="hint" id="cut-picture-hint">
        {t('cutPickText')}
      </p>
      <p class="only-spoken" role="status">
        {cross && t('cutHere', cross.hex)}
      </p>
      <Choice
        studio={studio}
        field="cutGround"
        label={t('cutGround')}
        look="segments"
        value={fields.ground}
        options={(Object.keys(grounds) as Ground[]).map((value) => ({
          value,
          content: <span class="segment">{t(grounds[value])}</span>,
        }))}
        onChoose={(ground) => sheet.change({ ground })}
      />
      {closeUp && (
        <figure class="cut-edge">
          <img
            class={`cut-on-${fields.ground === 'before' ? 'squares' : fields.ground}`}
            src={closeUp.src}
            alt={t('cutEdgeOf')}
            width={closeUp.width * 3}
            height={closeUp.height * 3}
          />
          <figcaption class="hint">{t('cutEdgeText')}</figcaption>
        </figure>
      )}
    </div>
  );
}
