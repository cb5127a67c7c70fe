import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Failure } from '../core/failure.ts';
import type { ResultVersion } from '../core/messages.ts';
import type { ReadyRequest } from '../core/readyRequest.ts';
import type { Downloaded, QueueNews, ServiceClient, WaitNews } from '../service/types.ts';
import { type Accounts, actualPriceOf } from './accounts.ts';
import { attachPicture, isDamaged, lacksPictures } from './attaching.ts';
import type { Claims } from './claims.ts';
import { type Batch, batchesIn, bringBackLast, emptyBin, moveToBin } from './bin.ts';
import { collectResults, type Inspect } from './collecting.ts';
import type { History, Job, Jobs, Origin } from './engineTypes.ts';
import { DraftClaim } from './draftClaim.ts';
import { failureOf, StorageError } from './failures.ts';
import type { Ownership } from './ownership.ts';
import { isTooEarly, Patience, type PatienceLimits } from './patience.ts';
import type { JobRecord, JobState, KeptResult } from './record.ts';
import { resultMarksOf, withSaved } from './resultMarks.ts';
import { Shelf } from './shelf.ts';
import { withMoved } from './slots.ts';
import { JobStore } from './store.ts';
import { type Summary, summaryOf } from './summary.ts';

/** What the engine works with; everything it touches is given to it. */
export interface JobParts {
  /** Folder of journal and vault, shared by the windows of one workspace. */
  readonly folder: string;
  /** The client of the service these jobs belong to; asked for when needed, so that new settings count. */
  readonly client: () => Promise<ServiceClient>;
  /** Says what picture a file holds; throws when it is not a whole picture. */
  readonly inspect: Inspect;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (line: string) => void;
  /** Where it is noted which pictures belong to a job; without it nobody looks for lost ones. */
  readonly claims?: Pick<Claims, 'note'>;
  /** Where jobs are paid for; left out where they cost nothing. */
  readonly accounts?: Accounts;
  readonly pace?: Partial<Pace>;
}

/** Times in milliseconds. */
interface Pace extends PatienceLimits {
  /** How often other windows' changes are looked for. */
  readonly lookMs: number;
  /** First and longest pause after trouble. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** How long another window may take from claiming a draft to its journal entry before it counts as stuck. */
  readonly claimMs: number;
  /** How long closing waits for a request that is just being sent, so that its id is not lost. */
  readonly closingMs: number;
}

const usualPace: Pace = {
  lookMs: 1_000,
  firstPauseMs: 5_000,
  longestPauseMs: 300_000,
  claimMs: 5_000,
  closingMs: 4_000,
  busyFirstMs: 5_000,
  busyLongestMs: 60_000,
  busyTotalMs: 1_800_000,
};

/** How many of the newest jobs in the list are always at hand, whole. */
const mostAtHand = 20;
/** How many jobs of which nothing is known are read at one look: a journal without its index opens all the same. */
const mostReadAtOnce = 200;
/** A job rests when nothing was written for it in this time: what is written within the same tick of the disk's clock would not be seen. */
const restMs = 60_000;
/** One whose end nobody was told of rests when nobody would be told any more, as in workLeft.ts of the host. */
const untoldRestMs = 8 * 86_400_000;

export function createJobs(parts: JobParts): Jobs {
  return new JobEngine(parts);
}

interface Entry {
  record: JobRecord;
  news: WaitNews | undefined;
  queue: QueueNews | undefined;
  /** Present while the service is too busy for the request. */
  patience: Patience | undefined;
  /** Ends the waiting for a turn, if nothing has been sent. */
  leaveQueue: (() => void) | undefined;
  trouble: Failure | undefined;
  /** Present while this window works on the job. */
  work: Promise<void> | undefined;
  ownership: Ownership | undefined;
  /** True once it was said that it could not be taken over. */
  isUnadopted: boolean;
  /** Since when the slots that were moved in this window are on the disk, by the clock of the process. */
  slotsAt: number;
  /** Since when the star that was given or taken in this window is on the disk, by the clock of the process. */
  starredAt: number;
  /** Ends a pause early. */
  wake: (() => void) | undefined;
  /** The last word on whether it is in the list, until the disk has it. */
  listing: { readonly dismissed: boolean } | undefined;
}

/** Another window works on the job now. */
class LostOwnership extends Error {}

/** Cancelled, or closed, before anything has left. */
class Unsent extends Error {
  readonly failure: Failure = { kind: 'cancelled', mayBeBilled: false };
}

