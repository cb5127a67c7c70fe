import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Failure, FailureKind } from '../../src/core/failure.ts';
import type { ReadyRequest } from '../../src/core/readyRequest.ts';
import type {
  Downloaded,
  JobStatus,
  ResultItem,
  ServiceClient,
  SubmitAnswer,
  UsagePage,
  SubmitOptions,
  WaitNews,
} from '../../src/service/types.ts';

/** A service in memory whose every answer the test decides. It counts what was bought. */
export class FakeService implements ServiceClient {
  submitted = 0;
  collected: string[] = [];
  closed = false;
  /** Resolves when it is a request's turn. */
  turn: (options: SubmitOptions) => Promise<void> = () => Promise.resolve();
  answer: () => Promise<SubmitAnswer> = () => Promise.resolve({ kind: 'job', jobId: 'service-job' });
  end: (
    signal: AbortSignal | undefined,
    onNews: ((news: WaitNews) => void) | undefined,
  ) => Promise<Exclude<JobStatus, { state: 'queued' | 'processing' }>> = () =>
    Promise.resolve({ state: 'completed', items: [item('a')] });
  status: () => Promise<JobStatus> = () => Promise.resolve({ state: 'completed', items: [item('fresh')] });
  bring: (item: ResultItem, file: string) => Promise<Downloaded> = bringPicture;

  list: (before: string | undefined) => Promise<UsagePage> = () => Promise.resolve({ events: [] });

  async submit(_ready: ReadyRequest, options: SubmitOptions = {}): Promise<SubmitAnswer> {
    await this.turn(options);
    try {
      await options.beforeSending?.();
    } catch {
      throw failed('unexpected');
    }
    this.submitted++;
    return this.answer();
  }
  poll(): Promise<JobStatus> {
    return this.status();
  }
  wait(
    _jobId: string,
    options: { signal?: AbortSignal; onNews?: (news: WaitNews) => void },
  ): Promise<Exclude<JobStatus, { state: 'queued' | 'processing' }>> {
    return this.end(options.signal, options.onNews);
  }
  collect(one: ResultItem, file: string): Promise<Downloaded> {
    this.collected.push(one.kind === 'url' ? one.url : one.file);
    return this.bring(one, file);
  }
  account(): Promise<{ balance?: number }> {
    return Promise.resolve({});
  }
  usage({ before }: { before?: string } = {}): Promise<UsagePage> {
    return this.list(before);
  }
  catalogue(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

export const item = (name: string): ResultItem => ({ kind: 'url', url: `https://pictures.invalid/${name}` });

/** Writes bytes that stand for a picture; `inspectPicture` knows them again. */
export async function bringPicture(one: ResultItem, file: string): Promise<Downloaded> {
  const bytes = `picture ${one.kind === 'url' ? one.url : one.file}`;
  await writeFile(file, bytes, { flag: 'wx' });
  return describe(bytes);
}

export function describe(bytes: string): Downloaded {
  return {
    format: 'png',
    width: 8,
    height: 6,
    byteLength: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

export function failed(kind: FailureKind, mayBeBilled = false, more: Partial<Failure> = {}): Error {
  return Object.assign(new Error(kind), { name: 'ServiceError', failure: { kind, mayBeBilled, ...more } });
}

/** Never resolves; rejects as the client does when it is told to stop. */
export function never(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(failed('cancelled', true))));
}
