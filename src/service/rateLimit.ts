import type { Clock } from './clock.ts';

interface Waiter {
  readonly go: () => void;
}

/**
 * Lets at most `limit` requests pass in any `window` milliseconds. Urgent ones overtake patient ones, which leave
 * `reserve` places of the window to them.
 */
export class RateLimit {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #reserve: number;
  readonly #window: number;
  readonly #passed: number[] = [];
  readonly #urgent: Waiter[] = [];
  readonly #patient: Waiter[] = [];
  #isPumping = false;

  constructor(clock: Clock, limit: number, reserve: number, window = 60_000) {
    this.#clock = clock;
    this.#limit = limit;
    this.#reserve = reserve;
    this.#window = window;
  }

  /** Resolves when the request may be sent; rejects with the signal's reason when that comes first. */
  async take(urgency: 'urgent' | 'patient', signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const queue = urgency === 'urgent' ? this.#urgent : this.#patient;
    if (queue.length === 0 && this.#hasRoom(urgency)) {
      this.#passed.push(this.#clock.now());
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        queue.splice(queue.indexOf(waiter), 1);
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        go: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(waiter);
      void this.#pump(); // it only wakes waiters, and each of them has its own promise
    });
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#urgent.length + this.#patient.length > 0) {
        const next = this.#next();
        if (next) {
          this.#passed.push(this.#clock.now());
          next.go();
        } else {
          await this.#clock.sleep(Math.max(1, (this.#passed[0] ?? 0) + this.#window - this.#clock.now()));
        }
      }
    } finally {
      this.#isPumping = false;
    }
  }

  #next(): Waiter | undefined {
    if (this.#urgent.length > 0) return this.#hasRoom('urgent') ? this.#urgent.shift() : undefined;
    return this.#hasRoom('patient') ? this.#patient.shift() : undefined;
  }

  #hasRoom(urgency: 'urgent' | 'patient'): boolean {
    const now = this.#clock.now();
    // A clock that was set back would keep their places taken until it has caught up.
    for (const [index, time] of this.#passed.entries()) if (time > now) this.#passed[index] = now;
    const oldest = now - this.#window;
    while (this.#passed.length > 0 && (this.#passed[0] ?? 0) <= oldest) this.#passed.shift();
    return this.#passed.length < (urgency === 'urgent' ? this.#limit : this.#limit - this.#reserve);
  }
}
