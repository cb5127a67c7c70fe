import type { PanelMessage, Snapshot } from '../src/core/messages.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The extension, as the panel sees it. */
export interface Host {
  send(message: PanelMessage): void;
  /** Calls back for every snapshot; whatever else arrives is dropped. */
  onSnapshot(listener: (snapshot: Snapshot) => void): void;
  /** What `remember` was last given, also before the panel was hidden or the window reloaded. */
  recall(): unknown;
  remember(memory: unknown): void;
}

/** Connects to the extension. VS Code allows this once in the life of a panel. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- VS Code's own function, which has no target
    send: (message) => api.postMessage(message),
    onSnapshot: (listener) =>
      window.addEventListener('message', (event) => {
        if (isSnapshot(event.data)) listener(event.data);
      }),
    recall: () => api.getState(),
    remember: (memory) => api.setState(memory),
  };
}

/** Only the extension can send here, and it sends what its types say; so it is enough to know its message from others. */
function isSnapshot(data: unknown): data is Snapshot {
  const { type, revision, jobs, sources, strings } = Object(data) as Record<string, unknown>;
  const isWhole = [jobs, sources].every(Array.isArray) && typeof strings === 'object' && strings !== null;
  return type === 'snapshot' && typeof revision === 'number' && isWhole;
}
