import type { ImageRequest } from './request.ts';

const ordinals = [
  'First',
  'Second',
  'Third',
  'Fourth',
  'Fifth',
  'Sixth',
  'Seventh',
  'Eighth',
  'Ninth',
  'Tenth',
  'Eleventh',
  'Twelfth',
];

/**
 * The prompt as it is sent: the user's text, then what each box is called, then one line for each picture of a set in the
 * wording the model page asks for. This is the text that must fit the prompt limit.
 */
export function composePrompt(request: Pick<ImageRequest, 'prompt' | 'imageSet' | 'setLines' | 'inputs'>): string {
  const parts = [request.prompt.trim()];
  for (const [imageIndex, input] of request.inputs.entries()) {
    for (const [boxIndex, box] of input.boxes.entries()) {
      const label = box.label?.trim();
      if (label) parts.push(`In box ${boxIndex + 1} of image ${imageIndex + 1}: ${label}`);
    }
  }
  if (request.imageSet) {
    for (const [index, line] of request.setLines.entries()) {
      if (line.trim()) parts.push(`${ordinals[index] ?? `Number ${index + 1}`} image: ${line.trim()}`);
    }
  }
  return parts.filter((part) => part !== '').join('\n');
}

/** Length in code points, which is how the service counts a prompt: one for each letter, digit, sign or Chinese character. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
