import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { mostRecipeBytes, readRecipe } from '../../core/recipe.ts';
import { carriedBy, type LeftAlone, stripped } from '../../pixels/recipe/embedding.ts';
import { readPictureFile } from '../editing/pictureFile.ts';
import { isInWorkspace, uriOfTab } from '../editing/places.ts';
import type { Replacer } from '../editing/replacer.ts';
import { asSourceError } from '../editing/sourceError.ts';
import { plainLabel } from '../plainText.ts';
import { shortPath } from '../results.ts';
import type { Telling } from '../telling.ts';
import { tellNothingToStrip, tellStripped, tellUnstripped } from './stripTelling.ts';

interface Parts {
  readonly replacer: Pick<Replacer, 'change' | 'undo'>;
  /** Says something in the window; true where the user wants what was done to be undone. */
  readonly tellDone: (telling: Telling) => Promise<boolean>;
  readonly tell: (telling: Telling) => Promise<void>;
}

/** What of ours a file holds. */
interface Finding {
  readonly file: vscode.Uri;
  readonly is: 'picture' | 'recipe-file';
  readonly tells: boolean;
  readonly isMarked: boolean;
}

/** A file that says nothing that could be taken out, or that is left alone. */
export interface Untouched {
  readonly file: vscode.Uri;
  readonly why: LeftAlone | 'outside' | 'not-readable';
}

/** More files are not looked at in one go. */
const mostFiles = 2000;
const pictures = ['png', 'jpg', 'jpeg', 'webp'].flatMap((extension) => [extension, extension.toUpperCase()]);

/**
 * Takes recipes, and where the user wants it the mark, out of files before they are given away. What would change is shown
 * first; only what we have written goes, signed files stay as they are, and all of it can be undone.
 */
export async function stripForRelease(handed: readonly unknown[], parts: Parts): Promise<void> {
  const files = await filesIn(meant(handed));
  const { findings, untouched } = await lookedAt(files);
  if (findings.length === 0) return parts.tell(tellNothingToStrip(files.length, untouched));
  const mark = await askAboutMark(findings);
  if (mark === undefined) return;
  const chosen = await askWhich(
    findings.filter(({ tells }) => tells || mark),
    mark,
  );
  if (chosen.length === 0) return;
  const done: { readonly file: vscode.Uri; readonly id: string }[] = [];
  const failed: vscode.Uri[] = [];
  for (const { file, is } of chosen) {
    const outcome = await parts.replacer.change(file, (standing) => {
      if (is === 'recipe-file') return isRecipeText(standing) ? 'away' : undefined;
      const result = stripped(standing, { mark });
      return result.kind === 'changed' ? result.bytes : undefined;
    });
    if (outcome.kind === 'done' && outcome.replacement) done.push({ file, id: outcome.replacement.id });
    else failed.push(file);
  }
  const telling = tellStripped(
    done.map(({ file }) => file),
    failed,
    untouched,
  );
  if (!(await parts.tellDone(telling))) return;
  const stuck: vscode.Uri[] = [];
  for (const { file, id } of done.toReversed()) {
    const outcome = await parts.replacer.undo(id);
    if (outcome.kind !== 'done') stuck.push(file);
  }
  await parts.tell(tellUnstripped(done.length - stuck.length, stuck));
}

/** What a menu hands over, else the file of the active tab, else the whole workspace. */
function meant(handed: readonly unknown[]): readonly vscode.Uri[] {
  const [first, several] = handed;
  const selected = Array.isArray(several) ? several.filter((one): one is vscode.Uri => one instanceof vscode.Uri) : [];
  if (selected.length > 0) return selected;
  if (first instanceof vscode.Uri) return [first];
  const active = uriOfTab(vscode.window.tabGroups.activeTabGroup.activeTab);
  if (active && (isPicture(active) || isRecipeFile(active))) return [active];
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
}

