import * as vscode from 'vscode';
import type { Prices } from '../../core/modelCard.ts';
import { highestPrice, type ImageRequest } from '../../core/request.ts';
import type { Recipe } from '../../core/recipe.ts';
import type { Announcer } from '../announcer.ts';
import type { Draft } from '../drafts.ts';
import type { Sources } from '../editing/sources.ts';
import type { Reopening } from '../history/reopening.ts';
import type { ChangedPictures } from '../questions.ts';
import type { Runner } from '../runner.ts';
import { runRefusal } from '../runTelling.ts';
import type { Services } from '../services.ts';
import type { Telling } from '../telling.ts';
import { type Filled, filledFrom } from './filling.ts';
import { meantFile, recipeIn } from './finding.ts';
import { confirmRecipe, tellIncomplete, tellNoRecipe, tellOpened, tellUntrusted } from './recipeTelling.ts';

export interface OpeningParts {
  readonly services: Pick<Services, 'mode'>;
  readonly sources: Pick<Sources, 'add'>;
  readonly reopening: Pick<Reopening, 'fill'>;
  readonly runner: Pick<Runner, 'run'>;
  readonly announcer: Pick<Announcer, 'own'>;
  readonly startingRequest: () => ImageRequest;
  readonly prices: () => Prices;
  /** Asks whether pictures that have changed are to be sent as they are now. */
  readonly askAboutChanged: (changed: ChangedPictures) => Promise<'as-sent' | 'as-now' | undefined>;
  /** Opens the studio. */
  readonly open: () => void;
  /** Says something in the studio. */
  readonly say: (telling: Telling | undefined) => void;
  /** Says something in the window. */
  readonly tell: (telling: Telling) => Promise<void>;
}

/** Opens the recipe of a file in the studio. That is all it does: nothing of a recipe runs by itself. */
export async function openRecipe(handed: readonly unknown[], parts: OpeningParts): Promise<void> {
  const opened = await fill(handed, parts);
  if (opened) parts.say(tellOpened(opened.recipe, opened.file, opened.filled));
}

/**
 * Runs the recipe of a file again, with its seed, once the user has seen what it asks for and what it can cost: a new request,
 * which goes the way of every other. It stands in the form all the same, so that a refusal loses nothing.
 */
export async function runRecipe(handed: readonly unknown[], parts: OpeningParts): Promise<void> {
  const opened = await fill(handed, parts);
  if (!opened) return;
  const { recipe, file, filled, draft } = opened;
  const { request, changed, missing, pictures } = filled;
  // Whoever wrote the folder has chosen the words and the pictures; opening it in the form is as far as that goes.
  if (!vscode.workspace.isTrusted) return parts.say(tellUntrusted());
  if (missing.length > 0) return parts.say(tellIncomplete(missing));
  parts.say(tellOpened(recipe, file, filled));
  const isAsNow =
    changed.length === 0 ||
    (await parts.askAboutChanged({ names: changed, canBeAsSent: false, canBeAsNow: true })) === 'as-now';
  if (!isAsNow) return;
  const price = parts.services.mode === 'practice' ? 0 : (highestPrice(request, parts.prices()) ?? 0);
  if (!(await confirmRecipe(request.prompt, price))) return;
  const outcome = await parts.runner.run(request, {
    draftId: draft.draftId,
    askedBy: 'studio',
    intent: { kind: 'show' },
    shownPrice: price,
    wasConfirmed: true,
    pictures,
  });
  if (outcome.kind === 'started') parts.announcer.own(outcome.service, outcome.job.record.id);
  const refusal = runRefusal(outcome);
  if (refusal) parts.say(refusal);
}

interface Opened {
  readonly recipe: Recipe;
  readonly file: vscode.Uri;
  readonly filled: Filled;
  readonly draft: Draft;
}

async function fill(handed: readonly unknown[], parts: OpeningParts): Promise<Opened | undefined> {
  const file = await meantFile(handed);
  if (!file) return undefined;
  const found = await recipeIn(file);
  if (found.kind === 'none') {
    await parts.tell(tellNoRecipe(found));
    return undefined;
  }
  const { recipe } = found;
  const filled = await filledFrom(recipe, found.file, { sources: parts.sources, starting: parts.startingRequest() });
  const draft = await parts.reopening.fill(filled.request, filled.formers);
  parts.open();
  return { recipe, file, filled, draft };
}
