import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Failure } from '../core/failure.ts';
import type { Downloaded, ServiceClient } from '../service/types.ts';
import { lacksPictures } from './attaching.ts';
import type { Claims } from './claims.ts';
import { makeFolderDurably } from './durable.ts';
import type { Jobs } from './engineTypes.ts';
import { failureOf } from './failures.ts';
import { type Candidate, PastRequests } from './pastRequests.ts';

/** Pictures that are fetched for one look. */
const mostPictures = 24;
/** What was fetched to be looked at this long ago is nobody's any more. */
const leftMs = 24 * 60 * 60_000;
/** How often a pick is tried while another window gives the same job a picture. */
const mostTries = 20;

/** A picture that may be one of the job's. Nobody but the user can say so. */
export interface FoundPicture extends Downloaded {
  /** Made of its address. */
  readonly id: string;
  /** Absolute path. */
  readonly file: string;
  /** Milliseconds since 1970, by the service's clock. */
  readonly madeAt?: number;
  /** Thousandths of a dollar. */
  readonly price?: number;
}

/** What a look among the account's past requests has come to. */
export type Search =
  | { readonly state: 'looking'; readonly done: number; readonly of: number }
  | { readonly state: 'failed'; readonly failure: Failure }
  | {
      readonly state: 'found';
      readonly pictures: readonly FoundPicture[];
      /** Pictures whose address does not work any more. */
      readonly expired: readonly Pick<FoundPicture, 'madeAt' | 'price'>[];
      /** Past requests that worked and name no picture. */
      readonly unaddressed: number;
      /** Pictures that are in a job already. */
      readonly claimed: number;
      /** There are further pictures, of other times. */
      readonly hasFurther: boolean;
    };

interface Parts {
  readonly jobs: Pick<Jobs, 'get' | 'attach'>;
  readonly claims: Claims;
  readonly client: () => Promise<ServiceClient>;
  /** The folder of a job in the vault. */
  readonly folderOf: (jobId: string) => string;
  readonly log: (line: string) => void;
}

interface Session {
  readonly past: PastRequests;
  /** Holds what was fetched to be looked at. */
  readonly folder: string;
  readonly leaving: AbortController;
  search: Search;
}

/**
 * Looks for a job's pictures among the past requests of the account, for when its answer was lost or the service has
 * forgotten it. What is found is shown; nothing belongs to a job before the user says so.
 */
export class Recovery {
  readonly #parts: Parts;
  readonly #sessions = new Map<string, Session>();
  readonly #listeners = new Set<(jobId: string) => void>();
  /** The last pick: one is made after the other. */
  #picking: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What is shown for a job; undefined where nobody looks, or where another window has found all. */
  search(jobId: string): Search | undefined {
    const record = this.#parts.jobs.get(jobId)?.record;
    return record && lacksPictures(record) ? this.#sessions.get(jobId)?.search : undefined;
  }

  onDidChange(listener: (jobId: string) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Looks at the time around the sending of a job that lacks pictures; resolves when there is something to show. */
  async look(jobId: string): Promise<void> {
    const record = this.#parts.jobs.get(jobId)?.record;
    if (!record || !lacksPictures(record) || this.search(jobId)?.state === 'looking') return;
    await this.end(jobId);
    const folder = join(this.#parts.folderOf(jobId), 'found');
    await tidy(folder);
    const session: Session = {
      past: new PastRequests(record.sentAt ?? record.createdAt),
      folder: join(folder, randomUUID()),
      leaving: new AbortController(),
      search: { state: 'looking', done: 0, of: 0 },
    };
    this.#sessions.set(jobId, session);
    await this.#find(jobId, session, 'around');
  }

  /** Goes on to pictures of other times. */
  async lookFurther(jobId: string): Promise<void> {
    const session = this.#sessions.get(jobId);
    if (session?.search.state === 'found') await this.#find(jobId, session, 'further');
  }

  /**
   * Gives a found picture to the job: durably claimed, then moved into the vault, and only then told. 'taken' where
   * another job was given it meanwhile; 'gone' where there is nothing to give or to be given to. Rejects with a failure.
   */
  keep(jobId: string, foundId: string): Promise<'kept' | 'taken' | 'gone'> {
    const picking = this.#picking.then(() => this.#keep(jobId, foundId));
    this.#picking = picking.catch((error: unknown) =>
      this.#parts.log(`A picture was not given to job ${jobId}: ${failureOf(error, true).detail ?? ''}`),
    );
    return picking;
  }

  /** Puts away what was found. The pictures stay with the service. */
  async end(jobId: string): Promise<void> {
    const session = this.#sessions.get(jobId);
    if (!session) return;
    this.#sessions.delete(jobId);
    session.leaving.abort();
    this.#tell(jobId);
    await rm(session.folder, { recursive: true, force: true });
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((jobId) => this.end(jobId)));
  }

