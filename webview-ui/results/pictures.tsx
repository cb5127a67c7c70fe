import type { JSX } from 'preact';
import type { JobView } from '../../src/core/messages.ts';
import { highestCount, isEdit } from '../../src/core/request.ts';
import { expectedSize } from '../../src/core/size.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Original } from './original.tsx';
import { isActive } from './phase.ts';
import { Picture } from './picture.tsx';
import { SlotHead } from './slotHead.tsx';
import { slotName } from './slots.ts';
import type { WithStudio } from '../state.ts';

/** The pictures of a job: those that came, and frames for those that may still come or did not. */
export function Pictures({ studio, job }: WithStudio & { job: JobView }): JSX.Element | null {
  const { text: t } = studio;
  const { phase, results, request } = job;
  if (phase.state === 'failed' && results.length === 0) return null;
  const missing = phase.state === 'done' ? phase.missing : 0;
  const steps = phase.state === 'done' ? phase.actions : undefined;
  const awaited = isActive(phase)
    ? Math.max(0, (phase.state === 'collecting' ? phase.of : highestCount(request)) - results.length)
    : 0;
  const original = results.length > 0 && job.source !== undefined;
  const frames = results.length + missing + awaited + (original ? 1 : 0);
  const size = expectedSize(request, undefined) ??
    (isEdit(request) ? results[0] : undefined) ?? { width: 1, height: 1 };
  // Those of a set lie in their slots, and the slot of what did not come stays empty.
  const bySlot = results.map(({ slot }, place) => slot ?? place);
  const places = Math.max(results.length + missing + awaited, ...bySlot.map((slot) => slot + 1));
  const cells = Array.from({ length: places }, (_, place) => results[bySlot.indexOf(place)]);
  const shape = { aspectRatio: `${size.width} / ${size.height}` };
  return (
    <div class="stack">
      {phase.state === 'done' && phase.cancelled && <p class="hint">{t('cancelledDoneText')}</p>}
      {missing > 0 && (
        <p class="iconic">
          <Icon name="info" />
          <span>
            {missing === 1
              ? t(steps ? 'missingUnsureOne' : 'missingOne', results.length + 1)
              : t(steps ? 'missingUnsureMany' : 'missingMany', missing, results.length + missing)}
          </span>
        </p>
      )}
      {steps && (
        <div class="row">
          {steps.map(({ id, label }) => (
            <Button key={id} onClick={() => studio.act(id, job.id)}>
              {label}
            </Button>
          ))}
        </div>
      )}
      {studio.later?.drawChange(studio, job)}
      <div class={frames === 1 ? 'pictures pictures-single' : original ? 'pictures pictures-pair' : 'pictures'}>
        {original && <Original studio={studio} job={job} />}
        {cells.map((cell, place) =>
          cell ? (
            <Picture
              studio={studio}
              key={cell.id}
              job={job}
              result={cell}
              number={results.indexOf(cell) + 1}
              of={results.length}
            />
          ) : isActive(phase) ? (
            <div class="frame frame-awaited" style={shape} key={place} aria-hidden="true" />
          ) : (
            <Missing studio={studio} key={place} job={job} slot={place} shape={shape} />
          ),
        )}
      </div>
    </div>
  );
}

/** The place of a picture that did not come; a picture can be put there where it has a name. */
function Missing({
  studio,
  job,
  slot,
  shape,
}: WithStudio & { job: JobView; slot: number; shape: { aspectRatio: string } }): JSX.Element {
  const name = slotName(studio, job, slot);
  return (
    <div class="picture stack" data-slot={name && slot}>
      {name && <SlotHead name={name} />}
      <div class="frame frame-missing" style={shape}>
        <Icon name="picture" />
        <span>{studio.text('missingTile')}</span>
      </div>
    </div>
  );
}
