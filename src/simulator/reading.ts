import { imageFacts } from './imageFacts.ts';
import type { ImageFacts } from './imageFacts.ts';

/** A value that came as JSON inside a JSON string, or did not. */
export type Nested =
  | { state: 'absent' }
  | { state: 'not-a-string' }
  | { state: 'not-json' }
  | { state: 'read'; value: unknown };

/** One entry of the `image` array, looked at once. */
export type ImageReading =
  | { kind: 'inline'; bytes: Uint8Array | undefined; facts: ImageFacts | undefined }
  | { kind: 'url'; url: URL; facts: ImageFacts | undefined }
  | { kind: 'neither' }
  | { kind: 'not-a-string' };

/** The body as the rules look at it: raw fields, and beside them everything that would otherwise be parsed many times. */
export interface Reading {
  fields: Readonly<Record<string, unknown>>;
  isSet: boolean;
  hasCustomSize: boolean;
  isStandard: boolean;
  images: readonly ImageReading[];
  palette: Nested;
  boxes: Nested;
  shape: BoxesShape;
}

/** The depth of `bbox_list`: `[]`, one image's boxes, a list of boxes for each image, or neither. */
export type BoxesShape =
  | { form: 'empty' }
  | { form: 'literal'; boxes: readonly unknown[][] }
  | { form: 'perImage'; images: readonly unknown[][][] }
  | { form: 'unknown' };

export function readBody(
  fields: Readonly<Record<string, unknown>>,
  factsOfUrl?: (url: string) => ImageFacts | undefined,
): Reading {
  const boxes = readNested(fields['bbox_list']);
  return {
    fields,
    isSet: fields['enable_sequential'] === true,
    hasCustomSize: fields['use_custom_size'] === true,
    isStandard: fields['model_variant'] === 'wan2.7-image',
    images: Array.isArray(fields['image']) ? fields['image'].map((entry) => readImage(entry, factsOfUrl)) : [],
    palette: readNested(fields['color_palette']),
    boxes,
    shape: boxes.state === 'read' ? shapeOf(boxes.value) : { form: boxes.state === 'absent' ? 'empty' : 'unknown' },
  };
}

/** What is known of the image; undefined where only its address is. */
export function factsOf(image: ImageReading | undefined): ImageFacts | undefined {
  return image?.kind === 'inline' || image?.kind === 'url' ? image.facts : undefined;
}

function readNested(field: unknown): Nested {
  if (field === undefined) return { state: 'absent' };
  if (typeof field !== 'string') return { state: 'not-a-string' };
  try {
    return { state: 'read', value: JSON.parse(field) };
  } catch (error) {
    if (error instanceof SyntaxError) return { state: 'not-json' };
    throw error;
  }
}

function readImage(entry: unknown, factsOfUrl?: (url: string) => ImageFacts | undefined): ImageReading {
  if (typeof entry !== 'string') return { kind: 'not-a-string' };
  if (/^data:/i.test(entry)) {
    const bytes = bytesOfDataUri(entry);
    return { kind: 'inline', bytes, facts: bytes && imageFacts(bytes) };
  }
  const url = URL.parse(entry);
  return url === null ? { kind: 'neither' } : { kind: 'url', url, facts: factsOfUrl?.(entry) };
}

/** Only `data:image/…;base64,` with clean, complete base64 is read; the service documents no other form. */
function bytesOfDataUri(uri: string): Uint8Array | undefined {
  const prefix = /^data:image\/[\w.+-]+;base64,/i.exec(uri)?.[0];
  if (prefix === undefined) return undefined;
  const encoded = uri.slice(prefix.length);
  if (encoded.length === 0 || encoded.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  return Buffer.from(encoded, 'base64');
}

function shapeOf(value: unknown): BoxesShape {
  if (!Array.isArray(value)) return { form: 'unknown' };
  if (value.length === 0) return { form: 'empty' };
  if (!value.every((entry) => Array.isArray(entry))) return { form: 'unknown' };
  const entries: unknown[][] = value;
  if (entries.every((entry) => entry.length > 0 && !entry.some((inner) => Array.isArray(inner)))) {
    return { form: 'literal', boxes: entries };
  }
  if (entries.every((entry) => entry.every((inner) => Array.isArray(inner)))) {
    return { form: 'perImage', images: entries as unknown[][][] };
  }
  return { form: 'unknown' };
}
