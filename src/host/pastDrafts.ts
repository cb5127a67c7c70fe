import type * as vscode from 'vscode';
import { type Draft, promptOf, readDraft } from './drafts.ts';

/** A request that was in the form, and when it was put aside, in milliseconds since 1970. */
export interface PastDraft extends Draft {
  readonly keptAt: number;
}

const name = 'pastDrafts';
/** Half of them may have been run meanwhile, which makes jobs of them. */
const mostKept = 20;
const mostShown = 10;
/** In UTF-16 units of JSON; they are sent to the panel again and again. */
const largest = 50_000;

/** Requests that were in the form when another took their place, so that nothing written is lost. */
export class PastDrafts {
  readonly #memento: Pick<vscode.Memento, 'get' | 'update'>;
  readonly #now: () => number;
  #drafts: readonly PastDraft[];

  constructor(memento: Pick<vscode.Memento, 'get' | 'update'>, now: () => number) {
    this.#memento = memento;
    this.#now = now;
    this.#drafts = readPastDrafts(memento.get(name));
  }

  /** Puts a draft aside; one in which nothing is written, and one that is there already, is not kept again. */
  async keep({ draftId, request }: Draft): Promise<void> {
    const written = JSON.stringify(request);
    if (promptOf({ draftId, request }).trim() === '' || written.length > largest) return;
    const others = this.#drafts.filter((one) => one.draftId !== draftId && JSON.stringify(one.request) !== written);
    this.#drafts = [{ draftId, request, keptAt: this.#now() }, ...others].slice(0, mostKept);
    await this.#memento.update(name, this.#drafts);
  }

  /** Those that no job was made of, newest first. */
  list(hasRun: (draftId: string) => boolean): PastDraft[] {
    return this.#drafts.filter(({ draftId }) => !hasRun(draftId)).slice(0, mostShown);
  }

  get count(): number {
    return this.#drafts.length;
  }

  async forget(): Promise<void> {
    this.#drafts = [];
    await this.#memento.update(name, undefined);
  }
}

function readPastDrafts(value: unknown): PastDraft[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: { keptAt?: unknown } | null) => {
    const draft = readDraft(one);
    return draft && typeof one?.keptAt === 'number' ? [{ ...draft, keptAt: one.keptAt }] : [];
  });
}
