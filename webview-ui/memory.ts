/**
 * What the panel remembers over being hidden, closed with the window, or reloaded. The host may read `draft` when VS Code
 * gives it back a panel.
 */
export interface Memory {
  /** Told apart from what another version of the panel has left behind. */
  readonly version: 1;
  readonly draft: { readonly draftId: string; readonly request: unknown };
  /** Drafts this panel has taken or sent; a snapshot that names one of them brings nothing new. */
  readonly knownDrafts: readonly string[];
  readonly openSections: readonly string[];
  /** Pixels from the top: of the page when narrow, of the two columns when wide. */
  /** What the second part remembers, by names of its own. */
  readonly kept?: Readonly<Record<string, unknown>>;
  readonly scroll: { readonly page: number; readonly form: number; readonly results: number };
}

/**
 * Reads what was remembered; undefined when there is nothing, or nothing that this version understands. Nobody but this
 * panel can write it, so its version says enough.
 */
export function readMemory(value: unknown): Memory | undefined {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1
    ? (value as Memory)
    : undefined;
}
