import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { type CommandId, commandTable } from './commandTable.ts';
import type { Log } from './log.ts';

/** What each command does with what a menu hands over; the compiler sees to it that none is forgotten. */
export type CommandHandlers = Readonly<Record<CommandId, (...handed: unknown[]) => unknown>>;

/**
 * Registers every command. What they do is loaded when the first of them is called. One that fails says so and writes to
 * the log.
 */
export function registerCommands(
  load: () => Promise<CommandHandlers>,
  log: Log,
  showLog: () => void,
): vscode.Disposable {
  const ids = Object.keys(commandTable) as CommandId[];
  return vscode.Disposable.from(
    ...ids.map((id) => vscode.commands.registerCommand(id, (...handed: unknown[]) => run(id, handed))),
  );

  async function run(id: CommandId, handed: readonly unknown[]): Promise<void> {
    try {
      await (await load())[id](...handed);
    } catch (error) {
      log.error(`The command ${id} failed.`, error);
      const show = l10n.t('Show Log');
      // The report may be the very thing that failed.
      const report = l10n.t('Report a Problem');
      const further = id === 'wanImage.reportProblem' ? [] : [report];
      const text = l10n.t('That did not work. The log says more.');
      const chosen = await vscode.window.showErrorMessage(text, show, ...further);
      if (chosen === show) showLog();
      if (chosen === report) await run('wanImage.reportProblem', []);
    }
  }
}
