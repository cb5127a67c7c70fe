import type { JSX } from 'preact';
import type { HistoryEntry, HistoryView } from '../../src/core/history.ts';
import { formatPrice } from '../../src/core/request.ts';
import { formatDay } from './words.ts';
import { Icon } from '../parts/icon.tsx';
import { cellId, type Gallery, gap } from './gallery.ts';
import type { WithGallery } from './galleryView.tsx';
import { onGridKey } from './keys.ts';
import { Star } from './marks.tsx';

interface Props extends WithGallery {
  readonly view: HistoryView;
}

/** The entries in rows, of which only those in sight are in the page. */
export function Grid({ studio, gallery, view }: Props): JSX.Element {
  const { text: t } = studio;
  const { columns, rowHeight, rowCount } = gallery;
  return (
    <>
      <p class="only-spoken" id="history-keys">
        {t('historyKeys')}
      </p>
      <div
        class="history-grid"
        role="grid"
        aria-label={t('historyGrid')}
        aria-describedby="history-keys"
        aria-multiselectable="true"
        aria-rowcount={rowCount}
        aria-colcount={columns}
        ref={gallery.attach}
        style={{ height: `${Math.max(0, rowCount * rowHeight - gap)}px` }}
      >
        {gallery.rows.map((row) => (
          <div
            class="history-row"
            role="row"
            aria-rowindex={row + 1}
            key={row}
            style={{ top: `${row * rowHeight}px`, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
          >
            {Array.from({ length: Math.min(columns, view.total - row * columns) }, (_, column) => (
              <Cell studio={studio} gallery={gallery} place={row * columns + column} column={column} key={column} />
            ))}
          </div>
        ))}
      </div>
    </>
  );
}

function Cell({
  studio,
  gallery,
  place,
  column,
}: WithGallery & { readonly place: number; readonly column: number }): JSX.Element {
  const { text: t } = studio;
  const entry = gallery.entry(place);
  const isAt = place === gallery.at;
  const isChosen = entry !== undefined && gallery.isChosen(entry.id);
  return (
    <div
      class={isChosen ? 'entry entry-chosen' : 'entry'}
      id={cellId(place)}
      role="gridcell"
      aria-colindex={column + 1}
      aria-selected={isChosen}
      aria-busy={!entry}
      tabIndex={isAt ? 0 : -1}
      ref={(element) => gallery.takeFocus('cell', isAt ? element : null)}
      onFocus={() => gallery.noteFocus(place)}
      onKeyDown={(event) => onGridKey(gallery, event, place)}
      onClick={(event) => onClick(gallery, event, place)}
    >
      <div class="entry-picture" style={{ height: `${gallery.pictureHeight}px` }}>
        <Thumbnail studio={studio} entry={entry} />
        {entry && entry.count > 1 && <span class="entry-count" data-count={entry.count} />}
        {entry && (
          // For the mouse: whoever hears the entry has the key S.
          <button
            type="button"
            class={entry.favourite ? 'entry-star entry-starred' : 'entry-star'}
            tabIndex={-1}
            aria-hidden="true"
            title={t(entry.favourite ? 'historyUnstar' : 'historyStar')}
            onClick={(event) => {
              event.stopPropagation();
              gallery.star(place);
            }}
          >
            <Star isFull={entry.favourite} />
          </button>
        )}
      </div>
      <div class="entry-title">
        {entry ? titleOf(studio, entry) : <span class="only-spoken">{t('historyLoading')}</span>}
      </div>
      <div class="entry-facts hint small">{entry && facts(studio, entry).join(' · ')}</div>
      {entry && <span class="only-spoken">{spoken(studio, entry)}</span>}
    </div>
  );
}

/** A click opens an entry; with Ctrl or Shift it chooses, as in the Explorer. */
function onClick(gallery: Gallery, event: MouseEvent, place: number): void {
  if (event.ctrlKey || event.metaKey) gallery.toggle(place);
  else if (event.shiftKey) gallery.chooseTo(place);
  else gallery.open(place);
}

function Thumbnail({
  studio,
  entry,
}: Pick<WithGallery, 'studio'> & { entry: HistoryEntry | undefined }): JSX.Element | null {
  const state = entry?.thumbnail.state;
  if (!entry || state === 'making') return <div class="entry-awaited frame-awaited" />;
  const brokenId = `thumbnail ${entry.id}`;
  if (entry.thumbnail.state !== 'ready' || studio.isBroken(brokenId))
    return <Icon name={entry.state === 'failed' ? 'error' : 'picture'} class="entry-none" />;
  return <img src={entry.thumbnail.src} alt="" draggable={false} onError={() => studio.markBroken(brokenId)} />;
}

const titleOf = ({ text: t }: WithGallery['studio'], { title }: HistoryEntry): string => title || t('historyUntitled');

/** A few words on an entry: when, what it cost, and what is out of the ordinary. */
function facts({ text: t, shown }: WithGallery['studio'], entry: HistoryEntry): string[] {
  const { createdAt, price, state, unsaved } = entry;
  return [
    formatDay(createdAt, Date.now()),
    ...(state === 'active' ? [t('historyActive')] : []),
    ...(state === 'failed' ? [t('historyFailed')] : []),
    ...(unsaved > 0 ? [t('historyIsUnsaved')] : []),
    ...(entry.askedBy === undefined ? [] : [t('askedBy', entry.askedBy)]),
    ...(price !== undefined && price > 0 && shown.service.mode === 'live' ? [formatPrice(price)] : []),
  ];
}

/** What is seen of an entry and stands in no words. */
function spoken(studio: WithGallery['studio'], entry: HistoryEntry): string {
  const { text: t } = studio;
  const { count, favourite } = entry;
  const pictures =
    count === 0 ? t('historyCountOfNone') : count === 1 ? t('historyCountOfOne') : t('historyCountOf', count);
  return [pictures, ...(favourite ? [t('historyIsFavourite')] : [])].join(', ');
}
