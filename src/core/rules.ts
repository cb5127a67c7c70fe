import { fitsLiteralForm } from './boxList.ts';
import { inputRules } from './inputRules.ts';
import { type BoxForm, modelCard } from './modelCard.ts';
import { formatShare, isHexColour, normaliseShares, parseShare } from './palette.ts';
import type { Problem } from './problem.ts';
import { composePrompt, countCharacters } from './prompt.ts';
import type { ImageFacts } from './readyRequest.ts';
import { allowsLargeSize, emptyRequest, highestCount, type ImageRequest, isEdit, usesThinking } from './request.ts';

/** What preflight knows besides the request itself. */
export interface Known {
  /** Facts of the attached images by input id. */
  readonly images: ReadonlyMap<string, ImageFacts>;
  readonly boxForm: BoxForm;
  /** The service was found to refuse pictures that are sent along as data. */
  readonly refusesInline?: boolean;
}

/**
 * One rule of the service, named after its row in section 5 of the service dossier. Rows without a rule here hold by
 * construction: the wire form cannot break 1, 14, 31 and 32; 15, 37 and 39 allow; 41 and 42 speak of answers.
 */
export interface Rule {
  readonly name: string;
  readonly find: (request: ImageRequest, known: Known) => readonly Problem[];
}

const nothing: readonly Problem[] = [];
const isWholeWithin = (value: number, range: { readonly min: number; readonly max: number }): boolean =>
  Number.isInteger(value) && value >= range.min && value <= range.max;
const clamp = (value: number, { min, max }: { readonly min: number; readonly max: number }): number =>
  Math.min(max, Math.max(min, Math.round(value)));

/** 4K is refused for one reason at a time, the first that holds, so that one fix serves. */
const large =
  (
    code: 'large-needs-pro' | 'large-not-with-images' | 'large-not-in-set',
    applies: (request: ImageRequest) => boolean,
  ) =>
  (request: ImageRequest): readonly Problem[] =>
    !request.useCustomSize && request.resolution === '4K' && applies(request)
      ? [{ code, field: 'resolution', severity: 'error', fix: { code: 'use-2k', patch: { resolution: '2K' } } }]
      : nothing;

const thinking =
  (
    code: 'thinking-ignored-with-images' | 'thinking-ignored-in-set' | 'thinking-needs-pro',
    applies: (request: ImageRequest) => boolean,
  ) =>
  (request: ImageRequest): readonly Problem[] =>
    request.thinking && !usesThinking(request) && applies(request)
      ? [{ code, field: 'thinking', severity: 'note', fix: { code: 'leave-out-thinking', patch: { thinking: false } } }]
      : nothing;

/** The custom sides and the range they must keep, or undefined when no complete custom size is asked for. */
function customSize(request: ImageRequest): { width: number; height: number; max: number } | undefined {
  const { useCustomSize, customWidth: width, customHeight: height } = request;
  if (!useCustomSize || width === undefined || height === undefined) return undefined;
  return {
    width,
    height,
    max: allowsLargeSize(request) ? modelCard.customSize.maxSideLarge : modelCard.customSize.maxSide,
  };
}

/** True for a picture that only Pro text-to-image makes, by its preset or by its sides. */
function isLarge(request: ImageRequest): boolean {
  const size = customSize(request);
  return size
    ? Math.max(size.width, size.height) > modelCard.customSize.maxSide
    : request.resolution === '4K' && !request.useCustomSize;
}

const palettes = (request: ImageRequest): readonly ImageRequest['palette'][] =>
  !request.imageSet && request.palette.length > 0 ? [request.palette] : [];

/** How many entries of an overlong list are looked at: the list is refused anyway, and it must not take for ever. */
const looked = 20;

