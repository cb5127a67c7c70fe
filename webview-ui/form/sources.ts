import type { Snapshot, SourceView } from '../../src/core/messages.ts';
import { modelCard } from '../../src/core/modelCard.ts';
import {
  asSent,
  mapBox,
  planPreparation,
  type Preparation,
  type SentSizes,
  sizeOfPart,
  usualPreparation,
} from '../../src/core/preparation.ts';
import type { Fix, Problem, Severity } from '../../src/core/problem.ts';
import type { ImageFacts } from '../../src/core/readyRequest.ts';
import type { Box, ImageRequest, InputImage } from '../../src/core/request.ts';
import { type Known, rules } from '../../src/core/rules.ts';
import type { Size } from '../../src/core/size.ts';
import type { Words } from '../words.ts';

/** A problem; where more is known of what is wrong, in words of its own. */
export interface PanelProblem extends Problem {
  readonly sentence?: string | Words;
}

/** How a picture will be sent; undefined while it is not known, or cannot be used. */
export function planOf(input: InputImage, source: SourceView | undefined): Preparation | undefined {
  return source?.phase.state === 'ready'
    ? planPreparation(source.phase.facts, input.preparation ?? usualPreparation, input.crop)
    : undefined;
}

/**
 * Checks the form as it will be sent: boxes in the sizes in which the pictures go out, and these as they will be once
 * they are prepared. Fixes come back in the form's own terms.
 */
export function check(
  request: ImageRequest,
  sources: readonly SourceView[],
  snapshot: Pick<Snapshot, 'boxForm' | 'known'> | undefined,
): readonly PanelProblem[] {
  const byId = new Map(sources.map((source) => [source.id, source]));
  const images = new Map<string, ImageFacts>();
  const sizes = new Map<string, SentSizes>();
  for (const input of request.inputs) {
    const source = byId.get(input.id);
    const plan = planOf(input, source);
    if (source?.phase.state !== 'ready' || plan?.kind !== 'possible') continue;
    const { facts } = source.phase;
    const byteLength = Math.min(facts.byteLength, modelCard.inputs.maxBytes);
    images.set(input.id, { ...plan.sent, byteLength, hasAlpha: false });
    sizes.set(input.id, { source: facts, sent: plan.sent });
  }
  const sent = asSent(request, sizes);
  const { boxForm = 'auto', known } = snapshot ?? {};
  return judge(sent, { images, boxForm, refusesInline: known?.refusesInline ?? false }).flatMap(
    (problem): PanelProblem[] => {
      const { fix } = problem;
      const told = fix?.patch.inputs ? { ...problem, fix: asDrawn(fix, request, sent, sizes) } : problem;
      if (problem.code !== 'input-missing') return [told];
      const source = byId.get(request.inputs[Number(problem.field.split('.')[1])]?.id ?? '');
      // What is still being read is not missing.
      if (source?.phase.state === 'reading') return [];
      const sentence = source && whyUnusable(source, String(problem.args?.[0]));
      return [sentence ? { ...told, sentence } : told];
    },
  );
}

/** Every problem of a request that has the shape of one, as preflight finds them; errors come first. */
function judge(request: ImageRequest, known: Known): readonly Problem[] {
  const emptied = numberFields.filter((field) => Number.isNaN(request[field]));
  const found = rules
    .flatMap((rule) => rule.find(request, known))
    .filter(({ field }) => !emptied.some((other) => other === field));
  return [...emptied.map((field): Problem => ({ code: 'field-invalid', field, severity: 'error' })), ...found].sort(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity),
  );
}

/** Fields that hold no number while they are emptied. */
const numberFields = ['count', 'setMaxImages', 'customWidth', 'customHeight', 'seed'] as const;
const order: readonly Severity[] = ['error', 'warning', 'note'];

/** Why a picture cannot be used: what the host says of it, or what its size says. */
function whyUnusable({ phase }: SourceView, name: string): string | Words | undefined {
  if (phase.state === 'refused') return phase.sentence;
  const plan = phase.state === 'ready' ? planPreparation(phase.facts) : undefined;
  if (plan?.kind !== 'refused') return undefined;
  return [plan.reason === 'too-long' ? 'prepareTooLong' : 'prepareTooManyPixels', name];
}

/** A fix that was found on the request as it is sent, for the form. */
function asDrawn(fix: Fix, request: ImageRequest, sent: ImageRequest, sizes: ReadonlyMap<string, SentSizes>): Fix {
  const inputs = fix.patch.inputs?.map((input): InputImage => {
    const at = sent.inputs.findIndex(({ id }) => id === input.id);
    const size = sizes.get(input.id);
    const crop = request.inputs[at]?.crop;
    const boxOf = (box: Box): Box => {
      const known = sent.inputs[at]?.boxes.findIndex((other) => JSON.stringify(other) === JSON.stringify(box)) ?? -1;
      return (
        request.inputs[at]?.boxes[known] ??
        (size ? mapBox(box, size.sent, sizeOfPart(crop ?? size.source), undefined, crop) : box)
      );
    };
    return { ...input, ...(crop && { crop }), boxes: input.boxes.map(boxOf) };
  });
  return { ...fix, patch: { ...fix.patch, inputs } };
}

/** The size in which the last picture is sent, which an answer follows unless it is given a shape. */
export function lastSize({ inputs }: ImageRequest, sources: readonly SourceView[]): Size | undefined {
  const last = inputs.at(-1);
  const plan =
    last &&
    planOf(
      last,
      sources.find(({ id }) => id === last.id),
    );
  return plan?.kind === 'possible' ? plan.sent : undefined;
}

/**
 * The form that a host's draft gives: where that only brings other pictures to what the host was last told, what has
 * been written meanwhile stays.
 */
export function mergeInputs(
  own: ImageRequest,
  told: ImageRequest | undefined,
  incoming: ImageRequest,
): ImageRequest | undefined {
  if (!told || !isSameBeside(told, incoming)) return undefined;
  const find = (request: ImageRequest, { id }: InputImage): InputImage | undefined =>
    request.inputs.find((input) => input.id === id);
  const kept = incoming.inputs.filter((input) => !find(told, input) || find(own, input));
  // Pictures take away the largest size.
  const { resolution } = own.resolution === told.resolution ? incoming : own;
  return { ...own, resolution, inputs: kept.map((input) => find(own, input) ?? input) };
}

const isSameBeside = (one: ImageRequest, other: ImageRequest): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** Everything but the pictures and what they take away, in one order. */
const sorted = ({ inputs: _, resolution: __, ...rest }: ImageRequest): unknown =>
  Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
