import { inputFormats, modelCard } from './modelCard.ts';
import type { Problem } from './problem.ts';
import { addressTrouble } from './publicAddress.ts';
import type { ImageFacts } from './readyRequest.ts';
import type { Box, ImageRequest, InputImage } from './request.ts';
import type { Rule } from './rules.ts';

const limits = modelCard.inputs;
/** How many images of an overlong list are looked at. */
const looked = 20;

/** Looks at each image with what is known of it; `facts` is undefined for an address that the service will fetch itself. */
function eachInput(
  find: (
    input: InputImage,
    at: { index: number; field: string; facts: ImageFacts | undefined; request: ImageRequest },
  ) => readonly Problem[],
): Rule['find'] {
  return (request, known) =>
    request.inputs.slice(0, looked).flatMap((input, index) =>
      find(input, {
        index,
        field: `inputs.${index}`,
        facts: input.url === undefined ? known.images.get(input.id) : undefined,
        request,
      }),
    );
}

const withoutInput = (request: ImageRequest, index: number): Problem['fix'] => ({
  code: 'remove-image',
  patch: { inputs: request.inputs.filter((_, other) => other !== index) },
});

const withBoxes = (request: ImageRequest, index: number, boxes: Box[]): { inputs: InputImage[] } => ({
  inputs: request.inputs.map((input, other) => (other === index ? { ...input, boxes } : input)),
});

