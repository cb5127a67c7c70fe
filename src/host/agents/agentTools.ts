import * as vscode from 'vscode';
import { l10n } from 'vscode';
import {
  type AgentCall,
  asCall,
  callToCheck,
  CheckRequestInput,
  DescribeImageInput,
  EditRegionInput,
  GenerateImageInput,
  GenerateSetInput,
  type ReadCall,
  readCall,
  type ShapeProblem,
} from '../../core/agentTools.ts';
import { asList, asText } from '../../core/joining.ts';
import type { Mills } from '../../core/modelCard.ts';
import { formatPrice } from '../../core/request.ts';
import type { Log } from '../log.ts';
import { plainText } from '../plainText.ts';
import type { AgentJobs } from './agentJobs.ts';
import { costText } from './agentTelling.ts';
import {
  type AgentAnswer,
  type AgentCheck,
  AgentError,
  type AgentPicture,
  type AgentProblem,
  type AgentProblems,
} from './agentTypes.ts';
import type { PictureDescriber } from './describing.ts';
import type { ToolName } from './toolNames.ts';

interface Parts {
  readonly jobs: Pick<AgentJobs, 'glance' | 'check' | 'run'>;
  readonly describer: Pick<PictureDescriber, 'describe'>;
  readonly log: Log;
}

/** Who asks where a language model does; VS Code does not say which. */
const agentCaller = 'agent';

/** How many prices that were shown and not acted on are remembered. */
const mostShown = 50;

/** What the tools for language models do. */
export class AgentTools {
  readonly #parts: Parts;
  /** The highest price that a confirmation named, by the call that it was about. */
  readonly #shown = new Map<string, Mills>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What is said before a tool is called. A call that cannot be read needs no consent: it is refused. */
  async prepare(name: ToolName, input: unknown): Promise<vscode.PreparedToolInvocation> {
    const call = callOf(name, input);
    if (call?.kind !== 'call') return { invocationMessage: messageOf(name) };
    const seen = await this.#parts.jobs.glance(call.input);
    this.#note(keyOf(call.input), seen.highestPrice);
    return {
      invocationMessage: messageOf(name),
      confirmationMessages: { title: titleOf(call.input, seen), message: question(call.input, seen) },
    };
  }

  /** Does what a tool is for. Throws where another input would not help; the message says the next step. */
  async invoke(
    name: ToolName,
    input: unknown,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    try {
      return await this.#invoke(name, input, token);
    } catch (error) {
      if (error instanceof AgentError) throw error;
      this.#parts.log.error(`The tool ${name} failed.`, error);
      // Whatever it was, it may have come after the request was sent.
      throw new AgentError(
        l10n.t(
          'That did not work, and the log of Wan Image says more. Ask the person to look in the history of Wan Image Studio before anything is asked for again.',
        ),
        true,
        { cause: error },
      );
    }
  }

  async #invoke(
    name: ToolName,
    input: unknown,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    if (name === 'wanImage_describeImage') return this.#describe(input);
    if (name === 'wanImage_checkRequest') return this.#check(input);
    const call = callOf(name, input);
    if (call?.kind !== 'call') return problemsResult(shapeProblems(call?.problems ?? []));
    const key = keyOf(call.input);
    const shownPrice = this.#shown.get(key);
    this.#shown.delete(key);
    const { signal, dispose } = signalOf(token);
    try {
      const answer = await this.#parts.jobs.run(call.input, { askedBy: agentCaller, shownPrice, signal });
      return answer.kind === 'made' ? madeResult(answer) : problemsResult(answer);
    } finally {
      dispose();
    }
  }

  async #check(input: unknown): Promise<vscode.LanguageModelToolResult> {
    const read = readCall(CheckRequestInput, input);
    if (read.kind === 'shape') return problemsResult(shapeProblems(read.problems));
    const call = callToCheck(read.input);
    if (!call) {
      const sentence = 'Give exactly one of generateImage, editRegion and generateSet.';
      return problemsResult(shapeProblems([{ field: '', sentence }]));
    }
    return textResult(checkText(await this.#parts.jobs.check(call, agentCaller)));
  }

  async #describe(input: unknown): Promise<vscode.LanguageModelToolResult> {
    const read = readCall(DescribeImageInput, input);
    if (read.kind === 'shape') return problemsResult(shapeProblems(read.problems));
    const described = await this.#parts.describer.describe(read.input.path);
    if ('problems' in described) return problemsResult(described);
    const { preview, ...facts } = described;
    return new vscode.LanguageModelToolResult([
      new vscode.LanguageModelTextPart(JSON.stringify(facts)),
      ...previewParts(preview),
    ]);
  }

  #note(key: string, price: Mills | undefined): void {
    this.#shown.delete(key);
    if (price !== undefined) this.#shown.set(key, price);
    for (const old of [...this.#shown.keys()].slice(0, -mostShown)) this.#shown.delete(old);
  }
}

/** The call that a tool is asked for; undefined for those that make nothing. */
function callOf(name: ToolName, input: unknown): ReadCall<AgentCall> | undefined {
  switch (name) {
    case 'wanImage_generateImage':
      return asCall('generateImage', readCall(GenerateImageInput, input));
    case 'wanImage_editRegion':
      return asCall('editRegion', readCall(EditRegionInput, input));
    case 'wanImage_generateSet':
      return asCall('generateSet', readCall(GenerateSetInput, input));
    case 'wanImage_checkRequest':
    case 'wanImage_describeImage':
      return undefined;
  }
}

