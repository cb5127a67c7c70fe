import type { ImageFacts } from '../imageFacts.ts';
import type { Reading } from '../reading.ts';

/** Which depth of `bbox_list` the worker behind the gateway understands; the documents contradict each other. */
export type BboxForm = 'literal' | 'perImage' | 'both' | 'none';

export interface ValidatorOptions {
  /** Default `both`. */
  bboxForm?: BboxForm;
  /** Forms that are accepted and then not looked at; none when absent. */
  bboxPassedOver?: BboxForm;
  /** Refuse `data:` URIs in `image`: the documents promise only public addresses. */
  refuseInlineImages?: boolean;
  /** Largest body in bytes; no limit when absent. */
  maxBodyBytes?: number;
  /** Bytes the body had on the wire; measured from its JSON when absent. */
  bodyBytes?: number;
  /** Rules by name that are not applied. For mutation tests. */
  disabledRules?: ReadonlySet<string>;
  /** What is behind an image address; unknown when absent, and then only the address itself is judged. */
  factsOfUrl?: (url: string) => ImageFacts | undefined;
}

/** Why a body is refused, in the terms of the service's error envelope. */
export interface Refusal {
  rule: string;
  status: number;
  code: string;
  message: string;
  param: string | null;
}

/** One reason to refuse. Rules look at nothing but what they are about, so that each can be switched off alone. */
export interface Rule {
  name: string;
  check: (reading: Reading, options: ValidatorOptions) => Finding | undefined;
}

export interface Finding {
  param: string | null;
  message: string;
  status?: number;
  code?: string;
}

export function finding(param: string | null, message: string): Finding {
  return { param, message };
}