/** The rules about images sent along and the boxes on them. */
export const inputRules: readonly Rule[] = [
  {
    name: 'rule-27-image-count',
    find: (request) =>
      request.inputs.length > limits.max
        ? [
            {
              code: 'inputs-too-many',
              field: 'inputs',
              severity: 'error',
              args: [request.inputs.length],
              fix: { code: 'keep-first-nine', patch: { inputs: request.inputs.slice(0, limits.max) } },
            },
          ]
        : [],
  },
  {
    name: 'image-at-hand',
    find: eachInput((input, { index, field, facts, request }) => {
      if (input.url !== undefined)
        return input.boxes.length > 0
          ? [{ code: 'input-not-measured', field, severity: 'warning', args: [input.name] }]
          : [];
      const isTwice = request.inputs.findIndex((other) => other.url === undefined && other.id === input.id) !== index;
      return facts && !isTwice
        ? []
        : [
            {
              code: 'input-missing',
              field,
              severity: 'error',
              args: [input.name],
              fix: withoutInput(request, index) as NonNullable<Problem['fix']>,
            },
          ];
    }),
  },
  {
    name: 'inline-images-refused',
    find: (request, { refusesInline = false }) =>
      refusesInline
        ? request.inputs
            .slice(0, looked)
            .flatMap(({ url, name }, index): Problem[] =>
              url === undefined
                ? [{ code: 'input-inline-refused', field: `inputs.${index}`, severity: 'error', args: [name] }]
                : [],
            )
        : [],
  },
  {
    name: 'rule-28-image-format',
    find: eachInput((input, { field, facts }) =>
      facts && !(inputFormats as readonly string[]).includes(facts.format)
        ? [{ code: 'input-format', field, severity: 'error', args: [input.name, facts.format.toUpperCase()] }]
        : [],
    ),
  },
  {
    name: 'rule-28-image-sides',
    find: eachInput((input, { field, facts }) => {
      if (!facts) return [];
      const args = [input.name, facts.width, facts.height];
      if (Math.min(facts.width, facts.height) < limits.minSide)
        return [{ code: 'input-too-small', field, severity: 'error', args }];
      return Math.max(facts.width, facts.height) > limits.maxSide
        ? [{ code: 'input-too-large', field, severity: 'error', args }]
        : [];
    }),
  },
  {
    name: 'rule-28-image-ratio',
    find: eachInput((input, { field, facts }) =>
      facts && (facts.width > facts.height * limits.maxRatio || facts.height > facts.width * limits.maxRatio)
        ? [{ code: 'input-ratio', field, severity: 'error', args: [input.name] }]
        : [],
    ),
  },
  {
    name: 'rule-28-image-bytes',
    find: eachInput((input, { field, facts }) =>
      facts && facts.byteLength > limits.maxBytes
        ? [
            {
              code: 'input-bytes',
              field,
              severity: 'error',
              args: [input.name, (facts.byteLength / 1024 / 1024).toFixed(1)],
            },
          ]
        : [],
    ),
  },
  {
    name: 'rule-29-image-alpha',
    find: eachInput((input, { field, facts }) =>
      facts?.hasAlpha ? [{ code: 'input-alpha', field, severity: 'error', args: [input.name] }] : [],
    ),
  },
  {
    name: 'rule-30-image-address',
    find: eachInput((input, { field }) => {
      const trouble = input.url === undefined ? undefined : addressTrouble(input.url);
      switch (trouble) {
        case undefined:
          return [];
        case 'not-http':
          return [{ code: 'input-url', field: `${field}.url`, severity: 'error', args: [input.name] }];
        case 'private':
          return [{ code: 'input-url-private', field: `${field}.url`, severity: 'error', args: [input.name] }];
        case 'credentials':
          return [{ code: 'input-url-credentials', field: `${field}.url`, severity: 'error', args: [input.name] }];
      }
    }),
  },
  {
    name: 'rule-33-boxes-per-image',
    find: eachInput((input, { index, field, request }) => {
      const { maxPerImage } = modelCard.boxes;
      if (input.boxes.length > maxPerImage) {
        const patch = withBoxes(request, index, input.boxes.slice(0, maxPerImage));
        return [
          {
            code: 'boxes-too-many',
            field: `${field}.boxes`,
            severity: 'error',
            args: [input.name, input.boxes.length],
            fix: { code: 'keep-first-two-boxes', patch },
          },
        ];
      }
      return input.boxes.length === 2 ? [{ code: 'boxes-two', field: `${field}.boxes`, severity: 'note' }] : [];
    }),
  },
  {
    name: 'rule-34-box-edges',
    find: eachInput((input, { index, facts, request }) =>
      input.boxes.slice(0, looked).flatMap((box, boxIndex) => {
        const problem = boxProblem(box, facts);
        if (!problem) return [];
        const others = (changed: Box[]): { inputs: InputImage[] } =>
          withBoxes(
            request,
            index,
            input.boxes.flatMap((other, at) => (at === boxIndex ? changed : [other])),
          );
        const found = {
          code: problem,
          field: `inputs.${index}.boxes.${boxIndex}`,
          severity: 'error',
          args: [boxIndex + 1, input.name],
        } as const;
        const mended = mendBox(box, facts);
        return [
          mended
            ? {
                ...found,
                fix: {
                  code: problem === 'box-not-whole' ? 'round-box' : 'clamp-box',
                  patch: others([mended]),
                } as const,
              }
            : { ...found, fix: { code: 'remove-box', patch: others([]) } as const },
        ];
      }),
    ),
  },
];

function boxProblem(
  box: Box,
  facts: ImageFacts | undefined,
): 'box-not-whole' | 'box-empty' | 'box-outside' | undefined {
  if (![box.x1, box.y1, box.x2, box.y2].every(Number.isInteger)) return 'box-not-whole';
  if (box.x1 >= box.x2 || box.y1 >= box.y2) return 'box-empty';
  if (box.x1 < 0 || box.y1 < 0) return 'box-outside';
  return facts && (box.x2 > facts.width || box.y2 > facts.height) ? 'box-outside' : undefined;
}

/** The nearest box with whole edges inside the image, or undefined when nothing of it is left. */
function mendBox(box: Box, facts: ImageFacts | undefined): Box | undefined {
  const inside = (value: number, most: number | undefined): number =>
    Math.max(0, Math.min(most ?? Infinity, Math.round(value)));
  const mended = {
    ...box,
    x1: inside(box.x1, facts?.width),
    y1: inside(box.y1, facts?.height),
    x2: inside(box.x2, facts?.width),
    y2: inside(box.y2, facts?.height),
  };
  return boxProblem(mended, facts) ? undefined : mended;
}
