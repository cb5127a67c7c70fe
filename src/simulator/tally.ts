import { createHash } from 'node:crypto';

/** One request as it arrived, without the key and without picture data. */
export interface LoggedRequest {
  /** Milliseconds since 1970. */
  at: number;
  requestId: string;
  method: string;
  path: string;
  /** Which header carried a key. */
  keyIn: 'authorization' | 'x-api-key' | 'none';
  /** 0 while unanswered and for connections that were dropped. */
  status: number;
  /** The parsed body; inline pictures appear as their length and hash. */
  body?: unknown;
  /** The rule that refused the body. */
  rule?: string;
  /** The job that was accepted. */
  jobId?: string;
  /** The seed it was drawn with. */
  seed?: number;
}

/** What has happened since the start or the last reset. */
export interface Counts {
  /** Generation bodies that arrived whole, and those that were cut off. */
  bodiesReceived: number;
  bodiesAborted: number;
  /** Jobs, and pictures that were or will have to be paid. */
  accepted: number;
  imagesBilled: number;
  polls: number;
  downloads: number;
  /** Downloads that carried a key or a cookie: must stay 0. */
  downloadsWithCredentials: number;
  byStatus: Record<string, number>;
  /** The latest 50 generation requests, oldest first. */
  lastRequests: LoggedRequest[];
}

/** Counts what arrives. */
export class Tally {
  bodiesReceived = 0;
  bodiesAborted = 0;
  accepted = 0;
  polls = 0;
  downloads = 0;
  downloadsWithCredentials = 0;
  /** Pictures billed by jobs that are no longer kept. */
  billedBefore = 0;
  readonly #byStatus = new Map<number, number>();
  readonly #requests: LoggedRequest[] = [];

  log(request: LoggedRequest): void {
    this.#requests.push(request);
    if (this.#requests.length > 500) this.#requests.shift();
  }

  answered(request: LoggedRequest, status: number): void {
    request.status = status;
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
  }

  /** The latest 500 requests, oldest first. */
  requests(): LoggedRequest[] {
    return this.#requests.map((request) => ({ ...request }));
  }

  counts(imagesBilled: number): Counts {
    const { bodiesReceived, bodiesAborted, accepted, polls, downloads, downloadsWithCredentials } = this;
    const lastRequests = this.requests()
      .filter(({ path }) => path === '/v1/images/generations')
      .slice(-50);
    const byStatus = Object.fromEntries([...this.#byStatus].map(([status, count]) => [String(status), count]));
    const billed = imagesBilled + this.billedBefore;
    return {
      bodiesReceived,
      bodiesAborted,
      accepted,
      imagesBilled: billed,
      polls,
      downloads,
      downloadsWithCredentials,
      byStatus,
      lastRequests,
    };
  }
}

/** The body with each inline picture shortened to `{mediaType, bytes, sha256}`. */
export function withoutPictures(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('image' in body) || !Array.isArray(body.image)) return body;
  return { ...body, image: body.image.map(shortened) };
}

function shortened(entry: unknown): unknown {
  if (typeof entry !== 'string' || !entry.startsWith('data:')) return entry;
  const comma = entry.indexOf(',');
  const bytes = Buffer.from(entry.slice(comma + 1), 'base64');
  return {
    mediaType: entry.slice('data:'.length, comma).replace(';base64', ''),
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}
