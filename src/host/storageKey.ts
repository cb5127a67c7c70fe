import { createHash } from 'node:crypto';

/** What VS Code knows of the open workspace, as far as it names it. */
export interface OpenWorkspace {
  /** URI of a saved workspace file. */
  readonly workspaceFile: string | undefined;
  /** URIs of the folders. */
  readonly folders: readonly string[];
}

/**
 * The name of the folder that holds a workspace's jobs: the same in every window on the same folders, in whatever order
 * they were added. Sixteen hexadecimal digits, or 'no-folder'.
 */
export function storageKey({ workspaceFile, folders }: OpenWorkspace): string {
  if (workspaceFile === undefined && folders.length === 0) return 'no-folder';
  const name =
    workspaceFile ??
    folders
      .map((folder) => folder.replace(/\/+$/, ''))
      .toSorted()
      .join('\n');
  return createHash('sha256').update(name).digest('hex').slice(0, 16);
}

/** The name of the folder that holds the jobs sent to one service, so that each is asked about where it was sent. */
export function serviceFolderName(
  service: { readonly mode: 'practice' } | { readonly mode: 'live'; readonly address: string },
): string {
  return service.mode === 'practice'
    ? 'practice'
    : `live-${createHash('sha256').update(service.address).digest('hex').slice(0, 8)}`;
}
