import * as vscode from 'vscode';

type WindowFunction =
  | 'showInputBox'
  | 'showInformationMessage'
  | 'showWarningMessage'
  | 'showErrorMessage'
  | 'showSaveDialog';

/** Messages that were shown, and answers to give: the test window draws no messages and refuses dialogs. */
export class Questions {
  readonly shown: string[] = [];
  readonly #originals = new Map<WindowFunction, unknown>();

  /** Answers messages with the button that has one of these titles, and dialogs with the given values. */
  constructor(
    answers: {
      readonly buttons?: readonly string[];
      readonly input?: readonly string[];
      readonly save?: vscode.Uri;
    } = {},
  ) {
    const inputs = [...(answers.input ?? [])];
    const buttons = [...(answers.buttons ?? [])];
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
