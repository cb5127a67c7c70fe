import type * as vscode from 'vscode';

/** The key that practice mode uses; the user's own never goes there. Public, and worth nothing anywhere else. */
export const practiceKey = 'sk-empiriolabs-practice';

const secretName = 'wanImage.apiKey';

/** The user's API key, which is nowhere but in the editor's secret storage. */
export class KeyVault {
  readonly #secrets: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete'>;

  constructor(secrets: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete'>) {
    this.#secrets = secrets;
  }

  async read(): Promise<string | undefined> {
    return this.#secrets.get(secretName);
  }

  async keep(key: string): Promise<void> {
    await this.#secrets.store(secretName, key);
  }

  async forget(): Promise<void> {
    await this.#secrets.delete(secretName);
  }

  /** True when a change of secrets is about the key. */
  isMeantBy(event: vscode.SecretStorageChangeEvent): boolean {
    return event.key === secretName;
  }
}

/** Why this text cannot be a key, or undefined. Spaces at its ends come from copying and are taken off. */
export function keyFault(text: string): 'empty' | 'spaces' | 'characters' | undefined {
  const key = text.trim();
  if (key === '') return 'empty';
  if (/\s/.test(key)) return 'spaces';
  // A header can carry no others.
  return /^[\x21-\x7e]+$/.test(key) ? undefined : 'characters';
}
