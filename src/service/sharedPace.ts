import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from './clock.ts';

/** How the shared file stands when a place was asked for. */
export type Claim =
  | {
      readonly kind: 'granted';
      /** `void` gives the place back, as long as nothing has passed. */
      readonly id: string;
    }
  | {
      readonly kind: 'full';
      /** Requests of other windows that wait longer, as far as is known. */
      readonly ahead: number;
      /** Until when the service has asked everybody to wait, in milliseconds since 1970. */
      readonly heldUntil: number | undefined;
      /** Milliseconds until it is worth asking again. */
      readonly wait: number;
    };

/** What asks for a place. */
export interface Asking {
  /** At most so many places may be taken in any window, of which this one may take the first `room`. */
  readonly limit: number;
  readonly room: number;
  /** The mark of a request that waits, as `want` gave it; without one, it is behind all that wait. */
  readonly want: string | undefined;
  /** How long a wish of the service to wait is followed, in milliseconds. */
  readonly longestHold: number;
}

interface Line {
  readonly kind: Kind;
  /** Milliseconds since 1970, by the clock of this machine. */
  readonly time: number;
  readonly id: string;
}

type Kind = keyof typeof letters;

/** `placed`: a request passes. `void`: what had this id counts no more. `want`: one waits. `hold`: the id is a number of milliseconds. */
const letters = { placed: 's', void: 'v', want: 'w', hold: 'h' } as const;
const kinds = new Map(Object.entries(letters).map(([kind, letter]) => [letter as string, kind as Kind]));

/** A disk that is too slow so often in a row is slow, and not only busy for a moment. */
const mostLate = 10;

/** A write cut short by a kill leaves a line without its end, and the next line right behind it: so lines are found by their form. */
const lineForm = /([svwh]) (\d{15}) ([0-9a-f]{16})\n/g;

/**
 * The places that the windows of this machine have taken together, as lines in files of one folder, without a lock: a
 * window appends its line and only then reads how many stand before it. Of any that pass within the window, the one whose
 * line is last has seen all the others; so they are never more than the limit, and a killed window leaves at most a place
 * unused. There is a file for each stretch of ten windows; one that nobody can need any more is taken away.
 *
 * Errors of the disk come as Node's own.
 */
export class SharedPace {
  readonly #folder: string;
  readonly #clock: Clock;
  /** Between the line and the passing of its request some time goes by: so much, in milliseconds, is allowed for. */
  readonly #slack: number;
  /** Milliseconds in which places are counted: the service's window and what is allowed for. */
  readonly #window: number;
  readonly #stretch: number;
  #tidied: number | undefined;
  #lateInARow = 0;

  constructor(folder: string, clock: Clock, window: number) {
    this.#folder = folder;
    this.#clock = clock;
    this.#slack = Math.min(1000, window / 20);
    this.#window = window + 2 * this.#slack;
    this.#stretch = 10 * window;
  }

