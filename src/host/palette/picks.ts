import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { aspectRatios, type BoxForm, modelCard, type Prices, variants } from '../../core/modelCard.ts';
import { findProblems } from '../../core/preflight.ts';
import { applyFix, type Problem } from '../../core/problem.ts';
import { composePrompt, countCharacters } from '../../core/prompt.ts';
import { formatPrice, highestCount, highestPrice, type ImageRequest } from '../../core/request.ts';
import { fill, fixSentences } from '../../core/sentences.ts';
import { type Mode, problemSentence } from '../telling.ts';
import { asSet, asSingle, possibleCounts, possibleResolutions, ratioName, withRatio, withVariant } from './options.ts';

/** What the user decided in the palette. */
export type Decision = { readonly kind: 'run' | 'studio'; readonly request: ImageRequest };

/** A row, and where it leads: to a decision, or to another request that the picks go on with. */
interface Row extends vscode.QuickPickItem {
  readonly choose?: () => Decision | Promise<ImageRequest>;
}

/** The picks of one run of a palette command: the prompt, then the options beside the price. */
export class PalettePicks {
  readonly #title: string;
  readonly #mode: Mode;
  readonly #boxForm: BoxForm;
  readonly #prices: Prices;

  constructor(title: string, mode: Mode, boxForm: BoxForm, prices: Prices) {
    this.#title = title;
    this.#mode = mode;
    this.#boxForm = boxForm;
    this.#prices = prices;
  }

  /** Asks until the user runs the request, takes it to the studio, or gives up (undefined). */
  async ask(start: ImageRequest): Promise<Decision | undefined> {
    let request = start;
    for (;;) {
      const prompt = await this.#askPrompt(request);
      if (prompt === undefined) return undefined;
      const decision = await this.#askOptions({ ...request, prompt });
      if (decision === undefined || 'kind' in decision) return decision;
      request = decision;
    }
  }

  #askPrompt(request: ImageRequest): Promise<string | undefined> {
    const input = vscode.window.createInputBox();
    input.title = this.#title;
    input.prompt = l10n.t('What should the picture show?');
    input.placeholder = l10n.t('A lighthouse on a cliff at dawn, flat illustration, two colours');
    input.value = request.prompt;
    input.ignoreFocusOut = true;
    const check = (isAccepted: boolean) =>
      (input.validationMessage = promptFault({ ...request, prompt: input.value }, isAccepted));
    return new Promise<string | undefined>((resolve) => {
      input.onDidChangeValue(() => check(false));
      input.onDidAccept(() => {
        if (check(true) === undefined) resolve(input.value.trim());
      });
      input.onDidHide(() => resolve(undefined));
      input.show();
    }).finally(() => input.dispose());
  }

  /** The options; a request when the user wants to change the prompt. */
  async #askOptions(start: ImageRequest): Promise<Decision | ImageRequest | undefined> {
    let request = start;
    for (;;) {
      const chosen = await pick(this.#title, this.#rows(request));
      if (chosen === 'back') return request;
      const next = chosen?.choose?.();
      if (next === undefined) return undefined;
      if ('kind' in next) return next;
      request = await next;
    }
  }

  #rows(request: ImageRequest): Row[] {
    const problems = findProblems(request, { images: new Map(), boxForm: this.#boxForm });
    const error = problems.find(({ severity }) => severity === 'error');
    return [
      error ? fixRow(request, error) : this.#runRow(request),
      { label: l10n.t('Options'), kind: vscode.QuickPickItemKind.Separator },
      {
        label: `$(circuit-board) ${l10n.t('Model')}`,
        description: modelCard.variantNames[request.variant],
        choose: () => this.#askModel(request),
      },
      {
        label: `$(screen-full) ${l10n.t('Size')}`,
        description: sizeText(request),
        choose: () => this.#askSize(request),
      },
      {
        label: `$(files) ${l10n.t('Number of pictures')}`,
        description: countText(request),
        choose: () => this.#askCount(request),
      },
      request.imageSet
        ? {
            label: `$(file-media) ${l10n.t('Make single pictures')}`,
            description: l10n.t('Different takes on one prompt'),
            choose: async () => asSingle(request, 1),
          }
        : {
            label: `$(file-media) ${l10n.t('Make an image set')}`,
            description: l10n.t('Up to 12 pictures that belong together'),
            choose: async () => asSet(request, request.setMaxImages),
          },
      {
        label: `$(settings-gear) ${l10n.t('More options in the studio')}`,
        choose: () => ({ kind: 'studio', request }),
      },
    ];
  }

  #runRow(request: ImageRequest): Row {
    const label = `$(sparkle) ${l10n.t('Generate · {0}', this.#priceText(request))}`;
    return { label, detail: summary(request), choose: () => ({ kind: 'run', request }) };
  }

  #priceText(request: ImageRequest): string {
    const price = highestPrice(request, this.#prices) ?? 0;
    if (this.#mode === 'practice') return l10n.t('free practice');
    return l10n.t('up to {0}', formatPrice(price));
  }

  async #askModel(request: ImageRequest): Promise<ImageRequest> {
    const rows = variants.map((variant) => ({
      label: modelCard.variantNames[variant],
      description: l10n.t('{0} a picture', formatPrice(this.#prices[variant])),
      ...(variant === 'wan2.7-image-pro' && { detail: l10n.t('Higher quality, 4K and thinking') }),
      picked: variant === request.variant,
      variant,
    }));
    const chosen = await pick(l10n.t('Model'), rows);
    return typeof chosen === 'object' ? withVariant(request, chosen.variant) : request;
  }

  async #askSize(request: ImageRequest): Promise<ImageRequest> {
    const ratios = aspectRatios.map((ratio) => ({ label: ratio, picked: ratio === ratioName(request), ratio }));
    const chosen = await pick(l10n.t('Aspect ratio'), ratios);
    if (typeof chosen !== 'object') return request;
    const shaped = withRatio(request, chosen.ratio);
    const sizes = possibleResolutions(shaped).map((resolution) => ({
      label: resolution,
      description: l10n.t('about {0} megapixels', Math.round(modelCard.presetArea[resolution] / 1_000_000)),
      picked: resolution === shaped.resolution,
      resolution,
    }));
    const size = await pick(l10n.t('Resolution'), sizes);
    return typeof size === 'object' ? { ...shaped, resolution: size.resolution } : shaped;
  }

  async #askCount(request: ImageRequest): Promise<ImageRequest> {
    const rows = possibleCounts(request).map((count) => {
      const changed = request.imageSet ? asSet(request, count) : asSingle(request, count);
      return {
        label: String(count),
        description: this.#priceText(changed),
        picked: count === highestCount(request),
        changed,
      };
    });
    const title = request.imageSet ? l10n.t('At most how many pictures?') : l10n.t('How many pictures?');
    const chosen = await pick(title, rows);
    return typeof chosen === 'object' ? chosen.changed : request;
  }
}

