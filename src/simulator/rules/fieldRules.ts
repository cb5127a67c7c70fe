import type { Reading } from '../reading.ts';
import { finding } from './rule.ts';
import type { Finding, Rule, ValidatorOptions } from './rule.ts';

type JsonType = 'string' | 'number' | 'boolean' | 'array of strings';

/** Every field of the Wan2.7 Image model page, and the platform's own `sync`. `color_palette` and `bbox_list` have rules of their own. */
const typeOfField: ReadonlyMap<string, JsonType> = new Map<string, JsonType>([
  ['model', 'string'],
  ['prompt', 'string'],
  ['model_variant', 'string'],
  ['aspect_ratio', 'string'],
  ['resolution', 'string'],
  ['use_custom_size', 'boolean'],
  ['custom_width', 'number'],
  ['custom_height', 'number'],
  ['enable_sequential', 'boolean'],
  ['num_images', 'number'],
  ['num_images_set', 'number'],
  ['thinking_mode', 'boolean'],
  ['image', 'array of strings'],
  ['seed', 'number'],
  ['watermark', 'boolean'],
  ['response_format', 'string'],
  ['sync', 'boolean'],
]);

const ownRules = new Set(['color_palette', 'bbox_list']);

const choices = {
  aspect_ratio: ['16:9', '1:1', '9:16', '3:2', '2:3', '4:3', '3:4', '5:4', '4:5'],
  resolution: ['1K', '2K', '4K'],
  model_variant: ['wan2.7-image-pro', 'wan2.7-image'],
  response_format: ['url', 'b64_json'],
} as const;

export const fieldRules: readonly Rule[] = [
  { name: 'option-body-bytes', check: bodyIsSmall },
  { name: 'field-unknown', check: fieldsAreKnown },
  { name: 'field-type', check: fieldsHaveTheirTypes },
  { name: 'rule-01-model', check: modelIsOurs },
  { name: 'rule-02-prompt-required', check: promptIsThere },
  { name: 'rule-03-prompt-length', check: promptFits },
  { name: 'rule-25-model-variant', check: (reading) => isAllowed(reading, 'model_variant') },
  {
    name: 'rule-25-aspect-ratio',
    check: (reading) => (reading.hasCustomSize ? undefined : isAllowed(reading, 'aspect_ratio')),
  },
  {
    name: 'rule-25-resolution',
    check: (reading) => (reading.hasCustomSize ? undefined : isAllowed(reading, 'resolution')),
  },
  { name: 'rule-25-response-format', check: (reading) => isAllowed(reading, 'response_format') },
  {
    name: 'rule-16-num-images',
    check: (reading) => (reading.isSet ? undefined : isWholeWithin(reading, 'num_images', 1, 4)),
  },
  {
    name: 'rule-17-num-images-set',
    check: (reading) => (reading.isSet ? isWholeWithin(reading, 'num_images_set', 1, 12) : undefined),
  },
  { name: 'rule-38-seed', check: (reading) => isWholeWithin(reading, 'seed', 0, 2_147_483_647) },
];

function bodyIsSmall({ fields }: Reading, { maxBodyBytes, bodyBytes }: ValidatorOptions): Finding | undefined {
  if (maxBodyBytes === undefined) return undefined;
  const size = bodyBytes ?? Buffer.byteLength(JSON.stringify(fields));
  if (size <= maxBodyBytes) return undefined;
  return {
    param: null,
    status: 413,
    code: 'request_too_large',
    message: `The request body is larger than ${maxBodyBytes} bytes.`,
  };
}

function fieldsAreKnown({ fields }: Reading): Finding | undefined {
  const stranger = Object.keys(fields).find((name) => !typeOfField.has(name) && !ownRules.has(name));
  return stranger === undefined ? undefined : finding(stranger, `Unknown parameter: '${stranger}'.`);
}

function fieldsHaveTheirTypes({ fields }: Reading): Finding | undefined {
  for (const [name, type] of typeOfField) {
    const value = fields[name];
    if (value !== undefined && !isOfType(value, type)) return finding(name, `'${name}' must be of type ${type}.`);
  }
  return undefined;
}

function isOfType(value: unknown, type: JsonType): boolean {
  if (type === 'array of strings') return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
  return typeof value === type;
}

function modelIsOurs({ fields }: Reading): Finding | undefined {
  const model = fields['model'];
  if (model === undefined) return finding('model', "'model' is required.");
  if (typeof model !== 'string' || model === 'wan2-7-image') return undefined;
  return { param: 'model', status: 404, code: 'model_not_found', message: `The model '${model}' does not exist.` };
}

function promptIsThere({ fields }: Reading): Finding | undefined {
  const prompt = fields['prompt'];
  const isMissing = prompt === undefined || (typeof prompt === 'string' && prompt.trim() === '');
  return isMissing ? finding('prompt', "'prompt' is required.") : undefined;
}

function promptFits({ fields }: Reading): Finding | undefined {
  const prompt = fields['prompt'];
  // Every character counts as one, whatever its width: code points, not UTF-16 units.
  if (typeof prompt !== 'string' || [...prompt].length <= 5000) return undefined;
  return finding('prompt', "'prompt' is longer than 5000 characters.");
}

function isAllowed({ fields }: Reading, name: keyof typeof choices): Finding | undefined {
  const value = fields[name];
  const allowed: readonly string[] = choices[name];
  if (typeof value !== 'string' || allowed.includes(value)) return undefined;
  return finding(name, `'${name}' must be one of ${allowed.join(', ')}.`);
}

function isWholeWithin({ fields }: Reading, name: string, lowest: number, highest: number): Finding | undefined {
  const value = fields[name];
  if (typeof value !== 'number') return undefined;
  if (Number.isInteger(value) && value >= lowest && value <= highest) return undefined;
  return finding(name, `'${name}' must be a whole number from ${lowest} to ${highest}.`);
}
