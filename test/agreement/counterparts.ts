import type { Problem, ProblemCode } from '../../src/core/problem.ts';
import type { Case } from './cases.ts';
import { addressesWithPassword, cautiousAddresses, sloppyAddresses } from './damages.ts';

/** The rule of core that finds each problem. */
export const ruleOfProblem: Readonly<Record<ProblemCode, string>> = {
  'field-unknown': 'shape',
  'field-invalid': 'shape',
  'prompt-missing': 'rule-02-prompt-required',
  'prompt-too-long': 'rule-03-prompt-length',
  'variant-unknown': 'rule-25-allowed-values',
  'aspect-ratio-unknown': 'rule-25-allowed-values',
  'resolution-unknown': 'rule-25-allowed-values',
  'response-format-unknown': 'rule-25-allowed-values',
  'large-needs-pro': 'rule-04-4k-needs-pro',
  'large-not-with-images': 'rule-05-4k-without-images',
  'large-not-in-set': 'rule-06-4k-not-in-set',
  'thinking-ignored-with-images': 'rule-07-thinking-with-images',
  'thinking-ignored-in-set': 'rule-08-thinking-in-set',
  'thinking-needs-pro': 'rule-09-thinking-needs-pro',
  'palette-not-in-set': 'rule-10-palette-not-in-set',
  'palette-count': 'rule-11-palette-count',
  'palette-hex': 'rule-12-palette-hex',
  'palette-share': 'rule-13-palette-shares',
  'palette-sum': 'rule-13-palette-shares',
  'count-range': 'rule-16-count',
  'count-ignored-in-set': 'rule-16-count',
  'set-max-range': 'rule-17-set-maximum',
  'set-max-ignored': 'rule-17-set-maximum',
  'set-lines-ignored': 'set-lines',
  'set-lines-exceed': 'set-lines',
  'set-may-be-smaller': 'rule-41-set-may-be-smaller',
  'custom-size-ignored': 'rule-18-custom-size-unused',
  'preset-ignored': 'rule-20-custom-size-overrides',
  'custom-width-missing': 'rule-19-custom-size-complete',
  'custom-height-missing': 'rule-19-custom-size-complete',
  'custom-not-whole': 'rule-24-custom-whole-pixels',
  'custom-side-range': 'rule-21-custom-side-range',
  'custom-area': 'rule-22-custom-area',
  'custom-ratio': 'rule-23-custom-ratio',
  'ratio-overrides-input': 'rule-26-ratio-of-edit',
  'inputs-too-many': 'rule-27-image-count',
  'input-missing': 'image-at-hand',
  'input-not-measured': 'image-at-hand',
  'input-bytes-differ': 'preflight alone, by the bytes themselves',
  'input-inline-refused': 'inline-images-refused',
  'input-format': 'rule-28-image-format',
  'input-too-small': 'rule-28-image-sides',
  'input-too-large': 'rule-28-image-sides',
  'input-ratio': 'rule-28-image-ratio',
  'input-bytes': 'rule-28-image-bytes',
  'input-alpha': 'rule-29-image-alpha',
  'input-url': 'rule-30-image-address',
  'input-url-private': 'rule-30-image-address',
  'input-url-credentials': 'rule-30-image-address',
  'boxes-not-in-set': 'rule-35-boxes-not-in-set',
  'boxes-too-many': 'rule-33-boxes-per-image',
  'boxes-two': 'rule-33-boxes-per-image',
  'box-not-whole': 'rule-34-box-edges',
  'box-empty': 'rule-34-box-edges',
  'box-outside': 'rule-34-box-edges',
  'boxes-form-literal': 'boxes-form',
  'seed-range': 'rule-38-seed',
  'inline-answer-large': 'rule-40-large-inline-answer',
};

/** Rules of core that can refuse, each with the rules of the simulator that refuse the same. */
export const counterparts: Readonly<Record<string, readonly string[]>> = {
  shape: ['field-type', 'rule-14-palette-json'],
  'rule-02-prompt-required': ['rule-02-prompt-required'],
  'rule-03-prompt-length': ['rule-03-prompt-length'],
  'rule-04-4k-needs-pro': ['rule-04-4k-needs-pro'],
  'rule-05-4k-without-images': ['rule-05-4k-without-images'],
  'rule-06-4k-not-in-set': ['rule-06-4k-not-in-sets'],
  'rule-11-palette-count': ['rule-11-palette-count'],
  'rule-12-palette-hex': ['rule-12-palette-hex'],
  'rule-13-palette-shares': ['rule-13-palette-ratio', 'rule-13-palette-zero', 'rule-13-palette-sum'],
  'rule-16-count': ['rule-16-num-images'],
  'rule-17-set-maximum': ['rule-17-num-images-set'],
  'rule-19-custom-size-complete': ['rule-19-custom-both'],
  'rule-21-custom-side-range': ['rule-21-custom-side'],
  'rule-22-custom-area': ['rule-22-custom-area'],
  'rule-23-custom-ratio': ['rule-23-custom-ratio'],
  'rule-24-custom-whole-pixels': ['rule-24-custom-whole'],
  'rule-25-allowed-values': [
    'rule-25-model-variant',
    'rule-25-aspect-ratio',
    'rule-25-resolution',
    'rule-25-response-format',
    'field-type',
  ],
  'rule-27-image-count': ['rule-27-image-count'],
  'image-at-hand': ['rule-28-image-inline', 'rule-28-image-format'],
  'rule-28-image-format': ['rule-28-image-format'],
  'rule-28-image-sides': ['rule-28-image-side'],
  'rule-28-image-ratio': ['rule-28-image-ratio'],
  'rule-28-image-bytes': ['rule-28-image-bytes'],
  'rule-29-image-alpha': ['rule-29-image-alpha'],
  'rule-30-image-address': ['rule-30-image-address'],
  'rule-33-boxes-per-image': ['rule-33-boxes-per-image'],
  'rule-34-box-edges': ['rule-34-box-whole', 'rule-34-box-order', 'rule-34-box-inside'],
  'rule-38-seed': ['rule-38-seed'],
  'boxes-form': ['bbox-form'],
};

