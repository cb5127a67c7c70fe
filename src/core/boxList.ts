import type { BoxForm } from './modelCard.ts';
import type { Box, InputImage } from './request.ts';

const corners = (box: Box): number[] => [box.x1, box.y1, box.x2, box.y2];

/** True when the boxes fit the literal form of the model page: one image with exactly one box. */
export function fitsLiteralForm(inputs: readonly Pick<InputImage, 'boxes'>[]): boolean {
  return inputs.length === 1 && inputs[0]?.boxes.length === 1;
}

/**
 * The form to write boxes in: what the user has set, and where that leaves it open, what was found to work. That the
 * page's form works says nothing against `auto`, which writes it where it fits.
 */
export function chosenBoxForm(setting: BoxForm, works: Exclude<BoxForm, 'auto'> | undefined): BoxForm {
  return setting === 'auto' && works === 'perImage' ? works : setting;
}

/**
 * The `bbox_list` text, or undefined when no image has a box, which is then valid under every reading. The page shows
 * `[[x1,y1,x2,y2]]` for one box; the model behind it takes one list of boxes for each image. `auto` writes the page's
 * form for the one case it describes and one list per image otherwise (service dossier, section 3).
 */
export function writeBoxList(inputs: readonly Pick<InputImage, 'boxes'>[], form: BoxForm): string | undefined {
  if (inputs.every((input) => input.boxes.length === 0)) return undefined;
  const perImage = inputs.map((input) => input.boxes.map(corners));
  return JSON.stringify(form !== 'perImage' && fitsLiteralForm(inputs) ? perImage[0] : perImage);
}