const requestRules: readonly Rule[] = [
  {
    name: 'rule-02-prompt-required',
    find: (request) =>
      composePrompt(request) === '' ? [{ code: 'prompt-missing', field: 'prompt', severity: 'error' }] : nothing,
  },
  {
    name: 'rule-03-prompt-length',
    find: (request) => {
      const { maxCharacters } = modelCard.prompt;
      const count = countCharacters(composePrompt(request));
      return count > maxCharacters
        ? [{ code: 'prompt-too-long', field: 'prompt', severity: 'error', args: [count, maxCharacters] }]
        : nothing;
    },
  },
  { name: 'rule-04-4k-needs-pro', find: large('large-needs-pro', (request) => request.variant !== 'wan2.7-image-pro') },
  { name: 'rule-05-4k-without-images', find: large('large-not-with-images', isEdit) },
  { name: 'rule-06-4k-not-in-set', find: large('large-not-in-set', (request) => request.imageSet) },
  { name: 'rule-07-thinking-with-images', find: thinking('thinking-ignored-with-images', isEdit) },
  {
    name: 'rule-08-thinking-in-set',
    find: thinking('thinking-ignored-in-set', (request) => request.imageSet && !isEdit(request)),
  },
  {
    name: 'rule-09-thinking-needs-pro',
    find: thinking('thinking-needs-pro', (request) => !request.imageSet && !isEdit(request)),
  },
  {
    name: 'rule-10-palette-not-in-set',
    find: (request) =>
      request.imageSet && request.palette.length > 0
        ? [
            {
              code: 'palette-not-in-set',
              field: 'palette',
              severity: 'error',
              fix: { code: 'remove-palette', patch: { palette: [] } },
            },
          ]
        : nothing,
  },
  {
    name: 'rule-11-palette-count',
    find: (request) =>
      palettes(request).flatMap((palette): Problem[] => {
        const { min, max } = modelCard.palette;
        if (palette.length >= min && palette.length <= max) return [];
        const found = { code: 'palette-count', field: 'palette', severity: 'error', args: [palette.length] } as const;
        if (palette.length < min) return [{ ...found, fix: { code: 'remove-palette', patch: { palette: [] } } }];
        return [
          {
            ...found,
            fix: { code: 'use-first-ten-colours', patch: { palette: normaliseShares(palette.slice(0, max)) } },
          },
        ];
      }),
  },
  {
    name: 'rule-12-palette-hex',
    find: (request) =>
      palettes(request).flatMap((palette) =>
        palette
          .slice(0, looked)
          .flatMap((colour, index): Problem[] =>
            isHexColour(colour.hex)
              ? []
              : [{ code: 'palette-hex', field: `palette.${index}.hex`, severity: 'error', args: [index + 1] }],
          ),
      ),
  },
  {
    name: 'rule-13-palette-shares',
    find: (request) => palettes(request).flatMap(findShareProblems),
  },
  {
    name: 'rule-16-count',
    find: (request) => {
      if (request.imageSet)
        return request.count === emptyRequest().count
          ? nothing
          : [{ code: 'count-ignored-in-set', field: 'count', severity: 'note' }];
      if (isWholeWithin(request.count, modelCard.count)) return nothing;
      const count = clamp(request.count, modelCard.count);
      return [
        {
          code: 'count-range',
          field: 'count',
          severity: 'error',
          fix: { code: 'use-count', args: [count], patch: { count } },
        },
      ];
    },
  },
  {
    name: 'rule-17-set-maximum',
    find: (request) => {
      if (!request.imageSet)
        return request.setMaxImages === emptyRequest().setMaxImages
          ? nothing
          : [{ code: 'set-max-ignored', field: 'setMaxImages', severity: 'note' }];
      if (isWholeWithin(request.setMaxImages, modelCard.setMaxImages)) return nothing;
      const setMaxImages = clamp(request.setMaxImages, modelCard.setMaxImages);
      return [
        {
          code: 'set-max-range',
          field: 'setMaxImages',
          severity: 'error',
          fix: { code: 'use-count', args: [setMaxImages], patch: { setMaxImages } },
        },
      ];
    },
  },
  {
    name: 'set-lines',
    find: (request) => {
      const lines = request.setLines.filter((line) => line.trim() !== '').length;
      if (!request.imageSet)
        return lines === 0 ? nothing : [{ code: 'set-lines-ignored', field: 'setLines', severity: 'note' }];
      if (lines <= request.setMaxImages) return nothing;
      const found = {
        code: 'set-lines-exceed',
        field: 'setLines',
        severity: 'warning',
        args: [lines, request.setMaxImages],
      } as const;
      // No set can hold more than twelve, so that allowing more pictures would not help.
      if (lines > modelCard.setMaxImages.max) return [found];
      return [{ ...found, fix: { code: 'allow-pictures', args: [lines], patch: { setMaxImages: lines } } }];
    },
  },
  {
    name: 'rule-18-custom-size-unused',
    find: (request) =>
      !request.useCustomSize && (request.customWidth !== undefined || request.customHeight !== undefined)
        ? [{ code: 'custom-size-ignored', field: 'useCustomSize', severity: 'note' }]
        : nothing,
  },
  {
    name: 'rule-19-custom-size-complete',
    find: (request) => {
      if (!request.useCustomSize) return nothing;
      const fix = { code: 'use-preset', patch: { useCustomSize: false } } as const;
      const problems: Problem[] = [];
      if (request.customWidth === undefined)
        problems.push({ code: 'custom-width-missing', field: 'customWidth', severity: 'error', fix });
      if (request.customHeight === undefined)
        problems.push({ code: 'custom-height-missing', field: 'customHeight', severity: 'error', fix });
      return problems;
    },
  },
  {
    name: 'rule-20-custom-size-overrides',
    find: (request) =>
      request.useCustomSize && (request.aspectRatio !== undefined || request.resolution !== emptyRequest().resolution)
        ? [{ code: 'preset-ignored', field: 'useCustomSize', severity: 'note' }]
        : nothing,
  },
  {
    name: 'rule-21-custom-side-range',
    find: (request) => {
      const { useCustomSize, customWidth, customHeight } = request;
      if (!useCustomSize) return nothing;
      const range = {
        min: modelCard.customSize.minSide,
        max: allowsLargeSize(request) ? modelCard.customSize.maxSideLarge : modelCard.customSize.maxSide,
      };
      return (
        [
          ['customWidth', customWidth],
          ['customHeight', customHeight],
        ] as const
      ).flatMap(([field, side]): Problem[] => {
        if (side === undefined || (side >= range.min && side <= range.max)) return [];
        const fixed = clamp(side, range);
        return [
          {
            code: 'custom-side-range',
            field,
            severity: 'error',
            args: [range.min, range.max],
            fix: { code: 'use-count', args: [fixed], patch: { [field]: fixed } },
          },
        ];
      });
    },
  },
  {
    // The side range already keeps the area; the rule stands for the day the side range changes.
    name: 'rule-22-custom-area',
    find: (request) => {
      const size = customSize(request);
      if (!size) return nothing;
      const [least, most] = [modelCard.customSize.minSide ** 2, size.max ** 2];
      const area = size.width * size.height;
      return area < least || area > most
        ? [{ code: 'custom-area', field: 'useCustomSize', severity: 'error', args: [least, most] }]
        : nothing;
    },
  },
  {
    name: 'rule-23-custom-ratio',
    find: (request) => {
      const size = customSize(request);
      if (!size) return nothing;
      const ratio = size.width / size.height;
      return ratio >= modelCard.customSize.minRatio && ratio <= modelCard.customSize.maxRatio
        ? nothing
        : [{ code: 'custom-ratio', field: 'useCustomSize', severity: 'error' }];
    },
  },
  {
    name: 'rule-24-custom-whole-pixels',
    find: (request) =>
      !request.useCustomSize
        ? nothing
        : (
            [
              ['customWidth', request.customWidth],
              ['customHeight', request.customHeight],
            ] as const
          ).flatMap(([field, side]): Problem[] =>
            side === undefined || Number.isInteger(side)
              ? []
              : [
                  {
                    code: 'custom-not-whole',
                    field,
                    severity: 'error',
                    fix: { code: 'use-count', args: [Math.round(side)], patch: { [field]: Math.round(side) } },
                  },
                ],
          ),
  },
  {
    name: 'rule-26-ratio-of-edit',
    find: (request) =>
      isEdit(request) && !request.useCustomSize && request.aspectRatio !== undefined
        ? [
            {
              code: 'ratio-overrides-input',
              field: 'aspectRatio',
              severity: 'note',
              fix: { code: 'use-auto-ratio', patch: { aspectRatio: undefined } },
            },
          ]
        : nothing,
  },
  {
    name: 'rule-38-seed',
    find: (request) =>
      request.seed === undefined || isWholeWithin(request.seed, modelCard.seed)
        ? nothing
        : [
            {
              code: 'seed-range',
              field: 'seed',
              severity: 'error',
              fix: { code: 'random-seed', patch: { seed: undefined } },
            },
          ],
  },
  {
    name: 'rule-40-large-inline-answer',
    find: (request) =>
      request.responseFormat === 'b64_json' && (highestCount(request) > 1 || isLarge(request))
        ? [
            {
              code: 'inline-answer-large',
              field: 'responseFormat',
              severity: 'warning',
              fix: { code: 'answer-by-address', patch: { responseFormat: 'url' } },
            },
          ]
        : nothing,
  },
  {
    name: 'rule-41-set-may-be-smaller',
    find: (request) =>
      request.imageSet && request.setMaxImages > 1
        ? [{ code: 'set-may-be-smaller', field: 'setMaxImages', severity: 'note', args: [request.setMaxImages] }]
        : nothing,
  },
  {
    // No document says how boxes and sets go together, so we do not spend the user's money on finding out.
    name: 'rule-35-boxes-not-in-set',
    find: (request) =>
      request.imageSet && request.inputs.some((input) => input.boxes.length > 0)
        ? [
            {
              code: 'boxes-not-in-set',
              field: 'inputs',
              severity: 'error',
              fix: {
                code: 'remove-boxes',
                patch: { inputs: request.inputs.map((input) => ({ ...input, boxes: [] })) },
              },
            },
          ]
        : nothing,
  },
  {
    name: 'boxes-form',
    find: (request, known) =>
      known.boxForm === 'literal' &&
      request.inputs.some((input) => input.boxes.length > 0) &&
      !fitsLiteralForm(request.inputs)
        ? [{ code: 'boxes-form-literal', field: 'inputs', severity: 'error' }]
        : nothing,
  },
];

function findShareProblems(palette: ImageRequest['palette']): Problem[] {
  const shares = palette.slice(0, looked).map((colour) => parseShare(colour.ratio));
  const fix = { code: 'balance-shares', patch: { palette: normaliseShares(palette) } } as const;
  const problems = shares.flatMap((share, index): Problem[] =>
    share === undefined || share === 0
      ? [{ code: 'palette-share', field: `palette.${index}.ratio`, severity: 'error', args: [index + 1], fix }]
      : [],
  );
  if (problems.length > 0) return problems;
  const sum = shares.reduce<number>((total, share) => total + (share ?? 0), 0);
  return sum === 10000
    ? []
    : [{ code: 'palette-sum', field: 'palette', severity: 'error', args: [formatShare(sum)], fix }];
}

/** Every rule of preflight but those of its shape (see preflight.ts). */
export const rules: readonly Rule[] = [...requestRules, ...inputRules];
