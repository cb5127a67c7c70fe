import * as vscode from 'vscode';

type WindowFunction =
  | 'showInputBox'
  | 'showQuickPick'
  | 'showInformationMessage'
  | 'showWarningMessage'
  | 'showErrorMessage'
  | 'showSaveDialog';

/** Messages that were shown, and answers to give: the test window draws no messages and refuses dialogs. */
export class Questions {
  readonly shown: string[] = [];
  /** The rows of each list that was shown. */
  readonly lists: (readonly vscode.QuickPickItem[])[] = [];
  readonly #originals = new Map<WindowFunction, unknown>();

  /** Answers messages with the button that has one of these titles, and dialogs with the given values. */
  constructor(
    answers: {
      readonly buttons?: readonly string[];
      readonly input?: readonly string[];
      /** Labels of the rows to choose, one for each list; without one a list is left. */
      readonly picks?: readonly string[];
      readonly save?: vscode.Uri;
    } = {},
  ) {
    const inputs = [...(answers.input ?? [])];
    const buttons = [...(answers.buttons ?? [])];
    const picks = [...(answers.picks ?? [])];
    const pick = (items: readonly vscode.QuickPickItem[], options?: vscode.QuickPickOptions) => {
      this.lists.push(items);
      this.shown.push([options?.title, options?.placeHolder, ...items.flatMap(rowTexts)].filter(Boolean).join('\n'));
      const label = picks.shift();
      const found = items.find((item) => item.label === label);
      return Promise.resolve(found && options?.canPickMany ? [found] : found);
    };
    const message = (text: string, ...rest: unknown[]) => {
      this.shown.push(text);
      const items = rest.filter(
        (item) => typeof item === 'string' || (typeof item === 'object' && item !== null && 'title' in item),
      );
      const chosen = items.find(
        (item) => (typeof item === 'string' ? item : (item as vscode.MessageItem).title) === buttons[0],
      );
      if (chosen !== undefined) buttons.shift();
      return Promise.resolve(chosen);
    };
    this.#replace('showInformationMessage', message);
    this.#replace('showWarningMessage', message);
    this.#replace('showErrorMessage', message);
    this.#replace('showInputBox', () => Promise.resolve(inputs.shift()));
    this.#replace('showQuickPick', pick);
    this.#replace('showSaveDialog', () => Promise.resolve(answers.save));
  }

  dispose(): void {
    for (const [name, original] of this.#originals) Object.assign(vscode.window, { [name]: original });
  }

  #replace(name: WindowFunction, stand: unknown): void {
    this.#originals.set(name, vscode.window[name]);
    Object.assign(vscode.window, { [name]: stand });
  }
}

const rowTexts = ({ label, description, detail }: vscode.QuickPickItem) => [label, description, detail];
