import type { BoxForm } from '../../src/core/modelCard.ts';
import type { FixCode, ProblemCode, Severity } from '../../src/core/problem.ts';
import type { ImageRequest } from '../../src/core/request.ts';
import { aPalette, aRequest, anInput } from './making.ts';

/** One request that breaks one rule, and everything preflight has to say about it. */
export interface Break {
  readonly says: string;
  readonly request: unknown;
  readonly boxForm?: BoxForm;
  /** The rule of core that finds it. */
  readonly rule: string;
  readonly code: ProblemCode;
  readonly field: string;
  readonly severity: Severity;
  readonly fix?: FixCode;
}

/** A row of section 5 of the service dossier. Without breaks it holds in the way `holds` says, which ruleTable.test.ts shows. */
export interface Row {
  readonly row: number;
  readonly says: string;
  readonly breaks?: readonly Break[];
  readonly holds?: 'by construction' | 'allowed' | 'answer';
}

const box = { x1: 10, y1: 10, x2: 100, y2: 100 };
const set = { imageSet: true, thinking: false };
const standard = { variant: 'wan2.7-image', thinking: false } as const;
const edit = { inputs: [anInput('a')], thinking: false };
const custom = (customWidth: number, customHeight: number): Partial<ImageRequest> => ({ useCustomSize: true, customWidth, customHeight });
const shares = (...ratios: string[]): Partial<ImageRequest> => ({ palette: ratios.map((ratio, index) => ({ hex: `#00000${index}`, ratio })) });
const onInput = (id: string): Partial<ImageRequest> => ({ inputs: [anInput(id)], thinking: false });
const atAddress = (url: string): Partial<ImageRequest> => ({ inputs: [anInput('web', { url })], thinking: false });
const withBox = (x1: number, y1: number, x2: number, y2: number): Partial<ImageRequest> => ({ inputs: [anInput('a', { boxes: [{ x1, y1, x2, y2 }] })], thinking: false });
const shaped = (field: string, value: unknown): unknown => ({ ...aRequest(), [field]: value });

