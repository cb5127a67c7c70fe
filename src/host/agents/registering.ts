import * as vscode from 'vscode';
import type { AgentTools } from './agentTools.ts';
import { type ToolName, toolNames } from './toolNames.ts';

/** Where people turn off everything that has to do with language models. */
const offSetting = 'chat.disableAIFeatures';

/**
 * Makes the tools for language models known, and takes them back while people have AI features turned off. What they do is
 * loaded when the first of them is called.
 */
export function registerAgentTools(load: () => Promise<AgentTools>): vscode.Disposable {
  let registered: vscode.Disposable | undefined;
  const update = () => {
    const isOff = vscode.workspace.getConfiguration().get<boolean>(offSetting) === true;
    if (isOff) {
      registered?.dispose();
      registered = undefined;
    } else
      registered ??= vscode.Disposable.from(...toolNames.map((name) => vscode.lm.registerTool(name, toolOf(name))));
  };
  update();
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(offSetting) && update()),
    { dispose: () => registered?.dispose() },
  );

  function toolOf(name: ToolName): vscode.LanguageModelTool<unknown> {
    return {
      prepareInvocation: async ({ input }) => (await load()).prepare(name, input),
      invoke: async ({ input }, token) => (await load()).invoke(name, input, token),
    };
  }
}
