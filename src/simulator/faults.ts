/** Where a fault strikes: at the generation request, at a poll of a job, at a picture's download, at the usage or the model list. */
export type FaultPlace = (typeof places)[number];
export type FaultKind = (typeof transportKinds)[number] | (typeof jobKinds)[number] | (typeof pictureKinds)[number];

/** One fault on demand. Which of the optional fields count depends on the kind; the README lists them. */
export interface Fault {
  at: FaultPlace;
  kind: FaultKind;
  /** How many requests it strikes, default 1; 0 strikes until it is cleared. */
  times?: number;
  /** How many requests pass unharmed before it begins, default 0. */
  after?: number;
  /** Milliseconds to wait before anything else happens. */
  ms?: number;
  status?: number;
  /** Seconds for a Retry-After header; without it there is none. */
  retryAfter?: number;
  code?: string;
  message?: string;
  /** At `submit`: whether the job is accepted although the answer is broken. */
  accepted?: boolean;
  /** For `empty-data`: whether the pictures that never come are billed, default true. */
  billed?: boolean;
  /** For `set-delivers`. */
  count?: number;
  /** For `wrong-size`: the size itself, or the difference to what was asked for. */
  width?: number;
  height?: number;
  offX?: number;
  offY?: number;
  /** For `mislabelled-image`. */
  as?: 'jpeg' | 'html' | 'content-type';
  /** For `slow-drip`: bytes in each piece; `ms` is the pause between two. */
  pieceBytes?: number;
}

const places = ['submit', 'poll', 'result', 'usage', 'models'] as const;

/** Faults of the connection or of one answer, at any place. */
export const transportKinds = [
  'latency',
  'slow-drip',
  'drop-inside-request',
  'drop-before-accept',
  'drop-after-accept',
  'drop-inside-answer',
  'status',
  'html-page',
  'malformed-json',
  'empty-body',
] as const;

/** Faults of a job's whole life: at `submit` they strike the job that is accepted, at `poll` the job that is polled. */
export const jobKinds = ['empty-data', 'job-failed', 'job-lost', 'never-finishes', 'set-delivers'] as const;

/** Faults of one picture's download. */
export const pictureKinds = ['truncated-image', 'mislabelled-image', 'wrong-size', 'url-expired'] as const;

/** The faults that wait for their request, in the order in which they were set. */
export class FaultQueue {
  #waiting: { fault: Fault; toSkip: number; left: number }[] = [];

  add(fault: Fault): void {
    const times = fault.times ?? 1;
    this.#waiting.push({ fault, toSkip: fault.after ?? 0, left: times === 0 ? Infinity : times });
  }

  /** The fault that strikes the request now being answered; every fault of this place counts the request. */
  take(at: FaultPlace): Fault | undefined {
    let struck: Fault | undefined;
    for (const entry of this.#waiting) {
      if (entry.fault.at !== at) continue;
      if (entry.toSkip > 0) {
        entry.toSkip -= 1;
      } else if (struck === undefined) {
        struck = entry.fault;
        entry.left -= 1;
      }
    }
    this.#waiting = this.#waiting.filter(({ left }) => left > 0);
    return struck;
  }

  clear(): void {
    this.#waiting = [];
  }

  list(): Fault[] {
    return this.#waiting.map(({ fault }) => fault);
  }
}

/** Takes faults out of JSON: one object or a list. Throws RangeError for a place, kind or field that does not exist. */
export function readFaults(value: unknown): Fault[] {
  return (Array.isArray(value) ? value : [value]).map(readFault);
}

function readFault(value: unknown): Fault {
  if (typeof value !== 'object' || value === null) throw new RangeError('a fault is a JSON object');
  const fault = value as Record<string, unknown>;
  for (const [name, given] of Object.entries(fault)) {
    const type = Object.hasOwn(fieldTypes, name) ? fieldTypes[name as keyof Fault] : undefined;
    if (type === undefined) throw new RangeError(`a fault has no field '${name}'`);
    if (typeof given !== type) throw new RangeError(`'${name}' of a fault is a ${type}`);
  }
  const { at, kind } = fault as unknown as Fault;
  if (!places.includes(at)) throw new RangeError(`'at' of a fault is one of ${places.join(', ')}`);
  if (!kindsAt(at).includes(kind))
    throw new RangeError(`'kind' of a fault at ${at} is one of ${kindsAt(at).join(', ')}`);
  return value as Fault;
}

function kindsAt(at: FaultPlace): readonly FaultKind[] {
  if (at === 'result') return [...transportKinds, ...pictureKinds];
  return at === 'submit' || at === 'poll' ? [...transportKinds, ...jobKinds] : transportKinds;
}

const fieldTypes: Readonly<Record<keyof Fault, 'string' | 'number' | 'boolean'>> = {
  at: 'string',
  kind: 'string',
  times: 'number',
  after: 'number',
  ms: 'number',
  status: 'number',
  retryAfter: 'number',
  code: 'string',
  message: 'string',
  accepted: 'boolean',
  billed: 'boolean',
  count: 'number',
  width: 'number',
  height: 'number',
  offX: 'number',
  offY: 'number',
  as: 'string',
  pieceBytes: 'number',
};
