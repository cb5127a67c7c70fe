import type { JSX } from 'preact';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/choice.tsx';
import { Icon } from '../parts/icon.tsx';
import { placeStyle } from '../stage/placeStyle.ts';
import type { WithStudio } from '../state.ts';
import type { CompareGestures } from './compareGestures.ts';
import { compareModes, type ComparedPicture, type Comparison } from './comparison.ts';
import { brightening, type Rectangle } from './comparisonPainter.ts';

interface Props extends WithStudio {
  readonly comparison: Comparison;
  readonly gestures: CompareGestures;
}

const modeNames = {
  slider: 'compareSlider',
  toggle: 'compareToggle',
  beside: 'compareBeside',
  difference: 'compareDifference',
} as const;

/** Two pictures held against each other, over the whole panel. */
export function CompareView({ studio, comparison, gestures }: Props): JSX.Element | null {
  if (!comparison.isOpen) return null;
  const { text: t } = studio;
  const { mode } = comparison;
  return (
    <dialog
      class="compare"
      aria-labelledby="compare-title"
      ref={comparison.attachDialog}
      onKeyDown={gestures.key}
      onKeyUp={gestures.keyUp}
      // What closes it without our key, such as a gesture of the system.
      onClose={() => comparison.isOpen && comparison.close()}
    >
      <header class="row apart">
        <h2 id="compare-title">{t('compareTitle')}</h2>
        <Button look="plain" icon="close" aria-label={t('compareClose')} onClick={() => comparison.close()} />
      </header>
      <div class="row apart compare-tools">
        <div class="row">
          <PictureChoice studio={studio} comparison={comparison} side="left" />
          <PictureChoice studio={studio} comparison={comparison} side="right" />
        </div>
        <Choice
          studio={studio}
          field="compareMode"
          label={t('compareMode')}
          isLabelHidden
          look="segments"
          value={mode}
          options={compareModes.map((value) => ({
            value,
            content: <span class="segment">{t(modeNames[value])}</span>,
          }))}
          onChoose={(value) => (comparison.mode = value)}
        />
        <Zoom studio={studio} comparison={comparison} />
      </div>
      <Viewport studio={studio} comparison={comparison} gestures={gestures} />
      <div class="compare-foot">
        <div class="compare-control">
          <Foot studio={studio} comparison={comparison} gestures={gestures} />
        </div>
        {comparison.haveDifferentShapes && <p class="hint">{t('compareShapes')}</p>}
        <p class="hint compare-keys" id="compare-keys">
          {t('compareKeys')}
        </p>
      </div>
      <p class="only-spoken" role="status">
        {said(studio, comparison)}
      </p>
    </dialog>
  );
}

/** What a screen reader is told when it changes. */
function said({ text: t }: Props['studio'], comparison: Comparison): string {
  const { left, right, mode, state } = comparison;
  if (state === 'broken') return t('compareBroken');
  if (mode === 'toggle') return t('compareShown', (comparison.isLeftShown ? left : right).label);
  return mode === 'difference' && state === 'ready' ? shareWords(t, comparison.share) : '';
}

function shareWords(t: Props['studio']['text'], share: number | undefined): string {
  if (share === undefined) return '';
  return share === 0 ? t('compareSame') : t('compareShare', share < 0.01 ? '< 1' : Math.round(share * 100));
}

function PictureChoice({
  studio,
  comparison,
  side,
}: Omit<Props, 'gestures'> & { side: 'left' | 'right' }): JSX.Element {
  return (
    <select
      class="compare-choice"
      aria-label={studio.text(side === 'left' ? 'compareLeft' : 'compareRight')}
      value={comparison[side].id}
      onChange={(event) => comparison.choose(side, event.currentTarget.value)}
    >
      {comparison.pictures.map(({ id, label }) => (
        <option value={id} key={id}>
          {label}
        </option>
      ))}
    </select>
  );
}

function Zoom({ studio, comparison }: Omit<Props, 'gestures'>): JSX.Element {
  const { text: t } = studio;
  const { scale } = comparison.view;
  return (
    <div class="row">
      {comparison.hasBoxes && (
        <label class="check">
          <input
            type="checkbox"
            checked={comparison.areBoxesShown}
            onChange={(event) => (comparison.areBoxesShown = event.currentTarget.checked)}
          />
          {t('boxesLabel')}
        </label>
      )}
      <div class="row stage-zoom">
        <Button look="plain" icon="minus" aria-label={t('zoomOut')} onClick={() => comparison.zoomStep(-1)} />
        <span class="numbers stage-scale">
          {t('zoomPercent', scale < 0.1 ? Math.round(scale * 1000) / 10 : Math.round(scale * 100))}
        </span>
        <Button look="plain" icon="add" aria-label={t('zoomIn')} onClick={() => comparison.zoomStep(1)} />
        <Button look="plain" icon="fit" aria-label={t('zoomFit')} onClick={() => comparison.fit()} />
        <Button look="plain" aria-label={t('zoomFull')} title={t('zoomFull')} onClick={() => comparison.zoomTo(1)}>
          1:1
        </Button>
      </div>
    </div>
  );
}

