import type * as vscode from 'vscode';
import type { ExtensionCalls } from './api.ts';
import type { Finished, WanImageStudio } from './wanImageStudio.ts';

/** What other extensions get from the activation. What its members do is loaded when the first is called. */
export function offeredApi(load: () => Promise<ExtensionCalls>, onDidFinish: vscode.Event<Finished>): WanImageStudio {
  return Object.freeze<WanImageStudio>({
    apiVersion: 1,
    preflight: async (request, options) => (await load()).preflight(request, options),
    generate: async (request, options) => (await load()).generate(request, options),
    edit: async (request, options) => (await load()).edit(request, options),
    generateSet: async (request, options) => (await load()).generateSet(request, options),
    onDidFinish: (listener, thisArgs, disposables) => onDidFinish(listener, thisArgs, disposables),
  });
}
