import type { BoxForm } from './modelCard.ts';
import type { Problem } from './problem.ts';
import type { AttachedImage, ImageFacts, ReadyRequest } from './readyRequest.ts';
import { ImageRequest } from './request.ts';

/** What preflight knows besides the request itself. */
export interface Known {
  /** Facts of the attached images by input id. */
  readonly images: ReadonlyMap<string, ImageFacts>;
  readonly boxForm: BoxForm;
}

/** Finds everything that is wrong with a request, or worth knowing about it, at once. Errors come first. */
export function findProblems(_input: unknown, _known: Known): Problem[] {
  throw new Error('not written yet');
}

export type Preflight = { readonly problems: readonly Problem[]; readonly ready?: ReadyRequest };

export function preflight(
  _input: unknown,
  _images: ReadonlyMap<string, AttachedImage>,
  _options: { readonly boxForm: BoxForm; readonly drawSeed: () => number },
): Preflight {
  void ImageRequest;
  throw new Error('not written yet');
}