/** Where preflight refuses on purpose what the service may take: a safe reading, never the other way round. */
export interface Exception {
  readonly name: string;
  readonly reason: string;
  /** The rule of core that refuses here. */
  readonly rule: string;
  readonly covers: (problem: Problem, made: Case) => boolean;
}

const inputAt = (field: string, made: Case): Case['request']['inputs'][number] | undefined =>
  made.request.inputs[Number(field.split('.')[1])];
const hasUrlOf =
  (addresses: readonly string[]) =>
  ({ code, field }: Problem, made: Case): boolean =>
    code.startsWith('input-url') && addresses.includes(inputAt(field, made)?.url ?? '');

function isLeftOut(field: string, request: Case['request']): boolean {
  switch (field) {
    case 'aspectRatio':
    case 'resolution':
      return request.useCustomSize;
    case 'customWidth':
    case 'customHeight':
      return !request.useCustomSize;
    case 'count':
      return request.imageSet;
    case 'setMaxImages':
    case 'setLines':
      return !request.imageSet;
    case 'thinking':
      return request.imageSet || request.inputs.length > 0 || request.variant !== 'wan2.7-image-pro';
    default:
      return false;
  }
}

export const exceptions: readonly Exception[] = [
  {
    name: 'row 35, boxes in a set',
    reason:
      'No document says how the service reads boxes in a set; the simulator takes them, and we do not spend the money to find out.',
    rule: 'rule-35-boxes-not-in-set',
    covers: ({ code }) => code === 'boxes-not-in-set',
  },
  {
    name: 'row 10, a palette in a set',
    reason:
      'The service drops it, and the wire form leaves it out; somebody who chose colours is told instead of being ignored.',
    rule: 'rule-10-palette-not-in-set',
    covers: ({ code }) => code === 'palette-not-in-set',
  },
  {
    name: 'row 29, transparency of a BMP',
    reason:
      'The documents forbid it for PNG, and for WebP by inference; a BMP with an alpha mask is rare enough to be flattened too.',
    rule: 'rule-29-image-alpha',
    covers: ({ code, field }, made) =>
      code === 'input-alpha' && made.pictures.get(inputAt(field, made)?.id ?? '')?.facts?.format === 'bmp',
  },
  {
    name: 'row 30, addresses nobody is likely to serve',
    reason:
      'Reserved names, documentation and translation ranges, and numbers in other spellings may lead inside; a public picture is never there.',
    rule: 'rule-30-image-address',
    covers: hasUrlOf(cautiousAddresses),
  },
  {
    name: 'row 30, addresses in a lenient spelling',
    reason: 'The service would have to guess the address as a browser does; nothing says that it does.',
    rule: 'rule-30-image-address',
    covers: hasUrlOf(sloppyAddresses),
  },
  {
    name: 'row 30, a password in the address',
    reason: 'It would be handed to a third party.',
    rule: 'rule-30-image-address',
    covers: hasUrlOf(addressesWithPassword),
  },
  {
    name: 'row 27, one input twice',
    reason: 'Inputs are told apart by their id inside the extension; on the wire there is no id.',
    rule: 'image-at-hand',
    covers: ({ code, field }, made) =>
      code === 'input-missing' &&
      made.request.inputs.findIndex(({ id, url }) => url === undefined && id === inputAt(field, made)?.id) <
        Number(field.split('.')[1]),
  },
  {
    name: 'rows 16 to 20, an unreadable value that its mode leaves out',
    reason: 'It is never sent; but a request of ours must be readable as a whole.',
    rule: 'shape',
    covers: ({ field, code }, made) =>
      (code === 'field-invalid' || ruleOfProblem[code] === 'rule-25-allowed-values') && isLeftOut(field, made.request),
  },
  {
    name: 'a field of the request that does not exist',
    reason: 'It is never sent; whoever wrote it expects an effect that will not come.',
    rule: 'shape',
    covers: ({ field, code }) => code === 'field-unknown' && !field.includes('.'),
  },
];
