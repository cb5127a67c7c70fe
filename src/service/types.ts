import type { request as httpsRequestOfNode } from 'node:https';
import type { Failure } from '../core/failure.ts';
import type { ReadyRequest } from '../core/readyRequest.ts';
import type { Catalogue } from './catalogue.ts';

/** How to reach the service. The key is asked for at each call, so that a change counts at once. */
export interface Connection {
  /** Origin and optional path prefix, https, or http on loopback; ends without a slash. */
  readonly baseUrl: string;
  readonly key: () => Promise<string | undefined>;
  readonly network: NetworkSettings;
  /**
   * Folder in which all windows of this machine count their requests to this service, so that together they keep to the
   * account's limit. Without one, this client goes by its own count.
   */
  readonly paceFolder?: string | undefined;
  /** Folder for answers that hold pictures as text; such pictures are decoded into files here while they arrive. */
  readonly spoolFolder: string;
  readonly log: (line: string) => void;
  /** Sent as User-Agent, such as "wan-image-studio/0.1.0". */
  readonly userAgent: string;
}

/** VS Code's `http.*` settings, and its own proxy resolver where it can be had. */
export interface NetworkSettings {
  /** `http.proxySupport`: "off" means no proxy at all. */
  readonly proxySupport: 'off' | 'on' | 'fallback' | 'override';
  /** `http.proxy`. */
  readonly proxy?: string;
  /** `http.noProxy`. */
  readonly noProxy?: readonly string[];
  /** `http.proxyStrictSSL`: false accepts any certificate. */
  readonly strictCertificates: boolean;
  /** VS Code's own answer for an address, undefined where it has none. */
  readonly resolveProxy?: (url: string) => Promise<string | undefined>;
  /**
   * `request` of the module that VS Code gives for `require('https')`, which can log in to proxies; asked for help only
   * when a proxy wants a login. It must be required as 'https': VS Code does not patch 'node:https'.
   */
  readonly httpsRequest?: typeof httpsRequestOfNode;
}

/**
 * One picture of an answer: an address to download it from, or a file it was decoded into while the answer arrived, with
 * the address to fall back on where the answer has both.
 */
export type ResultItem =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly file: string; readonly url?: string | undefined };

export type SubmitAnswer =
  | { readonly kind: 'job'; readonly jobId: string; readonly requestId?: string }
  | {
      readonly kind: 'finished';
      /** At least one. */
      readonly items: readonly ResultItem[];
      readonly billedImages?: number;
      readonly requestId?: string;
      /** Some services name the job as well: addresses that have expired can be asked for again by it. */
      readonly jobId?: string;
      /** The answer broke off; these are the pictures that had come in full by then. More may have been billed. */
      readonly isIncomplete?: true;
    };

export type JobStatus =
  | { readonly state: 'queued' | 'processing'; /** 0 to 1. */ readonly progress?: number }
  | {
      readonly state: 'completed';
      readonly items: readonly ResultItem[];
      readonly billedImages?: number;
      /** Its answer never came whole; these are the pictures that did. More may have been billed. */
      readonly isIncomplete?: true;
    }
  | { readonly state: 'failed'; readonly failure: Failure };

/** What waiting for a job reports on its way. */
export type WaitNews = { readonly state: 'queued' | 'processing'; readonly progress?: number; readonly late: boolean };

/** Where a request stands that waits for its turn. */
export interface QueueNews {
  /** Requests that are sent before it, as far as is known. */
  readonly ahead: number;
  /** Until when the service has asked to wait, in milliseconds since 1970. */
  readonly until?: number;
}

/** How a request is sent. */
export interface SubmitOptions {
  readonly signal?: AbortSignal;
  /** Ends the waiting for a turn, and nothing after that. */
  readonly untilTurn?: AbortSignal;
  /** Told where the request stands while it waits for its turn. */
  readonly onQueue?: (news: QueueNews) => void;
  /** Its turn has come: the request leaves when this resolves, and does not when it rejects. */
  readonly beforeSending?: () => Promise<void>;
}

/** A picture on disk whose bytes were found to be a whole picture. */
export interface Downloaded {
  readonly format: string;
  /** Pixels, read from the bytes. */
  readonly width: number;
  readonly height: number;
  readonly byteLength: number;
  /** Lowercase hexadecimal. */
  readonly sha256: string;
}

