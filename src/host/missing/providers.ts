import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { referenceLanguages } from '../../core/foundReferences.ts';
import { formatPrice } from '../../core/request.ts';
import { plainText } from '../plainText.ts';
import type { PictureReference, PictureReferences } from './pictureReferences.ts';

export interface ProviderParts {
  readonly references: PictureReferences;
  /** Which lenses the user wants. */
  readonly lenses: () => 'missing' | 'all' | 'off';
  readonly onDidChangeWish: vscode.Event<void>;
  /** The most that one picture costs, in thousandths of a dollar; undefined where nothing does. */
  readonly price: () => number | undefined;
}

const selector: vscode.DocumentSelector = referenceLanguages.map((language) => ({ language }));
/** The only commands that a hover can run; what it runs them on is written here and not by the document. */
const enabledCommands = ['wanImage.edit', 'wanImage.runRecipe', 'wanImage.generateMissing'];
/** Formats that can hold a recipe. */
const mayHaveRecipe = /\.(png|jpe?g|webp)$/i;

/** Quick fixes, hovers and lenses on references to pictures. */
export function registerProviders(parts: ProviderParts): vscode.Disposable {
  const lenses = new Lenses(parts);
  return vscode.Disposable.from(
    lenses,
    vscode.languages.registerCodeLensProvider(selector, lenses),
    vscode.languages.registerHoverProvider(selector, {
      provideHover: (document, position) => hoverAt(document, position, parts),
    }),
    vscode.languages.registerCodeActionsProvider(
      selector,
      { provideCodeActions: (document, range, context) => fixesAt(document, range, context, parts) },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
}

async function fixesAt(
  document: vscode.TextDocument,
  range: vscode.Range,
  { diagnostics }: vscode.CodeActionContext,
  { references, price }: ProviderParts,
): Promise<vscode.CodeAction[]> {
  const missing = (await references.of(document)).filter(({ isMissing }) => isMissing);
  const here = missing.filter((reference) => reference.range.intersection(range));
  const [first] = here;
  if (!first) return [];
  const one = new vscode.CodeAction(l10n.t('Generate This Image'), vscode.CodeActionKind.QuickFix);
  one.command = { command: 'wanImage.generateMissing', title: one.title, arguments: argumentsOf(document, first) };
  // Ours, or that of VS Code's own check of links.
  one.diagnostics = diagnostics.filter((each) => each.range.intersection(first.range));
  const files = new Set(missing.map(({ file }) => file.toString()));
  const fill = new vscode.CodeAction(l10n.t('Fill with Free Placeholders'), vscode.CodeActionKind.QuickFix);
  fill.command = { command: 'wanImage.fillMissing', title: fill.title, arguments: [document.uri.toString()] };
  fill.diagnostics = one.diagnostics;
  if (files.size === 1) return [one, fill];
  const all = new vscode.CodeAction(allTitle(files.size, price()), vscode.CodeActionKind.QuickFix);
  all.command = { command: 'wanImage.generateMissing', title: all.title, arguments: [document.uri.toString()] };
  all.diagnostics = one.diagnostics;
  return [one, all, fill];
}

async function hoverAt(
  document: vscode.TextDocument,
  position: vscode.Position,
  { references, price }: ProviderParts,
): Promise<vscode.Hover | undefined> {
  const reference = (await references.of(document)).find(({ range }) => range.contains(position));
  if (!reference) return undefined;
  const { file, range, isMissing } = reference;
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands };
  if (isMissing) {
    text.appendText(l10n.t('The picture {0} does not exist.', plainText(vscode.workspace.asRelativePath(file))));
    text.appendMarkdown(
      `\n\n[${oneTitle(price())}](${link('wanImage.generateMissing', argumentsOf(document, reference))})`,
    );
  } else {
    const links = [`[${l10n.t('Edit with Wan')}](${link('wanImage.edit', [file])})`];
    if (mayHaveRecipe.test(file.path))
      links.push(`[${l10n.t('Run Recipe Again…')}](${link('wanImage.runRecipe', [file])})`);
    text.appendMarkdown(`![](${file.toString()}|width=240)\n\n${links.join(' · ')}`);
  }
  return new vscode.Hover(text, range);
}

class Lenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #parts: ProviderParts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(parts: ProviderParts) {
    this.#parts = parts;
    const fire = () => this.#changed.fire();
    this.#subscription = vscode.Disposable.from(parts.references.onDidChange(fire), parts.onDidChangeWish(fire));
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { references, lenses, price } = this.#parts;
    const wish = lenses();
    if (wish === 'off') return [];
    const found = await references.of(document);
    const shown = found.filter(({ isMissing }) => isMissing || wish === 'all');
    return shown.flatMap((reference) =>
      reference.isMissing
        ? lens(reference, oneTitle(price()), 'wanImage.generateMissing', argumentsOf(document, reference))
        : [
            lens(reference, l10n.t('Edit with Wan'), 'wanImage.edit', [reference.file]),
            ...(mayHaveRecipe.test(reference.file.path)
              ? [lens(reference, l10n.t('Run Recipe Again…'), 'wanImage.runRecipe', [reference.file])]
              : []),
          ],
    );
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

const lens = ({ range }: PictureReference, title: string, command: string, values: unknown[]): vscode.CodeLens =>
  new vscode.CodeLens(range, { title, command, arguments: values });

const argumentsOf = ({ uri }: vscode.TextDocument, { found }: PictureReference) => [uri.toString(), found.start];

const link = (command: string, values: readonly unknown[]): string =>
  `command:${command}?${encodeURIComponent(JSON.stringify(values))}`;

const oneTitle = (price: number | undefined): string =>
  price === undefined
    ? l10n.t('Generate this image, free practice')
    : l10n.t('Generate this image, up to {0}', formatPrice(price));

const allTitle = (count: number, price: number | undefined): string =>
  price === undefined
    ? l10n.t('Generate All {0} Missing Images in This File', count)
    : l10n.t('Generate All {0} Missing Images in This File, up to {1}', count, formatPrice(count * price));
