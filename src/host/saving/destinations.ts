import { posix } from 'node:path';
import * as vscode from 'vscode';
import { readSetting } from '../settingsReader.ts';
import { numberedName, safeName } from './fileName.ts';
import { folderFromTemplate } from './folderTemplate.ts';
import { copiedTo, insideOf } from './markdownDestination.ts';
import { dayOf, nameFromTemplate, type NameValues } from './nameTemplate.ts';

/** What a file that is to be saved is known by. */
export interface NamedFile {
  readonly values: Omit<NameValues, 'date'>;
  /** Without the dot. */
  readonly extension: string;
  /** Of one that is saved in several widths; then the name tells them apart. */
  readonly oneOfWidths?: number;
}

/** Where a file goes in a workspace folder; the name has no extension. */
export interface Destination {
  readonly folder: readonly string[];
  readonly name: string;
}

/** Templates in the place of those of the settings. */
interface Templates {
  readonly folder?: string;
  readonly name?: string;
}

interface Parts {
  /** The folder that the site which a file belongs to is served from. */
  readonly publicRootOf: (uri: vscode.Uri) => Promise<vscode.Uri | undefined>;
  readonly now: () => number;
}

/** Knows by the settings where pictures go and what they are called. Whether anything stands there is not known here. */
export class Destinations {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The names of the folders of the save folder, from the workspace folder down. Throws SaveError. */
  async folder(
    { uri }: Pick<vscode.WorkspaceFolder, 'uri'>,
    document: vscode.Uri | undefined,
    template: string = readSetting('saveFolder', uri),
  ): Promise<string[]> {
    const near = document && wayTo(uri, document) ? document : undefined;
    const isAsked = template.includes('${publicRoot}');
    const root = isAsked ? await this.#parts.publicRootOf(near ?? uri) : undefined;
    const name = near && posix.basename(near.path);
    return folderFromTemplate(template, {
      publicRoot: (root && wayTo(uri, root)) ?? [],
      documentFolder: near ? (wayTo(uri, near)?.slice(0, -1) ?? []) : [],
      documentName: name?.slice(0, name.length - posix.extname(name).length),
      date: dayOf(this.#parts.now()),
    });
  }

  /** What a file is called by a template, or by the one of the settings. Throws SaveError. */
  name(
    file: NamedFile,
    resource: vscode.Uri | undefined,
    template: string = readSetting('fileName', resource),
  ): string {
    const name = nameFromTemplate(template, { ...file.values, date: dayOf(this.#parts.now()) });
    const isToldApart = file.oneOfWidths === undefined || template.includes('${width}');
    return isToldApart ? name : `${name}-${file.oneOfWidths}`;
  }

  /** Where a file goes. Throws SaveError. */
  async of(
    file: NamedFile,
    workspaceFolder: vscode.WorkspaceFolder,
    document: vscode.Uri | undefined,
    templates: Templates = {},
  ): Promise<Destination> {
    return {
      folder: await this.folder(workspaceFolder, document, templates.folder),
      name: this.name(file, workspaceFolder.uri, templates.name),
    };
  }

  /**
   * Where a file goes that is inserted into a document: where VS Code's own setting puts copied files, if that is set and the
   * document is a Markdown one, else where all go. Throws SaveError.
   */
  async forDocument(
    file: NamedFile,
    workspaceFolder: vscode.WorkspaceFolder,
    document: vscode.Uri,
  ): Promise<Destination> {
    const usual = await this.of(file, workspaceFolder, document);
    const destination = await copyDestination(document);
    if (destination === undefined || !wayTo(workspaceFolder.uri, document)) return usual;
    const root = workspaceFolder.uri.path;
    const path = copiedTo(destination, {
      document: document.path,
      workspaceFolder: root,
      fileName: numberedName(usual.name, file.extension, 1),
      now: this.#parts.now(),
    });
    const { folder, name } = insideOf(root, path);
    return { folder, name: safeName(name) };
  }
}

/** The names from a folder down to something in it; undefined where it is elsewhere. */
function wayTo(folder: vscode.Uri, uri: vscode.Uri): string[] | undefined {
  if (folder.scheme !== uri.scheme || folder.authority !== uri.authority) return undefined;
  const way = posix.relative(folder.path, uri.path).split('/');
  if (way[0] === '..') return undefined;
  return way.filter((step) => step !== '');
}

/** What `markdown.copyFiles.destination` says for a document, if anybody has set it and one of its patterns fits. */
async function copyDestination(uri: vscode.Uri): Promise<string | undefined> {
  // What cannot be opened is told when something is inserted into it.
  const document = await vscode.workspace.openTextDocument(uri).then(undefined, () => undefined);
  if (document?.languageId !== 'markdown') return undefined;
  const setting = vscode.workspace.getConfiguration('markdown', uri);
  // It is not one of those that VS Code turns off in a folder that is not trusted, and its patterns run as code.
  const value: unknown = vscode.workspace.isTrusted
    ? setting.get('copyFiles.destination')
    : setting.inspect('copyFiles.destination')?.globalValue;
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value).slice(0, mostPatterns);
  const [, destination] = entries.find(([pattern]) => isMeant(pattern, document)) ?? [];
  return typeof destination === 'string' && destination.length <= longestDestination ? destination : undefined;
}

const mostPatterns = 200;
const longestDestination = 1000;

/** Whether a pattern of the setting is about a document: from its workspace folder on where it begins with a slash, else anywhere. */
function isMeant(pattern: string, document: vscode.TextDocument): boolean {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  if (pattern.startsWith('/'))
    return (
      folder !== undefined &&
      vscode.languages.match({ pattern: new vscode.RelativePattern(folder, pattern.slice(1)) }, document) > 0
    );
  return vscode.languages.match({ pattern: pattern.startsWith('**') ? pattern : `**/${pattern}` }, document) > 0;
}
