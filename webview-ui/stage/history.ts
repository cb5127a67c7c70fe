import type { Box, InputImage } from '../../src/core/request.ts';

interface Step {
  readonly inputId: string;
  readonly before: readonly Box[];
  readonly after: readonly Box[];
}

/** How many steps can be taken back. */
const longest = 200;

/** What was done to the boxes, step by step, whoever did it. */
export class History {
  #done: readonly Step[] = [];
  #undone: readonly Step[] = [];
  #joining: string | undefined;

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Notes which boxes differ. Changes in a row that are `joined` under the same name are one step. */
  note(before: readonly InputImage[], after: readonly InputImage[], joined?: string): void {
    const steps = after.flatMap((input): Step[] => {
      const old = before.find(({ id }) => id === input.id);
      if (!old || isSame(old.boxes, input.boxes)) return [];
      return [{ inputId: input.id, before: old.boxes, after: input.boxes }];
    });
    const [step, ...more] = steps;
    if (!step) return;
    const last = this.#done.at(-1);
    const isJoined = joined !== undefined && joined === this.#joining && last?.inputId === step.inputId;
    this.#done = isJoined
      ? [...this.#done.slice(0, -1), { ...last, after: step.after }]
      : [...this.#done, step, ...more].slice(-longest);
    this.#undone = [];
    this.#joining = joined;
  }

  /** Ends a row of joined changes. */
  pause(): void {
    this.#joining = undefined;
  }

  /** Takes back the last step, or does it again: gives the inputs as they are then, and which of them has changed. */
  travel(
    direction: 'undo' | 'redo',
    inputs: readonly InputImage[],
  ): { readonly inputs: InputImage[]; readonly inputId: string } | undefined {
    const isUndo = direction === 'undo';
    const from = isUndo ? this.#done : this.#undone;
    // A picture that has been removed takes its steps with it.
    const at = from.findLastIndex(({ inputId }) => inputs.some(({ id }) => id === inputId));
    const step = from[at];
    const left = from.slice(0, Math.max(0, at));
    const gained = [...(isUndo ? this.#undone : this.#done), ...(step ? [step] : [])];
    [this.#done, this.#undone] = isUndo ? [left, gained] : [gained, left];
    this.#joining = undefined;
    if (!step) return undefined;
    const boxes = [...(isUndo ? step.before : step.after)];
    const { inputId } = step;
    return { inputId, inputs: inputs.map((input) => (input.id === inputId ? { ...input, boxes } : input)) };
  }

  clear(): void {
    this.#done = [];
    this.#undone = [];
  }
}

const isSame = (some: readonly Box[], others: readonly Box[]): boolean =>
  JSON.stringify(some) === JSON.stringify(others);
