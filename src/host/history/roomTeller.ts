import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { fileSize } from '../fileSize.ts';
import type { StorageUse } from './storageUse.ts';

/** How often it is looked at most, in milliseconds. */
const lookMs = 600_000;

interface Parts {
  readonly storage: Pick<StorageUse, 'excess'>;
  readonly cleanUp: () => Promise<void>;
  readonly openSettings: () => Promise<unknown>;
}

/** Tells the user, once in a window, that more is kept than the settings allow. It deletes nothing. */
export class RoomTeller {
  readonly #parts: Parts;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isTold = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** To be called when something was kept. */
  async look(): Promise<void> {
    if (this.#isTold || performance.now() - this.#lookedAt < lookMs) return;
    this.#lookedAt = performance.now();
    const excess = await this.#parts.storage.excess();
    if (excess === 0 || this.#isTold) return;
    this.#isTold = true;
    const clean = l10n.t('Clean Up…');
    const settings = l10n.t('Open Settings');
    const text = l10n.t(
      'Kept pictures take {0} more than the storage limit of the settings. Nothing is deleted by itself.',
      fileSize(excess),
    );
    const chosen = await vscode.window.showWarningMessage(text, clean, settings);
    if (chosen === clean) await this.#parts.cleanUp();
    if (chosen === settings) await this.#parts.openSettings();
  }
}