class JobEngine implements Jobs {
  readonly #parts: JobParts;
  readonly #pace: Pace;
  readonly #store: JobStore;
  readonly #shelf: Shelf;
  /** What the history shows of the jobs at hand; made anew with each state. */
  readonly #summaries = new WeakMap<JobRecord, Summary>();
  #isWhole = false;
  readonly #entries = new Map<string, Entry>();
  readonly #starting = new Map<string, Promise<Job>>();
  /** Jobs that are being written for the first time. */
  readonly #creating = new Set<string>();
  readonly #listeners = new Set<(jobId: string) => void>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #lastChange = 0;
  #looking: Promise<void> | undefined;

  constructor(parts: JobParts) {
    this.#parts = parts;
    this.#pace = { ...usualPace, ...parts.pace };
    this.#store = new JobStore(parts.folder, parts.log);
    this.#shelf = new Shelf(parts.folder);
  }

  async open(): Promise<void> {
    // Without its index a journal is slower to list, and nothing else.
    await this.#shelf
      .load()
      .catch((error: unknown) => this.#parts.log(`The index could not be read: ${String(error)}`));
    await this.#look();
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look()
        .catch((error: unknown) => this.#parts.log(`Looking at the journal failed: ${String(error)}`))
        .finally(() => (this.#looking = undefined));
    }, this.#pace.lookMs);
    this.#timer.unref();
  }

  start(ready: ReadyRequest, origin: Origin): Promise<Job> {
    const known = [...this.#entries.values()].find(
      ({ record }) => record.draftId === origin.draftId && !boughtNothing(record) && !isPutAway(record),
    );
    if (known) return Promise.resolve(known);
    const starting =
      this.#starting.get(origin.draftId) ??
      this.#create(ready, origin).finally(() => this.#starting.delete(origin.draftId));
    this.#starting.set(origin.draftId, starting);
    return starting;
  }

  async #create(ready: ReadyRequest, origin: Origin): Promise<Job> {
    const createdAt = this.#parts.now();
    const id = `${createdAt.toString(36)}-${randomBytes(6).toString('hex')}`;
    const claim = await this.#claim(origin.draftId, id);
    if (!(claim instanceof DraftClaim)) return this.#jobOfOther(claim);
    const record: JobRecord = {
      version: 1,
      id,
      ...origin,
      request: ready.request,
      createdAt,
      highestPrice: ready.highestPrice,
      highestCount: ready.highestCount,
      ...(ready.expectedSize && { expectedSize: { ...ready.expectedSize } }),
      cancelled: false,
      dismissed: false,
      status: { state: 'prepared' },
      results: [],
    };
    // A window that is closed between the two leaves an amount set aside for a job that never was: it counts for its day.
    await this.#parts.accounts?.reserve(record).catch(async (error: unknown) => {
      await this.#giveUp(claim);
      throw error;
    });
    this.#creating.add(record.id);
    try {
      const { ownership, isHeld } = await this.#enter(record, claim).catch(async (error: unknown) => {
        await this.#giveUp(claim);
        const failure: Failure = { kind: 'storage', mayBeBilled: false };
        const status = { state: 'failed', endedAt: this.#parts.now(), failure } as const;
        await this.#settle({ ...record, actualPrice: 0, status });
        throw new StorageError(error, false);
      });
      const entry = newEntry(record);
      this.#entries.set(record.id, entry);
      // Without what is to be sent the job ends as one that bought nothing: another window has made a job of the draft.
      this.#employ(entry, ownership, isHeld ? ready : undefined);
      this.#tell(record.id);
      return entry;
    } finally {
      this.#creating.delete(record.id);
    }
  }

  async #claim(draftId: string, jobId: string): Promise<DraftClaim | JobRecord> {
    const isOver = (record: JobRecord) => boughtNothing(record) || isPutAway(record);
    return this.#store.claimDraft({ draftId, jobId }, isOver, this.#pace.claimMs).catch((error: unknown) => {
      throw new StorageError(error, false);
    });
  }

  /** A claim that cannot be taken back ends by itself: its job never comes. */
  async #giveUp(claim: DraftClaim): Promise<void> {
    await claim.giveUp().catch((error: unknown) => this.#parts.log(`A draft stays claimed: ${String(error)}`));
  }

  /** Makes the entry durable, and only then asks whether the draft is still ours. */
  async #enter(record: JobRecord, claim: DraftClaim): Promise<{ ownership: Ownership; isHeld: boolean }> {
    const ownership = await this.#store.create(record);
    try {
      return { ownership, isHeld: await claim.isHeld() };
    } catch (error) {
      await ownership.release();
      throw error;
    }
  }

  /** A job of another window, which may be newer than the last look. */
  #jobOfOther(record: JobRecord): Job {
    this.#takeIn(record);
    return this.#entries.get(record.id) ?? newEntry(record);
  }

  async recall(jobId: string): Promise<Job | undefined> {
    const known = this.#entries.get(jobId);
    // Whoever asks may have it from anywhere: what is no name of a job is none of ours.
    if (known || !/^[0-9a-z-]+$/.test(jobId) || this.#creating.has(jobId) || !(await this.#store.isThere(jobId)))
      return known;
    const record = await this.#store.read(jobId);
    if (record) this.#takeIn(record);
    return this.#entries.get(jobId);
  }

  history(): History {
    const summaries: Summary[] = [];
    for (const { record } of this.#entries.values()) summaries.push(this.#summaryOf(record));
    for (const summary of this.#shelf.summaries()) if (!this.#entries.has(summary.id)) summaries.push(summary);
    return { summaries, isWhole: this.#isWhole };
  }

  #summaryOf(record: JobRecord): Summary {
    const summary = this.#summaries.get(record) ?? summaryOf(record);
    this.#summaries.set(record, summary);
    return summary;
  }

  async markFavourite(jobId: string, isFavourite: boolean): Promise<void> {
    if (!(await this.recall(jobId))) return;
    const entry = this.#entries.get(jobId);
    if (!entry) return;
    entry.record = { ...entry.record, favourite: isFavourite };
    entry.starredAt = Number.POSITIVE_INFINITY;
    this.#tell(jobId);
    await this.#store.mark(jobId, { favourite: isFavourite }).finally(() => (entry.starredAt = performance.now()));
  }

  async moveToBin(jobIds: readonly string[]): Promise<string[]> {
    const idle = jobIds.filter((jobId) => !this.#entries.get(jobId)?.work);
    const moved = await moveToBin(this.#parts.folder, this.#store, idle, this.#parts.now());
    for (const jobId of moved) {
      this.#entries.delete(jobId);
      this.#shelf.drop(jobId);
      this.#tell(jobId);
    }
    return moved;
  }

  async bringBackLast(): Promise<string[]> {
    const back = await bringBackLast(this.#parts.folder, this.#store);
    for (const jobId of back) await this.recall(jobId);
    return back;
  }

  binned(): Promise<Batch[]> {
    return batchesIn(this.#parts.folder);
  }

  emptyBin(before: number): Promise<void> {
    return emptyBin(this.#parts.folder, before);
  }

  async cancel(jobId: string): Promise<void> {
    const entry = this.#entries.get(jobId);
    if (!entry || hasEnded(entry.record)) return;
    entry.record = { ...entry.record, cancelled: true };
    entry.leaveQueue?.();
    this.#tell(jobId);
    await this.#store.mark(jobId, { cancelled: true });
  }

  resume(): void {
    for (const entry of this.#entries.values()) entry.wake?.();
  }

  async dismiss(jobId: string): Promise<void> {
    const entry = this.#entries.get(jobId);
    if (entry && hasEnded(entry.record)) await this.#setListing(entry, { dismissed: true });
  }

  async putBack(jobId: string): Promise<void> {
    const entry = this.#entries.get(jobId);
    if (entry?.record.dismissed) await this.#setListing(entry, { dismissed: false });
  }

  async #setListing(entry: Entry, listing: { readonly dismissed: boolean }): Promise<void> {
    entry.record = { ...entry.record, ...listing };
    entry.listing = listing;
    this.#tell(entry.record.id);
    try {
      await this.#store.mark(entry.record.id, listing);
    } finally {
      if (entry.listing === listing) entry.listing = undefined;
    }
  }

  list(): readonly Job[] {
    return [...this.#entries.values()]
      .filter((entry) => !entry.record.dismissed)
      .sort((a, b) => b.record.createdAt - a.record.createdAt);
  }

  get(jobId: string): Job | undefined {
    return this.#entries.get(jobId);
  }

  async attach(jobId: string, file: string, picture: Downloaded): Promise<'kept' | 'busy' | 'over'> {
    const entry = this.#entries.get(jobId);
    if (!entry || !(await this.#store.isThere(jobId))) return 'over';
    const ownership = entry.work ? undefined : await this.#store.take(jobId);
    if (!ownership) return 'busy';
    try {
      const record = await this.#store.read(jobId);
      if (record) this.#takeIn(record);
      // Another window of this workspace may have given it the same picture.
      if (record?.results.some(({ sha256 }) => sha256 === picture.sha256)) return 'kept';
      if (!record || !lacksPictures(record)) return 'over';
      if (isDamaged(record)) await this.#store.keepDamaged(jobId);
      const folder = this.#store.folderOf(jobId);
      const completed = await attachPicture(record, folder, file, picture, this.#parts.now());
      await this.#settle(completed);
      await this.#store.write(completed);
      entry.record = withMarksOf(entry.record, completed);
    } catch (error) {
      throw new StorageError(error, true);
    } finally {
      await ownership.release();
    }
    this.#tell(jobId);
    return 'kept';
  }

  result(resultId: string): { readonly job: Job; readonly result: KeptResult; readonly file: string } | undefined {
    for (const job of this.#entries.values()) {
      const result = job.record.results.find((kept) => kept.id === resultId);
      if (result) return { job, result, file: join(this.#store.folderOf(job.record.id), result.file) };
    }
    return undefined;
  }

  async markSaved(resultId: string, uri: string, version: ResultVersion = 'whole'): Promise<void> {
    const entry = this.#entryOfResult(resultId);
    if (!entry) return;
    const saved = { resultId, uri, version };
    entry.record = withResult(entry.record, resultId, (kept) => withSaved(kept, saved));
    this.#tell(entry.record.id);
    await this.#store.mark(entry.record.id, { saved });
  }

  /** Written first: another window's look at the journal would bring back the former choice. */
  async markShown(resultId: string, version: ResultVersion): Promise<void> {
    const entry = this.#entryOfResult(resultId);
    if (!entry) return;
    await this.#store.mark(entry.record.id, { shown: { resultId, version } });
    entry.record = withResult(entry.record, resultId, (kept) => ({ ...kept, shown: version }));
    this.#tell(entry.record.id);
  }

  #entryOfResult(resultId: string) {
    const found = this.result(resultId);
    return found && this.#entries.get(found.job.record.id);
  }

  async markChange(jobId: string, change: NonNullable<JobRecord['change']>): Promise<void> {
    const entry = this.#entries.get(jobId);
    if (!entry) return;
    entry.record = { ...entry.record, change };
    this.#tell(jobId);
    await this.#store.mark(jobId, { change });
  }

  async moveToSlot(resultId: string, slot: number): Promise<void> {
    const found = this.result(resultId);
    const entry = found && this.#entries.get(found.job.record.id);
    const slots = entry?.record.request.imageSet ? withMoved(entry.record, resultId, slot) : undefined;
    if (!entry || !slots) return;
    entry.record = { ...entry.record, slots };
    entry.slotsAt = Number.POSITIVE_INFINITY;
    this.#tell(entry.record.id);
    await this.#store.mark(entry.record.id, { slots }).finally(() => {
      // A later move has its own mark to wait for.
      if (entry.record.slots === slots) entry.slotsAt = performance.now();
    });
  }

  claimAnnouncement(jobId: string): Promise<boolean> {
    return this.#store.claim(jobId, 'announced');
  }

  onDidChange(listener: (jobId: string) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  async dispose(): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort();
    for (const entry of this.#entries.values()) entry.leaveQueue?.();
    this.resume();
    const work = Promise.all([this.#looking, ...[...this.#entries.values()].map((entry) => entry.work)]);
    await Promise.race([work, new Promise<void>((resolve) => setTimeout(resolve, this.#pace.closingMs).unref())]);
  }

  /** Takes in what other windows have written, and goes on with jobs whose window has gone. */
  async #look(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const lastChange = await this.#store.lastChange();
    if (lastChange !== this.#lastChange || lastChange === 0) {
      if (await this.#readJournal()) this.#lastChange = lastChange;
    }
    for (const entry of this.#entries.values()) {
      if (entry.work || hasEnded(entry.record)) continue;
      await this.#adopt(entry).catch((error: unknown) => this.#logUnadopted(entry, error));
    }
  }

  /** Takes in what has changed, and those that rest as the index has them. False where there is more to read. */
  async #readJournal(): Promise<boolean> {
    const readAt = performance.now();
    const names = await this.#store.names();
    const stamps = await this.#store.stamps(names);
    const awake = names.filter((name) => !this.#shelf.isResting(name, stamps.get(name)));
    // Of those that nobody knows the newest come first, and the others at the next looks.
    const left = new Set(
      awake
        .filter((name) => !this.#entries.has(name))
        .toSorted()
        .slice(0, -mostReadAtOnce),
    );
    const toRead = awake.filter((name) => !left.has(name));
    const { records, isWhole } = await this.#store.readThese(toRead);
    for (const record of records) await this.#takeInOrShelve(record, stamps.get(record.id), readAt);
    const present = new Set(names);
    for (const name of toRead) present.delete(name);
    for (const { id } of records) present.add(id);
    await this.#letGo(present);
    await this.#bringToHand();
    await this.#shelf
      .write()
      .catch((error: unknown) => this.#parts.log(`The index could not be written: ${String(error)}`));
    this.#isWhole = left.size === 0;
    return isWhole && left.size === 0;
  }

  /** A job that rests is kept in mind by a line; whoever wants more of it reads it again. */
  async #takeInOrShelve(record: JobRecord, stamp: number | undefined, readAt: number): Promise<void> {
    const isResting = stamp !== undefined && !this.#creating.has(record.id) && (await this.#mayRest(record, stamp));
    if (isResting) this.#shelf.put(summaryOf(record), stamp);
    if (!isResting || this.#entries.has(record.id)) this.#takeIn(record, readAt);
  }

  async #mayRest(record: JobRecord, stamp: number): Promise<boolean> {
    const age = this.#parts.now() - stamp;
    if (!hasEnded(record) || isDamaged(record) || age < restMs) return false;
    return age > untoldRestMs || (await this.#store.isTold(record.id));
  }

  /** Reads those that rest and are in sight: the newest of the list, and those whose pictures can be looked for. */
  async #bringToHand(): Promise<void> {
    const listed = this.history().summaries.filter(({ dismissed }) => !dismissed);
    const newest = listed.sort((one, other) => other.createdAt - one.createdAt).slice(0, mostAtHand);
    for (const { id } of [...newest, ...listed.filter(({ lacks }) => lacks)]) {
      if (!this.#entries.has(id)) await this.recall(id).catch((error: unknown) => this.#logUnread(id, error));
    }
  }

  #logUnread(jobId: string, error: unknown): undefined {
    this.#parts.log(`Job ${jobId} could not be read: ${failureOf(error, true).detail ?? ''}`);
  }

  /** Jobs that were deleted, here or by another window. An entry that is there and cannot be read now is none of them. */
  async #letGo(present: ReadonlySet<string>): Promise<void> {
    for (const [jobId, { work }] of this.#entries) {
      if (present.has(jobId) || work || this.#creating.has(jobId) || (await this.#store.isThere(jobId))) continue;
      this.#entries.delete(jobId);
      this.#tell(jobId);
    }
    for (const jobId of this.#shelf.ids())
      if (!present.has(jobId) && !this.#entries.has(jobId)) this.#shelf.drop(jobId);
  }

  /** It is tried again at every look, and said once. The others are not to wait for it. */
  #logUnadopted(entry: Entry, error: unknown): void {
    if (entry.isUnadopted) return;
    entry.isUnadopted = true;
    this.#parts.log(
      `Job ${entry.record.id} could not be taken over: ${failureOf(error, true).detail ?? ''}. It is tried again.`,
    );
  }

  /** @param readAt when it was read at the earliest, by the clock of the process */
  #takeIn(record: JobRecord, readAt = performance.now()): void {
    // Seen on the disk by a look at the wrong moment; whoever writes it takes it in.
    if (this.#creating.has(record.id)) return;
    const entry = this.#entries.get(record.id);
    if (!entry) {
      this.#entries.set(record.id, newEntry(record));
    } else if (entry.work) {
      // This window is ahead of the disk, except for what people marked elsewhere.
      if (entry.record.cancelled === record.cancelled) return;
      entry.record = { ...entry.record, cancelled: entry.record.cancelled || record.cancelled };
      if (record.cancelled) entry.leaveQueue?.();
    } else {
      // It may have been read just before something was marked in this window. A star comes and goes: the later one counts.
      const { dismissed } = entry.listing ?? record;
      const { slots } = readAt > entry.slotsAt ? record : entry.record;
      const { favourite: _, ...unstarred } = entry.record;
      const known = readAt > entry.starredAt ? unstarred : entry.record;
      const marked = { ...withMarksOf(known, record), dismissed, ...(slots && { slots }) };
      if (JSON.stringify(entry.record) === JSON.stringify(marked)) return;
      entry.record = marked;
    }
    this.#tell(record.id);
  }

  async #adopt(entry: Entry): Promise<void> {
    const ownership = await this.#store.take(entry.record.id);
    if (!ownership) return;
    // The former owner may have come further than what was read before.
    const record = await this.#store.read(entry.record.id).catch(async (error: unknown) => {
      await ownership.release(); // Else this window would be its owner for ever and do nothing.
      throw error;
    });
    if (!record || hasEnded(record) || this.#closing.signal.aborted) {
      await ownership.release();
      if (record) this.#takeIn(record);
      return;
    }
    entry.record = record;
    this.#employ(entry, ownership, undefined);
  }

  #employ(entry: Entry, ownership: Ownership, ready: ReadyRequest | undefined): void {
    entry.ownership = ownership;
    entry.work = this.#workAsOwner(entry, ownership, ready);
  }

  async #workAsOwner(entry: Entry, ownership: Ownership, ready: ReadyRequest | undefined): Promise<void> {
    try {
      await this.#workOn(entry, ready);
    } catch (error) {
      // Nothing is lost: the entry says how far the job came, and the next look goes on from there.
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#parts.log(`Job ${entry.record.id} stopped: ${reason}`);
    }
    entry.work = undefined;
    entry.ownership = undefined;
    await ownership.release();
  }

  /** Brings a job from wherever it stands to its end, one durable step after the other. */
  async #workOn(entry: Entry, ready: ReadyRequest | undefined): Promise<void> {
    let pause = this.#pace.firstPauseMs;
    while (!hasEnded(entry.record) && !this.#closing.signal.aborted) {
      try {
        await this.#step(entry, ready);
        pause = this.#pace.firstPauseMs;
      } catch (error) {
        if (this.#closing.signal.aborted || error instanceof LostOwnership) return;
        entry.trouble = failureOf(error, true);
        // With a status these are words of the service, which may repeat the prompt.
        const detail = entry.trouble.status === undefined ? (entry.trouble.detail ?? '') : '';
        this.#parts.log(`Job ${entry.record.id} is held up: ${entry.trouble.kind} ${detail}`);
        this.#tell(entry.record.id);
        await this.#pauseFor(entry, pause);
        pause = Math.min(pause * 2, this.#pace.longestPauseMs);
      }
    }
  }

  /** One durable step. What it throws is passing trouble, after which the same step is tried again; sending never throws. */
  #step(entry: Entry, ready: ReadyRequest | undefined): Promise<void> {
    const { status } = entry.record;
    switch (status.state) {
      case 'prepared':
        return this.#send(entry, ready);
      case 'sending':
        // A window was closed between sending and the answer. Nobody can say what the service did, and asking again could buy twice.
        return this.#fail(entry, { kind: 'nothing-delivered', mayBeBilled: true });
      case 'accepted':
        return this.#wait(entry, status.serviceJobId);
      case 'collecting':
        return this.#collect(entry, status);
      case 'done':
      case 'failed':
        return Promise.resolve();
    }
  }

  async #send(entry: Entry, ready: ReadyRequest | undefined): Promise<void> {
    // Without the bytes that were checked nothing can be sent: the window was closed before the request left.
    if (!ready || entry.record.cancelled) return this.#fail(entry, { kind: 'cancelled', mayBeBilled: false });
    let client: ServiceClient;
    try {
      client = await this.#parts.client();
    } catch (error) {
      return this.#fail(entry, failureOf(error, false));
    }
    let next: JobState;
    let billedImages: number | undefined;
    let isIncomplete: true | undefined;
    const queuing = new AbortController();
    entry.leaveQueue = () => queuing.abort();
    if (entry.record.cancelled || this.#closing.signal.aborted) queuing.abort();
    let unwritten: unknown;
    try {
      const answer = await client.submit(ready, {
        untilTurn: queuing.signal,
        onQueue: (queue) => this.#tellQueue(entry, queue),
        // From here on it may be accepted: a window that is closed before has sent nothing.
        beforeSending: async () => {
          entry.leaveQueue = undefined;
          queuing.signal.throwIfAborted();
          entry.queue = undefined;
          const sending = { ...entry.record, sentAt: this.#parts.now(), status: { state: 'sending' } } as const;
          await this.#write(entry, sending)
            .then(() => this.#mayLeave(entry))
            .catch((error: unknown) => {
              unwritten = error;
              throw error;
            });
        },
      });
      if (answer.kind === 'job') {
        // Should the disk fail now, the log still has the id.
        this.#parts.log(
          `Job ${entry.record.id} was accepted as ${answer.jobId}${answer.requestId ? `, request ${answer.requestId}` : ''}`,
        );
        next = { state: 'accepted', serviceJobId: answer.jobId };
      } else {
        const { jobId, items } = answer;
        next = { state: 'collecting', items: [...items], ...(jobId !== undefined && { serviceJobId: jobId }) };
        billedImages = answer.billedImages;
        isIncomplete = answer.isIncomplete;
      }
    } catch (error) {
      if (unwritten !== undefined) return this.#fail(entry, failureOf(unwritten, false));
      return this.#unaccepted(entry, failureOf(error, true));
    } finally {
      entry.leaveQueue = undefined;
      entry.queue = undefined;
    }
    entry.patience = undefined;
    const answered = {
      ...entry.record,
      ...(billedImages !== undefined && { billedImages }),
      ...(isIncomplete && { missingMayBeBilled: isIncomplete }),
      status: next,
    };
    return this.#writeAtLast(entry, answered).catch(async (error: unknown) => {
      if (error instanceof LostOwnership) await this.#bringBack(entry, answered);
      throw error;
    });
  }

  /** Looks once more when the journal says that the request is being sent: that took a while, and now nothing has left yet. */
  async #mayLeave(entry: Entry): Promise<void> {
    if (!(await entry.ownership?.isHeld())) throw new LostOwnership();
    if (entry.record.cancelled || this.#closing.signal.aborted) throw new Unsent();
  }

  /**
   * A window that was suspended while it sent, and was taken for gone, has the answer all the same. The other window could
   * only write that nobody knows the end of the request; now somebody does, and whoever looks next goes on from there.
   */
  async #bringBack(entry: Entry, answered: JobRecord): Promise<void> {
    let ownership: Ownership | undefined;
    for (let tries = 0; tries < 10 && !ownership; tries++) {
      ownership = await this.#store.take(answered.id);
      if (!ownership) await this.#pauseFor(entry, this.#pace.lookMs);
    }
    try {
      const now = ownership && (await this.#store.read(answered.id));
      const isOpen = now?.status.state === 'failed' || now?.status.state === 'sending';
      if (!now || !isOpen || now.results.length > 0)
        return this.#parts.log(`The answer of job ${answered.id} came too late to be taken in.`);
      await this.#store.write({ ...answered, cancelled: now.cancelled });
      await this.#store.bringBackToList(answered.id);
      this.#parts.log(`Job ${answered.id} was taken for lost; its answer has come all the same.`);
    } finally {
      await ownership?.release();
    }
  }

  /** A request that was not accepted ends its job, unless it only came too early. */
  async #unaccepted(entry: Entry, failure: Failure): Promise<void> {
    // Closed before its turn has come: the next window says that nothing was sent.
    if (this.#closing.signal.aborted && entry.record.status.state === 'prepared') return;
    if (isTooEarly(failure)) entry.patience ??= new Patience(this.#pace, performance.now());
    const pause = isTooEarly(failure) ? entry.patience?.pauseAfter(failure, performance.now()) : undefined;
    if (pause === undefined) return this.#fail(entry, failure);
    const end = performance.now() + pause;
    this.#parts.log(`Job ${entry.record.id} was not accepted: too many requests. It is sent again in ${pause} ms.`);
    const { sentAt: _, ...unsent } = entry.record;
    await this.#writeAtLast(entry, { ...unsent, status: { state: 'prepared' } });
    this.#tellQueue(entry, { ahead: 0, until: this.#parts.now() + pause });
    entry.leaveQueue = () => entry.wake?.();
    // Whatever else wakes it, the service has asked to wait.
    const isWaiting = () => !entry.record.cancelled && !this.#closing.signal.aborted && performance.now() < end;
    while (isWaiting()) await this.#pauseFor(entry, end - performance.now());
    entry.leaveQueue = undefined;
    entry.queue = undefined;
  }

  #tellQueue(entry: Entry, queue: QueueNews): void {
    entry.queue = queue;
    this.#tell(entry.record.id);
  }

  async #wait(entry: Entry, serviceJobId: string): Promise<void> {
    const client = await this.#parts.client();
    const end = await client
      .wait(serviceJobId, {
        startedAt: entry.record.sentAt ?? entry.record.createdAt,
        signal: this.#closing.signal,
        onNews: (news) => {
          entry.news = news;
          entry.trouble = undefined;
          this.#tell(entry.record.id);
        },
      })
      .catch((error: unknown) => {
        const failure = failureOf(error, true);
        // The service has forgotten the job, or never had it: asking again will not bring it back.
        if (failure.kind === 'nothing-delivered') return { state: 'failed', failure } as const;
        throw error;
      });
    if (end.state === 'failed') return this.#fail(entry, end.failure);
    const { items, billedImages, isIncomplete } = end;
    return this.#writeAtLast(entry, {
      ...entry.record,
      ...(billedImages !== undefined && { billedImages }),
      ...(isIncomplete && { missingMayBeBilled: isIncomplete }),
      status: { state: 'collecting', serviceJobId, items: [...items] },
    });
  }

  async #collect(entry: Entry, status: JobState & { state: 'collecting' }): Promise<void> {
    await collectResults({
      record: entry.record,
      status,
      folder: this.#store.folderOf(entry.record.id),
      client: await this.#parts.client(),
      inspect: this.#parts.inspect,
      log: this.#parts.log,
      signal: this.#closing.signal,
      now: this.#parts.now,
      claim: async (picture) =>
        this.#parts.claims?.note(entry.record.id, picture).catch((error: unknown) => {
          throw new StorageError(error, true);
        }),
      keep: (results, items) =>
        this.#write(entry, { ...entry.record, results: [...results], status: { ...status, items: [...items] } }),
    });
    const { results, highestCount } = entry.record;
    if (results.length === 0) return this.#fail(entry, { kind: 'nothing-delivered', mayBeBilled: true });
    const missing = Math.max(0, Math.max(highestCount, status.items.length) - results.length);
    // A picture that is listed was made, and so billed, whether or not it could be had.
    const isCertain = missing === 0 || !entry.record.missingMayBeBilled;
    const delivered = Math.max(results.length, status.items.length);
    const actualPrice = actualPriceOf(entry.record, { delivered, isCertain });
    const { missingMayBeBilled: _, ...record } = entry.record;
    return this.#write(entry, {
      ...record,
      ...(missing > 0 && (!isCertain || results.length < status.items.length) && { missingMayBeBilled: true }),
      ...(actualPrice !== undefined && { actualPrice }),
      status: { state: 'done', endedAt: this.#parts.now(), missing },
    });
  }

  #fail(entry: Entry, failure: Failure): Promise<void> {
    this.#parts.log(
      `Job ${entry.record.id} ended: ${failure.kind}${failure.status ? `, status ${failure.status}` : ''}${failure.requestId ? `, request ${failure.requestId}` : ''}`,
    );
    const actualPrice = actualPriceOf(entry.record, failure);
    return this.#writeAtLast(entry, {
      ...entry.record,
      ...(actualPrice !== undefined && { actualPrice }),
      status: { state: 'failed', endedAt: this.#parts.now(), failure },
    });
  }

  /** What cannot be settled goes on counting at the highest price, which is safe. */
  async #settle(record: JobRecord): Promise<void> {
    await this.#parts.accounts?.settle(record).catch((error: unknown) => {
      const reason = failureOf(error, true).detail ?? '';
      this.#parts.log(`What job ${record.id} cost could not be written to the ledger: ${reason}`);
    });
  }

  /** Makes a new state durable and only then shows it. */
  async #write(entry: Entry, record: JobRecord): Promise<void> {
    // A process that was suspended for long may wake up to find that another window has gone on with its job.
    if (!(await entry.ownership?.isHeld())) throw new LostOwnership();
    // Settled before it has ended: a window that is closed in between leaves a job that the next one ends once more.
    if (hasEnded(record)) await this.#settle(record);
    await this.#store.write(record).catch((error: unknown) => {
      throw new StorageError(error, record.status.state !== 'prepared' && record.status.state !== 'sending');
    });
    // People may have marked the job while it was being written, or while what is written was being fetched.
    entry.record = withMarksOf(entry.record, record);
    entry.trouble = undefined;
    if (hasEnded(record)) entry.news = undefined;
    this.#tell(record.id);
  }

  /**
   * Makes a state durable that must not be lost, such as the id of a job that was just bought: while the disk does not
   * take it, it is tried again for as long as this window lives.
   */
  async #writeAtLast(entry: Entry, record: JobRecord): Promise<void> {
    for (let pause = this.#pace.firstPauseMs; ; pause = Math.min(pause * 2, this.#pace.longestPauseMs)) {
      try {
        return await this.#write(entry, { ...record, cancelled: entry.record.cancelled });
      } catch (error) {
        if (error instanceof LostOwnership) throw error;
        entry.trouble = failureOf(error, true);
        this.#parts.log(`The journal entry of job ${record.id} could not be written: ${entry.trouble.detail ?? ''}`);
        this.#tell(record.id);
        if (this.#closing.signal.aborted) throw error;
        await this.#pauseFor(entry, pause);
      }
    }
  }

  async #pauseFor(entry: Entry, milliseconds: number): Promise<void> {
    if (this.#closing.signal.aborted) return;
    await new Promise<void>((resolve) => {
      entry.wake = resolve;
      setTimeout(resolve, milliseconds).unref();
    });
    entry.wake = undefined;
  }

  #tell(jobId: string): void {
    for (const listener of this.#listeners) listener(jobId);
  }
}

