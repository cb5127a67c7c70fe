import type { JSX } from 'preact';
import { modelCard } from '../../src/core/modelCard.ts';
import { isHexColour } from '../../src/core/palette.ts';
import { Button } from '../parts/button.tsx';
import { fieldId, focusFieldSoon, problemsId } from '../parts/fieldIds.ts';
import { hasError, Problems } from '../parts/problems.tsx';
import { TypedInput } from '../parts/typedInput.tsx';
import { changeColour, removeColour, shareFromTyped, typedFromShare } from './colours.ts';
import type { WithStudio } from '../state.ts';

/** One colour of the palette: picked or typed, and its share. */
export function PaletteRow({ studio, index }: WithStudio & { index: number }): JSX.Element | null {
  const { text: t } = studio;
  const { palette } = studio.request;
  const colour = palette[index];
  if (!colour) return null;
  const setHex = (hex: string): void => studio.change({ palette: changeColour(palette, index, { hex }) });
  const remove = (): void => {
    studio.change({ palette: removeColour(palette, index) });
    focusFieldSoon(`palette.${Math.min(index, palette.length - 2)}.hex`);
  };
  const hexField = `palette.${index}.hex`;
  return (
    <div class="palette-row">
      <input
        type="color"
        aria-label={t('colourPick', index + 1)}
        value={isHexColour(colour.hex) ? colour.hex.toLowerCase() : '#000000'}
        onInput={(event) => setHex(event.currentTarget.value.toUpperCase())}
      />
      <input
        type="text"
        class="hex"
        id={fieldId(hexField)}
        aria-label={t('colourHex', index + 1)}
        aria-invalid={hasError(studio, hexField)}
        aria-describedby={problemsId(hexField)}
        value={colour.hex}
        maxLength={20}
        spellcheck={false}
        onInput={(event) => setHex(event.currentTarget.value.trim())}
      />
      <Share studio={studio} index={index} ratio={colour.ratio} />
      <Button
        look="plain"
        icon="close"
        aria-label={t('removeColour', index + 1)}
        disabled={palette.length <= modelCard.palette.min}
        onClick={remove}
      />
      <Problems studio={studio} field={hexField} />
      <Problems studio={studio} field={`palette.${index}.ratio`} />
    </div>
  );
}

/** A share in percent. */
function Share({ studio, index, ratio }: WithStudio & { index: number; ratio: string }): JSX.Element {
  return (
    <span class="number-line">
      <TypedInput
        studio={studio}
        field={`palette.${index}.ratio`}
        step="0.01"
        aria-label={studio.text('colourShare', index + 1)}
        written={typedFromShare(ratio)}
        onTyped={(typed) =>
          studio.change({ palette: changeColour(studio.request.palette, index, { ratio: shareFromTyped(typed) }) })
        }
      />
      <span class="hint" aria-hidden="true">
        %
      </span>
    </span>
  );
}
