import type { ImageRequest } from '../../../src/core/request.ts';
import { readRequest } from '../../draft.ts';
import { fieldId, focusFieldSoon } from '../../parts/fieldIds.ts';
import type { FormDesk } from '../formDesk.ts';
import type { Starter } from './starters.ts';

/** Something that was written before. */
export type PromptEntry =
  | { readonly kind: 'prompt'; readonly prompt: string }
  /** A whole form that was not run. */
  | { readonly kind: 'draft'; readonly prompt: string; readonly request: ImageRequest };

/** As many prompts as are listed. */
const mostPrompts = 100;

/** What can be put into the form: what was written before, and templates for what the model does well. */
export class PromptBook {
  readonly #desk: FormDesk;
  #place: 'history' | 'starters' | undefined;
  #filter = '';
  /** Which prompt has been called up by keys, what it says, and what stood there before. */
  #recalled: { readonly at: number; readonly prompt: string; readonly before: string } | undefined;
  #starter: Starter | undefined;

  constructor(desk: FormDesk) {
    this.#desk = desk;
  }

  /** Which list is open. */
  get place(): 'history' | 'starters' | undefined {
    return this.#place;
  }

  get filter(): string {
    return this.#filter;
  }

  /** The template that the form was last filled with, until it is put away. */
  get starter(): Starter | undefined {
    return this.#starter;
  }

  /** Drafts, then prompts, newest first, each once. */
  get entries(): readonly PromptEntry[] {
    const drafts = (this.#desk.shown.pastDrafts ?? []).map(({ request }): PromptEntry => {
      const read = readRequest(request);
      return { kind: 'draft', prompt: read.prompt, request: read };
    });
    return [...drafts, ...this.#prompts.map((prompt): PromptEntry => ({ kind: 'prompt', prompt }))];
  }

  /** Those in which every word of the filter is found. */
  get found(): readonly PromptEntry[] {
    const words = this.#filter.toLowerCase().split(/\s+/).filter(Boolean);
    return this.entries.filter(({ prompt }) => words.every((word) => prompt.toLowerCase().includes(word)));
  }

  toggle(place: 'history' | 'starters'): void {
    if (this.#place === place) return this.close();
    this.#place = place;
    this.#filter = '';
    this.#desk.redraw();
    if (place === 'history') focusFieldSoon('promptFilter');
  }

  /** Closes the list; the keyboard goes back to its button. */
  close(): void {
    const place = this.#place;
    this.#place = undefined;
    this.#desk.redraw();
    if (place) setTimeout(() => document.getElementById(`open-${place}`)?.focus(), 0);
  }

  narrow(filter: string): void {
    this.#filter = filter;
    this.#desk.redraw();
  }

  /** Puts what was written before into the form: a prompt in the place of the prompt, a draft in the place of all. */
  take(entry: PromptEntry): void {
    this.#place = undefined;
    if (entry.kind === 'draft') this.#desk.load(entry.request, 'history');
    else this.#desk.load({ ...this.#desk.request, prompt: entry.prompt }, 'history');
    focusFieldSoon('prompt');
  }

  /** Fills the form with a template; the pictures that are there stay. `part` is what the user will want to write anew. */
  start(starter: Starter, prompt: string, part: string): void {
    const { request } = this.#desk;
    this.#place = undefined;
    this.#starter = starter;
    this.#desk.load(
      {
        ...request,
        prompt,
        imageSet: false,
        setLines: [],
        aspectRatio: undefined,
        // Edits have no 4K, and these are all edits.
        resolution: request.resolution === '4K' ? '2K' : request.resolution,
      },
      'starter',
    );
    setTimeout(() => selectInPrompt(prompt.indexOf(part), part.length), 0);
  }

  putStarterAway(): void {
    this.#starter = undefined;
    this.#desk.redraw();
    focusFieldSoon('prompt');
  }

  /** Alt with an arrow in the prompt calls up the one before or after; the arrows alone move the cursor. */
  readonly onKey = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (by === 0 || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#recall(by);
  };

  #recall(by: 1 | -1): void {
    const { prompt } = this.#desk.request;
    // Once something else is written, that is where one comes from.
    const from = this.#recalled?.prompt === prompt ? this.#recalled : { at: -1, prompt, before: prompt };
    const others = this.#recallable(from.before);
    const at = Math.min(others.length - 1, Math.max(-1, from.at + by));
    if (at === from.at) return;
    const called = at < 0 ? from.before : (others[at] ?? from.before);
    this.#recalled = { at, prompt: called, before: from.before };
    this.#desk.change({ prompt: called });
    this.#desk.say(at < 0 ? ['promptRecalledOwn'] : ['promptRecalled', at + 1, others.length]);
  }

  #recallable(own: string): readonly string[] {
    return [...new Set(this.entries.map(({ prompt }) => prompt))].filter((prompt) => prompt !== own);
  }

  get #prompts(): readonly string[] {
    const all = this.#desk.shown.jobs.map(({ request }) => request.prompt).filter((prompt) => prompt.trim() !== '');
    return [...new Set(all)].slice(0, mostPrompts);
  }
}

function selectInPrompt(from: number, length: number): void {
  const field = document.getElementById(fieldId('prompt'));
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.focus();
  if (from >= 0) field.setSelectionRange(from, from + length);
}