/** Reads a file from its first byte to its last, and throws where it is not one whole picture. */
export type Verify = (
  file: string,
) => Promise<{ readonly format: string; readonly width: number; readonly height: number }>;

/** Balance and validity of a key. */
export interface Account {
  /** US dollars, where the service says it. */
  readonly balance?: number;
}

/** One past request of the account, as far as the service tells of it. */
export interface UsageEvent {
  readonly id?: string;
  /** Milliseconds since 1970, by the service's clock. */
  readonly createdAt?: number;
  readonly isError: boolean;
  /** US dollars for the whole request. */
  readonly cost?: number;
  readonly model?: string;
  readonly endpoint?: string;
  /** Where its outputs are, or were; fetched by `collect` alone, without credentials. */
  readonly addresses: readonly string[];
}

/** Newest first. */
export interface UsagePage {
  readonly events: readonly UsageEvent[];
  /** Leads to the events before these; left out on the last page. */
  readonly next?: string;
}

/**
 * The one place that talks to the service. Every method throws `ServiceError` and nothing else for what a network or the
 * service can do wrong.
 */
export interface ServiceClient {
  /**
   * Sends the request exactly once. Whatever goes wrong, it is never sent again; the error says whether it may have been
   * accepted. The signal stops it at any moment: with `mayBeBilled` false before the last byte has left, true after that,
   * when the job's id is lost. So who has paid waits for the answer rather than stop it. It ends within an hour.
   */
  submit(ready: ReadyRequest, options?: SubmitOptions): Promise<SubmitAnswer>;
  /**
   * Asks once how a job is doing; passing trouble is retried a few times, then thrown. A job the service does not know is
   * thrown as 'nothing-delivered' with status 404; one that ended without pictures is returned as failed.
   */
  poll(jobId: string, options?: { readonly signal?: AbortSignal }): Promise<JobStatus>;
  /**
   * Polls until the job has completed or failed, within the account's request limit, riding out lost connections.
   * After 15 minutes since `startedAt` the job is late and is asked about less often. After a day one more answer that the
   * job is under way, or ten in a row that say nothing, end it as 'nothing-delivered'; silence does not, since a job may
   * have ended while nobody could ask. Pictures of answers that always break off are taken after ten of them, or when the
   * job is forgotten. `onNews` is called after each question, also after one that went unanswered. Throws only 'cancelled' by `signal` or `close`, 'nothing-delivered' when
   * the service does not know the job, and what the user must mend first: the key, the credit, a request it refuses.
   */
  wait(
    jobId: string,
    options: { readonly startedAt: number; readonly signal?: AbortSignal; readonly onNews?: (news: WaitNews) => void },
  ): Promise<Exclude<JobStatus, { state: 'queued' | 'processing' }>>;
  /**
   * Brings a picture to `file` (which must not exist: EEXIST), durably, without credentials, retrying passing trouble, and
   * checks that it is a whole picture; until then it is in the neighbour `<file>.part`. At most 64 MB, 100 megapixels and
   * 10 minutes, and never from this machine's own network, unless the service is there itself.
   * Throws ServiceError, always with `mayBeBilled`:
   * - 'nothing-delivered' with a status: the address does not work any more; `poll` gives a fresh one within the hour.
   * - 'nothing-delivered' without a status: what came was damaged, twice, or is too large, or its address is not acceptable.
   * - 'network', 'unavailable', 'busy': may work later with the same item.
   * Errors of the disk come as Node's own, such as ENOSPC; a 'file' item stays where it is, so that all can be repeated.
   */
  collect(item: ResultItem, file: string, options?: { readonly signal?: AbortSignal }): Promise<Downloaded>;
  /** Proves the key by asking for the account's usage. */
  account(): Promise<Account>;
  /**
   * The account's past requests of this model, a hundred at a time: the newest, or those before a page's `next`. Asked once
   * for each call; fields that are missing or strange are left out.
   */
  usage(options?: { readonly before?: string; readonly signal?: AbortSignal }): Promise<UsagePage>;
  /** Reads the service's own page of the model; undefined where the answer holds none. */
  catalogue(): Promise<Catalogue | undefined>;
  /** Closes its connections. */
  close(): Promise<void>;
}
