import type { Clock } from './clock.ts';
import type { SharedPace } from './sharedPace.ts';
import type { QueueNews } from './types.ts';

interface Waiter {
  readonly go: () => void;
  readonly onQueue: ((news: QueueNews) => void) | undefined;
  /** What it was told last, as text. */
  told: string;
  /** Its mark among the windows that share a pace, and when that was last said. */
  want: { readonly id: string; saidAt: number } | undefined;
}

/** How a request waits for its turn. */
export interface Taking {
  /** Ends the waiting at any moment. */
  readonly signal?: AbortSignal | undefined;
  /** Told where it stands, as often as that changes; not at all where it need not wait. */
  readonly onQueue?: ((news: QueueNews) => void) | undefined;
}

export interface RateLimitParts {
  readonly clock: Clock;
  /** At most so many requests pass in any `window` milliseconds, by default a minute. */
  readonly limit: number;
  /** Places of the window that patient requests leave to urgent ones. */
  readonly reserve: number;
  readonly window?: number;
  /** A wish of the service to wait longer than this is not followed by patient requests, in milliseconds. */
  readonly patientHold?: number;
  /** The places that all windows of this machine take together. */
  readonly shared?: SharedPace | undefined;
  readonly log?: (line: string) => void;
}

/** A wish of the service to wait longer than this is not followed by any request, in milliseconds. */
const longestHold = 1_800_000;

/**
 * Lets at most `limit` requests pass in any `window` milliseconds, together with the other windows of this machine where
 * a pace is shared. Urgent ones overtake patient ones, which leave `reserve` places of the window to them.
 */
export class RateLimit {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #reserve: number;
  readonly #window: number;
  readonly #patientHold: number;
  readonly #shared: SharedPace | undefined;
  readonly #log: (line: string) => void;
  readonly #passed: number[] = [];
  readonly #urgent: Waiter[] = [];
  readonly #patient: Waiter[] = [];
  #held: { readonly from: number; readonly until: number } | undefined;
  #isPumping = false;
  /** Ends a rest of the pump: somebody has come who may pass sooner. */
  #wake: (() => void) | undefined;
  /** True once it was said that the shared folder cannot be used. */
  #isAlone = false;

  constructor(parts: RateLimitParts) {
    this.#clock = parts.clock;
    this.#limit = parts.limit;
    this.#reserve = parts.reserve;
    this.#window = parts.window ?? 60_000;
    this.#patientHold = parts.patientHold ?? longestHold;
    this.#shared = parts.shared;
    this.#log = parts.log ?? (() => undefined);
  }

