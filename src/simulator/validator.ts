import type { NormalisedJob } from './job.ts';
import { normalise } from './normalise.ts';
import { readBody } from './reading.ts';
import type { Reading } from './reading.ts';
import { boxRules } from './rules/boxRules.ts';
import { fieldRules } from './rules/fieldRules.ts';
import { imageRules } from './rules/imageRules.ts';
import { paletteRules } from './rules/paletteRules.ts';
import type { Refusal, Rule, ValidatorOptions } from './rules/rule.ts';
import { sizeRules } from './rules/sizeRules.ts';

export type Verdict = { ok: true; job: NormalisedJob } | ({ ok: false } & Refusal);

/**
 * Judges a request body as the strict twin of the service does: the first broken rule refuses it.
 * What the service documents as ignored is ignored here, and is absent from the job.
 */
export function validate(body: unknown, options: ValidatorOptions = {}): Verdict {
  const fields = asFields(body);
  if (fields === undefined) return { ok: false, ...notAnObject };
  const reading = readBody(fields, options.factsOfUrl);
  const [first] = broken(reading, options);
  return first === undefined ? { ok: true, job: normalise(reading, options) } : { ok: false, ...first };
}

/** Every rule that this body breaks, in the order in which they are judged; empty means accepted. */
export function refusals(body: unknown, options: ValidatorOptions = {}): Refusal[] {
  const fields = asFields(body);
  return fields === undefined ? [notAnObject] : [...broken(readBody(fields, options.factsOfUrl), options)];
}

/** The names of all rules, in the order in which they are judged. */
export function ruleNames(): string[] {
  return rules.map(({ name }) => name);
}

const rules: readonly Rule[] = [...fieldRules, ...imageRules, ...sizeRules, ...paletteRules, ...boxRules];

const notAnObject: Refusal = {
  rule: 'body-object',
  status: 400,
  code: 'invalid_request',
  message: 'The body must be a JSON object.',
  param: null,
};

function asFields(body: unknown): Record<string, unknown> | undefined {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as Record<string, unknown>)
    : undefined;
}

function* broken(reading: Reading, options: ValidatorOptions): Generator<Refusal> {
  for (const { name, check } of rules) {
    if (options.disabledRules?.has(name) === true) continue;
    const found = check(reading, options);
    if (found === undefined) continue;
    yield {
      rule: name,
      status: found.status ?? 400,
      code: found.code ?? 'invalid_parameter',
      message: found.message,
      param: found.param,
    };
  }
}