export const rows: readonly Row[] = [
  { row: 1, says: 'the model is wan2-7-image', holds: 'by construction' },
  { row: 2, says: 'the prompt is required', breaks: [
    { says: 'empty', request: aRequest({ prompt: '' }), rule: 'rule-02-prompt-required', code: 'prompt-missing', field: 'prompt', severity: 'error' },
    { says: 'white space only', request: aRequest({ prompt: ' \n\t ' }), rule: 'rule-02-prompt-required', code: 'prompt-missing', field: 'prompt', severity: 'error' },
    { says: 'left out', request: {}, rule: 'rule-02-prompt-required', code: 'prompt-missing', field: 'prompt', severity: 'error' },
    { says: 'an edit needs one too', request: aRequest({ prompt: '', ...edit }), rule: 'rule-02-prompt-required', code: 'prompt-missing', field: 'prompt', severity: 'error' },
  ] },
  { row: 3, says: 'at most 5000 code points', breaks: [
    { says: '5001 letters', request: aRequest({ prompt: 'x'.repeat(5001) }), rule: 'rule-03-prompt-length', code: 'prompt-too-long', field: 'prompt', severity: 'error' },
  ] },
  { row: 4, says: '4K needs Pro', breaks: [
    { says: '4K with Standard', request: aRequest({ ...standard, resolution: '4K' }), rule: 'rule-04-4k-needs-pro', code: 'large-needs-pro', field: 'resolution', severity: 'error', fix: 'use-2k' },
  ] },
  { row: 5, says: '4K needs no input image', breaks: [
    { says: '4K edit', request: aRequest({ ...edit, resolution: '4K' }), rule: 'rule-05-4k-without-images', code: 'large-not-with-images', field: 'resolution', severity: 'error', fix: 'use-2k' },
  ] },
  { row: 6, says: '4K is not for sets', breaks: [
    { says: '4K set', request: aRequest({ ...set, resolution: '4K' }), rule: 'rule-06-4k-not-in-set', code: 'large-not-in-set', field: 'resolution', severity: 'error', fix: 'use-2k' },
  ] },
  { row: 7, says: 'thinking is ignored with images', breaks: [
    { says: 'thinking edit', request: aRequest({ ...edit, thinking: true }), rule: 'rule-07-thinking-with-images', code: 'thinking-ignored-with-images', field: 'thinking', severity: 'note', fix: 'leave-out-thinking' },
  ] },
  { row: 8, says: 'thinking is ignored in sets', breaks: [
    { says: 'thinking set', request: aRequest({ ...set, thinking: true }), rule: 'rule-08-thinking-in-set', code: 'thinking-ignored-in-set', field: 'thinking', severity: 'note', fix: 'leave-out-thinking' },
  ] },
  { row: 9, says: 'thinking is for Pro', breaks: [
    { says: 'thinking Standard', request: aRequest({ ...standard, thinking: true }), rule: 'rule-09-thinking-needs-pro', code: 'thinking-needs-pro', field: 'thinking', severity: 'note', fix: 'leave-out-thinking' },
  ] },
  { row: 10, says: 'no palette in sets', breaks: [
    { says: 'a palette in a set', request: aRequest({ ...set, palette: aPalette(3) }), rule: 'rule-10-palette-not-in-set', code: 'palette-not-in-set', field: 'palette', severity: 'error', fix: 'remove-palette' },
  ] },
  { row: 11, says: '3 to 10 colours', breaks: [
    { says: "the model page's own example of two", request: aRequest({ palette: [{ hex: '#C2D1E6', ratio: '60.00%' }, { hex: '#636574', ratio: '40.00%' }] }), rule: 'rule-11-palette-count', code: 'palette-count', field: 'palette', severity: 'error', fix: 'remove-palette' },
    { says: 'eleven', request: aRequest({ palette: aPalette(11) }), rule: 'rule-11-palette-count', code: 'palette-count', field: 'palette', severity: 'error', fix: 'use-first-ten-colours' },
  ] },
  { row: 12, says: 'hex is # and six digits', breaks: ['#FFF', 'C2D1E6', '#C2D1EG', '#C2D1E6FF', 'red', '', '#C2D1E6\n'].map((hex): Break => (
    { says: JSON.stringify(hex), request: aRequest({ palette: aPalette(3).map((colour, index) => (index === 1 ? { ...colour, hex } : colour)) }), rule: 'rule-12-palette-hex', code: 'palette-hex', field: 'palette.1.hex', severity: 'error' })) },
  { row: 13, says: 'shares with two decimals, more than zero, 100.00% in all', breaks: [
    ...['50%', '50.0%', '50.000%', '50.00', '1050.00%', '-50.00%', ' 50.00%', '50,00%', '٥٠.00%', '5e1.00%', ''].map((ratio): Break => (
      { says: JSON.stringify(ratio), request: aRequest(shares(ratio, '25.00%', '25.00%')), rule: 'rule-13-palette-shares', code: 'palette-share', field: 'palette.0.ratio', severity: 'error', fix: 'balance-shares' })),
    { says: 'a share of nothing', request: aRequest(shares('0.00%', '50.00%', '50.00%')), rule: 'rule-13-palette-shares', code: 'palette-share', field: 'palette.0.ratio', severity: 'error', fix: 'balance-shares' },
    { says: 'a hundredth too little', request: aRequest(shares('33.33%', '33.33%', '33.33%')), rule: 'rule-13-palette-shares', code: 'palette-sum', field: 'palette', severity: 'error', fix: 'balance-shares' },
    { says: 'a hundredth too much', request: aRequest(shares('33.33%', '33.34%', '33.34%')), rule: 'rule-13-palette-shares', code: 'palette-sum', field: 'palette', severity: 'error', fix: 'balance-shares' },
  ] },
  { row: 14, says: 'the palette is a JSON string', holds: 'by construction' },
  { row: 15, says: 'a palette with input images', holds: 'allowed' },
  { row: 16, says: '1 to 4 pictures outside sets', breaks: [
    ...[0, 5, -1, 2.5, 1e9].map((count): Break => ({ says: String(count), request: aRequest({ count }), rule: 'rule-16-count', code: 'count-range', field: 'count', severity: 'error', fix: 'use-count' })),
    { says: 'a count in a set', request: aRequest({ ...set, count: 3 }), rule: 'rule-16-count', code: 'count-ignored-in-set', field: 'count', severity: 'note' },
  ] },
  { row: 17, says: '1 to 12 pictures in sets', breaks: [
    ...[0, 13, -4, 1.5].map((setMaxImages): Break => ({ says: String(setMaxImages), request: aRequest({ ...set, setMaxImages }), rule: 'rule-17-set-maximum', code: 'set-max-range', field: 'setMaxImages', severity: 'error', fix: 'use-count' })),
    { says: 'a set size outside a set', request: aRequest({ setMaxImages: 7 }), rule: 'rule-17-set-maximum', code: 'set-max-ignored', field: 'setMaxImages', severity: 'note' },
    { says: 'descriptions outside a set', request: aRequest({ setLines: ['spring'] }), rule: 'set-lines', code: 'set-lines-ignored', field: 'setLines', severity: 'note' },
    { says: 'more descriptions than pictures', request: aRequest({ ...set, setMaxImages: 2, setLines: ['spring', 'summer', 'autumn'] }), rule: 'set-lines', code: 'set-lines-exceed', field: 'setLines', severity: 'warning', fix: 'allow-pictures' },
    { says: 'more descriptions than any set holds', request: aRequest({ ...set, setMaxImages: 12, setLines: Array<string>(13).fill('spring') }), rule: 'set-lines', code: 'set-lines-exceed', field: 'setLines', severity: 'warning' },
  ] },
  { row: 18, says: 'custom sides without use_custom_size', breaks: [
    { says: 'a width alone', request: aRequest({ customWidth: 900 }), rule: 'rule-18-custom-size-unused', code: 'custom-size-ignored', field: 'useCustomSize', severity: 'note' },
    { says: 'a height alone, out of range', request: aRequest({ customHeight: 5 }), rule: 'rule-18-custom-size-unused', code: 'custom-size-ignored', field: 'useCustomSize', severity: 'note' },
  ] },
  { row: 19, says: 'a custom size needs both sides', breaks: [
    { says: 'no width', request: aRequest({ useCustomSize: true, customHeight: 900 }), rule: 'rule-19-custom-size-complete', code: 'custom-width-missing', field: 'customWidth', severity: 'error', fix: 'use-preset' },
    { says: 'no height', request: aRequest({ useCustomSize: true, customWidth: 900 }), rule: 'rule-19-custom-size-complete', code: 'custom-height-missing', field: 'customHeight', severity: 'error', fix: 'use-preset' },
  ] },
  { row: 20, says: 'a custom size overrides ratio and resolution', breaks: [
    { says: 'with a ratio', request: aRequest({ ...custom(900, 900), aspectRatio: '1:1' }), rule: 'rule-20-custom-size-overrides', code: 'preset-ignored', field: 'useCustomSize', severity: 'note' },
    { says: 'with 4K', request: aRequest({ ...custom(900, 900), resolution: '4K' }), rule: 'rule-20-custom-size-overrides', code: 'preset-ignored', field: 'useCustomSize', severity: 'note' },
  ] },
  { row: 21, says: 'sides of 768 to 2048, to 4096 for Pro text-to-image', breaks: [
    { says: '767 wide', request: aRequest(custom(767, 900)), rule: 'rule-21-custom-side-range', code: 'custom-side-range', field: 'customWidth', severity: 'error', fix: 'use-count' },
    { says: '4097 high', request: aRequest(custom(900, 4097)), rule: 'rule-21-custom-side-range', code: 'custom-side-range', field: 'customHeight', severity: 'error', fix: 'use-count' },
    { says: 'Standard, 2049', request: aRequest({ ...standard, ...custom(2049, 900) }), rule: 'rule-21-custom-side-range', code: 'custom-side-range', field: 'customWidth', severity: 'error', fix: 'use-count' },
    { says: 'edit, 2049', request: aRequest({ ...edit, ...custom(900, 2049) }), rule: 'rule-21-custom-side-range', code: 'custom-side-range', field: 'customHeight', severity: 'error', fix: 'use-count' },
    { says: 'set, 2049', request: aRequest({ ...set, ...custom(2049, 900) }), rule: 'rule-21-custom-side-range', code: 'custom-side-range', field: 'customWidth', severity: 'error', fix: 'use-count' },
  ] },
  { row: 22, says: 'the area of a custom size', breaks: [
    { says: 'too small', request: aRequest(custom(700, 800)), rule: 'rule-22-custom-area', code: 'custom-area', field: 'useCustomSize', severity: 'error' },
    { says: 'too large', request: aRequest({ ...standard, ...custom(2100, 2048) }), rule: 'rule-22-custom-area', code: 'custom-area', field: 'useCustomSize', severity: 'error' },
  ] },
  { row: 23, says: 'the ratio of a custom size', breaks: [
    { says: 'too wide', request: aRequest(custom(4096, 511)), rule: 'rule-23-custom-ratio', code: 'custom-ratio', field: 'useCustomSize', severity: 'error' },
    { says: 'too tall', request: aRequest(custom(511, 4096)), rule: 'rule-23-custom-ratio', code: 'custom-ratio', field: 'useCustomSize', severity: 'error' },
    { says: 'no height at all', request: aRequest(custom(900, 0)), rule: 'rule-23-custom-ratio', code: 'custom-ratio', field: 'useCustomSize', severity: 'error' },
  ] },
  { row: 24, says: 'whole custom sides', breaks: [
    { says: 'half a pixel', request: aRequest(custom(900.5, 900)), rule: 'rule-24-custom-whole-pixels', code: 'custom-not-whole', field: 'customWidth', severity: 'error', fix: 'use-count' },
    { says: 'a third of one', request: aRequest(custom(900, 900.333)), rule: 'rule-24-custom-whole-pixels', code: 'custom-not-whole', field: 'customHeight', severity: 'error', fix: 'use-count' },
  ] },
  { row: 25, says: 'values from a list', breaks: [
    { says: 'a variant', request: shaped('variant', 'wan2.7-image-max'), rule: 'rule-25-allowed-values', code: 'variant-unknown', field: 'variant', severity: 'error', fix: 'use-default-variant' },
    { says: 'a ratio', request: shaped('aspectRatio', '21:9'), rule: 'rule-25-allowed-values', code: 'aspect-ratio-unknown', field: 'aspectRatio', severity: 'error', fix: 'use-auto-ratio' },
    { says: 'a resolution', request: shaped('resolution', '8K'), rule: 'rule-25-allowed-values', code: 'resolution-unknown', field: 'resolution', severity: 'error', fix: 'use-2k' },
    { says: 'a resolution in small letters', request: shaped('resolution', '2k'), rule: 'rule-25-allowed-values', code: 'resolution-unknown', field: 'resolution', severity: 'error', fix: 'use-2k' },
    { says: 'a form of answer', request: shaped('responseFormat', 'b64'), rule: 'rule-25-allowed-values', code: 'response-format-unknown', field: 'responseFormat', severity: 'error', fix: 'answer-by-address' },
  ] },
  { row: 26, says: 'a ratio with input images', breaks: [
    { says: 'is allowed and said', request: aRequest({ ...edit, aspectRatio: '1:1' }), rule: 'rule-26-ratio-of-edit', code: 'ratio-overrides-input', field: 'aspectRatio', severity: 'note', fix: 'use-auto-ratio' },
  ] },
  { row: 27, says: 'at most 9 images', breaks: [
    { says: 'ten', request: aRequest({ thinking: false, inputs: Array.from('abcdefghij', id => anInput(id)) }), rule: 'rule-27-image-count', code: 'inputs-too-many', field: 'inputs', severity: 'error', fix: 'keep-first-nine' },
    { says: 'bytes that are not at hand', request: aRequest(onInput('nowhere')), rule: 'image-at-hand', code: 'input-missing', field: 'inputs.0', severity: 'error', fix: 'remove-image' },
    { says: 'the same id twice', request: aRequest({ thinking: false, inputs: [anInput('a'), anInput('a')] }), rule: 'image-at-hand', code: 'input-missing', field: 'inputs.1', severity: 'error', fix: 'remove-image' },
  ] },
  { row: 28, says: 'format, sides, ratio and bytes of an image', breaks: [
    { says: 'a GIF', request: aRequest(onInput('gif')), rule: 'rule-28-image-format', code: 'input-format', field: 'inputs.0', severity: 'error' },
    { says: '239 wide', request: aRequest(onInput('small')), rule: 'rule-28-image-sides', code: 'input-too-small', field: 'inputs.0', severity: 'error' },
    { says: '8001 high', request: aRequest(onInput('large')), rule: 'rule-28-image-sides', code: 'input-too-large', field: 'inputs.0', severity: 'error' },
    { says: 'too wide', request: aRequest(onInput('long')), rule: 'rule-28-image-ratio', code: 'input-ratio', field: 'inputs.0', severity: 'error' },
    { says: 'too tall', request: aRequest(onInput('tall')), rule: 'rule-28-image-ratio', code: 'input-ratio', field: 'inputs.0', severity: 'error' },
    { says: 'a byte over 20 MB', request: aRequest(onInput('heavy')), rule: 'rule-28-image-bytes', code: 'input-bytes', field: 'inputs.0', severity: 'error' },
  ] },
  { row: 29, says: 'no transparency', breaks: [
    { says: 'an alpha channel', request: aRequest(onInput('clear')), rule: 'rule-29-image-alpha', code: 'input-alpha', field: 'inputs.0', severity: 'error' },
  ] },
  { row: 30, says: 'an address that can be fetched', breaks: [
    ...['file:///etc/passwd', 'ftp://example.com/a.png', 'data:image/png;base64,AAAA', '', 'example.com/a.png'].map((url): Break => (
      { says: JSON.stringify(url), request: aRequest(atAddress(url)), rule: 'rule-30-image-address', code: 'input-url', field: 'inputs.0.url', severity: 'error' })),
    ...['http://localhost/a.png', 'http://127.0.0.1/a.png', 'https://192.168.1.4/a.png', 'http://[::1]/a.png', 'http://nas/a.png', 'http://2130706433/'].map((url): Break => (
      { says: url, request: aRequest(atAddress(url)), rule: 'rule-30-image-address', code: 'input-url-private', field: 'inputs.0.url', severity: 'error' })),
    { says: 'a password', request: aRequest(atAddress('https://me:secret@pictures.org/a.png')), rule: 'rule-30-image-address', code: 'input-url-credentials', field: 'inputs.0.url', severity: 'error' },
    { says: 'boxes on an image that was not measured', request: aRequest({ thinking: false, inputs: [anInput('web', { url: 'https://pictures.org/a.png', boxes: [box] })] }), rule: 'image-at-hand', code: 'input-not-measured', field: 'inputs.0', severity: 'warning' },
  ] },
  { row: 31, says: 'boxes need an image', holds: 'by construction' },
  { row: 32, says: 'one list of boxes for each image', holds: 'by construction' },
  { row: 33, says: 'at most two boxes on an image', breaks: [
    { says: 'three', request: aRequest({ thinking: false, inputs: [anInput('a', { boxes: [box, box, box] })] }), rule: 'rule-33-boxes-per-image', code: 'boxes-too-many', field: 'inputs.0.boxes', severity: 'error', fix: 'keep-first-two-boxes' },
    { says: 'two, which the page does not describe', request: aRequest({ thinking: false, inputs: [anInput('a', { boxes: [box, box] })] }), rule: 'rule-33-boxes-per-image', code: 'boxes-two', field: 'inputs.0.boxes', severity: 'note' },
  ] },
  { row: 34, says: 'whole edges, in order, inside the image', breaks: [
    { says: 'half a pixel', request: aRequest(withBox(10.5, 10, 100, 100)), rule: 'rule-34-box-edges', code: 'box-not-whole', field: 'inputs.0.boxes.0', severity: 'error', fix: 'round-box' },
    { says: 'less than a pixel', request: aRequest(withBox(10.1, 10, 10.2, 100)), rule: 'rule-34-box-edges', code: 'box-not-whole', field: 'inputs.0.boxes.0', severity: 'error', fix: 'remove-box' },
    { says: 'no width', request: aRequest(withBox(10, 10, 10, 100)), rule: 'rule-34-box-edges', code: 'box-empty', field: 'inputs.0.boxes.0', severity: 'error', fix: 'remove-box' },
    { says: 'upside down', request: aRequest(withBox(10, 100, 100, 10)), rule: 'rule-34-box-edges', code: 'box-empty', field: 'inputs.0.boxes.0', severity: 'error', fix: 'remove-box' },
    { says: 'left of the image', request: aRequest(withBox(-1, 10, 100, 100)), rule: 'rule-34-box-edges', code: 'box-outside', field: 'inputs.0.boxes.0', severity: 'error', fix: 'clamp-box' },
    { says: 'a pixel past the right edge', request: aRequest(withBox(10, 10, 1201, 100)), rule: 'rule-34-box-edges', code: 'box-outside', field: 'inputs.0.boxes.0', severity: 'error', fix: 'clamp-box' },
    { says: 'a pixel past the lower edge', request: aRequest(withBox(10, 10, 100, 801)), rule: 'rule-34-box-edges', code: 'box-outside', field: 'inputs.0.boxes.0', severity: 'error', fix: 'clamp-box' },
    { says: 'wholly outside', request: aRequest(withBox(1300, 10, 1400, 100)), rule: 'rule-34-box-edges', code: 'box-outside', field: 'inputs.0.boxes.0', severity: 'error', fix: 'remove-box' },
    { says: 'a form that cannot hold them', request: aRequest({ thinking: false, inputs: [anInput('a', { boxes: [box] }), anInput('b')] }), boxForm: 'literal', rule: 'boxes-form', code: 'boxes-form-literal', field: 'inputs', severity: 'error' },
  ] },
  { row: 35, says: 'boxes in sets are refused by us', breaks: [
    { says: 'a box in a set', request: aRequest({ ...set, inputs: [anInput('a', { boxes: [box] })] }), rule: 'rule-35-boxes-not-in-set', code: 'boxes-not-in-set', field: 'inputs', severity: 'error', fix: 'remove-boxes' },
  ] },
  { row: 36, says: 'images with a set', holds: 'allowed' },
  { row: 37, says: 'images with two to four pictures', holds: 'allowed' },
  { row: 38, says: 'a seed of 0 to 2147483647', breaks: [-1, 2_147_483_648, 1.5, 1e300].map((seed): Break => (
    { says: String(seed), request: aRequest({ seed }), rule: 'rule-38-seed', code: 'seed-range', field: 'seed', severity: 'error', fix: 'random-seed' })) },
  { row: 39, says: 'a watermark', holds: 'allowed' },
  { row: 40, says: 'b64_json with much to answer', breaks: [
    { says: 'with 4K', request: aRequest({ resolution: '4K', responseFormat: 'b64_json' }), rule: 'rule-40-large-inline-answer', code: 'inline-answer-large', field: 'responseFormat', severity: 'warning', fix: 'answer-by-address' },
    { says: 'with a large custom size', request: aRequest({ ...custom(4096, 4096), responseFormat: 'b64_json' }), rule: 'rule-40-large-inline-answer', code: 'inline-answer-large', field: 'responseFormat', severity: 'warning', fix: 'answer-by-address' },
    { says: 'with two pictures', request: aRequest({ count: 2, responseFormat: 'b64_json' }), rule: 'rule-40-large-inline-answer', code: 'inline-answer-large', field: 'responseFormat', severity: 'warning', fix: 'answer-by-address' },
    { says: 'with a set', request: aRequest({ ...set, responseFormat: 'b64_json' }), rule: 'rule-40-large-inline-answer', code: 'inline-answer-large', field: 'responseFormat', severity: 'warning', fix: 'answer-by-address' },
  ] },
  { row: 41, says: 'a set may be smaller than asked', breaks: [
    { says: 'is said beforehand', request: aRequest(set), rule: 'rule-41-set-may-be-smaller', code: 'set-may-be-smaller', field: 'setMaxImages', severity: 'note' },
  ] },
  { row: 42, says: 'no credit', holds: 'answer' },
];

