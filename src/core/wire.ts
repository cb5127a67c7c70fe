import { writeBoxList } from './boxList.ts';
import { type BoxForm, modelCard } from './modelCard.ts';
import { composePrompt } from './prompt.ts';
import type { WireFields } from './readyRequest.ts';
import { type ImageRequest, usesThinking } from './request.ts';

/**
 * The body of a request but for its images: exactly the documented fields, without those its mode ignores. Writes what it
 * is given; whether the service takes it is preflight's to say.
 */
export function toWire(request: ImageRequest, boxForm: BoxForm): WireFields {
  const boxList = writeBoxList(request.inputs, boxForm);
  return {
    model: modelCard.model,
    prompt: composePrompt(request),
    model_variant: request.variant,
    ...sizeFields(request),
    ...(request.imageSet
      ? ({ enable_sequential: true, num_images_set: request.setMaxImages } as const)
      : { num_images: request.count }),
    ...(usesThinking(request) && { thinking_mode: request.thinking }),
    ...(!request.imageSet && request.palette.length > 0 && { color_palette: JSON.stringify(request.palette) }),
    ...(boxList !== undefined && { bbox_list: boxList }),
    ...(request.seed !== undefined && { seed: request.seed }),
    watermark: request.watermark,
    response_format: request.responseFormat,
  };
}

function sizeFields(request: ImageRequest): Partial<WireFields> {
  if (!request.useCustomSize) {
    return { ...(request.aspectRatio && { aspect_ratio: request.aspectRatio }), resolution: request.resolution };
  }
  return {
    use_custom_size: true,
    ...(request.customWidth !== undefined && { custom_width: request.customWidth }),
    ...(request.customHeight !== undefined && { custom_height: request.customHeight }),
  };
}
