import * as z from 'zod/mini';
import type * as vscode from 'vscode';
import { asItCame, SaveOptions } from '../../core/saveOptions.ts';

/** What was chosen last when a picture was saved. */
const SaveChoice = z.strictObject({
  options: SaveOptions,
  /** As it was written; left out where the setting counts. */
  folder: z.optional(z.string()),
  /** Whether Save and Save All go by the options too. */
  isUsual: z.boolean(),
});
export type SaveChoice = z.infer<typeof SaveChoice>;

const nothingChosen: SaveChoice = { options: asItCame, isUsual: false };

/** Remembers for each workspace folder how a picture was saved last. */
export class SaveChoices {
  readonly #memento: Pick<vscode.Memento, 'get' | 'update'>;

  constructor(memento: Pick<vscode.Memento, 'get' | 'update'>) {
    this.#memento = memento;
  }

  /** @param folder the workspace folder; undefined where none is open */
  last(folder: vscode.Uri | undefined): SaveChoice {
    const parsed = SaveChoice.safeParse(this.#memento.get(keyOf(folder)));
    return parsed.success ? parsed.data : nothingChosen;
  }

  async remember(folder: vscode.Uri | undefined, choice: SaveChoice): Promise<void> {
    await this.#memento.update(keyOf(folder), choice);
  }

  /** How Save and Save All make their files. */
  usual(folder: vscode.Uri | undefined): SaveOptions {
    const { options, isUsual } = this.last(folder);
    return isUsual ? options : asItCame;
  }
}

const keyOf = (folder: vscode.Uri | undefined): string => `saving ${folder?.toString() ?? ''}`;
