import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { type AgentCall, picturesOf, requestOf, targetsOf } from '../../core/agentTools.ts';
import type { Mills, Prices } from '../../core/modelCard.ts';
import { highestPrice, type ImageRequest } from '../../core/request.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import { callerOf } from '../../jobs/limits.ts';
import type { Pixels } from '../../pixels/client.ts';
import type { Announcer } from '../announcer.ts';
import { resultIds } from '../announcer.ts';
import { sha256Of } from '../editing/keptBytes.ts';
import { readPictureFile } from '../editing/pictureFile.ts';
import { isInWorkspace, isMissingInWorkspace } from '../editing/places.ts';
import { asSourceError } from '../editing/sourceError.ts';
import type { Sources } from '../editing/sources.ts';
import type { Log } from '../log.ts';
import { type Results, shortPath } from '../results.ts';
import type { Runner, RunOrigin, RunOutcome } from '../runner.ts';
import type { Service, Services } from '../services.ts';
import { sourceSentence } from '../telling.ts';
import type { AgentNotice } from './agentNotice.ts';
import { fileNamed } from './agentPaths.ts';
import {
  cancelledError,
  failedError,
  heldUpError,
  nothingCameError,
  problemOf,
  problemsOfOutcome,
  unsavedError,
  untrustedProblem,
} from './agentTelling.ts';
import {
  type AgentAnswer,
  type AgentCheck,
  AgentError,
  type AgentFile,
  type AgentPicture,
  type AgentProblem,
  type AgentProblems,
} from './agentTypes.ts';
import { previewOf } from './preview.ts';
import { draftOf, latestOf, nextDraft, stillCounts } from './sameCall.ts';

/** Who calls, and what they were shown. */
export interface Asking {
  /** For the journal: `agent`, or `extension` with an id. Whatever it is, it counts as an agent. */
  readonly askedBy: string;
  /** The highest price that somebody has agreed to, in thousandths of a dollar; left out where nobody was asked. */
  readonly shownPrice?: Mills | undefined;
  /** The user was asked by us, about this very call. */
  readonly wasConfirmed?: boolean;
  readonly signal: AbortSignal;
}

/** A job that was asked for by an agent or an extension has ended. */
export interface FinishedJob {
  readonly jobId: string;
  readonly askedBy: string;
  readonly state: 'done' | 'failed';
  /** What it was saved as. */
  readonly files: readonly vscode.Uri[];
}

interface Parts {
  readonly services: Pick<Services, 'current' | 'mode' | 'find' | 'onDidChangeJob'>;
  readonly runner: Pick<Runner, 'run' | 'check'>;
  readonly announcer: Pick<Announcer, 'end' | 'claim'>;
  readonly results: Pick<Results, 'saveExactly'>;
  readonly sources: Pick<Sources, 'add'>;
  readonly pixels: Pick<Pixels, 'describe' | 'preview'>;
  readonly prices: () => Prices;
  readonly notice: Pick<AgentNotice, 'tell'>;
  readonly log: Log;
}

/** A call with the files that it means. */
interface Order {
  readonly call: AgentCall;
  readonly request: ImageRequest;
  readonly targets: readonly vscode.Uri[];
  /** The hashes of what is sent along, by ids. */
  readonly pictures: ReadonlyMap<string, string>;
  /** The same for calls that ask for the same. */
  readonly draft: string;
}

type Started =
  | Exclude<RunOutcome, { kind: 'started' }>
  | (Extract<RunOutcome, { kind: 'started' }> & { readonly wasBefore: boolean });
type IsStarted = Extract<Started, { kind: 'started' }>;

/** How long somebody has to mend what holds a job up before its caller is told, in milliseconds. */
const troubleMs = 20_000;
/** How long another window has to make files of what it was the first to tell of, in milliseconds. */
const otherWindowMs = 10_000;
/** How long a request that was cancelled may take to end unsent, in milliseconds. */
const unsentMs = 3_000;

