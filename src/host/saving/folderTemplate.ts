import { safeName } from './fileName.ts';
import { folderParts } from './insideFolder.ts';
import { variable } from './nameTemplate.ts';
import { SaveError } from './saveError.ts';

/** What the variables of a folder stand for. One that is not known leaves nothing behind, and no empty folder. */
export interface FolderValues {
  /** Names from the workspace folder down to what a site is served from; empty where there is no such folder. */
  readonly publicRoot: readonly string[];
  /** Names from the workspace folder down to the folder of the document. */
  readonly documentFolder: readonly string[];
  /** Name of the document without its extension. */
  readonly documentName: string | undefined;
  /** Such as 2026-03-09. */
  readonly date: string;
}

/**
 * The names of the folders from the workspace folder down. Throws SaveError as `folderParts` does, 'outside' where a variable
 * leads out of it, and 'unknown-variable'; where links lead is found out when something is written.
 */
export function folderFromTemplate(template: string, values: FolderValues): string[] {
  const parts = folderParts(template).flatMap((part) =>
    part.replaceAll(variable, (written, name: string) => valueOf(written, name, values)).split('/'),
  );
  const named = parts.filter((part) => part !== '' && part !== '.');
  // What a variable stands for is the name of something, which can be any on this system.
  if (named.some((part) => part === '..' || part.includes('\0'))) throw new SaveError('outside', template);
  return named;
}

function valueOf(written: string, name: string, values: FolderValues): string {
  switch (name) {
    case 'publicRoot':
    case 'documentFolder':
      return values[name].join('/');
    case 'documentName':
      return values.documentName === undefined ? '' : safeName(values.documentName);
    case 'date':
      return values.date;
    default:
      throw new SaveError('unknown-variable', written);
  }
}
