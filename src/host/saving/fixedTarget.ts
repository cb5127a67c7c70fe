import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { basename, posix } from 'node:path';
import * as vscode from 'vscode';
import { extensionFor, type ImageFormat } from '../../pixels/format.ts';
import type { EncodedFormat } from '../../pixels/protocol.ts';
import { isPortable } from './fileName.ts';
import { readStanding } from '../editing/standingFile.ts';
import { probeFolderInside } from './folderProbe.ts';
import { asSaveError, codeOf, SaveError, type SaveErrorKind } from './saveError.ts';

/** Where a fixed target lies: its workspace folder, the folders in it, and the file's name. */
export interface TargetPlace {
  readonly workspaceFolder: vscode.WorkspaceFolder;
  readonly parts: readonly string[];
  readonly name: string;
}

/** A target that cannot be used. `place` is the file as the user knows it. */
export interface TargetTrouble {
  readonly kind: SaveErrorKind;
  readonly place: string;
}

/** The place of a target that was fixed beforehand. Throws SaveError 'outside' where it is in no folder of the workspace. */
export function placeOfTarget(target: vscode.Uri): TargetPlace {
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(target);
  const way = workspaceFolder && posix.relative(workspaceFolder.uri.path, target.path);
  const steps = way === undefined || way === '' ? [] : way.split('/');
  const name = steps.pop();
  // What the name of a folder says to one system, such as a backslash, may be a way out on another.
  const isPlain =
    target.path === posix.normalize(target.path) && !steps.some((step) => step === '..' || /[\\\0]/.test(step));
  if (!workspaceFolder || name === undefined || !isPlain || /[\\/\0]/.test(name))
    throw new SaveError('outside', vscode.workspace.asRelativePath(target));
  return { workspaceFolder, parts: steps, name };
}

/**
 * What keeps pictures from being saved as exactly these files, one for each; undefined where nothing does. To be asked
 * before anything is paid: each must lie inside the workspace, not exist, be named like a picture, and be writable.
 * @param replaced for each target, the sha256 of the file that it may take the place of, where there is one
 * @param promised files, as URIs, that other requests will be saved as: what comes for them later would have no place
 */
export async function targetTrouble(
  targets: readonly string[],
  replaced: readonly (string | undefined)[] = [],
  promised: ReadonlySet<string> = new Set(),
): Promise<TargetTrouble | undefined> {
  const uris = targets.map((target) => vscode.Uri.parse(target));
  const taken = new Set([...promised].map((file) => file.toLowerCase()));
  for (const [index, uri] of uris.entries()) {
    const place = vscode.workspace.asRelativePath(uri);
    const isTwice = uris
      .slice(0, index)
      .some((other) => other.toString().toLowerCase() === uri.toString().toLowerCase());
    const kind = isTwice
      ? 'exists'
      : taken.has(uri.toString().toLowerCase())
        ? 'promised'
        : await troubleOf(uri, replaced[index]);
    if (kind) return { kind, place };
  }
  return undefined;
}

async function troubleOf(uri: vscode.Uri, replaces: string | undefined): Promise<SaveErrorKind | undefined> {
  if (!namesPicture(uri)) return 'other-format';
  // A picture that cannot have its name would be paid for first, and one of Windows' own devices is no file at all.
  // With a backslash it would be one file here and another there.
  if (!isPortable(posix.basename(uri.path)) || uri.path.includes('\\')) return 'bad-name';
  try {
    const { workspaceFolder, parts } = placeOfTarget(uri);
    // Elsewhere such a folder may well be there already.
    if (process.platform === 'win32' && !parts.every(isPortable)) return 'bad-name';
    if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) return 'read-only';
    if (await stands(uri)) {
      if (replaces === undefined) return 'exists';
      if (!(await standingAs(uri, replaces))) return 'changed';
    }
    return uri.scheme === 'file' ? await probeFolderInside(workspaceFolder.uri.fsPath, parts) : undefined;
  } catch (error) {
    return asSaveError(error, uri.path).kind;
  }
}

/** The bytes of the file that stands there, if they are those that were meant. Throws SaveError. */
export async function standingAs(uri: vscode.Uri, sha256: string): Promise<Uint8Array | undefined> {
  const standing = await readStanding(uri);
  return standing && createHash('sha256').update(standing).digest('hex') === sha256 ? standing : undefined;
}

/** True where a file of this name may hold pictures of this format. */
export function namesFormat(uri: vscode.Uri, format: string): boolean {
  const extension = extensionOf(uri);
  const usual: string | undefined = extensionFor(format as ImageFormat);
  return extension === (usual ?? format) || (format === 'jpeg' && extension === 'jpeg');
}

/** The format that the name of a file asks for, if it is one that pictures are made in here. */
export function formatOfTarget(uri: vscode.Uri): EncodedFormat | undefined {
  return (['png', 'jpeg', 'webp', 'avif'] as const).find((format) => namesFormat(uri, format));
}

const namesPicture = (uri: vscode.Uri): boolean => formatOfTarget(uri) !== undefined || namesFormat(uri, 'bmp');

const extensionOf = (uri: vscode.Uri): string => /\.([a-z]+)$/i.exec(basename(uri.path))?.[1]?.toLowerCase() ?? '';

/** Whether the file that was meant still stands there; what cannot be read is another. */
export async function isStill(uri: vscode.Uri, sha256: string | undefined): Promise<boolean> {
  try {
    return sha256 !== undefined && (await standingAs(uri, sha256)) !== undefined;
  } catch (error) {
    if (error instanceof SaveError) return false;
    throw error;
  }
}

/** Whether anything has this name, be it a link to nothing. */
async function stands(uri: vscode.Uri): Promise<boolean> {
  try {
    await (uri.scheme === 'file' ? lstat(uri.fsPath) : vscode.workspace.fs.stat(uri));
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'FileNotFound'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}
