import * as vscode from 'vscode';
import type { Log } from '../log.ts';
import type { SetFiles } from './setFiles.ts';

/** How long after a key press the problems of a set file are looked for, in milliseconds. */
const pauseMs = 300;

/** Makes set files known to the editor. What is shown of them is loaded when the first one is opened. */
export function registerSetFiles(load: () => Promise<SetFiles>, log: Log): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const timers = new Map<string, NodeJS.Timeout>();
  let subscription: vscode.Disposable | undefined;
  const loaded = async () => {
    const setFiles = await load();
    subscription ??= setFiles.onDidChange(() => changed.fire());
    return setFiles;
  };
  const diagnose = (document: vscode.TextDocument, delay: number) => {
    if (!document.uri.path.toLowerCase().endsWith('.wanset.json')) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    const look = async () => {
      timers.delete(key);
      await (await loaded()).diagnose(document);
    };
    const timer = setTimeout(() => {
      look().catch((error: unknown) => log.error('The problems of a set file could not be looked for.', error));
    }, delay);
    timers.set(key, timer);
  };
  for (const document of vscode.workspace.textDocuments) diagnose(document, 0);
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(
      { pattern: '**/*.wanset.json' },
      {
        onDidChangeCodeLenses: changed.event,
        provideCodeLenses: async (document) => (await loaded()).lenses(document),
      },
    ),
    vscode.workspace.onDidOpenTextDocument((document) => diagnose(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => diagnose(document, pauseMs)),
    vscode.workspace.onDidCloseTextDocument((document) => diagnose(document, 0)),
    {
      dispose: () => {
        subscription?.dispose();
        for (const timer of timers.values()) clearTimeout(timer);
      },
    },
  );
}