/**
 * The one way in for callers that are no people: language model tools and other extensions. Each call names the files that
 * it wants, and becomes one job: the same call again (the same caller, input, and bytes of the pictures) is that job, in any
 * window and after a crash, for as long as its pictures are unsaved or stand where they were asked for. It waits for a job
 * that is running, saves what was not saved, and otherwise answers what was made; only when a file has gone is it a new job.
 */
export class AgentJobs implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #starting = new Map<string, Promise<Started>>();
  /** How many callers wait for a job: the last one to leave cancels it. */
  readonly #waiting = new Map<string, number>();
  readonly #told = new Set<string>();
  /** Jobs whose pictures this window is the one to save. */
  readonly #ours = new Set<string>();
  readonly #finished = new vscode.EventEmitter<FinishedJob>();
  readonly #subscription: vscode.Disposable;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#subscription = parts.services.onDidChangeJob(({ service, jobId }) =>
      this.#considerEnd(service.jobs.get(jobId)),
    );
  }

  /** Fires once for each job of an agent or an extension that has failed, or whose pictures have become files. */
  get onDidFinish(): vscode.Event<FinishedJob> {
    return this.#finished.event;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#finished.dispose();
  }

  /** What a call would come to as far as that is known without reading pictures: for the question whether it may be made. */
  async glance(call: AgentCall): Promise<AgentCheck> {
    const { services, prices } = this.#parts;
    const isPractice = services.mode === 'practice';
    const targets: (AgentFile & { exists: boolean })[] = [];
    const problems = vscode.workspace.isTrusted ? [] : [untrustedProblem()];
    for (const path of targetsOf(call)) {
      const file = fileNamed(path);
      if ('sentence' in file) problems.push(badPath(file.sentence, call));
      else targets.push({ ...fileOf(file), exists: await isThere(file) });
    }
    const price = highestPrice(
      requestOf(
        call,
        picturesOf(call).map((name) => ({ id: name, name })),
      ),
      prices(),
    );
    const cost = isPractice ? 0 : price;
    const canRun = problems.length === 0 && targets.every(({ exists }) => !exists);
    return { canRun, isPractice, targets, problems, ...(cost !== undefined && { highestPrice: cost }) };
  }

  /** What a call would come to, with everything that stands in its way. Sends nothing and costs nothing. */
  async check(call: AgentCall, askedBy: string): Promise<AgentCheck> {
    const seen = await this.glance(call);
    const order = await this.#order(call, askedBy);
    if ('problems' in order)
      return {
        ...seen,
        canRun: false,
        problems: [...seen.problems, ...order.problems.filter(({ code }) => code !== 'path')],
      };
    const outcome = await this.#parts.runner.check(order.request, this.#originOf(order, { askedBy }, order.draft));
    const problems =
      outcome.kind === 'ready'
        ? outcome.problems.map((problem) => problemOf(problem, call))
        : problemsOfOutcome(outcome, call).problems;
    return {
      ...seen,
      canRun: outcome.kind === 'ready' && seen.problems.length === 0,
      problems: [...seen.problems, ...problems],
    };
  }

  /** Makes what a call asks for and saves it. Throws AgentError where another input would not help. */
  async run(call: AgentCall, asking: Asking): Promise<AgentAnswer | AgentProblems> {
    if (callerOf(asking.askedBy) !== 'agent') throw new Error(`${asking.askedBy} is how a person is called.`);
    if (!vscode.workspace.isTrusted) throw new AgentError(untrustedProblem().sentence, false);
    const order = await this.#order(call, asking.askedBy);
    if ('problems' in order) return { kind: 'problems', problems: order.problems };
    if (asking.signal.aborted) throw cancelledError(false, this.#parts.services.mode);
    const joined = this.#starting.get(order.draft)?.then(asBefore);
    const starting = joined ?? this.#start(order, asking).finally(() => this.#starting.delete(order.draft));
    if (!joined) this.#starting.set(order.draft, starting);
    const started = await starting;
    if (started.kind !== 'started') {
      if (asking.signal.aborted) throw cancelledError(false, this.#parts.services.mode);
      const { isForCaller, problems } = problemsOfOutcome(started, call);
      if (isForCaller) return { kind: 'problems', problems };
      throw new AgentError(problems.map(({ sentence }) => sentence).join(' '), false);
    }
    const job = await this.#ended(started.service, started.job.record.id, asking.signal);
    return this.#answer(order, started, job);
  }

  async #order(call: AgentCall, askedBy: string): Promise<Order | AgentProblems> {
    const problems: AgentProblem[] = [];
    const targets = targetsOf(call).flatMap((path) => {
      const file = fileNamed(path);
      if (!('sentence' in file)) return [file];
      problems.push(badPath(file.sentence, call));
      return [];
    });
    const pictures: { uri: vscode.Uri; sha256: string }[] = [];
    for (const [index, path] of picturesOf(call).entries()) {
      const field = index === picturesOf(call).length - 1 ? 'image' : `references.${index}`;
      const found = await pictureNamed(path);
      if (typeof found === 'string') problems.push({ code: 'picture', field, severity: 'error', sentence: found });
      else pictures.push(found);
    }
    if (problems.length > 0) return { kind: 'problems', problems };
    const sources = pictures.map(({ uri }) => this.#parts.sources.add(uri, shortPath(uri)));
    return {
      call,
      targets,
      request: requestOf(call, sources),
      pictures: new Map(sources.map(({ id }, index) => [id, pictures[index]?.sha256 ?? ''])),
      draft: draftOf(askedBy, call, {
        targets: targets.map((target) => target.toString()),
        pictures: pictures.map(({ uri, sha256 }) => ({ uri: uri.toString(), sha256 })),
      }),
    };
  }

  #originOf(
    { request, targets, pictures }: Order,
    asking: Pick<Asking, 'askedBy' | 'shownPrice' | 'wasConfirmed'> & { readonly signal?: AbortSignal },
    draftId: string,
  ): RunOrigin {
    const { askedBy, shownPrice, wasConfirmed = false, signal } = asking;
    return {
      draftId,
      askedBy,
      intent: { kind: 'save', targets: targets.map((target) => target.toString()) },
      shownPrice: shownPrice ?? highestPrice(request, this.#parts.prices()) ?? 0,
      pictures,
      wasConfirmed,
      ...(signal && { signal }),
    };
  }

  /** Starts the job of a call, or finds the one that it has already. */
  async #start(order: Order, asking: Asking): Promise<Started> {
    const service = await this.#parts.services.current();
    let last = latestOf(service.jobs.list(), order.draft);
    // Each turn is about a job that was made later than the one before; nobody has asked for the same thing so often.
    for (let turn = 0; turn < 100; turn++) {
      if (last && (await stillCounts(last, isThereAt)))
        return { kind: 'started', service, job: last, problems: [], wasBefore: true };
      const draftId = nextDraft(order.draft, last);
      const before = Date.now();
      const outcome = await this.#parts.runner.run(order.request, this.#originOf(order, asking, draftId));
      if (outcome.kind !== 'started') return outcome;
      const wasBefore = outcome.job.record.createdAt < before;
      if (!wasBefore || (await stillCounts(outcome.job, isThereAt))) return { ...outcome, wasBefore };
      last = outcome.job;
    }
    throw new Error('The same call was made too often.');
  }

  /** Waits for the end of a job. Throws AgentError where the caller gives up, or somebody has to mend something first. */
  async #ended(service: Service, jobId: string, signal: AbortSignal): Promise<Job> {
    const { announcer, services } = this.#parts;
    let held = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const wasStopped = service.jobs.get(jobId)?.record.cancelled === true;
    const isStopped = () => !wasStopped && service.jobs.get(jobId)?.record.cancelled === true;
    const watch = () => {
      const isHeld = service.jobs.get(jobId)?.trouble !== undefined;
      if (isStopped()) held.abort();
      if (isHeld) timer ??= setTimeout(() => held.abort(), troubleMs);
      else {
        clearTimeout(timer);
        timer = undefined;
      }
    };
    const subscription = services.onDidChangeJob((change) => change.jobId === jobId && watch());
    this.#waiting.set(jobId, (this.#waiting.get(jobId) ?? 0) + 1);
    try {
      for (;;) {
        watch();
        const how = await announcer.end(service, jobId, AbortSignal.any([signal, held.signal]));
        const job = service.jobs.get(jobId);
        if (how === 'ended' && job) return job;
        // The person may have stopped it in the studio.
        if (signal.aborted || !job || isStopped()) break;
        if (job.trouble) throw heldUpError(job.trouble, service.mode);
        held = new AbortController(); // mended in the very moment that patience ended
      }
      const isLast = this.#waiting.get(jobId) === 1;
      throw cancelledError(isLast ? !(await cancelledUnsent(service, jobId)) : true, service.mode);
    } finally {
      subscription.dispose();
      clearTimeout(timer);
      const left = (this.#waiting.get(jobId) ?? 1) - 1;
      if (left > 0) this.#waiting.set(jobId, left);
      else this.#waiting.delete(jobId);
    }
  }

  async #answer(order: Order, { service, problems, wasBefore }: IsStarted, job: Job): Promise<AgentAnswer> {
    const { record } = job;
    if (record.status.state === 'failed') throw failedError(record.status.failure, service.mode);
    const { targets } = order;
    const isNews = await this.#save(service, job, targets);
    const now = service.jobs.get(record.id) ?? job;
    const wanted = new Set(targets.map((target) => target.toString()));
    const files = now.record.results.flatMap(({ savedAs }) =>
      savedAs !== undefined && wanted.has(savedAs) ? [savedAs] : [],
    );
    if (files.length === 0) throw nothingCameError();
    const pictures = await Promise.all(files.map((file) => this.#pictureOf(vscode.Uri.parse(file, true))));
    this.#considerEnd(now);
    if (isNews) void this.tell(now);
    const isPractice = service.mode === 'practice';
    const cost = isPractice ? 0 : now.record.actualPrice;
    return {
      kind: 'made',
      jobId: record.id,
      pictures,
      ...(cost !== undefined && { cost }),
      isPractice,
      wasMadeBefore: wasBefore,
      missing: Math.max(0, record.highestCount - record.results.length),
      problems: problems.map((problem) => problemOf(problem, order.call)),
    };
  }

  /** Makes files of what has come, once over all windows. True where this window did. Throws AgentError. */
  async #save(service: Service, job: Job, targets: readonly vscode.Uri[]): Promise<boolean> {
    const { announcer, results } = this.#parts;
    const { record } = job;
    const isUnsaved = () =>
      (service.jobs.get(record.id) ?? job).record.results.some(({ savedAs }) => savedAs === undefined);
    const isMine = await announcer.claim(service, record.id);
    if (isMine) this.#ours.add(record.id);
    const endedAt = record.status.state === 'done' ? record.status.endedAt : 0;
    // Whoever was told first makes the files; two that write at the same moment would stand in each other's way.
    const mayBeSavedElsewhere = !isMine && !this.#ours.has(record.id);
    while (mayBeSavedElsewhere && isUnsaved() && !record.cancelled && Date.now() < endedAt + otherWindowMs)
      await pause(100);
    const wasUnsaved = isUnsaved();
    const outcome = await results.saveExactly(
      resultIds(job),
      targets.map((target) => target.toString()),
    );
    if (outcome.kind === 'failed') {
      const isSavedAfterAll = !isUnsaved();
      if (!isSavedAfterAll) throw unsavedError(outcome.telling.text);
    }
    return isMine || (wasUnsaved && outcome.files.length > 0);
  }

  /** Tells the person what an agent had made. For jobs whose caller does not wait any more as well. */
  async tell(job: Job | undefined): Promise<void> {
    if (!job) return;
    const { record } = job;
    const files = record.results.flatMap(({ savedAs }) =>
      savedAs === undefined ? [] : [vscode.Uri.parse(savedAs, true)],
    );
    try {
      await this.#parts.notice.tell(record, files);
    } catch (error) {
      this.#parts.log.error('It could not be told what an agent has had made.', error);
    }
  }

  async #pictureOf(file: vscode.Uri): Promise<AgentPicture> {
    const bytes = await readPictureFile(file, shortPath(file));
    const { width, height, format } = await this.#parts.pixels.describe(bytes);
    const preview = await previewOf(bytes, this.#parts.pixels);
    return { ...fileOf(file), width, height, format, byteLength: bytes.byteLength, ...(preview && { preview }) };
  }

  #considerEnd(job: Job | undefined): void {
    if (!job || this.#told.has(job.record.id) || callerOf(job.record.askedBy) !== 'agent') return;
    const { status, results, cancelled, id, askedBy } = job.record;
    const files = results.flatMap(({ savedAs }) => (savedAs === undefined ? [] : [vscode.Uri.parse(savedAs, true)]));
    const isDone = status.state === 'done' && (cancelled || files.length === results.length);
    if (!isDone && status.state !== 'failed') return;
    this.#told.add(id);
    this.#finished.fire({ jobId: id, askedBy, state: isDone ? 'done' : 'failed', files });
  }
}

