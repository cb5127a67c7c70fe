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
  #draft: Draft | undefined;
  /** What a form that nobody has written in shows. */
  #fresh: Draft | undefined;

  constructor(memento: Pick<vscode.Memento, 'get' | 'update'>, startingRequest: () => ImageRequest) {
    this.#memento = memento;
    this.#startingRequest = startingRequest;
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
    await this.set(draft);
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

/** Reads a draft that was stored earlier, here or by the panel. */
export function readDraft(value: unknown): Draft | undefined {
  if (typeof value !== 'object' || value === null || !('draftId' in value) || !('request' in value)) return undefined;
  return typeof value.draftId === 'string' && value.draftId !== ''
    ? { draftId: value.draftId, request: value.request }
    : undefined;
}
