import { factsOf } from '../reading.ts';
import type { BoxesShape, ImageReading, Reading } from '../reading.ts';
import { finding } from './rule.ts';
import type { Finding, Rule, ValidatorOptions } from './rule.ts';

/** The page's literal form holds the boxes of one image; the per-image form holds a list for each image. */
export const boxRules: readonly Rule[] = [
  {
    name: 'bbox-string',
    check: ({ boxes }) => (boxes.state === 'not-a-string' ? wrong('must be a JSON string') : undefined),
  },
  { name: 'bbox-json', check: boxesAreLists },
  { name: 'bbox-form', check: formIsUnderstood },
  { name: 'rule-31-boxes-need-image', check: boxesHaveAnImage },
  { name: 'rule-32-boxes-length', check: lengthIsImageCount },
  {
    name: 'rule-33-boxes-per-image',
    check: (reading) => {
      // The page describes its literal form with one box and no more; two fit the per-image form only.
      const most = reading.shape.form === 'literal' ? 1 : 2;
      const isBroken = boxesByImage(reading).some(({ boxes }) => boxes.length > most);
      return isBroken ? wrong(`takes at most ${most} in this form for an image`) : undefined;
    },
  },
  {
    name: 'rule-34-box-whole',
    check: (reading) => findBox(reading, (box) => !isFourWholeNumbers(box), 'must be four whole numbers'),
  },
  {
    name: 'rule-34-box-order',
    check: (reading) =>
      findBox(reading, (box) => isFourWholeNumbers(box) && !isOrdered(box), 'must have x1 < x2 and y1 < y2'),
  },
  {
    name: 'rule-34-box-inside',
    check: (reading) =>
      findBox(
        reading,
        (box, image) => isFourWholeNumbers(box) && !isInside(box, image),
        'reaches past the edge of its image',
      ),
  },
];

export type FourNumbers = [number, number, number, number];

export function isFourWholeNumbers(box: readonly unknown[]): box is FourNumbers {
  return box.length === 4 && box.every((value) => Number.isInteger(value));
}

/** Each image's boxes as far as the form gives each box an image. */
export function boxesByImage({
  shape,
  images,
}: Reading): { image: ImageReading | undefined; boxes: readonly unknown[][] }[] {
  if (shape.form === 'literal') return [{ image: images.at(-1), boxes: shape.boxes }];
  if (shape.form === 'perImage') return shape.images.map((boxes, index) => ({ image: images[index], boxes }));
  return [];
}

function wrong(what: string): Finding {
  return finding('bbox_list', `'bbox_list' ${what}.`);
}

function boxesAreLists({ boxes, shape }: Reading): Finding | undefined {
  if (boxes.state === 'not-json') return wrong('must hold a JSON array');
  return boxes.state === 'read' && shape.form === 'unknown' ? wrong('must be a list of boxes') : undefined;
}

function formIsUnderstood({ shape }: Reading, { bboxForm = 'both' }: ValidatorOptions): Finding | undefined {
  const isOther = (form: BoxesShape['form']): boolean =>
    shape.form === form && bboxForm !== 'both' && bboxForm !== form;
  if (isOther('literal')) return wrong('must be a list with one entry for each image');
  return isOther('perImage') ? wrong('must be [] or [[x1,y1,x2,y2]]') : undefined;
}

function boxesHaveAnImage(reading: Reading): Finding | undefined {
  if (reading.images.length > 0) return undefined;
  return boxesByImage(reading).some(({ boxes }) => boxes.length > 0) ? wrong('needs an input image') : undefined;
}

function lengthIsImageCount(
  { boxes, shape, images }: Reading,
  { bboxForm = 'both' }: ValidatorOptions,
): Finding | undefined {
  const mismatch = wrong(`must have one entry for each of the ${images.length} images`);
  if (boxes.state !== 'read') return undefined;
  // Where only the per-image form is understood, [] is a list of no images; the page's own text allows it as "no box".
  if (shape.form === 'empty') return bboxForm === 'perImage' && images.length > 0 ? mismatch : undefined;
  if (shape.form === 'literal') return images.length > 1 ? mismatch : undefined;
  if (shape.form !== 'perImage' || shape.images.length === images.length) return undefined;
  // Boxes without any image are refused by a rule of their own.
  const hasBoxes = shape.images.some((entry) => entry.length > 0);
  return images.length === 0 && hasBoxes ? undefined : mismatch;
}

function findBox(
  reading: Reading,
  isBroken: (box: readonly unknown[], image: ImageReading | undefined) => boolean,
  what: string,
): Finding | undefined {
  const isAnyBroken = boxesByImage(reading).some(({ image, boxes }) => boxes.some((box) => isBroken(box, image)));
  return isAnyBroken ? wrong(`has a box that ${what}`) : undefined;
}

function isOrdered([x1, y1, x2, y2]: FourNumbers): boolean {
  return x1 < x2 && y1 < y2;
}

/** The right and bottom limits hold only where the image's size is known. */
function isInside(box: FourNumbers, image: ImageReading | undefined): boolean {
  const { width, height } = factsOf(image) ?? { width: Infinity, height: Infinity };
  // Corners in the wrong order are another rule's business, so each corner is held against every edge.
  return Math.min(...box) >= 0 && Math.max(box[0], box[2]) <= width && Math.max(box[1], box[3]) <= height;
}
