import type { JSX } from 'preact';
import { mostEdge, mostTolerance } from '../../src/core/cutOut.ts';
import { Choice } from '../parts/choice.tsx';
import type { CutProps } from './cutView.tsx';
import { partWords } from './partWords.ts';

/** Names of formats are the same in every language. */
const formats = { png: 'PNG', webp: 'WebP' } as const;

/** What is cut out, and how. */
export function CutFields(props: CutProps): JSX.Element {
  const { studio, sheet, fields } = props;
  const { text: t } = studio;
  return (
    <>
      <KeyColour {...props} />
      <Slider
        id="cut-tolerance"
        label={t('cutTolerance')}
        hint={t('cutToleranceText')}
        most={mostTolerance * 100}
        value={Math.round(fields.tolerance * 100)}
        words={partWords(t, fields.tolerance)}
        onSlide={(percent) => sheet.change({ tolerance: percent / 100 })}
      />
      <Slider
        id="cut-edge"
        label={t('cutSoftness')}
        hint={t('cutSoftnessText')}
        most={mostEdge}
        value={fields.edge}
        words={t('cutPixels', fields.edge)}
        onSlide={(edge) => sheet.change({ edge })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={fields.holes}
          onChange={(event) => sheet.change({ holes: event.currentTarget.checked })}
        />
        <span>{t('cutHoles')}</span>
      </label>
      <Choice
        studio={studio}
        field="cutFormat"
        label={t('cutFormat')}
        look="segments"
        value={fields.format}
        options={(['png', 'webp'] as const).map((value) => ({
          value,
          content: <span class="segment">{formats[value]}</span>,
        }))}
        onChoose={(format) => sheet.change({ format })}
        hint={t('cutFormatText')}
      />
    </>
  );
}

/** The colour of the background: typed, or one of those that its border has, or picked out of the picture. */
function KeyColour({ studio, sheet, picture, fields }: CutProps): JSX.Element {
  const { text: t } = studio;
  const { key, evenness, transparent } = picture.background;
  const known = sheet.ask?.options.key;
  return (
    <div class="field">
      <label class="label" for="cut-key">
        {t('cutKey')}
      </label>
      <div class="row cut-key">
        <span class="cut-swatch" aria-hidden="true" style={{ background: known ?? 'none' }} />
        <input
          id="cut-key"
          type="text"
          value={fields.key}
          maxLength={9}
          spellcheck={false}
          autocomplete="off"
          aria-invalid={known === undefined}
          aria-describedby="cut-key-hint"
          onInput={(event) => sheet.change({ key: event.currentTarget.value })}
        />
      </div>
      <div class="row" role="group" aria-label={t('cutSuggested')}>
        {picture.colours.map((hex) => (
          <button
            type="button"
            class="button button-plain"
            key={hex}
            aria-pressed={hex === known}
            onClick={() => sheet.change({ key: hex })}
          >
            <span class="cut-swatch" aria-hidden="true" style={{ background: hex }} />
            <span>{hex}</span>
          </button>
        ))}
      </div>
      <div class="hint" id="cut-key-hint">
        {transparent > 0.5
          ? t('cutTransparentAlready')
          : known === key
            ? t('cutEvenness', partWords(t, evenness))
            : t('cutKeyText')}
      </div>
    </div>
  );
}

interface SliderProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly most: number;
  readonly value: number;
  readonly words: string;
  readonly onSlide: (value: number) => void;
}

function Slider({ id, label, hint, most, value, words, onSlide }: SliderProps): JSX.Element {
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <div class="row cut-slider">
        <input
          id={id}
          type="range"
          min={0}
          max={most}
          value={value}
          aria-valuetext={words}
          aria-describedby={`${id}-hint`}
          onInput={(event) => onSlide(Number(event.currentTarget.value))}
        />
        <span class="numbers" aria-hidden="true">
          {words}
        </span>
      </div>
      <div class="hint" id={`${id}-hint`}>
        {hint}
      </div>
    </div>
  );
}
