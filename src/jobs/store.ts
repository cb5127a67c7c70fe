import { stat as statLater } from 'node:fs';
import { constants, copyFile, open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { ResultVersion } from '../core/messages.ts';
import { emptyRequest } from '../core/request.ts';
import { makeFolderDurably, writeDurably } from './durable.ts';
import { failureOf } from './failures.ts';
import { DraftClaim } from './draftClaim.ts';
import { Ownership } from './ownership.ts';
import { askedByNobodyKnown } from './limits.ts';
import { JobRecord } from './record.ts';
import { resultMarksOf, type Saved } from './resultMarks.ts';
import { Watch } from './watch.ts';

/** What people add to a job from any window. It has a file of its own, so that the owner of the job is never overwritten. */
const Marks = z.object({
  cancelled: z._default(z.boolean(), false),
  dismissed: z._default(z.boolean(), false),
  savedAs: z._default(z.record(z.string(), z.string()), {}),
  /** By result, and then by version. */
  versionsSavedAs: z._default(z.record(z.string(), z.record(z.string(), z.string())), {}),
  shown: z._default(z.record(z.string(), ResultVersion), {}),
  change: JobRecord.shape.change,
  favourite: JobRecord.shape.favourite,
  // An order that cannot be read takes nothing else with it.
  // oxlint-disable-next-line promise/valid-params -- this is a schema's, and no promise's
  slots: z.catch(JobRecord.shape.slots, undefined),
});
type Marks = z.infer<typeof Marks>;

/** What is added at once. */
interface Mark {
  readonly cancelled?: true;
  readonly dismissed?: boolean;
  readonly saved?: Saved;
  readonly shown?: { readonly resultId: string; readonly version: ResultVersion };
  readonly change?: JobRecord['change'];
  readonly favourite?: boolean;
  readonly slots?: NonNullable<JobRecord['slots']>;
}

/**
 * Journal and vault on disk: one folder for each job, with `job.json` (the journal entry, replaced whole), `marks.json`,
 * and the bytes of its pictures. Several windows share it.
 */
export class JobStore {
  readonly #folder: string;
  readonly #log: (line: string) => void;
  /** The last mark of each job that is being written: each adds to what the one before it has left. */
  readonly #marking = new Map<string, Promise<void>>();
  readonly #watch = new Watch();
  /** Jobs of which it was said that they cannot be read now. */
  readonly #unreadable = new Set<string>();

  constructor(folder: string, log: (line: string) => void) {
    this.#folder = folder;
    this.#log = log;
  }

  folderOf(jobId: string): string {
    return join(this.#folder, jobId);
  }

  /** Makes the entry of a new job durable, owned by this window before any other can see it. */
  async create(record: JobRecord): Promise<Ownership> {
    const folder = this.folderOf(record.id);
    await makeFolderDurably(folder);
    const ownership = await this.take(record.id);
    if (!ownership) throw new Error(`the folder of the new job ${record.id} is not new`);
    try {
      await this.write(record);
      return ownership;
    } catch (error) {
      await ownership.release();
      throw error;
    }
  }

  /** Makes this window the owner of a job, if no living one is; undefined otherwise. */
  take(jobId: string): Promise<Ownership | undefined> {
    return Ownership.take(this.folderOf(jobId), this.#watch);
  }

  /** The right to make this job of a draft, or the job that another window has made of it. */
  claimDraft(
    draft: { readonly draftId: string; readonly jobId: string },
    isOver: (record: JobRecord) => boolean,
    patienceMs: number,
  ): Promise<DraftClaim | JobRecord> {
    return DraftClaim.make({
      folder: join(this.#folder, '.drafts'),
      ...draft,
      jobOf: (jobId) => this.#entryOf(jobId),
      isOver,
      patienceMs,
    });
  }

  /** An entry that is there and cannot be understood may be of a job that bought something, so that is no "none". */
  async #entryOf(jobId: string): Promise<JobRecord | undefined> {
    if (!(await this.isThere(jobId))) return undefined;
    return this.read(jobId);
  }

  /** Whether a job has an entry, readable or not. */
  isThere(jobId: string): Promise<boolean> {
    return stat(join(this.folderOf(jobId), 'job.json')).then(
      () => true,
      (error: unknown) => emptyIfMissing(error).length > 0,
    );
  }

  /** Keeps a damaged entry beside the one that is about to take its place: somebody may still read something out of it. */
  async keepDamaged(jobId: string): Promise<void> {
    const folder = this.folderOf(jobId);
    await copyFile(join(folder, 'job.json'), join(folder, 'damaged.json'), constants.COPYFILE_EXCL).catch(
      (error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      },
    );
  }

  /** Shows a job again that was taken out of the list, and lets its end be told once more. */
  async bringBackToList(jobId: string): Promise<void> {
    const marks = { ...(await this.#readMarks(jobId)), dismissed: false };
    await writeDurably(join(this.folderOf(jobId), 'marks.json'), JSON.stringify(marks));
    await rm(join(this.folderOf(jobId), 'announced'), { force: true });
    await this.ring();
  }

  /** Replaces the entry of a job, durably. For its owner only. */
  async write({ slots: _, ...record }: JobRecord): Promise<void> {
    await writeDurably(join(this.folderOf(record.id), 'job.json'), JSON.stringify(record));
    await this.ring();
  }

  /** Adds to what people have marked on a job, one mark after the other. */
  async mark(jobId: string, change: Mark): Promise<void> {
    const before = this.#marking.get(jobId);
    const marking = (before ?? Promise.resolve()).then(() => this.#addMark(jobId, change));
    const settled = marking.catch(() => undefined); // Whoever awaits the mark is told; the next one is made all the same.
    this.#marking.set(jobId, settled);
    try {
      await marking;
    } finally {
      if (this.#marking.get(jobId) === settled) this.#marking.delete(jobId);
    }
  }

  async #addMark(jobId: string, change: Mark): Promise<void> {
    const old = await this.#readMarks(jobId);
    const { saved, shown, ...flags } = change;
    const marks: Marks = {
      ...old,
      ...flags,
      ...(saved && savedIn(old, saved)),
      ...(shown && { shown: { ...old.shown, [shown.resultId]: shown.version } }),
    };
    await writeDurably(join(this.folderOf(jobId), 'marks.json'), JSON.stringify(marks));
    await this.ring();
  }

  /** Every job. An entry that the disk does not give now is logged, and the list is then not whole. */
  async readAll(): Promise<{ readonly records: JobRecord[]; readonly isWhole: boolean }> {
    return this.readThese(await this.names());
  }

  /** The names that jobs can have, as the disk lists them. */
  async names(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(emptyIfMissing);
    return names.filter((name) => /^[0-9a-z-]+$/.test(name) && name !== bellName);
  }

  /**
   * When each job's folder last changed, in milliseconds since 1970: whatever is written for a job comes there under a new
   * name first. One that the disk does not tell is left out.
   */
  stamps(names: readonly string[]): Promise<Map<string, number>> {
    const stamps = new Map<string, number>();
    let left = names.length;
    if (left === 0) return Promise.resolve(stamps);
    return new Promise((resolve) => {
      // A promise for each of ten thousand takes several times as long as they do.
      for (const name of names)
        statLater(this.folderOf(name), (error, found) => {
          if (!error) stamps.set(name, found.mtimeMs);
          if (--left === 0) resolve(stamps);
        });
    });
  }

  /** These jobs; those that are not there are left out. */
  async readThese(names: readonly string[]): Promise<{ readonly records: JobRecord[]; readonly isWhole: boolean }> {
    const records: JobRecord[] = [];
    let isWhole = true;
    for (const name of names) {
      const record = await this.read(name).catch((error: unknown) => {
        isWhole = false;
        return this.#logUnreadable(name, error);
      });
      if (record) records.push(record);
    }
    return { records, isWhole };
  }

  /** Said once: it is tried again at every look. */
  #logUnreadable(jobId: string, error: unknown): undefined {
    if (this.#unreadable.has(jobId)) return;
    this.#unreadable.add(jobId);
    this.#log(`The journal entry of job ${jobId} cannot be read now: ${failureOf(error, true).detail ?? ''}`);
  }

  async read(jobId: string): Promise<JobRecord | undefined> {
    const text = await readFile(join(this.folderOf(jobId), 'job.json'), 'utf8').catch(emptyIfMissing);
    if (typeof text !== 'string') return undefined;
    const parsed = JobRecord.safeParse(parseJson(text));
    const isReadable = parsed.success && parsed.data.id === jobId;
    if (!isReadable) this.#log(`The journal entry of job ${jobId} cannot be read; it is left as it is.`);
    return withMarks(isReadable ? parsed.data : damagedRecord(jobId), await this.#readMarks(jobId));
  }

  /** Whether the job's end was told to the user. */
  isTold(jobId: string): Promise<boolean> {
    return stat(join(this.folderOf(jobId), 'announced')).then(
      () => true,
      () => false, // It then goes on being read, which is what matters here.
    );
  }

  /** True for the first caller over all windows. */
  async claim(jobId: string, what: string): Promise<boolean> {
    try {
      await (await open(join(this.folderOf(jobId), what), 'wx')).close();
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  }

  /** A number that changes when any window has written anything. */
  async lastChange(): Promise<number> {
    return stat(join(this.#folder, bellName)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
  }

  /** Makes other windows look. */
  async ring(): Promise<void> {
    const bell = join(this.#folder, bellName);
    const now = new Date();
    // The bell only makes other windows look sooner; whatever keeps it from ringing shows in the entry itself.
    await utimes(bell, now, now).catch(() => writeFile(bell, '').catch(() => undefined));
  }

  async #readMarks(jobId: string): Promise<Marks> {
    const text = await readFile(join(this.folderOf(jobId), 'marks.json'), 'utf8').catch(emptyIfMissing);
    const parsed = Marks.safeParse(typeof text === 'string' ? parseJson(text) : {});
    return parsed.success ? parsed.data : Marks.parse({});
  }
}

/** Not a job, though a job could have this name. */
const bellName = 'bell';

/** The last moment that a Date can hold. */
const latestDate = 8_640_000_000_000_000;

/** What is told of a job whose entry is damaged: nobody knows any more what it was, nor whether it was paid. */
function damagedRecord(id: string): JobRecord {
  const time = Number.parseInt(id, 36);
  const createdAt = time <= latestDate ? time : 0;
  return {
    version: 1,
    id,
    draftId: id,
    askedBy: askedByNobodyKnown,
    intent: { kind: 'show' },
    request: emptyRequest(),
    createdAt,
    highestPrice: 0,
    highestCount: 0,
    cancelled: false,
    dismissed: false,
    status: { state: 'failed', endedAt: createdAt, failure: { kind: 'storage', mayBeBilled: true } },
    results: [],
  };
}

function withMarks(record: JobRecord, marks: Marks): JobRecord {
  return {
    ...record,
    ...(marks.favourite !== undefined && { favourite: marks.favourite }),
    cancelled: record.cancelled || marks.cancelled,
    dismissed: record.dismissed || marks.dismissed,
    ...(marks.change && { change: marks.change }),
    ...(marks.slots && { slots: marks.slots }),
    results: record.results.map((result) => {
      const { [result.id]: savedAs } = marks.savedAs;
      const { [result.id]: shown } = marks.shown;
      const { [result.id]: versionsSavedAs } = marks.versionsSavedAs;
      return { ...result, ...resultMarksOf({ savedAs, shown, versionsSavedAs }) };
    }),
  };
}

function savedIn(old: Marks, { resultId, uri, version }: Saved): Partial<Marks> {
  if (version === 'whole') return { savedAs: { ...old.savedAs, [resultId]: uri } };
  const { versionsSavedAs: versions } = old;
  return { versionsSavedAs: { ...versions, [resultId]: { ...versions[resultId], [version]: uri } } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The schema says that it cannot be read.
  }
}

function emptyIfMissing(error: unknown): [] {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
  throw error;
}
