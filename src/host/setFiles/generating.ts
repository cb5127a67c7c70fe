import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Mills, Prices } from '../../core/modelCard.ts';
import { groupsOf, priceOf, requestFor, type SetEntry, type SetFile } from '../../core/setFile.ts';
import { planOrders, type SetOrder } from '../../core/setOrders.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import type { Announcer } from '../announcer.ts';
import type { RunOutcome, Runner } from '../runner.ts';
import { runRefusal } from '../runTelling.ts';
import type { Service, Services } from '../services.ts';
import { tellFailure } from '../telling.ts';
import type { WindowTeller } from '../windowTeller.ts';
import { asWanted, draftOf, ordersOf, orderedSet, type Wanted } from './orders.ts';
import { confirmReplace, confirmSet, tellBeingMade, tellUntrusted, tellWithout } from './setTelling.ts';
import type { SetPicture, SetView } from './setView.ts';
import type { SetSettling, Settled } from './settling.ts';

interface Parts {
  readonly services: Pick<Services, 'current'>;
  readonly runner: Pick<Runner, 'run'>;
  readonly announcer: Pick<Announcer, 'end' | 'claim'>;
  readonly settling: Pick<SetSettling, 'settle'>;
  readonly teller: Pick<WindowTeller, 'tell' | 'tellSaved'>;
  readonly prices: () => Prices;
  /** In thousandths of a dollar. */
  readonly confirmAbove: () => Mills;
  /** Offers to set a key; true when there is one now. */
  readonly offerKey: () => Promise<boolean>;
  readonly changed: (setFile: vscode.Uri) => void;
}

/** What is to be made of a set file. */
export interface ToMake {
  readonly view: SetView & { readonly set: SetFile };
  readonly pictures: readonly SetPicture[];
}

/** The same with what the set file has asked for before. */
interface Order extends ToMake {
  readonly before: readonly SetOrder[];
}

export interface GenerateOptions {
  /** The highest price that the user saw before pressing, in thousandths of a dollar; left out where none was seen. */
  readonly shownPrice?: Mills | undefined;
  /** The user wants another picture than the present one, though its words are the same. */
  readonly isAnew?: boolean;
}