function Viewport({ studio, comparison, gestures }: Props): JSX.Element {
  const { text: t } = studio;
  const { mode, state, left, right, panes, divider } = comparison;
  return (
    <div
      class={`compare-viewport${comparison.canPan ? ' compare-pan' : ''}`}
      ref={comparison.attach}
      tabIndex={0}
      role="group"
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- a dialog gives the keyboard to what it is about
      autofocus
      aria-label={t('comparePictures', left.label, right.label)}
      aria-describedby="compare-keys"
      aria-busy={state === 'loading'}
      onPointerDown={gestures.down}
      onPointerMove={gestures.move}
      onPointerUp={gestures.up}
      onPointerCancel={gestures.cancel}
      onWheel={gestures.wheel}
    >
      <canvas
        class="compare-canvas"
        aria-hidden="true"
        ref={(canvas) => {
          if (canvas) comparison.paint(canvas);
        }}
      />
      {panes.map((pane, index) => (
        <Pane comparison={comparison} pane={pane} labels={labelsOf(comparison, index)} key={index} />
      ))}
      {mode === 'slider' && (
        <div class="compare-divider" style={{ left: `${divider * 100}%` }} aria-hidden="true">
          <span>
            <Icon name="swap" />
          </span>
        </div>
      )}
      {state === 'broken' && (
        <p class="stage-instead">
          <Icon name="error" /> <span>{t('compareBroken')}</span>
        </p>
      )}
    </div>
  );
}

/** What is shown in a pane: at its left, and where there is more, at its right. */
function labelsOf(comparison: Comparison, index: number): readonly ComparedPicture[] {
  const { left, right, mode } = comparison;
  switch (mode) {
    case 'slider':
      return [left, right];
    case 'toggle':
      return [comparison.isLeftShown ? left : right];
    case 'beside':
      return [index === 0 ? left : right];
    case 'difference':
      return [];
  }
}

/** The words and boxes that lie over a part of the viewport. */
function Pane({
  comparison,
  pane,
  labels,
}: Pick<Props, 'comparison'> & { pane: Rectangle; labels: readonly ComparedPicture[] }): JSX.Element {
  const { x, y, width, height } = pane;
  return (
    <div
      class="compare-pane"
      style={{ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` }}
      aria-hidden="true"
    >
      {comparison.boxes.map((box, index) => (
        <span class="mark" key={index} style={placeStyle(comparison.view, box)} />
      ))}
      <div class="compare-labels small">
        {labels.map(({ id, label }) => (
          <span key={id}>{label}</span>
        ))}
      </div>
    </div>
  );
}

/** What a mode needs beside the pictures. */
function Foot({ studio, comparison, gestures }: Props): JSX.Element | null {
  const { text: t } = studio;
  const { left, right, divider, share } = comparison;
  switch (comparison.mode) {
    case 'slider': {
      const part = Math.round(divider * 100);
      return (
        <input
          class="compare-range"
          type="range"
          min={0}
          max={100}
          value={part}
          aria-label={t('compareDivider')}
          aria-valuetext={t('compareDividerAt', part, left.label, right.label)}
          onInput={(event) => (comparison.divider = Number(event.currentTarget.value) / 100)}
        />
      );
    }
    case 'toggle':
      return (
        <Button
          icon="swap"
          aria-pressed={comparison.isLeftShown}
          title={t('compareToggleText')}
          onPointerDown={(event) => event.button === 0 && gestures.call()}
          onPointerUp={() => gestures.endCall()}
          onPointerLeave={() => gestures.endCall()}
          onKeyDown={(event) => {
            if (event.key !== ' ' && event.key !== 'Enter') return;
            event.preventDefault();
            if (!event.repeat) gestures.call();
          }}
          onKeyUp={(event) => event.key === 'Enter' && gestures.endCall()}
          // What assistive technology presses without pointer or key.
          onClick={(event) => event.detail === 0 && gestures.call()}
        >
          {t('compareShow', left.label)}
        </Button>
      );
    case 'beside':
      return null;
    case 'difference':
      return (
        <div class="row compare-legend">
          <span>{t('compareLegendSame')}</span>
          <span class="compare-scale" aria-hidden="true" />
          <span>{t('compareLegendOther')}</span>
          <span class="hint">
            {t('compareLegend', brightening)} {shareWords(t, share)}
          </span>
        </div>
      );
  }
}