/** Whoever joins a call that is being made pays nothing for it. */
const asBefore = (started: Started): Started =>
  started.kind === 'started' ? { ...started, wasBefore: true } : started;

/** A file as callers are told of it. */
export function fileOf(uri: vscode.Uri): AgentFile {
  return {
    absolutePath: uri.scheme === 'file' ? uri.fsPath : uri.toString(),
    relativePath: vscode.workspace.asRelativePath(uri),
  };
}

const badPath = (sentence: string, { kind }: AgentCall): AgentProblem => ({
  code: 'path',
  field: kind === 'generateSet' ? 'folder' : 'path',
  severity: 'error',
  sentence,
});

/** A picture of the workspace with the hash of its bytes, or why it cannot be sent along. */
async function pictureNamed(path: string): Promise<{ uri: vscode.Uri; sha256: string } | string> {
  const uri = fileNamed(path);
  if ('sentence' in uri) return uri.sentence;
  const shown = shortPath(uri);
  try {
    if (!(await isInWorkspace(uri)))
      return (await isMissingInWorkspace(uri))
        ? l10n.t('{0} is not there. Look for the right path.', shown)
        : l10n.t('{0} is not a file inside the workspace. Name one that is.', shown);
    return { uri, sha256: await sha256Of(await readPictureFile(uri, shown)) };
  } catch (error) {
    return sourceSentence(asSourceError(error, shown).kind, shown);
  }
}

/** Takes back a request that has not been sent; false where it has been, or may have been. */
async function cancelledUnsent({ jobs }: Service, jobId: string): Promise<boolean> {
  await jobs.cancel(jobId);
  const end = Date.now() + unsentMs;
  for (;;) {
    const status = jobs.get(jobId)?.record.status;
    if (status?.state === 'failed') return !status.failure.mayBeBilled;
    if (status?.state !== 'prepared' || Date.now() > end) return false;
    await pause(50);
  }
}

const isThere = async (file: vscode.Uri): Promise<boolean> =>
  vscode.workspace.fs.stat(file).then(
    () => true,
    // Whatever cannot be looked at may be there.
    (error: unknown) => !(error instanceof vscode.FileSystemError && error.code === 'FileNotFound'),
  );

const isThereAt = (uri: string): Promise<boolean> => isThere(vscode.Uri.parse(uri, true));
