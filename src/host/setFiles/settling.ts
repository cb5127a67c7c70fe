import * as vscode from 'vscode';
import { cameWhole, leftOver, type SetOrder } from '../../core/setOrders.ts';
import { type LockedPicture, lockedIn } from '../../core/setLock.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import type { Log } from '../log.ts';
import type { Results } from '../results.ts';
import type { Service, Services } from '../services.ts';
import type { Telling } from '../telling.ts';
import { lockOf, noteOrTell } from './lockFile.ts';
import { orderedSet, resultsOf } from './orders.ts';
import { nameWhatCame, type UnnamedPicture } from './picker.ts';
import { standingAt } from './setView.ts';

/** How the pictures of an order became files. */
export interface Settled {
  readonly files: readonly vscode.Uri[];
  /** How many pictures that were asked for have not become files. */
  readonly without: number;
  readonly telling?: Telling;
}

interface Parts {
  readonly services: Pick<Services, 'findResult'>;
  readonly results: Pick<Results, 'saveExactly'>;
  readonly changed: (setFile: vscode.Uri) => void;
  readonly log: Log;
}

/** Names of pictures with the file that each becomes, and the sha256 of what it takes the place of, where anything stands there. */
type WantedNames = ReadonlyMap<string, { readonly target: string; readonly replaces: string | undefined }>;

/** A picture of an order and the place that it was asked for. */
interface Named {
  readonly resultId: string;
  /** Of the picture in the answer, from 0. */
  readonly place: number;
  /** Of what was asked for, from 0. */
  readonly asked: number;
}

/**
 * Makes files of what an order of a set file has brought, and notes in the lock what each was made from. Can be repeated:
 * what stands where it belongs is only noted.
 */
export class SetSettling {
  readonly #parts: Parts;
  /** One order after the other, so that questions do not cover each other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @param only the names that are wanted; without them all that were asked for are */
  async settle(service: Service, job: Job, only?: WantedNames): Promise<Settled> {
    const settled = this.#last.then(() => this.#settle(service, job, only));
    this.#last = settled.catch(() => undefined); // whoever asked for it is told
    return settled;
  }

  async #settle(service: Service, job: Job, only: WantedNames | undefined): Promise<Settled> {
    const order = orderedSet(job);
    if (!order) throw new Error('This job was not asked for by a set file.');
    const uri = vscode.Uri.parse(order.set.file, true);
    const results = resultsOf(job);
    const isWanted = (asked: number) => only?.has(order.set.pictures[asked]?.name ?? '') ?? true;
    const whole = { pictures: order.set.pictures, results };
    const named = cameWhole(whole)
      ? results.map(({ id, place }) => ({ resultId: id, place, asked: place }))
      : [...this.#namedBefore(order.targets, results), ...(await this.#ask(job, order, results, isWanted))];
    const wanted = named.filter(({ asked }) => isWanted(asked));
    const { stands, telling } = await this.#save(job, order, wanted, only);
    const files: vscode.Uri[] = [];
    const noted: Record<string, LockedPicture> = {};
    // What could not be saved is not noted: what stands there is the user's.
    for (const { name, words, file } of stands) {
      const standing = await standingAt(file);
      if (!standing) continue;
      files.push(file);
      const as = service.mode === 'practice' ? 'practice' : 'made';
      noted[name] = { words, sha256: standing.sha256, as, job: job.record.id };
    }
    const notNoted = files.length > 0 ? await noteOrTell(uri, noted, this.#parts.log) : undefined;
    this.#parts.changed(uri);
    const asked = order.set.pictures.filter((_, index) => isWanted(index)).length;
    const first = telling ?? notNoted;
    return { files, without: asked - files.length, ...(first && { telling: first }) };
  }

  /** Pictures that have a name already, since they were saved under it. */
  #namedBefore(targets: readonly string[], results: SetOrder['results']): Named[] {
    return results.flatMap(({ id, place, savedAs }) => {
      const asked = savedAs === undefined ? -1 : targets.indexOf(savedAs);
      return asked === -1 ? [] : [{ resultId: id, place, asked }];
    });
  }

  /** Fewer came than were asked for, and the service names none: only the user can say which is which. */
  async #ask(
    job: Job,
    { set, targets }: NonNullable<ReturnType<typeof orderedSet>>,
    results: SetOrder['results'],
    isWanted: (asked: number) => boolean,
  ): Promise<Named[]> {
    const taken = this.#namedBefore(targets, results).map(({ asked }) => asked);
    const open = set.pictures.flatMap(({ name }, asked) =>
      isWanted(asked) && !taken.includes(asked) ? [{ name, asked, line: lineOf(job, asked) }] : [],
    );
    const left: UnnamedPicture[] = leftOver({ results }).flatMap(({ id, place }) => {
      const file = this.#parts.services.findResult(id)?.file;
      return file === undefined ? [] : [{ resultId: id, place, file: vscode.Uri.file(file) }];
    });
    if (open.length === 0 || left.length === 0) return [];
    return nameWhatCame(open, left);
  }

  /** Saves what does not stand in its place yet, and answers what stands there then. */
  async #save(
    job: Job,
    { set, targets }: NonNullable<ReturnType<typeof orderedSet>>,
    named: readonly Named[],
    only: WantedNames | undefined,
  ): Promise<{ stands: { name: string; words: string; file: vscode.Uri }[]; telling?: Telling }> {
    const lock = await lockOf(vscode.Uri.parse(set.file, true));
    const ids: string[] = [];
    const byPlace: string[] = [];
    const replaced: string[] = [];
    const meant: { name: string; words: string; file: vscode.Uri; isDone: boolean }[] = [];
    for (const { resultId, place, asked } of named) {
      const picture = set.pictures[asked];
      const now = picture && only?.get(picture.name);
      const target = now?.target ?? targets[asked];
      if (target === undefined || !picture) continue;
      const file = vscode.Uri.parse(target, true);
      const standing = await standingAt(file);
      const known = lock && lockedIn(lock, picture.name);
      const isNoted = known?.job === job.record.id && known.sha256 === standing?.sha256;
      const result = this.#parts.services.findResult(resultId)?.result;
      // A window that was closed between the file and its note has left the one without the other.
      const isSaved = result?.savedAs === target && result.sha256 === standing?.sha256;
      meant.push({ name: picture.name, words: picture.words, file, isDone: isNoted || isSaved });
      if (isNoted || isSaved) continue;
      ids.push(resultId);
      byPlace[place] = target;
      const replaces = now ? now.replaces : picture.replaces;
      if (standing && replaces !== undefined) replaced[place] = replaces;
    }
    const outcome =
      ids.length > 0
        ? await this.#parts.results.saveExactly(ids, byPlace, replaced)
        : ({ kind: 'saved', files: [] } as const);
    const written = new Set(outcome.files.map((file) => file.toString()));
    const stands = meant.filter(({ file, isDone }) => isDone || written.has(file.toString()));
    return outcome.kind === 'failed' ? { stands, telling: outcome.telling } : { stands };
  }
}

/** What was asked for at this place, in the user's words. */
function lineOf({ record }: Job, asked: number): string {
  return record.request.imageSet ? (record.request.setLines[asked] ?? '') : record.request.prompt;
}
