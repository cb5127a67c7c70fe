import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { ActionId } from '../core/messages.ts';
import type { BoxForm } from '../core/modelCard.ts';
import { readSetting, writeUserSetting } from './settingsReader.ts';
import type { Telling } from './telling.ts';

/** Documentation of prices, credit and top-up. */
const billingPage = 'https://docs.empiriolabs.ai/billing-credits';

interface Parts {
  readonly setKey: () => Promise<unknown>;
  readonly testKey: () => Promise<unknown>;
  readonly setPractice: (isOn: boolean) => Promise<void>;
  readonly showLog: () => void;
  /** Puts the request of a job, or the last one, into the studio's form. */
  readonly editRequest: (jobId: string | undefined) => Promise<void>;
  /** Puts the request of a job into the studio's form with its pictures made smaller. */
  readonly sendSmaller: (jobId: string | undefined) => Promise<void>;
  readonly saveElsewhere: (ids: readonly string[]) => Promise<void>;
}

/** What the buttons beside a message do. */
export class Actions {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async perform(action: ActionId, { unsaved, jobId }: Pick<Telling, 'unsaved' | 'jobId'> = {}): Promise<void> {
    switch (action) {
      case 'set-key':
        await this.#parts.setKey();
        return;
      case 'test-key':
        await this.#parts.testKey();
        return;
      case 'show-log':
        return this.#parts.showLog();
      case 'open-billing':
        await vscode.env.openExternal(vscode.Uri.parse(billingPage));
        return;
      case 'use-practice':
        return this.#parts.setPractice(true);
      case 'leave-practice':
        return this.#parts.setPractice(false);
      case 'edit-request':
        return this.#parts.editRequest(jobId);
      case 'send-smaller':
        return this.#parts.sendSmaller(jobId);
      case 'choose-folder':
        return this.#parts.saveElsewhere(unsaved ?? []);
      case 'open-settings':
        await vscode.commands.executeCommand('workbench.action.openSettings', 'wanImage');
        return;
    }
  }

  /** Writes boxes in this form from now on: the user's own setting. Answers what stands in the way. */
  async useBoxForm(form: BoxForm): Promise<Telling | undefined> {
    await writeUserSetting('boxForm', form);
    if (readSetting('boxForm') === form) return undefined;
    const text = l10n.t('This workspace has a setting of its own for the form of boxes, which goes before yours.');
    return { severity: 'warning', text, actions: ['open-settings'] };
  }
}
