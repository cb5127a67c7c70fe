import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { AgentError } from '../agents/agentTypes.ts';
import { nameOfExtension } from '../agents/agentNotice.ts';

/** An extension that calls, as it says. */
export interface Caller {
  readonly id: string;
  readonly name: string;
}

/**
 * The extension that a caller says it is. All extensions share one process, and VS Code tells none of them who calls it, so
 * this cannot be proved: it is shown to the person as what the caller says. Throws AgentError where no such extension runs.
 */
export function callerNamed(id: unknown, own: string): Caller {
  const extension = typeof id === 'string' && id.length <= 200 ? vscode.extensions.getExtension(id) : undefined;
  if (!extension?.isActive || extension.id.toLowerCase() === own.toLowerCase())
    throw new AgentError(
      l10n.t('The caller must name itself by the id of an extension that is installed and active. Nothing was sent.'),
      false,
    );
  return { id: extension.id, name: nameOfExtension(extension.id) ?? extension.id };
}
