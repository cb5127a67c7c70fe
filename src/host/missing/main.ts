import * as vscode from 'vscode';
import { modelCard } from '../../core/modelCard.ts';
import type { Log } from '../log.ts';
import { readSetting } from '../settingsReader.ts';
import { Sites } from '../site.ts';
import { MissingDiagnostics } from './missingDiagnostics.ts';
import { PictureReferences } from './pictureReferences.ts';
import { registerProviders } from './providers.ts';

/** What documents are offered for the pictures they refer to. Costs nothing but their text, and runs until it is disposed of. */
export function startReferences(log: Log): vscode.Disposable {
  const sites = new Sites();
  const references = new PictureReferences(sites);
  const wished = new vscode.EventEmitter<void>();
  const settings = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('wanImage')) wished.fire();
  });
  const providers = registerProviders({
    references,
    lenses: () => readSetting('codeLens'),
    onDidChangeWish: wished.event,
    // What this very service asks is known to the command, which says it before anything is sent.
    price: () => (readSetting('service') === 'simulator' ? undefined : modelCard.price[readSetting('defaultModel')]),
  });
  const diagnostics = new MissingDiagnostics({
    references,
    isWanted: ({ uri }) => readSetting('missingPictures', uri) === 'report',
    onDidChangeWish: wished.event,
    failed: (error) => log.error('The references of a document could not be looked through.', error),
  });
  return vscode.Disposable.from(diagnostics, providers, references, sites, settings, wished);
}
