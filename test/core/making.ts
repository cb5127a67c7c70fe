import { findProblems } from '../../src/core/preflight.ts';
import type { BoxForm } from '../../src/core/modelCard.ts';
import type { Problem } from '../../src/core/problem.ts';
import type { AttachedImage, ImageFacts } from '../../src/core/readyRequest.ts';
import { emptyRequest, type ImageRequest, type InputImage } from '../../src/core/request.ts';

/** A request that the service takes, with the given fields on top. */
export function aRequest(fields: Partial<ImageRequest> = {}): ImageRequest {
  return { ...emptyRequest(), prompt: 'a misty forest at dawn', ...fields };
}

/** An attached image; its facts are under the same id in {@link someImages}. */
export function anInput(id: string, fields: Partial<InputImage> = {}): InputImage {
  return { id, name: `${id}.png`, boxes: [], ...fields };
}

export const goodFacts: ImageFacts = { format: 'png', width: 1200, height: 800, byteLength: 90_000, hasAlpha: false };

/** Facts by input id: `a`, `b` … are good, and one for each way of being refused. */
export const someImages: ReadonlyMap<string, ImageFacts> = new Map<string, ImageFacts>([
  ...Array.from('abcdefghijkl', (id): [string, ImageFacts] => [id, goodFacts]),
  ['gif', { ...goodFacts, format: 'gif' }],
  ['small', { ...goodFacts, width: 239 }],
  ['large', { ...goodFacts, height: 8001, width: 2000 }],
  ['long', { ...goodFacts, width: 1921, height: 240 }],
  ['tall', { ...goodFacts, width: 240, height: 1921 }],
  ['heavy', { ...goodFacts, byteLength: 20 * 1024 * 1024 + 1 }],
  ['clear', { ...goodFacts, hasAlpha: true }],
]);

/** Every problem of a request, with {@link someImages} at hand. */
export function problemsOf(
  request: unknown,
  {
    boxForm = 'auto',
    images = someImages,
    refusesInline = false,
  }: { boxForm?: BoxForm; images?: ReadonlyMap<string, ImageFacts>; refusesInline?: boolean } = {},
): Problem[] {
  return findProblems(request, { images, boxForm, refusesInline });
}

export function codesOf(request: unknown, options?: Parameters<typeof problemsOf>[1]): string[] {
  return problemsOf(request, options).map(({ code }) => code);
}

export function errorsOf(request: unknown, options?: Parameters<typeof problemsOf>[1]): string[] {
  return problemsOf(request, options).flatMap(({ code, severity }) => (severity === 'error' ? [code] : []));
}

const pngStart = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Bytes that begin as a PNG and are as long as their facts say. */
export function attached(facts: Partial<ImageFacts> = {}): AttachedImage {
  const whole = { ...goodFacts, byteLength: 100, ...facts };
  const bytes = new Uint8Array(whole.byteLength);
  bytes.set(pngStart);
  return { bytes, facts: whole };
}

/** A palette of that many colours with equal shares that sum to 100.00%. */
export function aPalette(colours: number): ImageRequest['palette'] {
  const share = Math.floor(10_000 / colours);
  return Array.from({ length: colours }, (_, index) => {
    const hundredths = index === 0 ? 10_000 - share * (colours - 1) : share;
    return { hex: `#${String(index).padStart(6, '0')}`, ratio: `${(hundredths / 100).toFixed(2)}%` };
  });
}
