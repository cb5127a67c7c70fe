import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { Located, Place } from '../../core/references/addresses.ts';
import { type InsertLanguage, isInsertLanguage, type Syntax, syntaxAt } from '../../core/references/languages.ts';
import type { FoundSite, Sites } from '../site.ts';
import { InsertError } from './insertError.ts';
import { relativePath } from './reference.ts';

/** Where a document lies as it is now, and which of the files around it it can refer to how. */
export class DocumentPlace {
  readonly document: vscode.TextDocument;
  readonly language: InsertLanguage;
  readonly text: string;
  /** The folder from which paths go; undefined for one that is not saved anywhere. */
  readonly #folder: vscode.Uri | undefined;
  readonly #site: FoundSite | undefined;
  readonly #isPage: boolean;

  private constructor(document: vscode.TextDocument, language: InsertLanguage, site: FoundSite | undefined) {
    const file = fileOf(document);
    this.document = document;
    this.language = language;
    this.text = document.getText();
    this.#folder = file?.with({ path: posix.dirname(file.path) });
    this.#site = site;
    this.#isPage = file !== undefined && site !== undefined && isPageOf(site, file, language);
  }

  /** Throws InsertError 'language' for a document that takes no references. */
  static async of(document: vscode.TextDocument, sites: Pick<Sites, 'siteOf'>): Promise<DocumentPlace> {
    const { languageId } = document;
    if (!isInsertLanguage(languageId)) throw new InsertError('language');
    const file = fileOf(document);
    const site = file && (await sites.siteOf(file));
    return new DocumentPlace(document, languageId, site);
  }

  /** What is written at an offset. */
  at(offset: number): Place {
    return this.#place(syntaxAt(this.language, this.text, offset));
  }

  /** A file as the document can refer to it. Throws InsertError 'elsewhere' where no path leads there. */
  locate(file: vscode.Uri): Located {
    const from = this.#folder ?? vscode.workspace.getWorkspaceFolder(file)?.uri ?? vscode.Uri.joinPath(file, '..');
    if (from.scheme !== file.scheme || from.authority !== file.authority || driveOf(from) !== driveOf(file))
      throw new InsertError('elsewhere');
    const publicRoot = this.#site?.publicRoot;
    const publicPath = publicRoot && pathInside(publicRoot, file);
    return { path: relativePath(from.path, file.path), ...(publicPath !== undefined && { publicPath }) };
  }

  #place(syntax: Syntax): Place {
    const base = this.#site?.base;
    return {
      syntax,
      framework: this.#site?.framework ?? 'plain',
      isPage: this.#isPage,
      ...(base !== undefined && { base }),
    };
  }
}

/** The file of a document: that of the whole notebook for a cell; undefined for what is not saved yet. */
export function fileOf(document: vscode.TextDocument): vscode.Uri | undefined {
  if (document.isUntitled) return undefined;
  const notebook = vscode.workspace.notebookDocuments.find((each) =>
    each.getCells().some((cell) => cell.document === document),
  );
  if (notebook) return notebook.isUntitled ? undefined : notebook.uri;
  return document.uri;
}

/** Folders whose Markdown a project makes pages of; all others is read where it lies, as a README is. */
const pageFolders = {
  vite: [],
  next: ['app', 'pages', 'src', 'content'],
  astro: ['src'],
  sveltekit: ['src'],
  docusaurus: ['docs', 'blog', 'src', 'versioned_docs', 'i18n'],
  hugo: ['content'],
  plain: [],
} as const satisfies Record<FoundSite['framework'], readonly string[]>;

function isPageOf(site: FoundSite, file: vscode.Uri, language: InsertLanguage): boolean {
  // What is served as it is lies beside the pictures there.
  if (site.publicRoot && pathInside(site.publicRoot, file) !== undefined) return false;
  const isText = language === 'markdown' || (language === 'mdx' && site.framework !== 'vite');
  if (!isText) return true;
  const [folder] = pathInside(site.root, file)?.split('/') ?? [];
  const folders: readonly string[] = pageFolders[site.framework];
  return folder !== undefined && folders.includes(folder);
}

/** The way from a folder to what lies in it; undefined for what lies elsewhere. */
function pathInside(folder: vscode.Uri, file: vscode.Uri): string | undefined {
  if (folder.scheme !== file.scheme || folder.authority !== file.authority || driveOf(folder) !== driveOf(file))
    return undefined;
  const way = relativePath(folder.path, file.path);
  return way.startsWith('../') || way === '' ? undefined : way;
}

const driveOf = (uri: vscode.Uri): string | undefined => /^\/([A-Za-z]):/.exec(uri.path)?.[1]?.toLowerCase();