  /** Takes a place where there is one. */
  async claim(asking: Asking): Promise<Claim> {
    const before = this.#full(await this.#read(), this.#clock.now(), asking, asking.room);
    if (before) return before;
    const line: Line = { kind: 'placed', time: this.#clock.now(), id: newId() };
    await this.#append(line);
    const lines = await this.#read();
    const own = lines.findIndex(({ id, kind }) => id === line.id && kind === 'placed');
    if (own < 0) throw new Error('What was written into the shared folder is not there.');
    // Lines in another stretch's file have no order with this one: all of them count.
    const file = this.#fileOf(line.time);
    const others = lines.filter((other, index) => index < own || other.file !== file || other.kind !== 'placed');
    const full = this.#full(others, line.time, asking, asking.limit);
    const isTimely = Math.abs(this.#clock.now() - line.time) <= this.#slack;
    this.#lateInARow = isTimely ? 0 : this.#lateInARow + 1;
    if (!full && isTimely) return { kind: 'granted', id: line.id };
    await this.#append({ ...line, kind: 'void' });
    if (this.#lateInARow >= mostLate) throw new Error('The shared folder answers too slowly.');
    return full ?? { kind: 'full', ahead: 0, heldUntil: undefined, wait: 1 };
  }

  /** Says that a request waits, so that others know how many do and let it go first; `void` ends it, and so does a killed window's silence. */
  async want(id = newId()): Promise<string> {
    await this.#append({ kind: 'want', time: this.#clock.now(), id });
    return id;
  }

  /** Ends what has this id. */
  async void(id: string): Promise<void> {
    await this.#append({ kind: 'void', time: this.#clock.now(), id });
  }

  /** Keeps all windows from sending for so many milliseconds. */
  async hold(milliseconds: number): Promise<void> {
    const id = Math.max(0, Math.round(milliseconds)).toString().padStart(16, '0').slice(-16);
    await this.#append({ kind: 'hold', time: this.#clock.now(), id });
  }

  /** A want that is older than this is said anew, or it is taken for that of a killed window after three times as long. */
  get wantAge(): number {
    return this.#window / 6;
  }

  /** Why there is no place at `now`; undefined where there is one. */
  #full(lines: readonly Line[], now: number, asking: Asking, room: number): Claim | undefined {
    const heldUntil = this.#heldUntil(lines, now, asking.longestHold);
    const ahead = this.#wantsBefore(lines, now, asking.want);
    const used = this.#used(lines, now);
    if (heldUntil === undefined && used.length + ahead < room) return undefined;
    const next = used[Math.min(used.length - 1, used.length + ahead - room)];
    const open = used.length + ahead < room || next === undefined ? now : next + this.#window;
    return { kind: 'full', ahead, heldUntil, wait: Math.max(1, open - now, (heldUntil ?? 0) - now) };
  }

  /** The times of the places that count at `now`, the oldest first. Those of a clock that was ahead count no more. */
  #used(lines: readonly Line[], now: number): number[] {
    const voided = new Set(lines.flatMap(({ kind, id }) => (kind === 'void' ? id : [])));
    return lines
      .filter(({ kind, id, time }) => kind === 'placed' && this.#isRecent(time, now) && !voided.has(id))
      .map(({ time }) => time)
      .toSorted((a, b) => a - b);
  }

  #isRecent(time: number, now: number, age = this.#window): boolean {
    return time > now - age && time <= now + this.#slack;
  }

  #wantsBefore(lines: readonly Line[], now: number, own: string | undefined): number {
    const wants = new Map<string, number>();
    for (const { kind, id, time } of lines) {
      if (kind === 'want') wants.set(id, time);
      if (kind === 'void') wants.delete(id);
    }
    let before = 0;
    for (const [id, time] of wants) {
      if (id === own) break;
      if (this.#isRecent(time, now, 3 * this.wantAge)) before++;
    }
    return before;
  }

  #heldUntil(lines: readonly Line[], now: number, longest: number): number | undefined {
    const ends = lines.flatMap(({ kind, time, id }) =>
      kind === 'hold' && time <= now + this.#slack ? time + Math.min(longest, Number(id)) : [],
    );
    const end = Math.max(0, ...ends);
    return end > now ? end : undefined;
  }

  #fileOf(time: number): number {
    return Math.floor(time / this.#stretch);
  }

  async #append({ kind, time, id }: Line): Promise<void> {
    const stretch = this.#fileOf(time);
    const line = `${letters[kind]} ${String(time).padStart(15, '0')} ${id}\n`;
    await mkdir(this.#folder, { recursive: true });
    if (this.#tidied !== stretch) await this.#tidy(stretch);
    this.#tidied = stretch;
    await appendFile(path.join(this.#folder, String(stretch)), line);
  }

  /** The lines of the present stretch and its neighbours, the oldest first. A hold is known for as long as its stretch is read: ten minutes at least. */
  async #read(): Promise<(Line & { readonly file: number })[]> {
    const present = this.#fileOf(this.#clock.now());
    const lines: (Line & { readonly file: number })[] = [];
    for (const file of [present - 1, present, present + 1]) {
      const text = await readFile(path.join(this.#folder, String(file)), 'latin1').catch(emptyIfMissing);
      for (const [, letter = '', time, id = ''] of text.matchAll(lineForm)) {
        const kind = kinds.get(letter);
        if (kind) lines.push({ file, kind, time: Number(time), id });
      }
    }
    return lines;
  }

  /** Takes away the files of stretches that lie behind, or ahead where the clock was moved back. */
  async #tidy(present: number): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      if (!/^\d+$/.test(name) || Math.abs(Number(name) - present) <= 2) continue;
      await rm(path.join(this.#folder, name), { force: true });
    }
  }
}

const newId = (): string => randomBytes(8).toString('hex');

function emptyIfMissing(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
  throw error;
}