  async #find(jobId: string, session: Session, where: 'around' | 'further'): Promise<void> {
    const before = session.search;
    try {
      this.#show(jobId, session, { state: 'looking', done: 0, of: 0 });
      const client = await this.#parts.client();
      const { signal } = session.leaving;
      await session.past.read((cursor) => client.usage({ ...(cursor && { before: cursor }), signal }), where);
      const shown = before.state === 'found' ? before : { pictures: [], expired: [], claimed: 0 };
      const { candidates, claimed } = await this.#unclaimed(jobId, session.past, where);
      const fetched = await this.#fetch(jobId, session, candidates, shown.pictures);
      this.#show(jobId, session, {
        state: 'found',
        pictures: [...shown.pictures, ...fetched.pictures].toSorted(byTime),
        expired: [...shown.expired, ...fetched.expired].toSorted(byTime),
        unaddressed: session.past.unaddressed,
        claimed: shown.claimed + claimed + fetched.claimed,
        hasFurther: session.past.hasFurther,
      });
    } catch (error) {
      if (session.leaving.signal.aborted) return;
      const failure = failureOf(error, false);
      // What the service says may repeat a prompt.
      const words = failure.status === undefined ? (failure.detail ?? '') : `status ${failure.status}`;
      this.#parts.log(`The pictures of job ${jobId} could not be looked for: ${failure.kind} ${words}`);
      this.#show(jobId, session, { state: 'failed', failure });
    }
  }

  /** The next candidates that no job has by their addresses: those spare a download. */
  async #unclaimed(
    jobId: string,
    past: PastRequests,
    where: 'around' | 'further',
  ): Promise<{ candidates: Candidate[]; claimed: number }> {
    const candidates: Candidate[] = [];
    let claimed = 0;
    while (candidates.length < mostPictures) {
      const next = past.next(where);
      if (!next) break;
      if (await this.#parts.claims.isAddressOfOther(jobId, next.address)) claimed++;
      else candidates.push(next);
    }
    return { candidates, claimed };
  }

  async #fetch(
    jobId: string,
    session: Session,
    candidates: readonly Candidate[],
    shown: readonly FoundPicture[],
  ): Promise<{ pictures: FoundPicture[]; expired: Candidate[]; claimed: number }> {
    const pictures: FoundPicture[] = [];
    const expired: Candidate[] = [];
    let claimed = 0;
    if (candidates.length === 0) return { pictures, expired, claimed };
    await makeFolderDurably(session.folder);
    const known = await this.#parts.claims.knownContents();
    for (const [done, candidate] of candidates.entries()) {
      this.#show(jobId, session, { state: 'looking', done, of: candidates.length });
      const picture = await this.#fetchOne(session, candidate);
      session.leaving.signal.throwIfAborted();
      if (!picture) {
        expired.push(candidate);
        continue;
      }
      const isKnown = known.has(picture.sha256) || (await this.#parts.claims.isContentOfOther(jobId, picture.sha256));
      const isTwin = [...shown, ...pictures].some(({ sha256 }) => sha256 === picture.sha256);
      if (isKnown || isTwin) {
        if (isKnown) claimed++;
        await rm(picture.file, { force: true });
      } else pictures.push(picture);
    }
    return { pictures, expired, claimed };
  }

  /** Undefined where there is no picture at the address any more. Passing trouble is thrown. */
  async #fetchOne(session: Session, candidate: Candidate): Promise<FoundPicture | undefined> {
    const client = await this.#parts.client();
    const landing = join(session.folder, `${candidate.id}.image`);
    const item = { kind: 'url', url: candidate.address } as const;
    try {
      const picture = await client.collect(item, landing, { signal: session.leaving.signal });
      const file = join(session.folder, `${candidate.id}.${picture.format === 'jpeg' ? 'jpg' : picture.format}`);
      await rename(landing, file);
      const { id, madeAt, price } = candidate;
      return { ...picture, id, file, ...(madeAt !== undefined && { madeAt }), ...(price !== undefined && { price }) };
    } catch (error) {
      if (failureOf(error, false).kind !== 'nothing-delivered') throw error;
      return undefined;
    }
  }

  async #keep(jobId: string, foundId: string): Promise<'kept' | 'taken' | 'gone'> {
    const session = this.#sessions.get(jobId);
    const found = session?.search.state === 'found' && session.search.pictures.find(({ id }) => id === foundId);
    const address = session?.past.addressOf(foundId);
    if (!session || !found || address === undefined) return 'gone';
    const { id: _id, file, madeAt: _madeAt, price: _price, ...picture } = found;
    const claim = { sha256: picture.sha256, address };
    if (!(await this.#parts.claims.take(jobId, claim))) {
      this.#without(jobId, session, foundId);
      return 'taken';
    }
    const how = await this.#attach(jobId, file, picture);
    if (how === 'over') {
      await this.#parts.claims.giveBack(jobId, claim);
      await this.end(jobId);
      return 'gone';
    }
    this.#without(jobId, session, foundId);
    const record = this.#parts.jobs.get(jobId)?.record;
    if (!record || !lacksPictures(record)) await this.end(jobId);
    return 'kept';
  }

  async #attach(jobId: string, file: string, picture: Downloaded): Promise<'kept' | 'over'> {
    for (let tries = 1; ; tries++) {
      const how = await this.#parts.jobs.attach(jobId, file, picture);
      if (how !== 'busy') return how;
      if (tries === mostTries) throw new Error('another window is giving pictures to the same job');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #without(jobId: string, session: Session, foundId: string): void {
    if (session.search.state !== 'found') return;
    const pictures = session.search.pictures.filter(({ id }) => id !== foundId);
    this.#show(jobId, session, { ...session.search, pictures });
  }

  #show(jobId: string, session: Session, search: Search): void {
    session.search = search;
    if (this.#sessions.get(jobId) === session) this.#tell(jobId);
  }

  #tell(jobId: string): void {
    for (const listener of this.#listeners) listener(jobId);
  }
}

/** Takes away what a window that was killed has left to be looked at. Another window may be looking now. */
async function tidy(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const left = join(folder, name);
    const found = await stat(left).catch(() => undefined); // The other window may have put it away.
    if (found && Date.now() - found.mtimeMs > leftMs) await rm(left, { recursive: true, force: true });
  }
}

/** Newest first, those without a time last. */
function byTime(one: { readonly madeAt?: number }, other: { readonly madeAt?: number }): number {
  return (other.madeAt ?? 0) - (one.madeAt ?? 0);
}