/** Makes pictures of set files: what was paid for already is found, and the rest goes the way of every request. */
export class SetGenerating {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Ends when all that was started has ended and is saved, or when the user said no. */
  async generate(asked: readonly ToMake[], { shownPrice, isAnew = false }: GenerateOptions): Promise<void> {
    const { services, teller } = this.#parts;
    if (!vscode.workspace.isTrusted) return teller.tell(tellUntrusted());
    for (const { state, file } of asked.flatMap(({ pictures }) => pictures))
      if (state === 'edited' && !(await confirmReplace(file))) return;
    const service = await services.current();
    const settled: Settled[] = [];
    const toBuy: Order[] = [];
    let waiting = 0;
    for (const order of asked) {
      const before = ordersOf(await jobsFor(service, order), order.view.uri.toString());
      const present = new Set(order.view.set.pictures.map(({ name }) => name));
      const plan = planOrders(order.pictures.map(asWanted), before, present, isAnew);
      waiting += plan.waiting.length;
      for (const [jobId, wanted] of byJob(plan)) {
        const job = await service.jobs.recall(jobId);
        if (job) settled.push(await this.#parts.settling.settle(service, job, namesOf(wanted)));
      }
      if (plan.toBuy.length > 0) toBuy.push({ ...order, before, pictures: plan.toBuy.map(({ picture }) => picture) });
    }
    if (waiting > 0) void teller.tell(tellBeingMade(waiting)); // it stays until it was read
    if (await this.#mayCost(service, toBuy, shownPrice)) settled.push(...(await this.#buy(toBuy)));
    await this.tell(settled);
  }

  /** Says what has become of orders. */
  async tell(settled: readonly Settled[]): Promise<void> {
    const { teller } = this.#parts;
    const tellings = settled.flatMap(({ telling }) => telling ?? []);
    const without = settled.reduce((sum, one) => sum + one.without, 0);
    const isSaid = tellings.length > 0 || without === 0;
    // Each stays until the user has read it, so none waits for another.
    await Promise.all([
      teller.tellSaved(settled.flatMap(({ files }) => files)),
      ...tellings.map((telling) => teller.tell(telling)),
      isSaid ? undefined : teller.tell(tellWithout(without)),
    ]);
  }

  /**
   * True where the user knows what this can cost at most. Each request is asked about by itself where it is dearer than
   * the settings want; here it is their sum, and a price that nobody has seen.
   */
  async #mayCost(service: Service, orders: readonly Order[], shownPrice: Mills | undefined): Promise<boolean> {
    if (orders.length === 0) return false;
    if (service.mode === 'practice') return true;
    const price = orders.reduce(
      (sum, order) => sum + priceOf(order.view.set, entriesOf(order), this.#parts.prices()),
      0,
    );
    const requests = orders.reduce((sum, order) => sum + groupsOf(order.view.set, entriesOf(order)).length, 0);
    const wasSeen = shownPrice !== undefined && price <= shownPrice;
    if (wasSeen && (requests === 1 || price <= this.#parts.confirmAbove())) return true;
    const count = orders.reduce((sum, { pictures }) => sum + pictures.length, 0);
    return confirmSet(count, price, requests);
  }

  async #buy(orders: readonly Order[]): Promise<Settled[]> {
    const ending: Promise<Settled>[] = [];
    for (const order of orders) {
      const byEntry = new Map<SetEntry, SetPicture>(order.pictures.map((picture) => [picture.entry, picture]));
      for (const group of groupsOf(order.view.set, entriesOf(order))) {
        const pictures = group.flatMap((entry) => byEntry.get(entry) ?? []);
        const outcome = await this.#run(order, pictures);
        if (outcome.kind !== 'started') {
          const isToldAlready = outcome.kind === 'failed' && outcome.failure.kind === 'key-missing';
          const telling = isToldAlready ? undefined : runRefusal(outcome);
          // What stands in the way of one stands in the way of all.
          return [...(await this.#ended(ending)), { files: [], without: 0, ...(telling && { telling }) }];
        }
        ending.push(this.#end(outcome.service, outcome.job));
      }
      this.#parts.changed(order.view.uri);
    }
    return this.#ended(ending);
  }

  #ended(ending: readonly Promise<Settled>[]): Thenable<Settled[]> {
    const options = { location: vscode.ProgressLocation.Window, title: l10n.t('Generating the pictures of the set') };
    return vscode.window.withProgress(options, () => Promise.all(ending));
  }

  async #run({ view, before }: Order, pictures: readonly SetPicture[]): Promise<RunOutcome> {
    const { runner, offerKey } = this.#parts;
    const entries = pictures.map(({ entry }) => entry);
    const file = view.uri.toString();
    const set = {
      file,
      pictures: pictures.map(({ entry, words, standing }) => ({
        name: entry.name,
        words,
        ...(standing && { replaces: standing.sha256 }),
      })),
    };
    const run = () =>
      runner.run(requestFor(view.set, entries), {
        draftId: draftOf(file, pictures, before),
        askedBy: 'set file',
        intent: { kind: 'save', targets: pictures.map((picture) => picture.file.toString()), set },
        shownPrice: priceOf(view.set, entries, this.#parts.prices()),
      });
    let outcome = await run();
    while (outcome.kind === 'failed' && outcome.failure.kind === 'key-missing' && (await offerKey()))
      outcome = await run();
    return outcome;
  }

  /** Waits for a job, and makes files of what it brings. Another window that was quicker does that in its place. */
  async #end(service: Service, { record }: Job): Promise<Settled> {
    const nothing: Settled = { files: [], without: 0 };
    const { announcer, settling } = this.#parts;
    // An order that was run before and has failed: nobody may tell of it once more, and it is not run again unlooked at.
    const wasOver = record.status.state === 'failed';
    await announcer.end(service, record.id, new AbortController().signal);
    const job = service.jobs.get(record.id);
    const isMine = wasOver || (await announcer.claim(service, record.id));
    if (!job || !isMine || job.record.cancelled) return nothing;
    const { status } = job.record;
    if (status.state === 'failed')
      return { ...nothing, telling: { ...tellFailure(status.failure, service.mode), jobId: record.id } };
    return settling.settle(service, job);
  }
}

const entriesOf = ({ pictures }: ToMake): SetEntry[] => pictures.map(({ entry }) => entry);

/** Jobs that are at hand, and those that the lock names, which may rest or be out of the list. */
async function jobsFor(service: Service, { pictures }: ToMake): Promise<Job[]> {
  const listed = service.jobs.list();
  const named: Job[] = [];
  for (const { locked } of pictures) {
    const job = locked?.job === undefined ? undefined : await service.jobs.recall(locked.job);
    if (job && !listed.includes(job)) named.push(job);
  }
  return [...listed, ...new Set(named)].filter((job) => orderedSet(job));
}

/** What was made already and what still has to be named, by the jobs that brought it. */
function byJob({ found, unnamed }: ReturnType<typeof planOrders<Wanted>>): Map<string, Wanted[]> {
  const jobs = new Map<string, Wanted[]>();
  const add = (jobId: string, wanted: readonly Wanted[]) => jobs.set(jobId, [...(jobs.get(jobId) ?? []), ...wanted]);
  for (const { wanted, resultId } of found) add(resultId.slice(0, resultId.lastIndexOf('-')), [wanted]);
  for (const { jobId, wanted } of unnamed) add(jobId, wanted);
  return jobs;
}

const namesOf = (wanted: readonly Wanted[]): Map<string, { target: string; replaces: string | undefined }> =>
  new Map(wanted.map(({ name, target, picture }) => [name, { target, replaces: picture.standing?.sha256 }]));
