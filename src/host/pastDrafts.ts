import type * as vscode from 'vscode';
import { type Draft, promptOf, readDraft } from './drafts.ts';

/** A request that was in the form, and when it was put aside, in milliseconds since 1970. */
export interface PastDraft extends Draft {
  readonly keptAt: number;
}

const name = 'pastDrafts';
const nameOfRun = 'runDrafts';
const mostKept = 10;
/** Of how many drafts it is known that they were run. */
const mostRun = 100;
/** In UTF-16 units of JSON; they are sent to the panel again and again. */
const largest = 20_000;

/** Requests that were in the form when another took their place, so that nothing written is lost. */
export class PastDrafts {
  readonly #memento: Pick<vscode.Memento, 'get' | 'update'>;
  readonly #now: () => number;
  #drafts: readonly PastDraft[];
  #run: readonly string[];

  constructor(memento: Pick<vscode.Memento, 'get' | 'update'>, now: () => number) {
    this.#memento = memento;
    this.#now = now;
    this.#drafts = readPastDrafts(memento.get(name));
    this.#run = readIds(memento.get(nameOfRun));
  }

  /** Puts a draft aside, but none in which nothing is written, that is there already, or that was run. */
  async keep({ draftId, request }: Draft): Promise<void> {
    const written = JSON.stringify(request);
    if (promptOf({ draftId, request }).trim() === '' || written.length > largest) return;
    if (this.#run.includes(draftId)) return;
    const others = this.#drafts.filter((one) => one.draftId !== draftId && JSON.stringify(one.request) !== written);
    this.#drafts = [{ draftId, request, keptAt: this.#now() }, ...others].slice(0, mostKept);
    await this.#memento.update(name, this.#drafts);
  }

  /** Newest first. */
  list(): readonly PastDraft[] {
    return this.#drafts;
  }

  /** Notes that a job was made of a draft, which is found among the jobs from then on. */
  async noteRun(draftId: string): Promise<void> {
    this.#run = [draftId, ...this.#run.filter((one) => one !== draftId)].slice(0, mostRun);
    await this.#memento.update(nameOfRun, this.#run);
    if (!this.#drafts.some((draft) => draft.draftId === draftId)) return;
    this.#drafts = this.#drafts.filter((draft) => draft.draftId !== draftId);
    await this.#memento.update(name, this.#drafts);
  }

  get count(): number {
    return this.#drafts.length;
  }

  async forget(): Promise<void> {
    this.#drafts = [];
    await this.#memento.update(name, undefined);
  }
}

const readIds = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

function readPastDrafts(value: unknown): PastDraft[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: { keptAt?: unknown } | null) => {
    const draft = readDraft(one);
    return draft && typeof one?.keptAt === 'number' ? [{ ...draft, keptAt: one.keptAt }] : [];
  });
}
