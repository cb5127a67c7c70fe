import type { JSX } from 'preact';
import { modelCard } from '../../../src/core/modelCard.ts';
import { isHexColour, parseShare } from '../../../src/core/palette.ts';
import { Button } from '../../parts/button.tsx';
import { fieldId, problemsId } from '../../parts/fieldIds.ts';
import { hasError, Problems } from '../../parts/problems.tsx';
import { TypedInput } from '../../parts/typedInput.tsx';
import type { WithPalette } from './paletteView.tsx';

interface Props extends WithPalette {
  readonly index: number;
}

/** One colour of the palette: picked or typed, its share, and whether that stays. */
export function PaletteRow({ studio, editor, index }: Props): JSX.Element | null {
  const { text: t } = studio;
  const colour = editor.palette[index];
  if (!colour) return null;
  const hexField = `palette.${index}.hex`;
  const isLocked = editor.isLocked(index);
  return (
    <div class="palette-row">
      <input
        type="color"
        aria-label={t('colourPick', index + 1)}
        value={isHexColour(colour.hex) ? colour.hex.toLowerCase() : '#000000'}
        onInput={(event) => editor.setHex(index, event.currentTarget.value.toUpperCase())}
      />
      <input
        type="text"
        class="hex"
        id={fieldId(hexField)}
        aria-label={t('colourHex', index + 1)}
        aria-invalid={hasError(studio, hexField)}
        aria-describedby={problemsId(hexField)}
        value={colour.hex}
        maxLength={60}
        spellcheck={false}
        onInput={(event) => editor.setHex(index, event.currentTarget.value.trim())}
        onBlur={() => editor.tidyHex(index)}
        onPaste={(event) => {
          const text = event.clipboardData?.getData('text/plain') ?? '';
          if (editor.pasteInto(index, text)) event.preventDefault();
        }}
      />
      <Share studio={studio} editor={editor} index={index} />
      <Button
        look="plain"
        icon={isLocked ? 'lock' : 'unlock'}
        aria-label={t('lockShare', index + 1)}
        aria-pressed={isLocked}
        onClick={() => editor.lock(index)}
      />
      <Button
        look="plain"
        icon="close"
        aria-label={t('removeColour', index + 1)}
        disabled={editor.palette.length <= modelCard.palette.min}
        onClick={() => editor.remove(index)}
      />
      <Problems studio={studio} field={hexField} />
      <Problems studio={studio} field={`palette.${index}.ratio`} />
    </div>
  );
}

/** A share in percent; the others make room for it. */
function Share({ studio, editor, index }: Props): JSX.Element {
  const ratio = editor.palette[index]?.ratio ?? '';
  const share = parseShare(ratio);
  return (
    <span class="number-line">
      <TypedInput
        studio={studio}
        field={`palette.${index}.ratio`}
        min={0.01}
        max={100}
        step="any"
        aria-label={studio.text('colourShare', index + 1)}
        written={share === undefined ? '' : (share / 100).toFixed(2)}
        onTyped={(typed) => editor.typeShare(index, typed)}
      />
      <span class="hint" aria-hidden="true">
        %
      </span>
    </span>
  );
}
