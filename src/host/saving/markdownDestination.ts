import { posix } from 'node:path';
import { SaveError } from './saveError.ts';

/** A document and a file that is to lie where VS Code's own setting puts files for it. Paths are those of URIs. */
export interface CopiedFile {
  readonly document: string;
  readonly workspaceFolder: string;
  /** With its extension. */
  readonly fileName: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** `\$`, or a variable, which may replace in its value what a pattern finds. */
const part = /\\\$|(?<!\\)\$\{(\w+)(?:\/((?:\\\/|[^}/])+)\/((?:\\\/|[^}/])*)\/)?\}/g;

/**
 * The path of a copied file by one value of `markdown.copyFiles.destination`, as VS Code reads it: from the document's folder,
 * or from the workspace folder where it begins with a slash; what ends with a slash gets the file's name. What is no
 * variable stays as it is written. Source: the setting's description, and copyFiles.ts of VS Code's Markdown extension.
 */
export function copiedTo(destination: string, { document, workspaceFolder, fileName, now }: CopiedFile): string {
  const folder = posix.dirname(document);
  const name = posix.basename(document);
  const extension = posix.extname(name);
  const values: Readonly<Record<string, string>> = {
    documentDirName: folder,
    documentRelativeDirName: posix.relative(workspaceFolder, folder),
    documentFileName: name,
    documentBaseName: name.slice(0, name.length - extension.length),
    documentExtName: extension.slice(1),
    documentFilePath: document,
    documentRelativeFilePath: posix.relative(workspaceFolder, document),
    documentWorkspaceFolder: workspaceFolder,
    fileName,
    fileExtName: posix.extname(fileName).slice(1),
    unixTime: String(now),
    isoTime: new Date(now).toISOString(),
  };
  const written = destination.trim() || '${fileName}';
  const whole = (written.startsWith('/') ? `\${documentWorkspaceFolder}${written}` : written).replace(
    /\/$/,
    '/${fileName}',
  );
  const filled = whole.replace(part, (found: string, variable?: string, pattern?: string, replacement?: string) => {
    if (variable === undefined) return '$';
    const value = Object.hasOwn(values, variable) ? values[variable] : undefined;
    if (value === undefined) return found;
    return pattern === undefined ? value : replaced(value, plain(pattern), plain(replacement ?? ''));
  });
  return posix.resolve(folder, filled);
}

const plain = (text: string): string => text.replaceAll('\\/', '/');

function replaced(value: string, pattern: string, replacement: string): string {
  try {
    return value.replace(new RegExp(pattern), replacement);
  } catch (error) {
    // Not a pattern: VS Code leaves the value as it is as well.
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

/** A path as folders of the workspace folder and a name without extension. Throws SaveError 'outside'. */
export function insideOf(workspaceFolder: string, path: string): { readonly folder: string[]; readonly name: string } {
  const steps = posix.relative(workspaceFolder, path).split('/');
  const name = steps.pop() ?? '';
  if (name === '' || [...steps, name].includes('..')) throw new SaveError('outside', path);
  return { folder: steps, name: name.slice(0, name.length - posix.extname(name).length) };
}
