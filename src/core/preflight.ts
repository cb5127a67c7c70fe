import type * as z from 'zod/mini';
import { aspectRatios, type BoxForm, type InputFormat, modelCard, type Prices } from './modelCard.ts';
import type { Problem, Severity } from './problem.ts';
import type { AttachedImage, ImageFacts, ReadyRequest, WireImage } from './readyRequest.ts';
import { emptyRequest, highestCount, highestPrice, usesThinking } from './request.ts';
import { ImageRequest } from './requestSchema.ts';
import { type Known, type Rule, rules } from './rules.ts';
import { expectedSize } from './size.ts';
import { toWire } from './wire.ts';

export type { Known } from './rules.ts';

/** The names of the shape rules, which `findProblems` applies while it reads the input. */
export const shapeRules = { allowedValues: 'rule-25-allowed-values', shape: 'shape' } as const;

/**
 * Finds everything that is wrong with a request, or worth knowing about it, at once; errors come first. Takes any value:
 * what cannot be read is a problem, and the rest is still checked with that field at its default.
 * @param isActive leaves out rules by name, so that a test can show that it notices.
 */
export function findProblems(
  input: unknown,
  known: Known,
  isActive: (name: string) => boolean = () => true,
): Problem[] {
  return judge(read(input, isActive), known, isActive);
}

function judge(
  { request, problems, unreadable }: Reading,
  known: Known,
  isActive: (name: string) => boolean,
): Problem[] {
  const found = rules
    .filter((rule: Rule) => isActive(rule.name))
    .flatMap((rule) => rule.find(request, known))
    .filter((problem) => !unreadable.has(problem.field.split('.')[0] ?? ''));
  return [...problems, ...found].sort((a, b) => order[a.severity] - order[b.severity]);
}

const order: Record<Severity, number> = { error: 0, warning: 1, note: 2 };

/** What `preflight` answers: every problem, and the request ready to be sent when none of them is an error. */
export interface Preflight {
  readonly problems: readonly Problem[];
  readonly ready?: ReadyRequest;
}

/**
 * Checks a request together with the bytes of its images. It alone makes a ReadyRequest.
 * @param images attached images by input id; each must be whole and its facts measured from its own bytes
 * @param options `drawSeed` gives a whole number from 0 to 2147483647 where the request has no seed; another number throws.
 * `prices` and `refusesInline` are what is known of the service beyond its page.
 */
export function preflight(
  input: unknown,
  images: ReadonlyMap<string, AttachedImage>,
  options: {
    readonly boxForm: BoxForm;
    readonly drawSeed: () => number;
    readonly prices?: Prices;
    readonly refusesInline?: boolean;
  },
): Preflight {
  const facts = new Map<string, ImageFacts>([...images].map(([id, image]) => [id, image.facts]));
  const { boxForm, prices, refusesInline = false } = options;
  const known: Known = { images: facts, boxForm, refusesInline };
  // Read once: what is judged is what is sent, even if somebody changes the input meanwhile.
  const reading = read(input, () => true);
  const seeded = normalise({ ...reading.request, seed: reading.request.seed ?? drawn(options.drawSeed()) });
  const problems = [...judge(reading, known, () => true), ...findChangedBytes(seeded, images)];
  const price = highestPrice(seeded, prices);
  if (problems.some((problem) => problem.severity === 'error') || price === undefined) return { problems };
  const lastInput = seeded.inputs.at(-1);
  const ready = {
    request: seeded,
    fields: toWire(seeded, boxForm),
    images: seeded.inputs.map(({ id, url }) => toWireImage(url, images.get(id))),
    highestPrice: price,
    highestCount: highestCount(seeded),
    expectedSize: expectedSize(seeded, lastInput && lastInput.url === undefined ? facts.get(lastInput.id) : undefined),
  } as Omit<ReadyRequest, keyof ReadyRequest & symbol> as ReadyRequest;
  return { problems, ready };
}

function drawn(seed: number): number {
  const { min, max } = modelCard.seed;
  if (!Number.isInteger(seed) || seed < min || seed > max)
    throw new RangeError('the drawn seed is not one that the service takes');
  return seed;
}

function toWireImage(url: string | undefined, image: AttachedImage | undefined): WireImage {
  if (url !== undefined) return { kind: 'url', url };
  if (!image) throw new Error('an image without bytes passed the checks');
  return { kind: 'inline', mime: `image/${image.facts.format as InputFormat}`, bytes: image.bytes };
}

/** Bytes that are not those the facts were measured from must not be sent. */
function findChangedBytes(request: ImageRequest, images: ReadonlyMap<string, AttachedImage>): Problem[] {
  return request.inputs.flatMap((input, index): Problem[] => {
    const image = input.url === undefined ? images.get(input.id) : undefined;
    if (!image || (image.bytes.byteLength === image.facts.byteLength && beginsAs(image.bytes, image.facts.format)))
      return [];
    return [{ code: 'input-bytes-differ', field: `inputs.${index}`, severity: 'error', args: [input.name] }];
  });
}

const signatures: Record<InputFormat, readonly (number | undefined)[]> = {
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  jpeg: [0xff, 0xd8, 0xff],
  bmp: [0x42, 0x4d],
  webp: [0x52, 0x49, 0x46, 0x46, undefined, undefined, undefined, undefined, 0x57, 0x45, 0x42, 0x50],
};