const keyOf = (call: AgentCall): string => JSON.stringify(call);

/** What the person sees while a tool works. */
function messageOf(name: ToolName): string {
  switch (name) {
    case 'wanImage_generateImage':
      return l10n.t('Generating a picture');
    case 'wanImage_editRegion':
      return l10n.t('Editing a picture');
    case 'wanImage_generateSet':
      return l10n.t('Generating a set of pictures');
    case 'wanImage_checkRequest':
      return l10n.t('Checking a request for a picture');
    case 'wanImage_describeImage':
      return l10n.t('Looking at a picture');
  }
}

function titleOf({ kind }: AgentCall, { isPractice, highestPrice }: AgentCheck): string {
  if (isPractice) return l10n.t('Draw a placeholder, free?');
  const price = costText(highestPrice, isPractice);
  switch (kind) {
    case 'generateImage':
      return l10n.t('Generate an image for up to {0}?', price);
    case 'editRegion':
      return l10n.t('Edit an image for up to {0}?', price);
    case 'generateSet':
      return l10n.t('Generate an image set for up to {0}?', price);
  }
}

/** The question as plain text: nothing that a model or a repository has written becomes a link or a button. */
function question(call: AgentCall, seen: AgentCheck): vscode.MarkdownString {
  const message = new vscode.MarkdownString();
  for (const [index, line] of questionLines(call, seen).entries())
    message.appendText(index === 0 ? line : `\n\n${line}`);
  return message;
}

/** What a person has to know before they say yes: what is made, what it costs at most, where it goes, and what is there. */
export function questionLines(call: AgentCall, { targets, problems, isPractice, highestPrice }: AgentCheck): string[] {
  const prompt = [...plainText(call.input.prompt)];
  const excerpt = prompt.length > 300 ? `${prompt.slice(0, 299).join('')}…` : prompt.join('');
  const list = (files: readonly { readonly relativePath: string }[]) =>
    asList(
      files.map(({ relativePath }) => plainText(relativePath)),
      vscode.env.language,
    );
  const standing = targets.filter(({ exists }) => exists);
  const sent = call.kind === 'editRegion' ? [...(call.input.references ?? []), call.input.image] : [];
  return [
    `“${excerpt}”`,
    isPractice
      ? l10n.t('Practice mode: a drawn placeholder, free.')
      : l10n.t('It can cost up to {0}. A request that was sent cannot be taken back.', costText(highestPrice, false)),
    sent.length > 0 && l10n.t('Sent to the service: {0}.', list(sent.map((relativePath) => ({ relativePath })))),
    targets.length > 0 && l10n.t('Saved as: {0}.', list(targets)),
    standing.length > 0 && l10n.t('There already: {0}. No file is replaced.', list(standing)),
    ...problems.map(({ sentence }) => plainText(sentence)),
  ].filter((line): line is string => line !== false);
}

function shapeProblems(problems: readonly ShapeProblem[]): AgentProblems {
  return {
    kind: 'problems',
    problems: problems.map(({ field, sentence }) => ({ code: 'shape', field, severity: 'error', sentence })),
  };
}

function problemsResult({ problems }: AgentProblems): vscode.LanguageModelToolResult {
  return textResult({
    done: false,
    said: 'Nothing was sent and nothing was bought. Mend the problems and call again.',
    problems: problems.map(asPlain),
  });
}

function madeResult(answer: AgentAnswer): vscode.LanguageModelToolResult {
  const { jobId, pictures, cost, isPractice, wasMadeBefore, missing, problems } = answer;
  const text = {
    done: true,
    files: pictures.map(({ preview: _, ...file }) => file),
    cost: costText(cost, isPractice),
    recipeId: jobId,
    ...(isPractice && { practice: 'These are drawn placeholders of the practice mode, not pictures of the model.' }),
    ...(wasMadeBefore && {
      madeBefore: 'The same call had been made before. This is its result; nothing was paid again.',
    }),
    ...(missing > 0 && {
      missing,
      said: 'Fewer pictures came than were asked for, so a number in a name need not be that of its line. Look at the previews.',
    }),
    ...(problems.length > 0 && { problems: problems.map(asPlain) }),
  };
  return new vscode.LanguageModelToolResult([
    new vscode.LanguageModelTextPart(JSON.stringify(text)),
    ...pictures.flatMap(({ preview }) => previewParts(preview)),
  ]);
}

function checkText({ canRun, isPractice, highestPrice, targets, problems }: AgentCheck): object {
  return {
    canRun,
    highestPrice: isPractice ? 'free practice' : highestPrice === undefined ? 'not known' : formatPrice(highestPrice),
    targets,
    problems: problems.map(asPlain),
  };
}

const asPlain = ({ code, field, severity, sentence, fix }: AgentProblem): object => ({
  code,
  field,
  severity,
  problem: asText([sentence]),
  ...(fix !== undefined && { fix }),
});

const textResult = (value: object): vscode.LanguageModelToolResult =>
  new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(value))]);

/** As bytes: base64 in a text would flood the context that it lands in. */
function previewParts(preview: AgentPicture['preview']): vscode.LanguageModelDataPart[] {
  return preview ? [vscode.LanguageModelDataPart.image(preview.bytes, preview.mime)] : [];
}

function signalOf(token: vscode.CancellationToken): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const subscription = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => subscription.dispose() };
}
