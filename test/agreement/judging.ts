import { findProblems, preflight } from '../../src/core/preflight.ts';
import type { BoxForm } from '../../src/core/modelCard.ts';
import type { Problem } from '../../src/core/problem.ts';
import type { AttachedImage, ImageFacts } from '../../src/core/readyRequest.ts';
import { toWire } from '../../src/core/wire.ts';
import { refusals } from '../../src/simulator/validator.ts';
import type { BboxForm } from '../../src/simulator/rules/rule.ts';
import type { Case } from './cases.ts';
import { type Exception, exceptions, ruleOfProblem } from './counterparts.ts';

/** Each setting of ours against a service that reads the boxes in that way. */
const reading: Readonly<Record<BoxForm, BboxForm>> = { auto: 'both', literal: 'literal', perImage: 'perImage' };

/** What core says: the rules by which it refuses, empty for yes. */
export interface CoreVerdict {
  readonly refusing: readonly { readonly rule: string; readonly exception: Exception | undefined }[];
}

export interface Disagreement {
  readonly accepted: 'core' | 'simulator';
  /** The rules of the other side, by which it refuses. */
  readonly rules: readonly string[];
  readonly made: Case;
}

/** Core's verdict with only those rules that are active. */
export function askCore(made: Case, isActive?: (rule: string) => boolean): CoreVerdict {
  const facts = new Map([...attachedIn(made)].map(([id, image]): [string, ImageFacts] => [id, image.facts]));
  return verdictOf(made, findProblems(made.request, { images: facts, boxForm: made.boxForm }, isActive));
}

function verdictOf(made: Case, problems: readonly Problem[]): CoreVerdict {
  const errors = problems.filter(({ severity }) => severity === 'error');
  return {
    refusing: errors.map((problem) => ({
      rule: ruleOfProblem[problem.code],
      exception: exceptions.find((exception) => exception.covers(problem, made)),
    })),
  };
}

/** The rules by which the simulator refuses the body, empty for yes. */
export function askSimulator(made: Case, body: unknown, disabledRules?: ReadonlySet<string>): string[] {
  return refusals(body, { bboxForm: reading[made.boxForm], ...(disabledRules && { disabledRules }) }).map(
    ({ rule }) => rule,
  );
}

/** The disagreement of two verdicts, unless a named exception explains it. `used` collects the names of those that were needed. */
export function compare(
  made: Case,
  core: CoreVerdict,
  simulator: readonly string[],
  used?: Map<string, number>,
): Disagreement | undefined {
  const coreAccepts = core.refusing.length === 0;
  if (coreAccepts === (simulator.length === 0)) return undefined;
  if (coreAccepts) return { accepted: 'core', rules: simulator, made };
  const unexcused = core.refusing.filter(({ exception }) => exception === undefined);
  if (unexcused.length > 0) return { accepted: 'simulator', rules: unexcused.map(({ rule }) => rule), made };
  for (const { exception } of core.refusing)
    if (exception && used) used.set(exception.name, (used.get(exception.name) ?? 0) + 1);
  return undefined;
}

/** The images as the host attaches them: those whose header can be read. */
function attachedIn(made: Case): ReadonlyMap<string, AttachedImage> {
  return new Map(
    [...made.pictures].flatMap(([id, { facts, bytes }]): [string, AttachedImage][] =>
      facts ? [[id, { facts, bytes }]] : [],
    ),
  );
}

/**
 * The verdict of preflight, and the body: that of what preflight made ready, or else the one the service would get if nobody
 * had checked the request.
 */
export function preflighted(made: Case): { core: CoreVerdict; body: unknown } {
  const { ready, problems } = preflight(made.request, attachedIn(made), { boxForm: made.boxForm, drawSeed: () => 7 });
  const core = verdictOf(made, problems);
  if ((ready === undefined) !== core.refusing.length > 0)
    throw new Error('preflight made something ready in spite of an error');
  if (!ready)
    return {
      core,
      body: asJson(
        toWire(made.request, made.boxForm),
        made.request.inputs.map((input) => input.url ?? uriOf(made, input.id)),
      ),
    };
  const uris = ready.images.map((image, index) => {
    if (image.kind === 'url') return image.url;
    const uri = uriOf(made, made.request.inputs[index]?.id ?? '');
    if (!uri.startsWith(`data:${image.mime};base64,`)) throw new Error(`${image.mime} is not what the file is`);
    return uri;
  });
  return { core, body: asJson(ready.fields, uris) };
}

function uriOf(made: Case, id: string): string {
  return made.pictures.get(id)?.dataUri ?? 'data:image/png;base64,';
}

/** Images are text and come through JSON as they are; leaving them out of it saves most of the time. */
function asJson(fields: ReturnType<typeof toWire>, image: readonly string[]): Record<string, unknown> {
  const body = JSON.parse(JSON.stringify(fields)) as Record<string, unknown>;
  return image.length > 0 ? { ...body, image } : body;
}