function beginsAs(bytes: Uint8Array, format: string): boolean {
  const signature = Object.hasOwn(signatures, format) ? signatures[format as InputFormat] : [];
  return signature.every((byte, index) => byte === undefined || bytes[index] === byte);
}

/** The request as it takes effect: options that its mode ignores are back at their defaults. */
function normalise(request: ImageRequest & { seed: number }): ImageRequest & { seed: number } {
  const defaults = emptyRequest();
  const { customWidth, customHeight, aspectRatio, ...rest } = request;
  return {
    ...rest,
    ...(request.useCustomSize
      ? {
          resolution: defaults.resolution,
          ...(customWidth !== undefined && { customWidth }),
          ...(customHeight !== undefined && { customHeight }),
        }
      : { ...(aspectRatio !== undefined && { aspectRatio }) }),
    ...(request.imageSet ? { count: defaults.count } : { setMaxImages: defaults.setMaxImages, setLines: [] }),
    thinking: request.thinking && usesThinking(request),
  };
}

interface Reading {
  readonly request: ImageRequest;
  readonly problems: readonly Problem[];
  /** Fields of the request that stand at their default because what was there could not be read. */
  readonly unreadable: ReadonlySet<string>;
}

/** Reads any value as a request. Fields that cannot be read are reported and take their default. */
function read(input: unknown, isActive: (name: string) => boolean): Reading {
  try {
    return typeof input !== 'object' || input === null || Array.isArray(input)
      ? nothingRead()
      : readFields(input, isActive);
  } catch {
    // A value that throws when it is looked at, such as a revoked proxy, is no request; that is said like any other problem.
    return nothingRead();
  }
}

function nothingRead(): Reading {
  return {
    request: emptyRequest(),
    problems: [{ code: 'field-invalid', field: '', severity: 'error', args: ['request'] }],
    unreadable: new Set(Object.keys(ImageRequest.shape)),
  };
}

function readFields(input: object, isActive: (name: string) => boolean): Reading {
  const entries = Object.entries(input);
  if (entries.length > longestList) return nothingRead();
  const endless = entries.filter(([, value]) => isEndless(value)).map(([key]) => key);
  // A request without any prompt says so by the rule for an empty one.
  const looked = { prompt: '', ...Object.fromEntries(entries.filter(([key]) => !endless.includes(key))) };
  const first = ImageRequest.safeParse(looked);
  if (first.success && endless.length === 0) return { request: first.data, problems: [], unreadable: new Set() };
  const issues = first.success ? [] : first.error.issues;
  const problems = [
    ...endless.map(invalid),
    ...issues.slice(0, mostIssues).flatMap((issue) => toProblems(issue, isActive)),
  ];
  const unreadable = new Set([
    ...endless,
    ...issues.flatMap((issue) => (issue.path.length > 0 ? [String(issue.path[0])] : [])),
  ]);
  const known = new Set(Object.keys(ImageRequest.shape));
  const rest = Object.fromEntries(Object.entries(looked).filter(([key]) => known.has(key) && !unreadable.has(key)));
  return { request: ImageRequest.parse({ prompt: '', ...rest }), problems, unreadable };
}

/** No request has a list as long as this; such a one is refused unread, so that nothing takes for ever. */
const longestList = 200;
/** How many findings about the shape are told at once. */
const mostIssues = 100;

function isEndless(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return (
    value.length > longestList ||
    value.some(
      (entry: unknown) => typeof entry === 'object' && entry !== null && 'boxes' in entry && isEndless(entry.boxes),
    )
  );
}

const invalid = (field: string): Problem => ({ code: 'field-invalid', field, severity: 'error', args: [field] });

const allowedValueProblems: Readonly<Record<string, Problem['code']>> = {
  variant: 'variant-unknown',
  aspectRatio: 'aspect-ratio-unknown',
  resolution: 'resolution-unknown',
  responseFormat: 'response-format-unknown',
};

function toProblems(issue: z.core.$ZodIssue, isActive: (name: string) => boolean): Problem[] {
  const field = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, mostIssues).map((key) => ({
      code: 'field-unknown',
      field: field ? `${field}.${key}` : key,
      severity: 'error',
      args: [shorten(field ? `${field}.${key}` : key)],
    }));
  }
  const code = allowedValueProblems[field];
  if (code === undefined || issue.code !== 'invalid_value') return [invalid(field)];
  if (!isActive(shapeRules.allowedValues)) return [];
  const isRatio = code === 'aspect-ratio-unknown';
  return [
    {
      code,
      field,
      severity: 'error',
      ...(isRatio && { args: [aspectRatios.join(', ')] }),
      // Taking the field out gives it its default.
      fix: {
        code: isRatio
          ? 'use-auto-ratio'
          : field === 'variant'
            ? 'use-default-variant'
            : field === 'resolution'
              ? 'use-2k'
              : 'answer-by-address',
        patch: defaultOf(field),
      },
    },
  ];
}

function defaultOf(field: string): NonNullable<Problem['fix']>['patch'] {
  const defaults: Partial<Record<string, unknown>> = emptyRequest();
  return { [field]: defaults[field] };
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
