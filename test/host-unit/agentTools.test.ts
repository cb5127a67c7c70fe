import type { MarkdownString } from 'vscode';
import { beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import type { Asking } from '../../src/host/agents/agentJobs.ts';
import { AgentTools } from '../../src/host/agents/agentTools.ts';
import { type AgentAnswer, type AgentCheck, AgentError } from '../../src/host/agents/agentTypes.ts';
import { toolNames } from '../../src/host/agents/toolNames.ts';
import { ExtensionCalls } from '../../src/host/api/api.ts';
import type { EditRequest, GenerateRequest, SetRequest } from '../../src/host/api/wanImageStudio.ts';
import type { AgentCall, EditRegionInput, GenerateImageInput, GenerateSetInput } from '../../src/core/agentTools.ts';

const editor = vi.hoisted(() => ({ asked: [] as string[], answer: undefined as string | undefined }));

vi.mock('vscode', () => {
  class Text {
    readonly value: string;
    constructor(value: string) {
      this.value = value;
    }
  }
  class Result {
    readonly content: unknown[];
    constructor(content: unknown[]) {
      this.content = content;
    }
  }
  class MarkdownString {
    value = '';
    appendText(text: string): void {
      this.value += text;
    }
  }
  return {
    LanguageModelTextPart: Text,
    LanguageModelDataPart: { image: (data: Uint8Array, mimeType: string) => ({ data, mimeType }) },
    LanguageModelToolResult: Result,
    MarkdownString,
    env: { language: 'en' },
    l10n: {
      t: (text: string, ...args: unknown[]) => text.replaceAll(/\{(\d)\}/g, (_, at) => String(args[Number(at)])),
    },
    extensions: {
      getExtension: (id: string) =>
        id.startsWith('me.')
          ? { id, isActive: id !== 'me.asleep', packageJSON: { displayName: 'Mine [x](command:y)' } }
          : undefined,
    },
    window: {
      showWarningMessage: (text: string, { detail }: { detail: string }, ...buttons: string[]) => {
        editor.asked.push(`${text}\n${detail}\n${buttons.join()}`);
        return Promise.resolve(buttons.find((button) => button === editor.answer));
      },
    },
  };
});

const targets = [{ absolutePath: '/w/hero.png', relativePath: 'hero.png', exists: false }];
const answer: AgentAnswer = {
  kind: 'made',
  jobId: 'job',
  pictures: [
    {
      absolutePath: '/w/hero.png',
      relativePath: 'hero.png',
      width: 1024,
      height: 576,
      format: 'png',
      byteLength: 900_000,
      preview: { mime: 'image/webp', bytes: new Uint8Array(50_000).fill(7), width: 512, height: 288 },
    },
  ],
  cost: 75,
  isPractice: false,
  wasMadeBefore: false,
  missing: 0,
  problems: [],
};

let seen: AgentCheck;
let runs: { call: AgentCall; asking: Asking }[];
let outcome: () => Promise<AgentAnswer>;
const jobs = {
  glance: () => Promise.resolve(seen),
  check: () => Promise.resolve(seen),
  run: (call: AgentCall, asking: Asking) => {
    runs.push({ call, asking });
    return outcome();
  },
};
const logged: string[] = [];
const log = { info: () => undefined, error: (sentence: string) => void logged.push(sentence) };
const describer = { describe: () => expect.unreachable('nothing is to be described') };
const never = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
const hero = { prompt: 'A fox [run](command:x)', path: 'hero.png' };

beforeEach(() => {
  seen = { canRun: true, highestPrice: 75, isPractice: false, targets, problems: [] };
  runs = [];
  outcome = () => Promise.resolve(answer);
  [editor.asked, editor.answer] = [[], undefined];
  logged.length = 0;
});

const wordsOf = (message: string | MarkdownString | undefined) =>
  typeof message === 'string' ? message : message?.value;
const tools = () => new AgentTools({ jobs, describer, log });
const textOf = (result: { content: unknown[] }): string => (result.content[0] as { value: string }).value;

describe('before a tool is called', () => {
  test('people are told what is made, its highest price, where it goes and what is there', async () => {
    seen = { ...seen, targets: [{ ...targets[0]!, exists: true }] };
    const { confirmationMessages } = await tools().prepare('wanImage_generateImage', hero);
    expect(confirmationMessages?.title).toBe('Generate an image for up to $0.075?');
    const value = wordsOf(confirmationMessages?.message);
    for (const words of ['A fox', 'up to $0.075', 'Saved as: hero.png.', 'There already: hero.png.'])
      expect(value).toContain(words);
    expect(value).not.toContain('](');
    expect(runs).toEqual([]);
  });

  test('nobody is asked about what is free or cannot be read', async () => {
    const free = [
      ['wanImage_checkRequest', { generateImage: hero }],
      ['wanImage_describeImage', { path: 'hero.png' }],
      ['wanImage_generateImage', { prompt: 'A fox' }],
    ] as const;
    for (const [name, input] of free)
      expect((await tools().prepare(name, input)).confirmationMessages, name).toBeUndefined();
  });
});

describe('a tool', () => {
  test('answers with facts as text and the preview as data, and never as base64', async () => {
    const result = await tools().invoke('wanImage_generateImage', hero, never);
    expect(JSON.parse(textOf(result))).toEqual({
      done: true,
      files: [
        {
          absolutePath: '/w/hero.png',
          relativePath: 'hero.png',
          width: 1024,
          height: 576,
          format: 'png',
          byteLength: 900_000,
        },
      ],
      cost: '$0.075',
      recipeId: 'job',
    });
    expect(result.content[1]).toMatchObject({ mimeType: 'image/webp', data: { byteLength: 50_000 } });
    expect(textOf(result).length).toBeLessThan(500);
  });

  test('is asked for as an agent, for no more than people were told', async () => {
    const one = tools();
    seen = { ...seen, isPractice: true, highestPrice: 0 };
    await one.prepare('wanImage_generateImage', hero);
    await one.invoke('wanImage_generateImage', hero, never);
    await one.invoke('wanImage_generateImage', hero, never);
    expect(
      runs.map(({ asking: { askedBy, shownPrice, wasConfirmed } }) => [askedBy, shownPrice, wasConfirmed]),
    ).toEqual([
      ['agent', 0, undefined],
      // Nobody was asked a second time: then the settings say what may be bought unasked.
      ['agent', undefined, undefined],
    ]);
  });

  test('says what does not fit, and makes nothing', async () => {
    const result = await tools().invoke('wanImage_editRegion', { ...hero, image: 'a.png', boxes: [{}] }, never);
    const { done, problems } = JSON.parse(textOf(result)) as { done: boolean; problems: { field: string }[] };
    expect(done).toBe(false);
    expect(problems.map(({ field }) => field)).toContain('boxes.0.x1');
    for (const input of [
      {},
      { generateImage: hero, generateSet: { prompt: 'a', pictures: ['a', 'b'], folder: '.', name: 'a' } },
    ])
      expect(textOf(await tools().invoke('wanImage_checkRequest', input, never))).toContain('Give exactly one');
    expect(runs).toEqual([]);
  });

  test('that fails in an unforeseen way says to look before anything is bought again', async () => {
    outcome = () => Promise.reject(new Error('sk-secret'));
    const failed = tools().invoke('wanImage_generateImage', hero, never);
    await expect(failed).rejects.toMatchObject({ name: 'AgentError', mayExist: true });
    await expect(failed).rejects.not.toThrow(/secret/);
    expect(logged).toEqual(['The tool wanImage_generateImage failed.']);
  });

  test('hands on what was said of a failure', async () => {
    outcome = () => Promise.reject(new AgentError('Ask the person.', false));
    await expect(
      tools().invoke('wanImage_generateSet', { prompt: 'a', pictures: ['a', 'b'], folder: '.', name: 'a' }, never),
    ).rejects.toThrow('Ask the person.');
    expect(logged).toEqual([]);
  });

  test('ends when its token does', async () => {
    let cancel: (() => void) | undefined;
    const token = {
      isCancellationRequested: false,
      onCancellationRequested: (listener: () => unknown) => {
        cancel = () => void listener();
        return { dispose: () => undefined };
      },
    };
    await tools().invoke('wanImage_generateImage', hero, token as never);
    expect(runs[0]?.asking.signal.aborted).toBe(false);
    cancel?.();
    expect(runs[0]?.asking.signal.aborted).toBe(true);
  });

  test('is one of five', () => expect(toolNames).toHaveLength(5));
});

describe('another extension', () => {
  const calls = () => new ExtensionCalls(jobs, 'me.itself');
  const caller = 'me.caller';

  test('is named by what it says it is, with price and files, and has its picture when the person agrees', async () => {
    editor.answer = 'Generate for up to $0.075';
    const made = await calls().generate(hero, { caller });
    expect(made).toMatchObject({ kind: 'made', cost: 0.075, pictures: [{ relativePath: 'hero.png' }] });
    expect(JSON.stringify(made)).not.toContain('preview');
    const [question] = editor.asked;
    expect(question).toContain('It says it is Mine [x] (command:y) (me.caller).');
    for (const words of ['up to $0.075', 'Saved as: hero.png.']) expect(question).toContain(words);
    expect(runs[0]?.asking).toMatchObject({ askedBy: 'extension me.caller', shownPrice: 75, wasConfirmed: true });
  });

  test('gets nothing when the person does not agree', async () => {
    await expect(calls().edit({ ...hero, image: 'a.png' }, { caller })).rejects.toThrow('did not agree');
    expect(runs).toEqual([]);
  });

  test('buys nothing unasked: where something stands already, only what was paid for is answered', async () => {
    const there = { code: 'target-exists', field: 'path', severity: 'error', sentence: 'There.' } as const;
    seen = { ...seen, canRun: false, problems: [there] };
    await calls().generate(hero, { caller });
    expect(editor.asked).toEqual([]);
    expect(runs[0]?.asking).toMatchObject({ shownPrice: 0, wasConfirmed: false });
    seen = { ...seen, problems: [there, { ...there, code: 'over-limit' }] };
    expect(await calls().generate(hero, { caller })).toMatchObject({ kind: 'problems' });
    expect(runs).toHaveLength(1);
  });

  test('pays no more than the question said, whatever was found out before it', async () => {
    editor.answer = 'Generate, free practice';
    const first = { ...seen, isPractice: true, highestPrice: 0 };
    const one = new ExtensionCalls({ ...jobs, glance: () => Promise.resolve(first) }, 'me.itself');
    await one.generate(hero, { caller });
    expect(runs[0]?.asking.shownPrice).toBe(0);
  });

  test('is asked about one at a time', async () => {
    editor.answer = 'Generate for up to $0.075';
    const one = calls();
    await Promise.all([one.generate(hero, { caller }), one.generate({ ...hero, path: 'b.png' }, { caller })]);
    expect(editor.asked).toHaveLength(2);
    expect(runs).toHaveLength(2);
  });

  test.each([
    {},
    { caller: 'other.unknown' },
    { caller: 'me.asleep' },
    { caller: 'me.itself' },
    { caller: 'ME.ITSELF'.toLowerCase() },
    { caller: 7 },
    undefined,
  ])('that names itself by %o is refused', async (options) => {
    for (const way of ['generate', 'edit', 'generateSet', 'preflight'] as const)
      await expect(calls()[way](hero, options), way).rejects.toThrow('must name itself');
    expect([editor.asked, runs]).toEqual([[], []]);
  });

  test('checks exactly one call, free', async () => {
    expect(await calls().preflight({ generate: hero }, { caller })).toMatchObject({
      canRun: true,
      highestPrice: 0.075,
    });
    for (const request of [{}, { generate: hero, edit: hero }, { draw: hero }, undefined, 7])
      expect(await calls().preflight(request, { caller })).toMatchObject({
        canRun: false,
        problems: [{ code: 'shape' }],
      });
    expect([editor.asked, runs]).toEqual([[], []]);
  });

  test('reads in the types that it copies of every field that is read', () => {
    expectTypeOf<keyof GenerateRequest>().toEqualTypeOf<keyof GenerateImageInput>();
    expectTypeOf<keyof EditRequest>().toEqualTypeOf<keyof EditRegionInput>();
    expectTypeOf<keyof SetRequest>().toEqualTypeOf<keyof GenerateSetInput>();
    expectTypeOf<Pick<GenerateRequest, 'ratio' | 'model' | 'resolution' | 'count'>>().toExtend<
      Partial<GenerateImageInput>
    >();
    expectTypeOf<Pick<SetRequest, 'ratio' | 'model' | 'resolution' | 'format'>>().toExtend<Partial<GenerateSetInput>>();
  });
});
