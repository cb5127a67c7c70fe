import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Mills, Prices } from '../../core/modelCard.ts';
import { priceOf, type SetFile } from '../../core/setFile.ts';
import type { CommandId } from '../commandTable.ts';
import { formerWords, priced, stateWord } from './setTelling.ts';
import type { SetPicture, SetView } from './setView.ts';

/**
 * What a lens asks for: a set file, one of its pictures, and the price that stood there. Commands believe the price of
 * nothing else, so that nobody but the user who has seen it can agree to it.
 */
export class LensOrder {
  readonly uri: vscode.Uri;
  readonly name: string | undefined;
  /** Thousandths of a dollar. */
  readonly shownPrice: Mills;

  constructor(uri: vscode.Uri, name: string | undefined, shownPrice: Mills) {
    this.uri = uri;
    this.name = name;
    this.shownPrice = shownPrice;
  }
}

interface LensParts {
  readonly isPractice: boolean;
  readonly prices: Prices;
  /** Names of pictures that are being made. */
  readonly making: ReadonlySet<string>;
}

/** The lenses of a set file: what can be done with the whole above its first line, and above each picture its state. */
export function lensesOf(view: SetView, document: vscode.TextDocument, parts: LensParts): vscode.CodeLens[] {
  const top = rangeOf(document, view.reading.spanOf([]));
  const { set } = view;
  if (!set) {
    const title = l10n.t('$(error) Nothing can be made from this file yet: see its problems');
    return [new vscode.CodeLens(top, { title, command: 'workbench.actions.view.problems' })];
  }
  const ranges = set.pictures.map((_, index) => rangeOf(document, view.reading.spanOf(['pictures', index])));
  return [
    ...topLenses(view, set, parts).map((command) => new vscode.CodeLens(top, command)),
    ...view.pictures.flatMap((picture) =>
      pictureLenses(view.uri, set, picture, parts).map(
        (command) => new vscode.CodeLens(ranges[picture.index] ?? top, command),
      ),
    ),
  ];
}

function topLenses(view: SetView, set: SetFile, { isPractice, prices, making }: LensParts): vscode.Command[] {
  const inState = (...states: SetPicture['state'][]) =>
    view.pictures.filter(({ state, entry }) => states.includes(state) && !making.has(entry.name));
  const lens = (command: CommandId, title: string, pictures: readonly SetPicture[]): vscode.Command[] => {
    if (pictures.length === 0) return [];
    const price = priceOf(
      set,
      pictures.map(({ entry }) => entry),
      prices,
    );
    const words = isPractice ? title : priced(title, price);
    return [{ title: words, command, arguments: [new LensOrder(view.uri, undefined, price)] }];
  };
  const [missing, changed, placeholders] = [inState('missing'), inState('changed'), inState('placeholder')];
  const lenses = [
    ...lens('wanImage.generateSetMissing', l10n.t('$(sparkle) Generate {0} missing', missing.length), missing),
    ...lens('wanImage.generateSetChanged', l10n.t('$(sync) Regenerate {0} changed', changed.length), changed),
    ...lens(
      'wanImage.makePlaceholdersReal',
      placeholders.length === 1
        ? l10n.t('$(sparkle) Make 1 placeholder real')
        : l10n.t('$(sparkle) Make {0} placeholders real', placeholders.length),
      placeholders,
    ),
  ];
  const order = [new LensOrder(view.uri, undefined, 0)];
  const renamed = inState('renamed').length;
  if (renamed > 0)
    lenses.unshift({
      title: l10n.t('$(files) Rename {0} files', renamed),
      command: 'wanImage.renameSetFiles' satisfies CommandId,
      arguments: order,
    });
  if (missing.length > 0)
    lenses.push({
      title: l10n.t('Fill with Placeholders'),
      command: 'wanImage.fillWithPlaceholders' satisfies CommandId,
      arguments: order,
    });
  if (making.size > 0)
    lenses.push({
      title: l10n.t('$(sync~spin) {0} being made', making.size),
      command: 'wanImage.openStudio' satisfies CommandId,
    });
  if (lenses.length > 0) return lenses;
  const edited = inState('edited').length;
  const title =
    edited === 0
      ? l10n.t('$(check) All {0} pictures are current', view.pictures.length)
      : l10n.t('$(check) Nothing to make: {0} of {1} pictures were edited by hand', edited, view.pictures.length);
  return [{ title, command: '' }];
}

function pictureLenses(
  uri: vscode.Uri,
  set: SetFile,
  { entry, file, state, former }: SetPicture,
  { isPractice, prices, making }: LensParts,
): vscode.Command[] {
  if (making.has(entry.name))
    return [{ title: stateWord('making'), command: 'wanImage.openStudio' satisfies CommandId }];
  const price = priceOf(set, [entry], prices);
  const make = (words: string): vscode.Command => ({
    title: isPractice ? words : priced(words, price),
    command: 'wanImage.generateSetPicture' satisfies CommandId,
    arguments: [new LensOrder(uri, entry.name, price)],
  });
  const open: vscode.Command = { title: stateWord(state), command: 'vscode.open', arguments: [file] };
  switch (state) {
    case 'missing':
      return [
        { title: former ? formerWords(former) : stateWord(state), command: '' },
        make(l10n.t('Generate This')),
        {
          title: l10n.t('Placeholder'),
          command: 'wanImage.fillWithPlaceholders' satisfies CommandId,
          arguments: [new LensOrder(uri, entry.name, 0)],
        },
      ];
    case 'placeholder':
      return [open, make(l10n.t('Make Real'))];
    case 'renamed':
      return [
        { title: former ? formerWords(former) : stateWord(state), command: '' },
        {
          title: l10n.t('Rename File'),
          command: 'wanImage.renameSetFiles' satisfies CommandId,
          arguments: [new LensOrder(uri, entry.name, 0)],
        },
        make(l10n.t('Generate This')),
      ];
    case 'changed':
    case 'current':
      return [open, make(l10n.t('Regenerate'))];
    case 'edited':
      return [
        open,
        {
          title: l10n.t('Keep as It Is'),
          command: 'wanImage.keepSetPicture' satisfies CommandId,
          arguments: [new LensOrder(uri, entry.name, 0)],
        },
        make(l10n.t('Regenerate')),
      ];
  }
}

/** A part of the text as the editor counts it. */
export function rangeOf(
  document: vscode.TextDocument,
  { offset, length }: { readonly offset: number; readonly length: number },
): vscode.Range {
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
}
