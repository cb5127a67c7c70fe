import { randomInt } from 'node:crypto';
import { modelCard } from '../core/modelCard.ts';
import { preflight } from '../core/preflight.ts';
import type { ReadyRequest } from '../core/readyRequest.ts';
import type { Failure } from '../core/failure.ts';
import type { Problem } from '../core/problem.ts';
import type { BoxForm } from '../core/modelCard.ts';
import type { KnownService } from '../core/knownService.ts';
import type { Job } from '../jobs/engineTypes.ts';
import { failureOf } from '../jobs/failures.ts';
import { LimitError, type Refusal } from '../jobs/limits.ts';
import { promisedFiles } from '../jobs/promised.ts';
import type { Intent } from '../jobs/record.ts';
import type { InputPreparer, PreparedInputs } from './editing/inputs.ts';
import { SourceError, type SourceErrorKind } from './editing/sourceError.ts';
import type { KeyVault } from './key.ts';
import type { TargetTrouble, targetTrouble } from './saving/fixedTarget.ts';
import type { Service, Services } from './services.ts';
import type { StorageProbe } from './storageProbe.ts';
import type { VaultTrouble } from './vaultProbe.ts';

/** How an attempt to run a request ends. */
export type RunOutcome =
  | {
      readonly kind: 'started';
      readonly job: Job;
      readonly service: Service;
      /** Warnings and notes about the request. */
      readonly problems: readonly Problem[];
    }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  /** A picture to be sent along cannot be used. */
  | { readonly kind: 'bad-picture'; readonly reason: SourceErrorKind; readonly place: string }
  /** A picture to be sent along is not the one that was meant. */
  | { readonly kind: 'other-picture'; readonly place: string }
  /** The setting names no address that a key may be sent to. */
  | { readonly kind: 'bad-address' }
  /** It can cost more than what the user was shown; thousandths of a dollar. */
  | { readonly kind: 'dearer'; readonly highestPrice: number }
  /** The user was asked about the price and said no, or this very request is being asked about already. */
  | { readonly kind: 'declined' }
  /** What comes could not be kept. */
  | { readonly kind: 'no-vault'; readonly trouble: VaultTrouble }
  /** A file that the pictures are meant for cannot be written, or is there already. */
  | { readonly kind: 'bad-target'; readonly trouble: TargetTrouble }
  /** It does not fit under a limit of the settings, or nobody can say whether it does. */
  | { readonly kind: 'over-limit'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly service: Service };

export interface RunOrigin {
  readonly draftId: string;
  readonly askedBy: string;
  readonly intent: Intent;
  /** The highest price that the user saw, in thousandths of a dollar. */
  readonly shownPrice: number;
  /** The sha256 that pictures must have, by their ids; a picture that is not named may be whatever its file holds. */
  readonly pictures?: ReadonlyMap<string, string>;
  /** The user has just been asked about this very request and its price, and is not asked again. */
  readonly wasConfirmed?: boolean;
  /** Ends it before anything is started; what was started is the job's to cancel. */
  readonly signal?: AbortSignal;
}

/** What would become of a request. */
export type CheckOutcome =
  | Exclude<RunOutcome, { kind: 'started' }>
  | {
      readonly kind: 'ready';
      readonly ready: ReadyRequest;
      readonly problems: readonly Problem[];
      readonly service: Service;
    };

/** A request that nothing stands in the way of, with the pictures that it sends along. */
type Ready = Extract<CheckOutcome, { kind: 'ready' }> & { readonly inputs: PreparedInputs | undefined };

interface Parts {
  readonly services: Pick<Services, 'current'>;
  readonly keys: Pick<KeyVault, 'read'>;
  readonly inputs: Pick<InputPreparer, 'prepare'>;
  readonly storage: Pick<StorageProbe, 'vault'>;
  /** What keeps one of these files from being written. */
  readonly targetTrouble: typeof targetTrouble;
  readonly boxForm: () => BoxForm;
  /** Why a live request that can cost this much would be refused now; asked so that nobody is asked about its price in vain. */
  readonly refusal: (highestPrice: number, askedBy: string) => Promise<Refusal | undefined>;
  /** What is known of the service that the settings name. */
  readonly known: () => KnownService;
  /** In thousandths of a dollar. */
  readonly confirmAbove: () => number;
  /** Asks whether a request may cost this much, in thousandths of a dollar. */
  readonly confirm: (highestPrice: number, askedBy: string) => Promise<boolean>;
}

/** What a request is meant to find out: it is judged as if nothing were known of that. */
export interface Question {
  readonly boxForm: BoxForm;
}

