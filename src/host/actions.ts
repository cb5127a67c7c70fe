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
  readonly showSpending: () => Promise<void>;
  readonly exportSpending: () => Promise<void>;
  readonly reportProblem: () => Promise<void>;
  /** Puts the request of a job, or the last one, into the studio's form. */
  readonly editRequest: (jobId: string | undefined) => Promise<void>;
  /** Puts the request of a job into the studio's form with its pictures made smaller. Answers what stands in the way. */
  readonly sendSmaller: (jobId: string | undefined) => Promise<Telling | undefined>;
  /** Looks for the pictures of a job among the account's past requests, in the studio. */
  readonly findPictures: (jobId: string | undefined) => Promise<void>;
  /** Asks for another save folder, and answers what stands in the way. */
  readonly pickSaveFolder: () => Promise<Telling | undefined>;
  /** Looks anew whether pictures can be kept and saved. */
  readonly checkStorage: () => Promise<Telling | undefined>;
  readonly saveElsewhere: (ids: readonly string[]) => Promise<void>;
  readonly checkService: () => Promise<void>;
  /** Puts lighter files in the place of these, URIs, and takes that back. Answer what there is to say. */
  readonly saveLighter: (files: readonly string[], document?: string) => Promise<Telling>;
  readonly undoLighter: () => Promise<Telling | undefined>;
}

/** What the buttons beside a message do. */
export class Actions {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Does one, and answers what there is to say about it. */
  async perform(
    action: ActionId,
    { unsaved, jobId, heavy, heavyIn }: Pick<Telling, 'unsaved' | 'jobId' | 'heavy' | 'heavyIn'> = {},
  ): Promise<Telling | undefined> {
    switch (action) {
      case 'set-key':
        await this.#parts.setKey();
        return undefined;
      case 'test-key':
        await this.#parts.testKey();
        return undefined;
      case 'show-log':
        this.#parts.showLog();
        return undefined;
      case 'report-problem':
        await this.#parts.reportProblem();
        return undefined;
      case 'open-billing':
        await vscode.env.openExternal(vscode.Uri.parse(billingPage));
        return undefined;
      case 'use-practice':
        await this.#parts.setPractice(true);
        return undefined;
      case 'leave-practice':
        await this.#parts.setPractice(false);
        return undefined;
      case 'edit-request':
        await this.#parts.editRequest(jobId);
        return undefined;
      case 'send-smaller':
        return this.#parts.sendSmaller(jobId);
      case 'find-pictures':
        await this.#parts.findPictures(jobId);
        return undefined;
      case 'choose-folder':
        await this.#parts.saveElsewhere(unsaved ?? []);
        return undefined;
      case 'pick-save-folder':
        return this.#parts.pickSaveFolder();
      case 'check-storage':
        return this.#parts.checkStorage();
      case 'check-service':
        await this.#parts.checkService();
        return undefined;
      case 'open-settings':
        await vscode.commands.executeCommand('workbench.action.openSettings', 'wanImage');
        return undefined;
      case 'show-spending':
        await this.#parts.showSpending();
        return undefined;
      case 'export-spending':
        await this.#parts.exportSpending();
        return undefined;
      case 'manage-trust':
        await vscode.commands.executeCommand('workbench.trust.manage');
        return undefined;
      case 'save-lighter':
        return heavy && this.#parts.saveLighter(heavy, heavyIn);
      case 'undo-lighter':
        return this.#parts.undoLighter();
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
