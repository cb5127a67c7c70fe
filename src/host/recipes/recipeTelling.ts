import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asList, asText } from '../../core/joining.ts';
import type { Recipe } from '../../core/recipe.ts';
import { formatPrice } from '../../core/request.ts';
import type { LeftAlone } from '../../pixels/recipe/embedding.ts';
import { plainText } from '../plainText.ts';
import { shortPath } from '../results.ts';
import { sourceSentence, type Telling } from '../telling.ts';
import type { Filled } from './filling.ts';
import type { FoundRecipe, NoRecipe } from './finding.ts';

/** What a saved picture did not get, or got elsewhere. */
export interface Ungiven {
  readonly file: vscode.Uri;
  /** Why it says nothing itself. */
  readonly left?: LeftAlone | 'failed';
  /** What became of a recipe that goes beside it. */
  readonly beside?: 'written' | 'exists' | 'failed';
}

/** What to say of pictures that were saved without what they should say. */
export function tellUngiven(news: readonly Ungiven[]): Telling {
  const groups = Map.groupBy(news, (one) => `${one.left ?? ''} ${one.beside ?? ''}`);
  const sentences = [...groups.values()].flatMap(([first, ...more]) => {
    if (!first) return [];
    const names = asList(
      [first, ...more].map(({ file }) => shortPath(file)),
      vscode.env.language,
    );
    return [first.left && leftSentence(first.left, names), first.beside && besideSentence(first.beside, names)];
  });
  return { severity: 'warning', text: asText(sentences), actions: [] };
}

function leftSentence(left: LeftAlone | 'failed', names: string): string {
  switch (left) {
    case 'format':
      return l10n.t('Saved without a mark that it is made by AI, since this format has no place for one: {0}.', names);
    case 'signed':
      return l10n.t('Saved as it came, since it is signed and a change would break its signature (C2PA): {0}.', names);
    case 'unreadable':
      return l10n.t('Saved as it came, since its own metadata cannot be read and would be lost: {0}.', names);
    case 'too-large':
      return l10n.t('Saved without its recipe in it, since that is too long: {0}.', names);
    case 'failed':
      return l10n.t('Saved as it came, since nothing could be written into it: {0}. The log says more.', names);
  }
}

function besideSentence(beside: 'written' | 'exists' | 'failed', names: string): string {
  switch (beside) {
    case 'written':
      return l10n.t('Its recipe lies beside it.');
    case 'exists':
      return l10n.t('Its recipe was not written, since a recipe of that name is there already: {0}.', names);
    case 'failed':
      return l10n.t('Its recipe could not be written beside it: {0}. The log says more.', names);
  }
}

/** What to say where a recipe was looked for and none was found. */
export function tellNoRecipe({ file, why }: FoundRecipe & { kind: 'none' }): Telling {
  return { severity: 'warning', text: noRecipeSentence(why, shortPath(file)), actions: [] };
}

function noRecipeSentence(why: NoRecipe, name: string): string {
  switch (why) {
    case 'nothing':
    case 'format':
    case 'signed':
    case 'too-large':
      return l10n.t('{0} has no recipe. To have them, set wanImage.recipe to full before you save a picture.', name);
    case 'newer':
      return l10n.t('The recipe of {0} was written by a later version. Update Wan Image Studio to open it.', name);
    case 'not-a-recipe':
      return l10n.t('What {0} holds is not a recipe that can be read.', name);
    case 'unreadable':
      return l10n.t('The metadata of {0} cannot be read.', name);
    default:
      return sourceSentence(why, name);
  }
}

/** What to say of a recipe that stands in the form now. */
export function tellOpened(recipe: Recipe, file: vscode.Uri, { changed, missing }: Filled): Telling {
  const day = new Date(recipe.madeAt).toLocaleDateString(vscode.env.language, { dateStyle: 'medium' });
  const model = recipe.request.variant === 'wan2.7-image-pro' ? 'Pro' : 'Standard';
  const opened =
    recipe.madeBy === 'practice'
      ? l10n.t('This is the recipe of {0}, drawn in practice mode on {1}.', shortPath(file), day)
      : recipe.cost === undefined
        ? l10n.t('This is the recipe of {0}, made on {1} with {2}.', shortPath(file), day, model)
        : l10n.t(
            'This is the recipe of {0}, made on {1} with {2} for {3}.',
            shortPath(file),
            day,
            model,
            formatPrice(recipe.cost),
          );
  const isWhole = changed.length === 0 && missing.length === 0;
  return {
    severity: isWhole ? 'info' : 'warning',
    text: asText([
      opened,
      changed.length > 0 ? l10n.t('Changed since: {0}.', asList(changed, vscode.env.language)) : undefined,
      missing.length > 0 ? missingSentence(missing) : undefined,
      similarSentence(),
    ]),
    actions: [],
  };
}

/** What to say where a recipe cannot be run, since pictures that it needs are not to be had. */
export function tellIncomplete(missing: readonly string[]): Telling {
  const text = asText([l10n.t('Nothing was sent.'), missingSentence(missing)]);
  return { severity: 'warning', text, actions: [] };
}

/** What to say where a recipe was to be run in a folder that is not trusted. */
export function tellUntrusted(): Telling {
  const text = l10n.t(
    'The recipe is in the form, and nothing was sent: recipes are not run from a folder that you do not trust.',
  );
  return { severity: 'warning', text, actions: ['manage-trust'] };
}

/** Shows what a recipe asks for and asks whether it is to be run; the price in thousandths of a dollar, 0 where it is free. */
export async function confirmRecipe(prompt: string, price: number): Promise<boolean> {
  const run = price === 0 ? l10n.t('Run Again') : l10n.t('Run Again for up to {0}', formatPrice(price));
  const shown = plainText(prompt);
  const excerpt = [...shown].length > 300 ? `${[...shown].slice(0, 299).join('')}…` : shown;
  const detail = asText([
    similarSentence(),
    price > 0 ? l10n.t('A request that was sent cannot be taken back.') : undefined,
  ]);
  const question = l10n.t('Run this recipe again? “{0}”', excerpt);
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, run)) === run;
}

const similarSentence = (): string => l10n.t('The same seed gives similar pictures, not identical ones.');

const missingSentence = (missing: readonly string[]): string =>
  l10n.t('Not to be had here: {0}. Put others in their place, or remove them.', asList(missing, vscode.env.language));
