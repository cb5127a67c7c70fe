import type { JSX } from 'preact';
import { modelCard } from '../../../src/core/modelCard.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import type { WithPalette } from './paletteView.tsx';

const { min, max } = modelCard.palette;

/** The colours that were found, to choose a palette from. The place that speaks is always there. */
export function ColourTray({ studio, editor }: WithPalette): JSX.Element {
  const { text: t } = studio;
  const { tray, isLooking } = editor;
  return (
    <div class="colour-tray">
      <div role="status">
        {isLooking && <p class="hint">{t('coloursLooking')}</p>}
        {tray && <Outcome studio={studio} editor={editor} />}
      </div>
      {tray && tray.colours.length > 0 && <Choices studio={studio} editor={editor} />}
      {tray && (
        <div class="row">
          {tray.colours.length > 0 && (
            <Button aria-disabled={!editor.canUse} aria-describedby="colours-choose" onClick={() => editor.use()}>
              {t('coloursUse', tray.chosen.size)}
            </Button>
          )}
          <Button look="plain" onClick={() => editor.close()}>
            {t('coloursClose')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** What came of the search, in a sentence. */
function Outcome({ studio, editor }: WithPalette): JSX.Element | null {
  const { text: t } = studio;
  const { tray } = editor;
  if (!tray) return null;
  const { colours, from, trouble } = tray;
  if (trouble !== undefined)
    return (
      <p class="problem problem-error">
        <Icon name="error" />
        <span>{trouble}</span>
      </p>
    );
  if (colours.length === 0) return <p class="hint">{from ? t('coloursNone', from) : t('coloursNonePasted')}</p>;
  return (
    <p class="hint" id="colours-choose">
      {t(colours.length < min ? 'coloursTooFew' : 'coloursChoose', min, max)}
    </p>
  );
}

function Choices({ studio, editor }: WithPalette): JSX.Element {
  const { text: t } = studio;
  const { colours = [], chosen, from } = editor.tray ?? {};
  return (
    <ul class="colour-choices" aria-label={from ? t('coloursFound', from) : t('coloursFoundPasted')}>
      {colours.map(({ hex, name, weight }, index) => (
        <li key={index}>
          <label class="colour-choice">
            <input
              type="checkbox"
              checked={chosen?.has(index) ?? false}
              onChange={(event) => editor.choose(index, event.currentTarget.checked)}
            />
            <span class="swatch" style={{ backgroundColor: hex }} aria-hidden="true" />
            <span class="colour-words">
              {name !== undefined && <span class="colour-name">{name}</span>}
              <span class="hint numbers">
                {weight === undefined ? hex : t('colourPart', hex, Math.round(weight * 100))}
              </span>
            </span>
          </label>
        </li>
      ))}
    </ul>
  );
}
