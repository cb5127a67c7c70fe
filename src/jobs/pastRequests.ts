import { modelCard } from '../core/modelCard.ts';
import type { UsageEvent, UsagePage } from '../service/types.ts';
import { addressKey } from './claims.ts';

const minute = 60_000;
/** The service's clock may be behind ours, so what it dates a little before the sending may be meant. */
const beforeMs = 15 * minute;
/** Pages that are read for one look; a page holds a hundred requests. */
const mostPages = 10;
/** Further looks read on until there are this many pictures to choose from. */
const enough = 24;

/** A picture of a past request, by its address. */
export interface Candidate {
  /** Made of the address without its query. */
  readonly id: string;
  readonly address: string;
  /** Milliseconds since 1970, by the service's clock. */
  readonly madeAt?: number;
  /** Thousandths of a dollar. */
  readonly price?: number;
}

/** The past requests of the account as far as they were read, and their pictures, each handed out once. */
export class PastRequests {
  readonly #sentAt: number;
  readonly #events = new Set<string>();
  readonly #cursors = new Set<string>();
  readonly #addresses = new Map<string, string>();
  #waiting: Candidate[] = [];
  #cursor: string | undefined;
  #isRead = false;
  /** Requests that worked and name no picture. */
  unaddressed = 0;

  /** @param sentAt when the request was sent, in milliseconds since 1970 */
  constructor(sentAt: number) {
    this.#sentAt = sentAt;
  }

  /** True while there are pictures that were not handed out, or pages that were not read. */
  get hasFurther(): boolean {
    return this.#waiting.length > 0 || !this.#isRead;
  }

  addressOf(id: string): string | undefined {
    return this.#addresses.get(id);
  }

  /** Reads back to the time of sending, or on from there until there is enough to choose from. */
  async read(page: (cursor: string | undefined) => Promise<UsagePage>, where: 'around' | 'further'): Promise<void> {
    for (let pages = 0; pages < mostPages && !this.#isRead; pages++) {
      if (where === 'further' && this.#waiting.length >= enough) return;
      const { events, next } = await page(this.#cursor);
      for (const event of events) this.#take(event);
      // A cursor that comes again would lead in a circle.
      this.#isRead = next === undefined || events.length === 0 || this.#cursors.has(next);
      if (next !== undefined) this.#cursors.add(next);
      this.#cursor = next;
      if (where === 'around' && events.some((event) => this.#isBefore(event))) return;
    }
  }

  /** The next picture, by how near to the sending it was made; of the time around it alone, or of any. */
  next(where: 'around' | 'further'): Candidate | undefined {
    const fitting = this.#waiting.filter((candidate) => where === 'further' || !this.#isBefore(candidate));
    const [nearest] = fitting.toSorted((one, other) => this.#distance(one) - this.#distance(other));
    this.#waiting = this.#waiting.filter((candidate) => candidate !== nearest);
    return nearest;
  }

  #take(event: UsageEvent): void {
    if (event.id !== undefined && this.#events.has(event.id)) return;
    if (event.id !== undefined) this.#events.add(event.id);
    const isOurs = event.model === undefined || event.model === modelCard.model;
    const isPicture = event.endpoint === undefined || /image/i.test(event.endpoint);
    if (event.isError || !isOurs || !isPicture) return;
    if (event.addresses.length === 0 && !this.#isBefore(event)) this.unaddressed++;
    const price = event.cost === undefined ? undefined : Math.round((event.cost * 1000) / event.addresses.length);
    for (const address of event.addresses) {
      const id = addressKey(address);
      if (this.#addresses.has(id)) continue;
      this.#addresses.set(id, address);
      const { createdAt } = event;
      const known = { ...(createdAt !== undefined && { madeAt: createdAt }), ...(price !== undefined && { price }) };
      this.#waiting.push({ id, address, ...known });
    }
  }

  #isBefore(made: { readonly createdAt?: number; readonly madeAt?: number }): boolean {
    const at = made.createdAt ?? made.madeAt;
    return at !== undefined && at < this.#sentAt - beforeMs;
  }

  #distance({ madeAt }: Candidate): number {
    return madeAt === undefined ? Number.MAX_SAFE_INTEGER : Math.abs(madeAt - this.#sentAt);
  }
}
