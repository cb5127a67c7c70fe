import type { ComponentChildren, JSX } from 'preact';
import type { HistoryQuery, HistoryView } from '../../src/core/history.ts';
import { everything } from '../../src/core/historyQuery.ts';
import type { JobView } from '../../src/core/messages.ts';
import { formatNumber } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { focusFieldSoon } from '../parts/fieldIds.ts';
import { Icon } from '../parts/icon.tsx';
import type { JobCard } from '../results/jobCard.tsx';
import type { WithStudio } from '../state.ts';
import type { Words } from '../words.ts';
import { type Gallery, searchId } from './gallery.ts';
import { Grid } from './grid.tsx';
import { reopen } from './reopen.ts';
import { roomSize } from './words.ts';

export interface WithGallery extends WithStudio {
  readonly gallery: Gallery;
}

interface Props extends WithGallery {
  readonly view: HistoryView;
}

/** Everything that was made: found, starred, deleted, opened again. */
export function GalleryView({ studio, gallery, Card }: WithGallery & { Card: typeof JobCard }): JSX.Element | null {
  const { history: view, opened } = studio.shown;
  const { text: t } = studio;
  if (!view) return null;
  gallery.take(view);
  return (
    <section class="results" aria-labelledby="results-heading" ref={gallery.mount}>
      <div class="results-inside history">
        <header class="row apart head">
          <h2 id="results-heading">{t('history')}</h2>
          <Button look="plain" onClick={() => gallery.close()}>
            {t('historyClose')}
          </Button>
        </header>
        {opened ? (
          <OpenedEntry studio={studio} gallery={gallery} job={opened}>
            <Card studio={studio} job={opened} />
          </OpenedEntry>
        ) : (
          <>
            <Filters studio={studio} gallery={gallery} view={view} />
            <Facts studio={studio} gallery={gallery} view={view} />
            <Deleted studio={studio} gallery={gallery} view={view} />
            <Chosen studio={studio} gallery={gallery} />
            {view.total > 0 ? (
              <Grid studio={studio} gallery={gallery} view={view} />
            ) : (
              <Nothing studio={studio} gallery={gallery} view={view} />
            )}
          </>
        )}
      </div>
    </section>
  );
}

function Filters({ studio, gallery }: Props): JSX.Element {
  const { text: t } = studio;
  const { query } = gallery;
  const kinds: readonly [HistoryQuery['kind'], Words][] = [
    ['all', ['historyKindAll']],
    ['single', ['historyKindSingle']],
    ['edit', ['historyKindEdit']],
    ['set', ['historyKindSet']],
  ];
  return (
    <div class="history-filters" role="search" aria-labelledby="results-heading">
      <input
        type="text"
        class="history-search"
        id={searchId}
        aria-label={t('historySearch')}
        placeholder={t('historySearchHint')}
        maxLength={200}
        value={query.text}
        onInput={(event) => gallery.find({ text: event.currentTarget.value })}
      />
      <Button aria-pressed={query.favourites} onClick={() => gallery.find({ favourites: !query.favourites })}>
        {t('historyFavourites')}
      </Button>
      <Button aria-pressed={query.unsaved} onClick={() => gallery.find({ unsaved: !query.unsaved })}>
        {t('historyUnsaved')}
      </Button>
      <select
        class="history-kind"
        aria-label={t('historyKind')}
        value={query.kind}
        onChange={(event) => gallery.find({ kind: event.currentTarget.value as HistoryQuery['kind'] })}
      >
        {kinds.map(([kind, words]) => (
          <option key={kind} value={kind}>
            {t(...words)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** How many there are, and how much room they take. */
function Facts({ studio, view }: Props): JSX.Element {
  const { text: t } = studio;
  const { storage, total, all } = view;
  const size = (bytes: number): string => roomSize(t, bytes);
  const isOver = storage !== undefined && storage.limit > 0 && storage.used > storage.limit;
  const count: Words =
    total < all
      ? ['historyCountFound', formatNumber(total), formatNumber(all)]
      : all === 1
        ? ['historyCountOne']
        : ['historyCountAll', formatNumber(all)];
  return (
    <>
      <p class="history-facts row apart small">
        <span role="status">
          {t(...count)}
          {!view.isWhole && ` ${t('historyReading')}`}
        </span>
        <span class="row">
          {storage && (
            <span class="hint numbers">
              {storage.limit > 0
                ? t('historyUses', size(storage.used), size(storage.limit))
                : t('historyUsesNoLimit', size(storage.used))}
            </span>
          )}
          <Button look="link" onClick={() => studio.send({ type: 'cleanUp' })}>
            {t('historyCleanUp')}
          </Button>
        </span>
      </p>
      {isOver && (
        <p class="iconic small" role="status">
          <Icon name="warning" /> <span>{t('historyOver')}</span>
        </p>
      )}
    </>
  );
}

/** What was deleted last can be brought back. */
function Deleted({ studio, gallery, view: { deleted } }: Props): JSX.Element {
  const { text: t } = studio;
  return (
    <div role="status">
      {deleted > 0 && (
        <p class="history-bar row apart">
          <span>{deleted === 1 ? t('historyDeletedOne') : t('historyDeletedMany', deleted)}</span>
          <Button icon="undo" onClick={() => gallery.undoDelete()}>
            {t('historyBringBack')}
          </Button>
        </p>
      )}
    </div>
  );
}

/** What can be done with those that are chosen. */
function Chosen({ studio, gallery }: WithGallery): JSX.Element | null {
  const { text: t } = studio;
  const { chosen } = gallery;
  if (chosen.length === 0) return null;
  return (
    <div class="history-bar row apart">
      <span>{t('historyChosen', chosen.length)}</span>
      <span class="row">
        <Button onClick={() => gallery.starChosen()}>{t('historyStarChosen')}</Button>
        <Button icon="trash" onClick={() => gallery.delete(chosen)}>
          {t('historyDelete')}
        </Button>
        <Button look="plain" onClick={() => gallery.chooseNone()}>
          {t('historyChooseNone')}
        </Button>
      </span>
    </div>
  );
}

function Nothing({ studio, gallery, view }: Props): JSX.Element {
  const { text: t } = studio;
  const isEmpty = view.all === 0;
  return (
    <div class="history-nothing stack" tabIndex={-1} ref={(element) => gallery.takeFocus('cell', element)}>
      <p>{t(isEmpty ? 'historyEmpty' : 'historyNothing')}</p>
      {!isEmpty && (
        <p>
          <Button onClick={() => gallery.find(everything)}>{t('historyShowAll')}</Button>
        </p>
      )}
    </div>
  );
}

/** One entry, whole, with all that can be done with its pictures. */
function OpenedEntry({
  studio,
  gallery,
  job,
  children,
}: WithGallery & { job: JobView; children: ComponentChildren }): JSX.Element {
  const { text: t } = studio;
  const openAgain = (): void => {
    reopen(studio, job.id);
    studio.say(['historyReopened']);
    focusFieldSoon('prompt');
  };
  return (
    <div class="stack">
      <div class="row">
        <Button icon="undo" onClick={() => gallery.back()}>
          {t('historyBack')}
        </Button>
        <Button icon="edit" onClick={openAgain}>
          {t('historyReopen')}
        </Button>
        <Button look="plain" icon="trash" onClick={() => gallery.delete([job.id])}>
          {t('historyDelete')}
        </Button>
      </div>
      <div tabIndex={-1} class="history-opened" ref={(element) => gallery.takeFocus('entry', element)}>
        {children}
      </div>
    </div>
  );
}
