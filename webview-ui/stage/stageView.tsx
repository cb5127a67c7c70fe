import type { JSX } from 'preact';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { BoxFrame } from './boxFrame.tsx';
import { BoxItem } from './boxItem.tsx';
import type { Gestures } from './gestures.ts';
import { addBox, clearBoxes, onStageKey, onStageKeyUp, zoom } from './keys.ts';
import type { Box } from '../../src/core/request.ts';
import type { Size } from '../../src/core/size.ts';
import type { View } from './geometry.ts';
import { placeStyle } from './placeStyle.ts';
import type { Guide } from './snapping.ts';
import type { WithStudio } from '../state.ts';
import type { WithStage } from './stage.ts';
import { StageFrame, viewportClass, viewportId } from './stageFrame.tsx';

interface Props extends WithStage {
  readonly gestures: Gestures;
}

/** The picture that is edited, at any zoom, with the boxes that say where it should change. */
export function StageView({ studio, stage, gestures }: Props): JSX.Element | null {
  const { input } = stage;
  if (!input) return null;
  return (
    <StageFrame
      studio={studio}
      input={input}
      tools={<Tools studio={studio} stage={stage} />}
      viewport={<Viewport studio={studio} stage={stage} gestures={gestures} />}
      boxes={stage.boxes.map((box, index) => (
        <BoxItem studio={studio} stage={stage} box={box} index={index} key={index} />
      ))}
      keys={<Keys studio={studio} />}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && gestures.cancel()) event.stopPropagation();
        else onStageKey(stage, event, boxOf(event.target));
      }}
      onKeyUp={(event) => onStageKeyUp(stage, event)}
    />
  );
}

/** By this name it is remembered whether the list of keys is open. */
const keysSection = 'stage-keys';