async function filesIn(places: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const found = new Map<string, vscode.Uri>();
  for (const place of places) {
    const isFolder = await vscode.workspace.fs.stat(place).then(
      ({ type }) => (type & vscode.FileType.Directory) !== 0,
      () => false, // One that is not there is told when it is looked at.
    );
    const pattern = new vscode.RelativePattern(place, `**/*.{${[...pictures, 'wan.json'].join(',')}}`);
    const files = isFolder
      ? await vscode.workspace.findFiles(pattern, '**/{node_modules,.git}/**', mostFiles)
      : [place];
    for (const file of files) found.set(file.toString(), file);
  }
  return [...found.values()].toSorted((one, other) => one.path.localeCompare(other.path)).slice(0, mostFiles);
}

async function lookedAt(files: readonly vscode.Uri[]): Promise<{ findings: Finding[]; untouched: Untouched[] }> {
  const title = l10n.t('Looking for recipes');
  const findings: Finding[] = [];
  const untouched: Untouched[] = [];
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, async () => {
    // One after the other: large pictures need not be in memory together.
    for (const file of files) {
      const found = await look(file);
      if ('why' in found) untouched.push({ file, why: found.why });
      else if (found.tells || found.isMarked) findings.push({ file, ...found });
    }
  });
  return { findings, untouched };
}

async function look(file: vscode.Uri): Promise<Omit<Finding, 'file'> | { readonly why: Untouched['why'] }> {
  if (!(await isInWorkspace(file))) return { why: 'outside' };
  try {
    const bytes = await readPictureFile(file, shortPath(file));
    if (isRecipeFile(file)) return { is: 'recipe-file', tells: isRecipeText(bytes), isMarked: false };
    const carried = carriedBy(bytes);
    if ('why' in carried) return { why: carried.why };
    return { is: 'picture', tells: carried.tells, isMarked: carried.isMarked };
  } catch (error) {
    // An empty file, or one that has just gone: nothing can be taken out of it.
    return { why: asSourceError(error, file.path).kind === 'empty' ? 'format' : 'not-readable' };
  }
}

const isPicture = ({ path }: vscode.Uri): boolean => /\.(png|jpe?g|webp)$/i.test(path);
const isRecipeFile = ({ path }: vscode.Uri): boolean => /\.wan\.json$/i.test(path);

/** Another file of that name is not ours to take away. */
function isRecipeText(bytes: Uint8Array): boolean {
  if (bytes.length > mostRecipeBytes + 1) return false;
  const read = readRecipe(Buffer.from(bytes).toString('utf8').trim());
  return read.kind === 'recipe' || read.why === 'newer';
}

async function askAboutMark(findings: readonly Finding[]): Promise<boolean | undefined> {
  const telling = findings.filter(({ tells }) => tells).length;
  const rows = [
    {
      label: l10n.t('Recipes only'),
      description: fileCount(telling),
      detail: l10n.t('Pictures still say that they are made by AI, which some places ask for.'),
      mark: false,
    },
    {
      label: l10n.t('Recipes and AI marks'),
      description: fileCount(findings.length),
      detail: l10n.t('Pictures say nothing any more of how they were made.'),
      mark: true,
    },
  ];
  const usable = rows.filter(({ mark }) => mark || telling > 0);
  const title = l10n.t('Strip for Release');
  return (await vscode.window.showQuickPick(usable, { title, placeHolder: l10n.t('What should be taken out?') }))?.mark;
}

const fileCount = (count: number): string => (count === 1 ? l10n.t('1 file') : l10n.t('{0} files', count));

async function askWhich(findings: readonly Finding[], mark: boolean): Promise<readonly Finding[]> {
  const rows = findings.map((finding) => ({
    label: plainLabel(shortPath(finding.file)),
    description: whatGoes(finding, mark),
    picked: true,
    finding,
  }));
  const chosen = await vscode.window.showQuickPick(rows, {
    canPickMany: true,
    title: l10n.t('Strip for Release'),
    placeHolder: l10n.t('These files change. Undo brings them back as they are.'),
  });
  return chosen?.map(({ finding }) => finding) ?? [];
}

function whatGoes({ is, tells, isMarked }: Finding, mark: boolean): string {
  if (is === 'recipe-file') return l10n.t('the file itself, which is a recipe');
  if (!tells) return l10n.t('AI mark');
  return mark && isMarked ? l10n.t('recipe and AI mark') : l10n.t('recipe');
}
