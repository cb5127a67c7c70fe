import * as vscode from 'vscode';
import { type AgentCall, keepsOutside, picturesOf, requestOf } from '../../core/agentTools.ts';
import type { Mills, Prices } from '../../core/modelCard.ts';
import { highestPrice } from '../../core/request.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import { callerOf, otherCaller } from '../../jobs/limits.ts';
import type { Pixels } from '../../pixels/client.ts';
import { PixelError } from '../../pixels/pixelError.ts';
import type { Announcer } from '../announcer.ts';
import { readPictureFile } from '../editing/pictureFile.ts';
import type { InsidePictures } from '../editing/insidePictures.ts';
import { SourceError } from '../editing/sourceError.ts';
import type { Sources } from '../editing/sources.ts';
import type { Log } from '../log.ts';
import { type Results, shortPath } from '../results.ts';
import type { Runner, RunOrigin, RunOutcome } from '../runner.ts';
import type { Service, Services } from '../services.ts';
import type { AgentNotice } from './agentNotice.ts';
import {
  cancelledError,
  failedError,
  nothingCameError,
  problemOf,
  problemsOfOutcome,
  untrustedProblem,
} from './agentTelling.ts';
import { type AgentAnswer, type AgentCheck, AgentError, type AgentPicture, type AgentProblems } from './agentTypes.ts';
import { fileOf, filesOf, isThere, type Order, orderOf } from './order.ts';
import { outsideOf } from './outside.ts';
import { previewOf } from './preview.ts';
import { agreedFile, agreedFiles, latestOf, nextDraft, stillCounts } from './sameCall.ts';
import { SavingOnce } from './savingOnce.ts';
import { Waiting } from './waiting.ts';

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
  readonly inside: Pick<InsidePictures, 'outsideOf'>;
  readonly pixels: Pick<Pixels, 'describe' | 'preview'>;
  readonly prices: () => Prices;
  readonly notice: Pick<AgentNotice, 'tell'>;
  readonly log: Log;
}

type Started =
  | Exclude<RunOutcome, { kind: 'started' }>
  | (Extract<RunOutcome, { kind: 'started' }> & { readonly wasBefore: boolean });
type IsStarted = Extract<Started, { kind: 'started' }>;

/** How long after its end a job is news, in milliseconds. */
const newsMs = 60 * 60 * 1000;

/**
 * The one way in for callers that are no people: language model tools and other extensions. Each call names the files that
 * it wants, and becomes one job: the same call again (the same caller, input, and bytes of the pictures) is that job, in any
 * window and after a crash, for as long as its pictures are unsaved or stand where they were asked for. It waits for a job
 * that is running, saves what was not saved, and otherwise answers what was made; only when a file has gone is it a new job.
 */
