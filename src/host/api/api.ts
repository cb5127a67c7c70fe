import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { l10n } from 'vscode';
import {
  type AgentCall,
  asCall,
  EditRegionInput,
  GenerateImageInput,
  GenerateSetInput,
  type ReadCall,
  readCall,
} from '../../core/agentTools.ts';
import type { Mills } from '../../core/modelCard.ts';
import type { AgentJobs, FinishedJob } from '../agents/agentJobs.ts';
import { questionLines } from '../agents/agentTools.ts';
import { costText } from '../agents/agentTelling.ts';
import { type AgentAnswer, AgentError, type AgentProblems } from '../agents/agentTypes.ts';
import { plainText } from '../plainText.ts';
import { type Caller, callerNamed } from './caller.ts';
import type { CallOptions, Finished, Made, NotMade, Preflight } from './wanImageStudio.ts';

/** What the calls of other extensions come to. Whatever they hand over is read by the same schemas as what a model writes. */
export class ExtensionCalls {
  readonly #jobs: Pick<AgentJobs, 'glance' | 'check' | 'run'>;
  readonly #own: string;
  /** Questions are asked one after the other: a second one would cover the first. */
  #asking: Promise<unknown> = Promise.resolve();

  /** @param own the id of this extension, which calls nobody through here */
  constructor(jobs: Pick<AgentJobs, 'glance' | 'check' | 'run'>, own: string) {
    this.#jobs = jobs;
    this.#own = own;
  }

  async preflight(request: unknown, options: unknown): Promise<Preflight> {
    const { caller } = this.#read(options);
    const read = checkedCall(request);
    if (read.kind === 'shape')
      return { canRun: false, isPractice: false, targets: [], problems: shapeProblems(read.problems).problems };
    const { highestPrice, ...checked } = await this.#jobs.check(read.input, askedByOf(caller));
    return { ...checked, ...(highestPrice !== undefined && { highestPrice: highestPrice / 1000 }) };
  }

  generate(request: unknown, options: unknown): Promise<Made | NotMade> {
    return this.#make('generateImage', readCall(GenerateImageInput, request), options);
  }

  edit(request: unknown, options: unknown): Promise<Made | NotMade> {
    return this.#make('editRegion', readCall(EditRegionInput, request), options);
  }

  generateSet(request: unknown, options: unknown): Promise<Made | NotMade> {
    return this.#make('generateSet', readCall(GenerateSetInput, request), options);
  }

  async #make<Kind extends AgentCall['kind']>(
    kind: Kind,
    read: ReadCall<Extract<AgentCall, { kind: Kind }>['input']>,
    options: unknown,
  ): Promise<Made | NotMade> {
    const { caller, signal } = this.#read(options);
    if (read.kind === 'shape') return shapeProblems(read.problems);
    const call = { kind, input: read.input } as AgentCall;
    const askedBy = askedByOf(caller);
    // Whoever is asked is asked about something that can be made.
    const checked = await this.#jobs.check(call, askedBy);
    const isOnlyThere = checked.problems.every(
      ({ code, severity }) => severity !== 'error' || code === 'target-exists' || code === 'target-promised',
    );
    if (!isOnlyThere) return { kind: 'problems', problems: checked.problems };
    // What stands or comes there may be what this very call has asked for before; then nothing is paid, and nothing is asked.
    const agreed = checked.canRun ? await this.#confirm(call, caller, signal) : undefined;
    if (checked.canRun && agreed === undefined)
      throw new AgentError(l10n.t('The person did not agree. Nothing was sent.'), false);
    const answer = await this.#jobs.run(call, {
      askedBy,
      // Where nobody was asked nothing may be bought, should the file be gone by now.
      shownPrice: agreed ?? 0,
      wasConfirmed: agreed !== undefined,
      signal,
    });
    return asMade(answer);
  }

  /** The highest price that the person has agreed to; undefined where they have not. */
  #confirm(call: AgentCall, caller: Caller, signal: AbortSignal): Promise<Mills | undefined> {
    const asked = this.#asking.then(() => (signal.aborted ? undefined : this.#ask(call, caller)));
    this.#asking = asked.catch(() => undefined); // whoever asked is told
    return asked;
  }

  async #ask(call: AgentCall, { id, name }: Caller): Promise<Mills | undefined> {
    const seen = await this.#jobs.glance(call);
    const price = costText(seen.highestPrice, seen.isPractice);
    const yes = seen.isPractice ? l10n.t('Generate, free practice') : l10n.t('Generate for up to {0}', price);
    const asks = l10n.t('An extension asks for a picture. It says it is {0} ({1}).', plainText(name), id);
    const detail = questionLines(call, seen).join('\n\n');
    const chosen = await vscode.window.showWarningMessage(asks, { modal: true, detail }, yes);
    return chosen === yes ? seen.highestPrice : undefined;
  }

  #read(options: unknown): { readonly caller: Caller; readonly signal: AbortSignal } {
    const { caller, signal } = (typeof options === 'object' && options !== null ? options : {}) as Partial<CallOptions>;
    return {
      caller: callerNamed(caller, this.#own),
      signal: signal instanceof AbortSignal ? signal : new AbortController().signal,
    };
  }
}

/** The one call in what is to be checked. */
function checkedCall(request: unknown): ReadCall<AgentCall> {
  const one = z.strictObject({
    generate: z.optional(z.unknown()),
    edit: z.optional(z.unknown()),
    generateSet: z.optional(z.unknown()),
  });
  const { generate, edit, generateSet } = one.safeParse(request).data ?? {};
  if ([generate, edit, generateSet].filter((call) => call !== undefined).length !== 1)
    return {
      kind: 'shape',
      problems: [{ field: '', sentence: 'Give exactly one of generate, edit and generateSet.' }],
    };
  if (generate !== undefined) return asCall('generateImage', readCall(GenerateImageInput, generate));
  if (edit !== undefined) return asCall('editRegion', readCall(EditRegionInput, edit));
  return asCall('generateSet', readCall(GenerateSetInput, generateSet));
}

/** Never the name of a person's way in, whatever an extension is called. */
const askedByOf = ({ id }: Caller): string => `extension ${id}`;

function shapeProblems(problems: readonly { readonly field: string; readonly sentence: string }[]): NotMade {
  return { kind: 'problems', problems: problems.map((problem) => ({ code: 'shape', severity: 'error', ...problem })) };
}

function asMade(answer: AgentAnswer | AgentProblems): Made | NotMade {
  if (answer.kind === 'problems') return answer;
  const { cost, pictures, problems: _, ...made } = answer;
  return {
    ...made,
    pictures: pictures.map(({ preview: _preview, ...picture }) => picture),
    ...(cost !== undefined && { cost: cost / 1000 }),
  };
}

/** The end of a job as other extensions are told of it. */
export function asFinished({ jobId, askedBy, state, files }: FinishedJob): Finished {
  const [, caller] = /^extension (.+)$/.exec(askedBy) ?? [];
  return { jobId, state, files: files.map((file) => file.toString()), ...(caller !== undefined && { caller }) };
}
