import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { mostRecipeBytes, readRecipe, type Recipe } from '../../core/recipe.ts';
import { carriedBy, type LeftAlone } from '../../pixels/recipe/embedding.ts';
import { readPictureFile } from '../editing/pictureFile.ts';
import { uriOfTab } from '../editing/places.ts';
import { asSourceError, type SourceErrorKind } from '../editing/sourceError.ts';
import { shortPath } from '../results.ts';
import { nameBeside } from './giving.ts';

/** What is found where a recipe is looked for. */
export type FoundRecipe =
  | { readonly kind: 'recipe'; readonly recipe: Recipe; readonly file: vscode.Uri }
  | { readonly kind: 'none'; readonly why: NoRecipe; readonly file: vscode.Uri };

export type NoRecipe =
  /** The picture says nothing, and nothing lies beside it. */
  | 'nothing'
  /** A recipe of a later version than this extension. */
  | 'newer'
  /** Something that is no recipe, or more than one can be. */
  | 'not-a-recipe'
  | LeftAlone
  | SourceErrorKind;

const hasRecipe = /\.(png|jpe?g|webp)$|\.wan\.json$/i;

/** The file that a command means: the one that a menu hands over, else that of the active tab, else one that the user chooses. */
export async function meantFile(handed: readonly unknown[]): Promise<vscode.Uri | undefined> {
  const [first] = handed;
  if (first instanceof vscode.Uri) return first;
  const active = uriOfTab(vscode.window.tabGroups.activeTabGroup.activeTab);
  if (active && hasRecipe.test(active.path)) return active;
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const [chosen] =
    (await vscode.window.showOpenDialog({
      defaultUri: folder?.uri ?? vscode.Uri.file(homedir()),
      filters: { [l10n.t('Pictures and recipes')]: ['png', 'jpg', 'jpeg', 'webp', 'json'] },
      openLabel: l10n.t('Open Recipe'),
      title: l10n.t('Open Recipe'),
    })) ?? [];
  return chosen;
}

/** Looks for a recipe: in a picture, in the file beside it, or in a file that is one. */
export async function recipeIn(file: vscode.Uri): Promise<FoundRecipe> {
  try {
    if (/\.json$/i.test(file.path)) return await recipeOfFile(file);
    const carried = carriedBy(await readPictureFile(file, shortPath(file)));
    if ('recipe' in carried && carried.recipe !== undefined) return readAs(file, carried.recipe);
    const beside = file.with({ path: nameBeside(file.path) });
    if (await isFile(beside)) return await recipeOfFile(beside);
    return { kind: 'none', file, why: 'why' in carried ? carried.why : 'nothing' };
  } catch (error) {
    return { kind: 'none', file, why: asSourceError(error, shortPath(file)).kind };
  }
}

async function recipeOfFile(file: vscode.Uri): Promise<FoundRecipe> {
  const { size } = await vscode.workspace.fs.stat(file);
  if (size > mostRecipeBytes + 1) return { kind: 'none', file, why: 'not-a-recipe' };
  return readAs(file, Buffer.from(await readPictureFile(file, shortPath(file))).toString('utf8'));
}

function readAs(file: vscode.Uri, text: string): FoundRecipe {
  const read = readRecipe(text.trim());
  if (read.kind === 'recipe') return { kind: 'recipe', recipe: read.recipe, file };
  return { kind: 'none', file, why: read.why === 'newer' ? 'newer' : 'not-a-recipe' };
}

const isFile = async (file: vscode.Uri): Promise<boolean> =>
  vscode.workspace.fs.stat(file).then(
    ({ type }) => (type & vscode.FileType.File) !== 0,
    () => false,
  );
