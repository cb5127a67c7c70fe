import type { ImageRequest } from './request.ts';

export type Severity = 'error' | 'warning' | 'note';

/** One finding of preflight. An `error` blocks the request; a `warning` and a `note` inform. */
export interface Problem {
  /** Names the sentence; see sentences.ts. */
  readonly code: ProblemCode;
  /** The field of the request it is about, deeper places with dots: `palette.2.hex`, `inputs.0.boxes.1`. */
  readonly field: string;
  readonly severity: Severity;
  /** Fills {0}, {1} … of the sentence. */
  readonly args?: readonly (string | number)[];
  /** A change of the request that removes the problem. */
  readonly fix?: Fix;
}

export interface Fix {
  /** Names the words on the button; see sentences.ts. */
  readonly code: FixCode;
  readonly args?: readonly (string | number)[];
  /** Fields to set; a field set to undefined is removed. */
  readonly patch: { readonly [Field in keyof ImageRequest]?: ImageRequest[Field] | undefined };
}

/** The request with a fix applied. */
export function applyFix(request: ImageRequest, fix: Fix): ImageRequest {
  const entries = Object.entries({ ...request, ...fix.patch }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as ImageRequest;
}

export type ProblemCode = keyof typeof import('./sentences.ts').problemSentences;
export type FixCode = keyof typeof import('./sentences.ts').fixSentences;
