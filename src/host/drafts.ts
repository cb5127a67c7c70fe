import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import { ImageRequest } from '../core/requestSchema.ts';

/** What the form shows. The request is kept as the panel sent it, since a half-written one must be kept too. */
export interface Draft {
  readonly draftId: string;
  readonly request: unknown;
}

const name = 'draft';
/** A form of text and numbers is far smaller; more would only fill the editor's storage. In UTF-16 units of JSON. */
const largest = 500_000;

/** Keeps the form's content, so that a closed panel opens as it was left. */
export class Drafts {
  readonly #memento: Pick<vscode.Memento, 'get' | 'update'>;
  readonly #startingRequest: () => ImageRequest;
  readonly #replaced: (draft: Draft) => Promise<void>;
  #draft: Draft | undefined;
  /** What a form that nobody has written in shows. */
  #fresh: Draft | undefined;

  /** @param replaced called with what was in the form before another request was put there */
  constructor(
    memento: Pick<vscode.Memento, 'get' | 'update'>,
    startingRequest: () => ImageRequest,
    replaced: (draft: Draft) => Promise<void>,
  ) {
    this.#memento = memento;
    this.#startingRequest = startingRequest;
    this.#replaced = replaced;
    this.#draft = readDraft(memento.get(name));
  }

  get(): Draft {
    this.#fresh ??= { draftId: randomUUID(), request: this.#startingRequest() };
    return this.#draft ?? this.#fresh;
  }

  /** The request in the form, or a new form's while that one is half written. */
  get request(): ImageRequest {
    const parsed = ImageRequest.safeParse(this.get().request);
    return parsed.success ? parsed.data : this.#startingRequest();
  }

  async set({ draftId, request }: Draft): Promise<void> {
    this.#draft = { draftId, request };
    if (JSON.stringify(this.#draft).length <= largest) await this.#memento.update(name, this.#draft);
  }

  /** Puts a request into the form, as a draft that was not run yet. */
  async offer(request: ImageRequest): Promise<Draft> {
    const draft = { draftId: randomUUID(), request };
    const before = this.#draft;
    await this.set(draft);
    // Pictures that are added leave what is written as it is.
    if (before && promptOf(before) !== request.prompt) await this.#replaced(before);
    return draft;
  }

  /** Takes what a restored panel remembers, where nothing is kept here. */
  recall(draft: Draft): void {
    this.#draft ??= draft;
  }

  /** To be called when the settings about new forms have changed. */
  startAnew(): void {
    this.#fresh = undefined;
  }
}

/** What is written in a draft, however much of it can be read. */
export function promptOf({ request }: Draft): string {
  return typeof request === 'object' && request !== null && 'prompt' in request && typeof request.prompt === 'string'
    ? request.prompt
    : '';
}

/** Reads a draft that was stored earlier, here or by the panel. */
export function readDraft(value: unknown): Draft | undefined {
  if (typeof value !== 'object' || value === null || !('draftId' in value) || !('request' in value)) return undefined;
  return typeof value.draftId === 'string' && value.draftId !== ''
    ? { draftId: value.draftId, request: value.request }
    : undefined;
}