function Keys({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  return (
    <>
      {/* What describes the picture to a screen reader must not be folded up: then it would not be told. */}
      <p hidden id="stage-keys">
        {t('stageKeys')}
      </p>
      <details
        open={studio.openSections.includes(keysSection)}
        onToggle={(event) => studio.setSectionOpen(keysSection, event.currentTarget.open)}
      >
        <summary>{t('stageKeysLabel')}</summary>
        <p class="stage-list">{t('stageKeys')}</p>
      </details>
    </>
  );
}

/** The box that an element belongs to. */
function boxOf(target: EventTarget | null): number | undefined {
  const box = target instanceof Element ? target.closest<HTMLElement>('[data-box]')?.dataset['box'] : undefined;
  return box === undefined ? undefined : Number(box);
}

function Tools({ studio, stage }: WithStage): JSX.Element {
  const { text: t } = studio;
  const { ready } = stage;
  return (
    <>
      <div class="row">
        <Button
          icon="box"
          aria-keyshortcuts="B"
          aria-disabled={!stage.takesBoxes || stage.whyNoBox !== undefined}
          onClick={() => addBox(stage)}
        >
          {t('boxNew')}
        </Button>
        <Button
          look="plain"
          icon="undo"
          aria-label={t('undo')}
          disabled={!stage.canUndo}
          onClick={() => stage.travel('undo')}
        />
        <Button
          look="plain"
          icon="redo"
          aria-label={t('redo')}
          disabled={!stage.canRedo}
          onClick={() => stage.travel('redo')}
        />
        <Button
          look="plain"
          icon="trash"
          aria-label={t('boxesClear')}
          disabled={stage.boxes.length === 0}
          onClick={() => clearBoxes(stage)}
        />
      </div>
      {ready && (
        <div class="row stage-zoom">
          <Button
            look="plain"
            icon="minus"
            aria-label={t('zoomOut')}
            onClick={() => zoom(stage, () => stage.zoomStep(-1))}
          />
          <span class="numbers stage-scale">{t('zoomPercent', stage.percent)}</span>
          <Button
            look="plain"
            icon="add"
            aria-label={t('zoomIn')}
            onClick={() => zoom(stage, () => stage.zoomStep(1))}
          />
          <Button look="plain" icon="fit" aria-label={t('zoomFit')} onClick={() => zoom(stage, () => stage.fit())} />
          <Button
            look="plain"
            aria-label={t('zoomFull')}
            title={t('zoomFull')}
            onClick={() => zoom(stage, () => stage.zoomTo(1))}
          >
            1:1
          </Button>
        </div>
      )}
    </>
  );
}

function Viewport({ studio, stage, gestures }: Props): JSX.Element {
  const { text: t } = studio;
  const { ready, view, size } = stage;
  return (
    <div
      class={[
        stage.input && viewportClass(stage.input),
        ready && !stage.whyNoBox && 'stage-drawing',
        ready && gestures.hand !== 'none' && `stage-hand-${gestures.hand}`,
      ]
        .filter(Boolean)
        .join(' ')}
      id={viewportId}
      ref={stage.attach}
      tabIndex={0}
      role="application"
      aria-label={t('stagePicture', stage.input?.name ?? '')}
      aria-describedby="stage-keys"
      aria-busy={stage.source?.phase.state === 'reading'}
      onPointerDown={gestures.down}
      onPointerMove={gestures.move}
      onPointerUp={gestures.up}
      onPointerCancel={gestures.lose}
      onWheel={gestures.wheel}
      onKeyDown={(event) => event.key === ' ' && holdSpace(gestures, event, true)}
      onKeyUp={(event) => event.key === ' ' && holdSpace(gestures, event, false)}
      onBlur={() => gestures.holdSpace(false)}
    >
      {ready && (
        <>
          <div
            class={ready.facts.hasAlpha ? 'stage-paper checkered' : 'stage-paper'}
            style={placeStyle(view, { x1: 0, y1: 0, x2: size.width, y2: size.height })}
          />
          <canvas
            class="stage-canvas"
            aria-hidden="true"
            ref={(canvas) => {
              if (canvas) stage.paint(canvas);
            }}
          />
          {stage.input?.crop && <span class="stage-crop" style={cropStyle(view, size, stage.input.crop)} />}
          {stage.boxes.map((box, index) => (
            <BoxFrame studio={studio} stage={stage} box={box} index={index} key={index} />
          ))}
          {stage.guides.map((guide) => (
            <div
              class={`stage-guide stage-guide-${guide.axis}`}
              style={guideStyle(view, size, guide)}
              aria-hidden="true"
              key={`${guide.axis} ${guide.at}`}
            />
          ))}
        </>
      )}
      <Instead studio={studio} stage={stage} />
    </div>
  );
}

/** Where the part lies that is sent. What dims the rest of the picture ends at its edges, but for the line around the part. */
function cropStyle(view: View, { width, height }: Size, crop: Box): Record<string, string> {
  const line = 2;
  const rest = [crop.y1, width - crop.x2, height - crop.y2, crop.x1].map((part) => `${-part * view.scale - line}px`);
  return { ...placeStyle(view, crop), clipPath: `inset(${rest.join(' ')})` };
}

/** Across the whole picture, where the guide lies. */
function guideStyle(view: View, { width, height }: Size, { axis, at }: Guide): Record<string, string> {
  return axis === 'x'
    ? placeStyle(view, { x1: at, y1: 0, x2: at, y2: height })
    : placeStyle(view, { x1: 0, y1: at, x2: width, y2: at });
}

function holdSpace(gestures: Gestures, event: KeyboardEvent, isDown: boolean): void {
  // On a button the space bar would press it, and on the page scroll it.
  event.preventDefault();
  gestures.holdSpace(isDown);
}

/** What is said where there is no picture to show. */
function Instead({ studio, stage }: WithStage): JSX.Element | null {
  const { text: t } = studio;
  const phase = stage.source?.phase;
  const sentence =
    phase?.state === 'refused'
      ? phase.sentence
      : phase?.state === 'reading'
        ? t('sourceReading')
        : !phase
          ? t(stage.input?.url === undefined ? 'sourceMissing' : 'sourceByAddress')
          : stage.isBroken && t('stageBroken');
  if (!sentence) return null;
  return (
    <p class="stage-instead">
      <Icon name={phase?.state === 'refused' ? 'error' : 'picture'} />
      <span>{sentence}</span>
    </p>
  );
}