/** Breaks of the schema, which is no row: a value that is no request at all, or holds what no request has. */
export const shapeBreaks: readonly Break[] = [
  { says: 'a field that does not exist', request: shaped('size', '1024x1024'), rule: 'shape', code: 'field-unknown', field: 'size', severity: 'error' },
  { says: 'a field that does not exist, inside', request: shaped('palette', [{ hex: '#000000', ratio: '1.00%', name: 'ink' }]), rule: 'shape', code: 'field-unknown', field: 'palette.0.name', severity: 'error' },
  { says: 'a number where words belong', request: shaped('prompt', 5), rule: 'shape', code: 'field-invalid', field: 'prompt', severity: 'error' },
  { says: 'words where a number belongs', request: shaped('count', '2'), rule: 'shape', code: 'field-invalid', field: 'count', severity: 'error' },
  { says: 'no number', request: shaped('seed', Number.NaN), rule: 'shape', code: 'field-invalid', field: 'seed', severity: 'error' },
  { says: 'endless number', request: shaped('customWidth', Infinity), rule: 'shape', code: 'field-invalid', field: 'customWidth', severity: 'error' },
  { says: 'a yes that is text', request: shaped('imageSet', 'yes'), rule: 'shape', code: 'field-invalid', field: 'imageSet', severity: 'error' },
  { says: 'a variant that is no text', request: shaped('variant', 7), rule: 'rule-25-allowed-values', code: 'variant-unknown', field: 'variant', severity: 'error', fix: 'use-default-variant' },
  { says: 'no object', request: 'a cat', rule: 'shape', code: 'field-invalid', field: '', severity: 'error' },
  { says: 'nothing', request: null, rule: 'shape', code: 'field-invalid', field: '', severity: 'error' },
];
