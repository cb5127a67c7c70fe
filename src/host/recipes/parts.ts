import { join } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { CommandHandlers } from '../commands.ts';
import type { Replacer } from '../editing/replacer.ts';
import type { Log } from '../log.ts';
import { plainText } from '../plainText.ts';
import type { StorageFolders } from '../storageFolders.ts';
import type { Telling } from '../telling.ts';
import { RecipeGiver } from './giving.ts';
import { openRecipe, type OpeningParts, runRecipe } from './opening.ts';
import { tellUngiven } from './recipeTelling.ts';
import { stripForRelease } from './stripping.ts';

/** What gives pictures their recipes. */
export function recipeGiver(parts: {
  readonly extension: Pick<vscode.Extension<unknown>, 'packageJSON'>;
  readonly folders: StorageFolders;
  readonly tell: (telling: Telling) => Promise<void>;
  readonly log: Log;
}): RecipeGiver {
  const { version } = parts.extension.packageJSON as { version?: unknown };
  return new RecipeGiver({
    app: `wan-image-studio ${String(version)}`,
    folder: join(parts.folders.pictures, 'saving'),
    tell: (news) => parts.tell(tellUngiven(news)),
    log: parts.log,
  });
}

type RecipeCommand = 'wanImage.openRecipe' | 'wanImage.runRecipe' | 'wanImage.stripForRelease';

/** What the commands about recipes do. */
export function recipeCommands(
  parts: OpeningParts & { readonly replacer: Pick<Replacer, 'change' | 'undo'> },
): Pick<CommandHandlers, RecipeCommand> {
  return {
    'wanImage.openRecipe': (...handed) => openRecipe(handed, parts),
    'wanImage.runRecipe': (...handed) => runRecipe(handed, parts),
    'wanImage.stripForRelease': (...handed) => stripForRelease(handed, { ...parts, tellDone }),
  };
}

async function tellDone({ text, severity }: Telling): Promise<boolean> {
  const undo = l10n.t('Undo');
  const show = severity === 'info' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  return (await show(plainText(text), undo)) === undo;
}