/** Why this prompt cannot be used. That an untouched box is empty is no mistake until it is accepted. */
function promptFault(request: ImageRequest, isAccepted: boolean): string | undefined {
  const { maxCharacters } = modelCard.prompt;
  const isEmpty = request.prompt.trim() === '';
  if (isEmpty) return isAccepted || request.prompt !== '' ? l10n.t('Write what the picture should show.') : undefined;
  const length = countCharacters(composePrompt(request));
  return length > maxCharacters
    ? l10n.t('The prompt has {0} characters; the service reads {1}.', length, maxCharacters)
    : undefined;
}

/** In place of the run row: what has to be mended first, and the fix where there is one. */
function fixRow(request: ImageRequest, problem: Problem): Row {
  const { fix } = problem;
  const label = `$(warning) ${problemSentence(problem)}`;
  if (!fix) return { label, choose: () => ({ kind: 'studio', request }), detail: l10n.t('Mend it in the studio') };
  return { label, detail: fill(l10n.t(fixSentences[fix.code]), fix.args), choose: async () => applyFix(request, fix) };
}

function sizeText(request: ImageRequest): string {
  if (request.useCustomSize) return `${request.customWidth ?? '?'} × ${request.customHeight ?? '?'}`;
  return [ratioName(request), request.resolution].filter(Boolean).join(' · ');
}

function countText(request: ImageRequest): string {
  return request.imageSet ? l10n.t('a set of up to {0}', request.setMaxImages) : String(request.count);
}

/** The options in a line: "Pro · 16:9 · 2K · 1 picture". */
function summary(request: ImageRequest): string {
  const count = request.imageSet
    ? countText(request)
    : request.count === 1
      ? l10n.t('1 picture')
      : l10n.t('{0} pictures', request.count);
  return [modelCard.variantNames[request.variant], sizeText(request), count].join(' · ');
}

/** A quick pick with a way back; the row that is marked `picked` has the focus. */
async function pick<Item extends vscode.QuickPickItem>(
  title: string,
  items: readonly Item[],
): Promise<Item | 'back' | undefined> {
  const quickPick = vscode.window.createQuickPick<Item>();
  quickPick.title = title;
  quickPick.items = items;
  const active = items.findIndex(({ picked }) => picked);
  if (active >= 0) quickPick.activeItems = quickPick.items.slice(active, active + 1);
  quickPick.ignoreFocusOut = true;
  quickPick.buttons = [vscode.QuickInputButtons.Back];
  try {
    return await new Promise((resolve) => {
      quickPick.onDidAccept(() => resolve(quickPick.selectedItems[0]));
      quickPick.onDidTriggerButton(() => resolve('back'));
      quickPick.onDidHide(() => resolve(undefined));
      quickPick.show();
    });
  } finally {
    quickPick.dispose();
  }
}
