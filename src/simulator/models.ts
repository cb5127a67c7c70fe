import { errorAnswer, jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Twin } from './twin.ts';

/** The model list. It answers without a key, as the real one was seen to do, so that it proves nothing about a key. */
export function modelList(twin: Twin): Answer {
  const page = pageOf(twin);
  return jsonAnswer(200, { object: 'list', data: page ? [page] : [] });
}

export function modelPage(twin: Twin, id: string): Answer {
  const page = pageOf(twin);
  return page && id === wanImage.id
    ? jsonAnswer(200, page)
    : errorAnswer(404, 'model_not_found', `The model '${id}' does not exist.`, 'model');
}

function pageOf({ behaviour: { catalogue } }: Twin): Readonly<Record<string, unknown>> | undefined {
  if (catalogue === null) return undefined;
  return Object.fromEntries(Object.entries({ ...wanImage, ...catalogue }).filter(([, value]) => value !== null));
}

/** Parameters and prices of the Wan2.7 Image model page; the key names are a reconstruction, for no sample is published. */
const wanImage = {
  id: 'wan2-7-image',
  object: 'model',
  display_name: 'Wan2.7 Image',
  owned_by: 'alibaba',
  category: 'image',
  description:
    'Image generation and editing: text-to-image, bounding-box edits and cohesive image sets, with up to 4K output on Pro.',
  input_modalities: ['text', 'image'],
  output_modalities: ['image'],
  served_from: 'Singapore',
  supported_parameters: [
    { name: 'prompt', type: 'string', required: true, max_length: 5000 },
    { name: 'model_variant', type: 'enum', default: 'wan2.7-image-pro', options: ['wan2.7-image-pro', 'wan2.7-image'] },
    { name: 'aspect_ratio', type: 'enum', options: ['16:9', '1:1', '9:16', '3:2', '2:3', '4:3', '3:4', '5:4', '4:5'] },
    { name: 'resolution', type: 'enum', default: '2K', options: ['1K', '2K', '4K'] },
    { name: 'use_custom_size', type: 'boolean', default: false },
    { name: 'custom_width', type: 'number', min: 768, max: 4096, condition: { use_custom_size: true } },
    { name: 'custom_height', type: 'number', min: 768, max: 4096, condition: { use_custom_size: true } },
    { name: 'enable_sequential', type: 'boolean', default: false },
    { name: 'num_images', type: 'number', default: 1, min: 1, max: 4, condition: { enable_sequential: false } },
    { name: 'num_images_set', type: 'number', default: 1, min: 1, max: 12, condition: { enable_sequential: true } },
    { name: 'thinking_mode', type: 'boolean', default: true, condition: { model_variant: 'wan2.7-image-pro' } },
    { name: 'image', type: 'array', max_items: 9 },
    { name: 'color_palette', type: 'string', condition: { enable_sequential: false } },
    { name: 'bbox_list', type: 'string' },
    { name: 'seed', type: 'number', min: 0, max: 2_147_483_647 },
    { name: 'watermark', type: 'boolean', default: false },
    { name: 'response_format', type: 'enum', default: 'url', options: ['url', 'b64_json'] },
  ],
  pricing_rows: [
    { label: 'Standard', unit: 'image', rate: 0.03 },
    { label: 'Pro', unit: 'image', rate: 0.075 },
  ],
} as const;
