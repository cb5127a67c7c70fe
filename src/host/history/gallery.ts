import { everything } from '../../core/historyQuery.ts';
import type { HistoryEntry, HistoryQuery, HistoryView } from '../../core/history.ts';
import type { Summary } from '../../jobs/summary.ts';
import type { Service } from '../services.ts';
import { findIn, unsavedIn } from './finding.ts';
import type { StorageUse } from './storageUse.ts';
import type { Thumbnails } from './thumbnails.ts';

/** A part of what a query finds. */
interface Asked {
  readonly query: HistoryQuery;
  readonly from: number;
  readonly count: number;
}

interface Parts {
  readonly thumbnails: Pick<Thumbnails, 'want' | 'of'>;
  readonly storage: Pick<StorageUse, 'view'>;
  /** Who asked for a job, as people know them. */
  readonly callerName: (askedBy: string) => string;
  /** Called when what is shown may be another. */
  readonly changed: () => void;
}

/** What of the history is looked at. The panel says which part is in sight; only that part goes to it. */
export class Gallery {
  readonly #parts: Parts;
  #asked: Asked | undefined;
  #opened: string | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The job that is shown whole. */
  get opened(): string | undefined {
    return this.#opened;
  }

  /** Opens it with everything in it, or leaves it as it is where it is open. */
  open(): void {
    this.#opened = undefined;
    this.ask(this.#asked ?? { query: everything, from: 0, count: 60 });
  }

  ask(asked: Asked): void {
    this.#asked = asked;
    this.#parts.changed();
  }

  close(): void {
    this.#asked = undefined;
    this.show(undefined);
  }

  /** Shows one entry whole; undefined shows them all again. */
  show(jobId: string | undefined): void {
    this.#opened = jobId;
    this.#parts.changed();
  }

  /** What is in sight; undefined while nobody looks. */
  async view(service: Service, src: (file: string) => string): Promise<HistoryView | undefined> {
    if (!this.#asked) return undefined;
    const { query, count } = this.#asked;
    const { summaries, isWhole } = service.jobs.history();
    const found = findIn(summaries, query, this.#parts.callerName);
    // What was in sight may have become fewer.
    const from = Math.min(this.#asked.from, Math.max(0, found.length - 1));
    const inSight = found.slice(from, from + count);
    this.#wantThumbnails(service, inSight);
    const deleted = (await service.jobs.binned()).at(-1)?.ids.length ?? 0;
    const storage = this.#parts.storage.view(service);
    return {
      query,
      all: summaries.length,
      total: found.length,
      isWhole,
      from,
      entries: inSight.map((summary) => this.#entryOf(summary, service, src)),
      ...(storage && { storage }),
      deleted,
    };
  }

  #wantThumbnails(service: Service, inSight: readonly Summary[]): void {
    const wanted = inSight.flatMap(({ id: jobId, pictures: [first] }) =>
      first ? { id: first.id, jobId, file: first.file } : [],
    );
    this.#parts.thumbnails.want(service.folder, wanted);
  }

  #entryOf(summary: Summary, { mode }: Service, src: (file: string) => string): HistoryEntry {
    const { id, title, createdAt, kind, state, favourite, askedBy, pictures } = summary;
    const price = mode === 'practice' ? 0 : summary.actualPrice;
    return {
      id,
      title,
      createdAt,
      kind,
      state,
      ...(price !== undefined && { price }),
      count: pictures.length,
      unsaved: unsavedIn(summary),
      favourite,
      ...(askedBy !== undefined && { askedBy: this.#parts.callerName(askedBy) }),
      thumbnail: this.#thumbnailOf(summary, src),
    };
  }

  #thumbnailOf({ pictures: [first] }: Summary, src: (file: string) => string): HistoryEntry['thumbnail'] {
    if (!first) return { state: 'none' };
    const found = this.#parts.thumbnails.of(first.id);
    if (!found) return { state: 'making' };
    return found.state === 'ready' ? { state: 'ready', src: src(found.file) } : found;
  }
}