/** The one way from a request to a job, whoever asks for it. */
export class Runner {
  readonly #parts: Parts;
  /** Requests on their way to a job, by their draft, and the files that they are meant for. */
  readonly #asking = new Map<string, readonly string[]>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Checks a request, asks about its price where the settings want that, and starts the job. */
  async run(request: unknown, origin: RunOrigin, question?: Question): Promise<RunOutcome> {
    if (this.#asking.has(origin.draftId)) return { kind: 'declined' };
    const promised = this.#promised(origin.draftId);
    this.#asking.set(origin.draftId, origin.intent.kind === 'save' ? origin.intent.targets : []);
    try {
      return await this.#run(request, origin, question, promised);
    } finally {
      this.#asking.delete(origin.draftId);
    }
  }

  /**
   * Says what would become of a request, as `run` does, without sending, keeping or asking anything. Answers the first thing
   * that stands in its way.
   */
  async check(request: unknown, origin: RunOrigin): Promise<CheckOutcome> {
    const checked = await this.#check(request, origin, undefined, this.#promised(origin.draftId));
    if (checked.kind !== 'ready') return checked;
    const { ready, problems, service } = checked;
    return { kind: 'ready', ready, problems, service };
  }

  /** The files that other requests are meant for which have no job yet: of two for one file the later one is refused. */
  #promised(draftId: string): string[] {
    return [...this.#asking].flatMap(([other, files]) => (other === draftId ? [] : files));
  }

  async #run(
    request: unknown,
    origin: RunOrigin,
    question: Question | undefined,
    promised: readonly string[],
  ): Promise<RunOutcome> {
    const checked = await this.#check(request, origin, question, promised);
    if (checked.kind !== 'ready') return checked;
    const { service, inputs, ready, problems } = checked;
    const { highestPrice } = ready;
    if (service.mode === 'live' && origin.wasConfirmed !== true) {
      if (!(highestPrice <= this.#parts.confirmAbove()) && !(await this.#parts.confirm(highestPrice, origin.askedBy)))
        return { kind: 'declined' };
    }
    if (origin.signal?.aborted) return { kind: 'declined' };
    const { shownPrice: _, pictures: _pictures, wasConfirmed: _confirmed, signal: _signal, ...kept } = origin;
    try {
      await inputs?.keep();
      const asked = inputs && { asked: { ...ready.request, inputs: inputs.asked }, sources: inputs.sources };
      const job = await service.jobs.start(ready, { ...kept, ...asked });
      return { kind: 'started', service, job, problems };
    } catch (error) {
      if (error instanceof LimitError) return { kind: 'over-limit', refusal: error.refusal };
      // Before the journal entry is durable nothing is sent.
      return { kind: 'failed', service, failure: failureOf(error, false) };
    }
  }

  async #check(
    request: unknown,
    { shownPrice, pictures, ...origin }: RunOrigin,
    question: Question | undefined,
    promised: readonly string[],
  ): Promise<Exclude<RunOutcome, { kind: 'started' }> | Ready> {
    // Before anything is awaited, so that it is known of the very service that is asked for here.
    const { prices, refusesInline } = this.#parts.known();
    const boxForm = question?.boxForm ?? this.#parts.boxForm();
    const service = await this.#parts.services.current();
    const inputs = await this.#prepare(request);
    if (inputs instanceof SourceError) return { kind: 'bad-picture', reason: inputs.kind, place: inputs.place };
    const other = inputs?.sources.find(({ id, sha256 }) => (pictures?.get(id) ?? sha256) !== sha256);
    if (other)
      return { kind: 'other-picture', place: inputs?.asked.find(({ id }) => id === other.id)?.name ?? other.uri };
    const options = { boxForm, drawSeed, prices, refusesInline: refusesInline && !question };
    const { problems, ready } = preflight(inputs?.asSent ?? request, inputs?.images ?? new Map(), options);
    if (!ready) return { kind: 'problems', problems };
    const vault = await this.#parts.storage.vault(ready.request);
    if (vault) return { kind: 'no-vault', trouble: vault };
    const target =
      origin.intent.kind === 'save'
        ? await this.#targetTrouble(
            origin.intent,
            ready,
            new Set([...promised, ...promisedFiles(service.jobs.list(), origin.draftId)]),
          )
        : undefined;
    if (target) return { kind: 'bad-target', trouble: target };
    if (service.mode === 'live') {
      if (!service.isReachable) return { kind: 'bad-address' };
      if ((await this.#parts.keys.read()) === undefined)
        return { kind: 'failed', service, failure: { kind: 'key-missing', mayBeBilled: false } };
      const { highestPrice } = ready;
      const refusal = await this.#parts.refusal(highestPrice, origin.askedBy);
      if (refusal) return { kind: 'over-limit', refusal };
      // Written so that a price that is no number is dearer than any.
      if (!(highestPrice <= shownPrice)) return { kind: 'dearer', highestPrice };
    }
    return { kind: 'ready', ready, problems, service, inputs };
  }

  /** A picture without a file of its own would be left over. */
  async #targetTrouble(
    { targets, set, replaces: placeholders }: Extract<Intent, { kind: 'save' }>,
    ready: ReadyRequest,
    promised: ReadonlySet<string>,
  ): Promise<TargetTrouble | undefined> {
    if (targets.length !== ready.highestCount)
      throw new Error(`${ready.highestCount} pictures were to be saved as ${targets.length} files.`);
    const replaced = placeholders ?? set?.pictures.map(({ replaces }) => replaces);
    // A set file knows its own jobs, and which of them is to have a file.
    return this.#parts.targetTrouble(targets, replaced, set ? undefined : promised);
  }

  async #prepare(request: unknown): Promise<PreparedInputs | SourceError | undefined> {
    try {
      return await this.#parts.inputs.prepare(request);
    } catch (error) {
      if (error instanceof SourceError) return error;
      throw error;
    }
  }
}

const drawSeed = (): number => randomInt(modelCard.seed.min, modelCard.seed.max + 1);
