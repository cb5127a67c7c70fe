import { type BringBack, canBringBack, type Part, sizeOfPart, type SourceFacts } from './preparation.ts';
import type { InputImage } from './request.ts';
import type { Size } from './size.ts';

/** An edit as it was asked for, as far as it says whether its answer can be put into boxes of its source. */
export interface BoxedEdit {
  /** Boxes in the pixels of the sources. */
  readonly inputs: readonly Pick<InputImage, 'id' | 'url' | 'boxes'>[];
  /** What is known of the pictures that came from files. */
  readonly sources: readonly {
    readonly id: string;
    readonly facts: Pick<SourceFacts, 'format' | 'animated'> & Size;
    readonly crop?: Part | undefined;
  }[];
}

/** Why an answer cannot be put into the boxes alone. */
export type InsideRefusal =
  /** An answer has the shape of the last picture; boxes on another say nothing about it. */
  | 'not-last'
  /** The picture is known by its address alone. */
  | 'by-address'
  /** The answer has another shape than its source. */
  | 'ratio'
  | Extract<BringBack, { readonly possible: false }>['reason'];

/** Shapes that differ by this part or more do not lie on each other. */
const mostApart = 0.01;

/** Whether an answer can be put into the boxes of its source alone; undefined where no boxes were drawn or nothing is known. */
export function insideVerdict(
  { inputs, sources }: BoxedEdit,
  answer: Size,
): { readonly possible: true } | { readonly possible: false; readonly reason: InsideRefusal } | undefined {
  const boxed = inputs.findLast(({ boxes }) => boxes.length > 0);
  if (!boxed) return undefined;
  if (boxed !== inputs.at(-1)) return { possible: false, reason: 'not-last' };
  if (boxed.url !== undefined) return { possible: false, reason: 'by-address' };
  const source = sources.find(({ id }) => id === boxed.id);
  if (!source) return undefined;
  const verdict = canBringBack(source.facts);
  if (!verdict.possible) return verdict;
  return ratiosDiffer(answer, source.crop ? sizeOfPart(source.crop) : source.facts)
    ? { possible: false, reason: 'ratio' }
    : { possible: true };
}

function ratiosDiffer(one: Size, other: Size): boolean {
  const ratio = (one.width * other.height) / (one.height * other.width);
  return Math.max(ratio, 1 / ratio) - 1 >= mostApart;
}

/** A band of this part of a box's shorter side is enough to hide its edge, and leaves nearly all of the box to the answer. */
const featherPart = 1 / 12;
/** Beyond this an edge is soft enough however large the picture is. In pixels of the source. */
const widestFeather = 24;

/** How many pixels an answer takes to come in, from the edge of a box inwards. The same for all boxes. */
export function featherOf(boxes: readonly Part[]): number {
  const shortest = Math.min(...boxes.flatMap((box) => [box.x2 - box.x1, box.y2 - box.y1]));
  return Math.max(0, Math.min(widestFeather, Math.floor(shortest * featherPart)));
}
