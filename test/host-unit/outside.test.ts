import { expect, test, vi } from 'vitest';
import type { AgentCall } from '../../src/core/agentTools.ts';
import type { SourceFacts } from '../../src/core/preparation.ts';
import { emptyRequest } from '../../src/core/request.ts';
import { outsideForeseen, outsideOf } from '../../src/host/agents/outside.ts';
import type { FoundResult } from '../../src/host/services.ts';

vi.mock('vscode', () => ({
  env: { language: 'en' },
  l10n: { t: (text: string, ...args: unknown[]) => text.replaceAll(/\{(\d)\}/g, (_, at) => String(args[Number(at)])) },
}));

interface Case {
  readonly input?: object;
  readonly source?: Partial<SourceFacts>;
  readonly answer?: { readonly width: number; readonly height: number };
  readonly savedAs?: string;
  readonly versionsSavedAs?: Record<string, string>;
  /** Of the file. */
  readonly format?: string;
  /** What putting the answer into its boxes has come to. */
  readonly pixels?: 'identical' | 'nearly';
}

const box = { x1: 0, y1: 0, x2: 10, y2: 10 };
const file = 'file:///w/out';

test.each<[string, object, Partial<SourceFacts>, string | undefined]>([
  ['the shape is that of the picture', {}, {}, undefined],
  ['the shape that is asked for is the same', { ratio: '3:2' }, { width: 600, height: 400 }, undefined],
  ['another shape is asked for', { ratio: '1:1' }, {}, 'ratio'],
  ['another shape is asked for, and all of the answer', { ratio: '1:1', keepOutside: false }, {}, undefined],
  ['another shape is asked for, without boxes', { ratio: '1:1', boxes: [] }, {}, undefined],
  ['the picture moves', {}, { animated: true }, 'image'],
])('before anything is paid it is said what will not stay as it was, where %s', (_, input, source, field) => {
  const warning = outsideForeseen(callWith(input), factsWith(source));
  expect([warning?.field, warning?.severity]).toEqual([field, field && 'warning']);
});

const callWith = (input: object | undefined): AgentCall => ({
  kind: 'editRegion',
  input: { prompt: 'a', path: 'out', image: 'a.png', boxes: [box], ...input },
});
const factsWith = (source: Partial<SourceFacts> | undefined) =>
  ({
    format: 'png',
    width: 640,
    height: 400,
    byteLength: 9,
    hasAlpha: false,
    animated: false,
    ...source,
  }) as SourceFacts;

async function verdict({ input, source, answer, savedAs, versionsSavedAs, format = 'png', pixels }: Case) {
  const call = callWith(input);
  const facts = factsWith(source);
  const boxes = call.kind === 'editRegion' ? (call.input.boxes ?? []) : [];
  const asked = { ...emptyRequest(), inputs: [{ id: 'x', name: 'a.png', boxes }] };
  const result = {
    id: 'job-0',
    ...(answer ?? { width: 1280, height: 800 }),
    ...(savedAs !== undefined && { savedAs }),
    ...(versionsSavedAs && { versionsSavedAs }),
  };
  const record = { asked, sources: [{ id: 'x', uri: 'file:///w/a.png', sha256: '', facts }] };
  const found = { job: { record }, result, file: '/vault/0.png' } as unknown as FoundResult;
  return outsideOf(call, found, { file, format }, { outsideOf: () => Promise.resolve(pixels ?? 'identical') });
}

test.each<[string, Case, string | undefined, RegExp?]>([
  ['every pixel', { versionsSavedAs: { inside: file } }, 'same'],
  ['nearly, in another lossy format', { versionsSavedAs: { 'inside-png': file }, format: 'webp' }, 'nearly'],
  [
    'nearly, as JPEG of a JPEG',
    { source: { format: 'jpeg' }, versionsSavedAs: { inside: file }, format: 'jpeg', pixels: 'nearly' },
    'nearly',
  ],
  ['every pixel, as PNG of a JPEG', { source: { format: 'jpeg' }, versionsSavedAs: { 'inside-png': file } }, 'same'],
  ['nothing, where all was asked for', { input: { keepOutside: false }, savedAs: file }, 'answer', /as was asked for/],
  [
    'nothing, where the shape is another',
    { answer: { width: 800, height: 800 }, savedAs: file },
    'answer',
    /another shape than a\.png.*All of the answer was saved/,
  ],
  ['nothing, of an animation', { source: { animated: true }, savedAs: file }, 'answer', /several frames/],
  ['nothing, where it could not be made', { savedAs: file }, 'answer', /could not be put into the boxes/],
  ['what nobody asked about, without boxes', { input: { boxes: [] }, savedAs: file }, undefined],
])('outside the boxes a file has %s', async (_, one, is, sentence = /./) => {
  const said = await verdict(one);
  expect(said?.is).toBe(is);
  if (said) expect(said.sentence).toMatch(sentence);
});
