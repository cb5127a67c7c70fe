import { posix } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asText } from '../../core/joining.ts';
import type { PackMeasures } from '../../core/packs.ts';
import { plainLabel } from '../plainText.ts';
import { shortPath } from '../results.ts';
import { numberedName } from '../saving/fileName.ts';
import type { ChosenFolder } from './folderChoice.ts';
import { contrastSentence, maskableSentence } from './words.ts';

/** A file that may be written. */
export interface Proposed {
  /** What it is: its name in the pack, or the half of a pair. */
  readonly name: string;
  /** Nothing has this name yet. */
  readonly target: vscode.Uri;
  readonly bytes: Uint8Array;
  /** The name that it should have had and that something has. */
  readonly taken: string | undefined;
  /** What was measured of it. */
  readonly measure: string | undefined;
}

/** Finds a free name for each file of a folder. */
export async function propose(
  folder: ChosenFolder,
  files: readonly { readonly name: string; readonly bytes: Uint8Array; readonly as?: string }[],
  measures: PackMeasures,
): Promise<Proposed[]> {
  const proposed: Proposed[] = [];
  for (const { name, bytes, as = name } of files) {
    const free = await freeName(folder.uri, as);
    proposed.push({
      name,
      bytes,
      target: vscode.Uri.joinPath(folder.uri, free),
      taken: free === as ? undefined : as,
      measure: measureOf(name, measures),
    });
  }
  return proposed;
}

function measureOf(name: string, { maskable, contrast }: PackMeasures): string | undefined {
  if (name === 'icon-maskable-512.png') return maskable && maskableSentence(maskable);
  return name === 'favicon.ico' && contrast !== undefined ? contrastSentence(contrast) : undefined;
}

async function freeName(folder: vscode.Uri, name: string): Promise<string> {
  const extension = posix.extname(name).slice(1);
  const base = posix.basename(name, posix.extname(name));
  for (let attempt = 1; ; attempt++) {
    const candidate = numberedName(base, extension, attempt);
    if (!(await stands(vscode.Uri.joinPath(folder, candidate)))) return candidate;
  }
}

/** What cannot be looked at says so when it is written, which replaces nothing. */
async function stands(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Shows every file with its place, size and measures, and lets the user leave some out. Undefined where the user wants none. */
export async function chooseFiles(
  proposed: readonly Proposed[],
  newManifest: string | undefined,
): Promise<{ readonly files: readonly Proposed[]; readonly withManifest: boolean } | undefined> {
  const rows: (vscode.QuickPickItem & { readonly file?: Proposed })[] = proposed.map((file) => ({
    label: plainLabel(shortPath(file.target)),
    description: sizeWords(file.bytes.length),
    detail: detailOf(file),
    picked: true,
    file,
  }));
  if (newManifest !== undefined)
    rows.push({ label: newManifest, description: l10n.t('the manifest of the web app, new'), picked: true });
  const chosen = await vscode.window.showQuickPick(rows, {
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDetail: true,
    title: l10n.t('Write These Files?'),
    placeHolder: l10n.t('No file is replaced. All are written, or none.'),
  });
  if (!chosen) return undefined;
  return {
    files: chosen.flatMap(({ file }) => file ?? []),
    withManifest: newManifest !== undefined && chosen.some(({ file }) => file === undefined),
  };
}

function detailOf({ taken, measure }: Proposed): string {
  const named = taken === undefined ? undefined : l10n.t('{0} is there already and stays as it is.', plainLabel(taken));
  return asText([named, measure]);
}

function sizeWords(bytes: number): string {
  const format = new Intl.NumberFormat(vscode.env.language, { maximumFractionDigits: 1 });
  return l10n.t('{0} KB', format.format(bytes / 1024));
}