/** A draft that certainly bought nothing may be run again as it is, such as after the key was set. */
function boughtNothing({ status }: JobRecord): boolean {
  return status.state === 'failed' && !status.failure.mayBeBilled;
}

/** Nobody sees it any more: whoever runs its draft again means another picture, and would wait for nothing. */
function isPutAway(record: JobRecord): boolean {
  return record.dismissed && hasEnded(record);
}

function newEntry(record: JobRecord): Entry {
  return {
    record,
    news: undefined,
    queue: undefined,
    patience: undefined,
    leaveQueue: undefined,
    trouble: undefined,
    work: undefined,
    ownership: undefined,
    isUnadopted: false,
    slotsAt: 0,
    starredAt: 0,
    wake: undefined,
    listing: undefined,
  };
}

/** A record with what people have marked on another state of the same job. */
function withMarksOf(marked: JobRecord, record: JobRecord): JobRecord {
  const known = new Map(marked.results.map((kept) => [kept.id, kept]));
  const change = record.change ?? marked.change;
  const slots = marked.slots ?? record.slots;
  const favourite = marked.favourite ?? record.favourite;
  return {
    ...record,
    ...(favourite !== undefined && { favourite }),
    ...(change && { change }),
    ...(slots && { slots }),
    cancelled: record.cancelled || marked.cancelled,
    dismissed: marked.dismissed,
    results: record.results.map((kept) => ({ ...resultMarksOf(known.get(kept.id)), ...kept })),
  };
}

function withResult(record: JobRecord, resultId: string, change: (kept: KeptResult) => KeptResult): JobRecord {
  return { ...record, results: record.results.map((kept) => (kept.id === resultId ? change(kept) : kept)) };
}

function hasEnded(record: JobRecord): boolean {
  return record.status.state === 'done' || record.status.state === 'failed';
}
