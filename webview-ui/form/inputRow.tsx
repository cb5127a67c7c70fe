import type { JSX } from 'preact';
import type { SourceView } from '../../src/core/messages.ts';
import type { InputImage } from '../../src/core/request.ts';
import { fileSize } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { fieldId } from '../parts/fieldIds.ts';
import { Icon } from '../parts/icon.tsx';
import { Problems } from '../parts/problems.tsx';
import type { Studio, WithStudio } from '../state.ts';
import { pictureAtFirst } from '../stage/shownPicture.ts';
import { addressButton, openId, shortAddress } from './inputPlaces.ts';
import { PreparationNotes } from './preparationNotes.tsx';

interface Props extends WithStudio {
  readonly input: InputImage;
  readonly index: number;
}

/** One image that is sent along: what it is, what is done to it first, and its place among the others. */
export function InputRow({ studio, input, index }: Props): JSX.Element {
  const { text: t } = studio;
  const { later } = studio;
  const stage = later?.stage;
  const { inputs, aspectRatio, useCustomSize } = studio.request;
  const source = studio.source(input.id);
  const isLast = index === inputs.length - 1;
  const move = (by: 1 | -1): void => moveInput(studio, index, by);
  const isShown = (stage ? stage.input : pictureAtFirst(studio.request, studio.sources)) === input;
  return (
    <li
      class={isShown && inputs.length > 1 ? 'input input-shown' : 'input'}
      id={fieldId(`inputs.${index}`)}
      onKeyDown={(event) => {
        const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined;
        if (!event.altKey || !by) return;
        event.preventDefault();
        event.stopPropagation();
        move(by);
      }}
    >
      <div class="input-line">
        <button
          type="button"
          class="input-open"
          id={openId(input.id)}
          aria-pressed={isShown}
          aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
          onClick={() => stage?.show(input.id)}
        >
          <Thumbnail studio={studio} source={source} />
          <span class="input-words">
            <span class="input-name">{input.name}</span>
            <span class="hint numbers">{facts(studio, input, source)}</span>
          </span>
        </button>
        <span class="input-buttons">
          {inputs.length > 1 && (
            <>
              <Button
                look="plain"
                icon="up"
                aria-label={t('inputUp', input.name)}
                disabled={index === 0}
                onClick={() => move(-1)}
              />
              <Button
                look="plain"
                icon="down"
                aria-label={t('inputDown', input.name)}
                disabled={isLast}
                onClick={() => move(1)}
              />
            </>
          )}
          <Button
            look="plain"
            icon="link"
            id={addressButton(input.id)}
            aria-label={t(input.url === undefined ? 'addressInstead' : 'addressChange', input.name)}
            aria-expanded={later?.addresses.place === input.id}
            onClick={() => studio.laterPart.toggleAddress(input.id)}
          />
          <Button
            look="plain"
            icon="close"
            aria-label={t('removeInput', input.name)}
            onClick={() => studio.change({ inputs: inputs.filter((other) => other !== input) })}
          />
        </span>
      </div>
      {later?.drawAddress(studio, input.id)}
      {isLast && aspectRatio === undefined && !useCustomSize && (
        <p class="note iconic small">
          <Icon name="fit" /> <span>{t('inputGivesShape')}</span>
        </p>
      )}
      {source && later?.drawFormer(studio, source)}
      {source?.phase.state === 'ready' && <PreparationNotes studio={studio} input={input} facts={source.phase.facts} />}
      <Problems studio={studio} field={`inputs.${index}`} deep />
    </li>
  );
}

/** Moves an image up or down the list; the keyboard stays with it. */
function moveInput(studio: Studio, index: number, by: 1 | -1): void {
  const inputs = [...studio.request.inputs];
  const [moved] = inputs.splice(index, 1);
  if (!moved || index + by < 0 || index + by > inputs.length) return;
  inputs.splice(index + by, 0, moved);
  studio.change({ inputs });
  studio.say(['inputMoved', moved.name, index + by + 1, inputs.length]);
  setTimeout(() => document.getElementById(openId(moved.id))?.focus(), 0);
}

function Thumbnail({ studio, source }: WithStudio & { source: SourceView | undefined }): JSX.Element {
  const phase = source?.phase;
  if (phase?.state !== 'ready' || studio.isBroken(source?.id ?? ''))
    return (
      <span class={phase?.state === 'reading' ? 'thumbnail frame-awaited' : 'thumbnail'}>
        <Icon name={phase?.state === 'refused' ? 'error' : 'picture'} />
      </span>
    );
  return (
    <img
      class={phase.facts.hasAlpha ? 'thumbnail checkered' : 'thumbnail'}
      src={phase.src}
      alt=""
      onError={() => studio.markBroken(source?.id ?? '')}
    />
  );
}

/** Size and kind of an image, and how many boxes are on it. */
function facts(studio: Studio, { boxes, url }: InputImage, source: SourceView | undefined): string {
  const { text: t } = studio;
  const { length } = boxes;
  const count = length === 0 ? t('inputBoxesNone') : length === 1 ? t('inputBoxesOne') : t('inputBoxesMany', length);
  if (url !== undefined) return `${shortAddress(url)} · ${count}`;
  const phase = source?.phase;
  if (phase?.state === 'refused') return t('sourceRefused');
  if (phase?.state === 'reading') return t('sourceReading');
  if (!phase) return t('sourceMissing');
  const { width, height, format, byteLength } = phase.facts;
  return `${t('resultFacts', width, height, format.toUpperCase(), fileSize(t, byteLength))} · ${count}`;
}