  /** Resolves when the request may be sent; rejects with the signal's reason when that comes first. */
  async take(urgency: 'urgent' | 'patient', { signal, onQueue }: Taking = {}): Promise<void> {
    signal?.throwIfAborted();
    const queue = urgency === 'urgent' ? this.#urgent : this.#patient;
    if (!this.#shared && queue.length === 0 && this.#waitHere(urgency) === undefined) {
      this.#passed.push(this.#clock.now());
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        queue.splice(queue.indexOf(waiter), 1);
        this.#unwant(waiter);
        this.#wake?.();
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        go: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
        onQueue,
        told: '',
        want: undefined,
      };
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(waiter);
      this.#wake?.();
      void this.#pump(); // it only wakes waiters, and each of them has its own promise
    });
  }

  /** Keeps requests back for so many milliseconds, since the service has asked for it; also those of other windows. */
  hold(milliseconds: number): void {
    const from = this.#clock.now();
    const until = from + Math.min(longestHold, milliseconds);
    if (until > (this.#held?.until ?? 0)) this.#held = { from, until };
    void this.#together((shared) => shared.hold(milliseconds)); // it says itself what goes wrong
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#urgent.length + this.#patient.length > 0) {
        const urgency = this.#urgent.length > 0 ? 'urgent' : 'patient';
        const wait = this.#waitHere(urgency) ?? (await this.#waitTogether(urgency));
        if (wait === undefined) this.#letPass();
        else await this.#rest(wait);
      }
    } finally {
      this.#isPumping = false;
    }
  }

  /** One that was waited with may have left meanwhile: its place is the next one's. */
  #letPass(): void {
    const next = this.#urgent.shift() ?? this.#patient.shift();
    if (!next) return;
    this.#passed.push(this.#clock.now());
    next.go();
    this.#unwant(next);
  }

  /** Milliseconds until this window alone has room; undefined where it has. */
  #waitHere(urgency: 'urgent' | 'patient'): number | undefined {
    const now = this.#clock.now();
    // A moment ahead of now was written before the clock was moved back.
    const isRecent = (time: number) => time > now - this.#window && time <= now;
    while (this.#passed.length > 0 && !isRecent(this.#passed[0] ?? 0)) this.#passed.shift();
    const held = this.#heldUntil(urgency, now);
    const places = urgency === 'urgent' ? this.#limit : this.#limit - this.#reserve;
    if (held === undefined && this.#passed.length < places) return undefined;
    if (urgency === 'urgent') this.#tell(0, held);
    return Math.max(
      1,
      (held ?? 0) - now,
      this.#passed.length < places ? 0 : (this.#passed[0] ?? 0) + this.#window - now,
    );
  }

  #heldUntil(urgency: 'urgent' | 'patient', now: number): number | undefined {
    if (!this.#held || this.#held.from > now) return undefined;
    const { from, until } = this.#held;
    const end = urgency === 'urgent' ? until : Math.min(until, from + this.#patientHold);
    return end > now ? end : undefined;
  }

  /** Milliseconds until it is worth asking the other windows again; undefined where a place was had. */
  async #waitTogether(urgency: 'urgent' | 'patient'): Promise<number | undefined> {
    const first = urgency === 'urgent' ? this.#urgent[0] : undefined;
    const claim = await this.#together((shared) =>
      shared.claim({
        limit: this.#limit,
        room: urgency === 'urgent' ? this.#limit : this.#limit - this.#reserve,
        want: first?.want?.id,
        longestHold: urgency === 'urgent' ? longestHold : this.#patientHold,
      }),
    );
    if (!claim) return undefined;
    if (claim.kind === 'granted') {
      if (this.#urgent.length + this.#patient.length > 0) return undefined;
      void this.#together((shared) => shared.void(claim.id)); // whoever it was for has left
      return 1;
    }
    await this.#together((shared) => this.#sayWants(shared));
    this.#tell(claim.ahead, claim.heldUntil);
    // Another window may give a place up, and what it has done is seen by looking only.
    return Math.max(this.#window / 1200, Math.min(claim.wait, this.#window / 60));
  }

  /** Lets the other windows know who waits here. */
  async #sayWants(shared: SharedPace): Promise<void> {
    const present = this.#urgent.slice(); // the queue goes on changing meanwhile
    for (const waiter of present) {
      const now = this.#clock.now();
      if (waiter.want && Math.abs(now - waiter.want.saidAt) < shared.wantAge) continue;
      const id = await shared.want(waiter.want?.id);
      // Who has left meanwhile cannot take it back.
      if (this.#urgent.includes(waiter)) waiter.want = { id, saidAt: now };
      else await shared.void(id);
    }
  }

  #unwant({ want }: Waiter): void {
    if (want) void this.#together((shared) => shared.void(want.id)); // it says itself what goes wrong
  }

  #tell(ahead: number, heldUntil: number | undefined): void {
    for (const [index, waiter] of this.#urgent.entries()) {
      const news = { ahead: ahead + index, ...(heldUntil !== undefined && { until: heldUntil }) };
      const text = JSON.stringify(news);
      if (waiter.told === text) continue;
      waiter.told = text;
      waiter.onQueue?.(news);
    }
  }

  /** Does something in the shared folder. Where the disk does not take it, this window goes by its own count; that is said once. */
  async #together<T>(work: (shared: SharedPace) => Promise<T>): Promise<T | undefined> {
    if (!this.#shared) return undefined;
    try {
      const done = await work(this.#shared);
      this.#isAlone = false;
      return done;
    } catch (error) {
      if (!this.#isAlone) this.#log(`The pace cannot be shared with other windows now: ${String(error)}`);
      this.#isAlone = true;
      return undefined;
    }
  }

  async #rest(milliseconds: number): Promise<void> {
    const waking = new AbortController();
    this.#wake = () => waking.abort();
    await this.#clock.sleep(milliseconds, waking.signal).catch(() => undefined); // woken early, the pump only looks sooner
    this.#wake = undefined;
  }
}