export class AgentJobs implements vscode.Disposable {
  readonly #parts: Parts;
  /** Calls whose job is being started, by their draft. */
  readonly #starting = new Map<string, { readonly started: Promise<Started>; readonly signal: AbortSignal }>();
  readonly #waiting: Waiting;
  readonly #saving: SavingOnce;
  readonly #told = new Set<string>();
  readonly #finished = new vscode.EventEmitter<FinishedJob>();
  readonly #subscription: vscode.Disposable;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#waiting = new Waiting(parts);
    this.#saving = new SavingOnce(parts);
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
    const files = filesOf(call);
    const targets = await Promise.all(
      files.targets.map(async (file) => ({ ...fileOf(file), exists: await isThere(file) })),
    );
    const problems = vscode.workspace.isTrusted ? files.problems : [untrustedProblem(), ...files.problems];
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
    const order = await orderOf(call, askedBy, this.#parts.sources, this.#parts.pixels);
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
      problems: [...seen.problems, ...order.notes, ...problems],
    };
  }

  /** Makes what a call asks for and saves it. Throws AgentError where another input would not help. */
  async run(call: AgentCall, asking: Asking): Promise<AgentAnswer | AgentProblems> {
    if (callerOf(asking.askedBy) !== 'agent') throw new Error(`${asking.askedBy} is how a person is called.`);
    if (!vscode.workspace.isTrusted) throw new AgentError(untrustedProblem().sentence, false);
    const order = await orderOf(call, asking.askedBy, this.#parts.sources, this.#parts.pixels);
    if ('problems' in order) return { kind: 'problems', problems: order.problems };
    const started = await this.#startOnce(order, asking);
    if (started.kind !== 'started') {
      if (asking.signal.aborted) throw cancelledError(false, this.#parts.services.mode);
      const { isForCaller, problems } = problemsOfOutcome(started, call);
      if (isForCaller) return { kind: 'problems', problems };
      throw new AgentError(problems.map(({ sentence }) => sentence).join(' '), false);
    }
    const job = await this.#waiting.end(started.service, started.job.record.id, asking.signal);
    return this.#answer(order, started, job);
  }

  #originOf(
    { call, request, targets, pictures }: Order,
    asking: Pick<Asking, 'askedBy' | 'shownPrice' | 'wasConfirmed'> & { readonly signal?: AbortSignal },
    draftId: string,
  ): RunOrigin {
    const { askedBy, shownPrice, wasConfirmed = false, signal } = asking;
    return {
      draftId,
      askedBy,
      intent: {
        kind: 'save',
        targets: targets.map((target) => target.toString()),
        ...(keepsOutside(call) && { keepOutside: true }),
      },
      shownPrice: shownPrice ?? highestPrice(request, this.#parts.prices()) ?? 0,
      pictures,
      wasConfirmed,
      ...(signal && { signal }),
    };
  }

  /** As `start`; a call that is being made is joined, unless its caller gives it up. */
  async #startOnce(order: Order, asking: Asking): Promise<Started> {
    for (;;) {
      if (asking.signal.aborted) throw cancelledError(false, this.#parts.services.mode);
      const other = this.#starting.get(order.draft);
      if (!other) break;
      const started = await other.started;
      if (started.kind === 'started') return { ...started, wasBefore: true }; // whoever joins pays nothing
      if (!other.signal.aborted) return started;
    }
    const started = this.#start(order, asking).finally(() => this.#starting.delete(order.draft));
    this.#starting.set(order.draft, { started, signal: asking.signal });
    return started;
  }

  /** Starts the job of a call, or finds the one that it has already. */
  async #start(order: Order, asking: Asking): Promise<Started> {
    const service = await this.#parts.services.current();
    let last = latestOf(service.jobs.list(), order.draft);
    // Each turn is about a job that was made later than the one before; nobody has asked for the same thing so often.
    for (let turn = 0; turn < 100; turn++) {
      if (last && (await stillCounts(last, this.#isPictureAt)))
        return { kind: 'started', service, job: last, problems: [], wasBefore: true };
      const draftId = nextDraft(order.draft, last);
      const before = Date.now();
      const outcome = await this.#parts.runner.run(order.request, this.#originOf(order, asking, draftId));
      if (outcome.kind !== 'started') return outcome;
      const wasBefore = outcome.job.record.createdAt < before;
      if (!wasBefore || (await stillCounts(outcome.job, this.#isPictureAt))) return { ...outcome, wasBefore };
      last = outcome.job;
    }
    throw new Error('The same call was made too often.');
  }

  async #answer(order: Order, { service, problems, wasBefore }: IsStarted, job: Job): Promise<AgentAnswer> {
    const { record } = job;
    if (record.status.state === 'failed') throw failedError(record.status.failure, service.mode);
    const { targets } = order;
    const written = await this.#saving.save(service, job, targets);
    const now = service.jobs.get(record.id) ?? job;
    const saved = now.record.results.flatMap((result) => {
      const file = agreedFile(now.record, result);
      return file === undefined ? [] : [{ result, file }];
    });
    if (saved.length === 0) throw nothingCameError();
    const pictures = await Promise.all(
      saved.map(async ({ result, file }) => {
        const picture = await this.#pictureOf(asUri(file));
        const found = service.jobs.result(result.id);
        const where = { file, format: picture.format };
        const outside = found && (await outsideOf(order.call, { service, ...found }, where, this.#parts.inside));
        return { ...picture, ...(outside && { outside }) };
      }),
    );
    this.#considerEnd(now);
    void this.tell(service, record.id, written);
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

  /**
   * Tells the person what an agent had made. For jobs whose caller does not wait any more as well.
   * @param written the files that were written just now: an earlier one may be somebody's own by now
   */
  async tell(service: Service, jobId: string, written: readonly vscode.Uri[]): Promise<void> {
    const job = service.jobs.get(jobId);
    if (!job || written.length === 0) return;
    try {
      await this.#parts.notice.tell(job.record, written, service.mode === 'practice');
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

  /** Whether a file that was made still stands. What is no picture by now is somebody else's. */
  readonly #isPictureAt = async (uri: string): Promise<boolean> => {
    const file = asUri(uri);
    if (!(await isThere(file))) return false;
    try {
      await this.#parts.pixels.describe(await readPictureFile(file, shortPath(file)));
      return true;
    } catch (error) {
      if (error instanceof PixelError || error instanceof SourceError) return false;
      throw error;
    }
  };

  #considerEnd(job: Job | undefined): void {
    if (!job || this.#told.has(job.record.id) || otherCaller(job.record.askedBy) === undefined) return;
    const { status, results, cancelled, id, askedBy } = job.record;
    const files = agreedFiles(job.record).map(asUri);
    const isDone = status.state === 'done' && (cancelled || files.length === results.length);
    if (!isDone && status.state !== 'failed') return;
    // An old job changes when it is marked or taken out of the list, which is no news of its end.
    if (Date.now() - status.endedAt > newsMs) return;
    this.#told.add(id);
    this.#finished.fire({ jobId: id, askedBy, state: isDone ? 'done' : 'failed', files });
  }
}

const asUri = (text: string): vscode.Uri => vscode.Uri.parse(text, true);
