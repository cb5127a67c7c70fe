import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failureKinds } from '../../src/core/failure.ts';
import { everything } from '../../src/core/historyQuery.ts';
import { actionIds, PanelMessage, Snapshot } from '../../src/core/messages.ts';
import { aRequest, anInput } from './making.ts';

const saveAsk = {
  resultId: 'r1',
  askId: 'a1',
  options: { format: 'webp', quality: 80, size: { kind: 'exact', width: 640, height: 480, how: 'crop' } },
  folder: 'images',
  name: '${slug}',
  isUsual: false,
};

const messages: readonly Record<string, unknown>[] = [
  { type: 'ready' },
  { type: 'draft', draftId: 'd1', request: { anything: true } },
  { type: 'run', draftId: 'd1', request: aRequest(), highestPrice: 75 },
  ...['cancel', 'dismiss', 'putBack', 'saveAll', 'copyAgentCall'].map((type) => ({ type, jobId: 'j1' })),
  ...['save', 'saveAs', 'insert', 'reveal', 'open', 'continueFrom', 'replace', 'copyPath', 'makePacks', 'cutOut'].map(
    (type) => ({
      type,
      resultId: 'r1',
    }),
  ),
  { type: 'showVersion', resultId: 'r1', version: 'inside-png' },
  { type: 'addSources' },
  { type: 'pastePiece', pasteId: 'paste', index: 0, total: 1, name: '', data: 'iVBORw0KGgo=' },
  { type: 'findColours', askId: 'ask' },
  { type: 'keepDraft', draftId: 'draft', request: { prompt: 'half' } },
  { type: 'dropSources', uris: ['file:///w/a.png'] },
  { type: 'undoReplace', replacementId: 'p1' },
  { type: 'useBoxForm', form: 'perImage' },
  { type: 'lookFurther', jobId: 'j1' },
  { type: 'keepFound', jobId: 'j1', foundId: 'f1' },
  { type: 'endLooking', jobId: 'j1' },
  { type: 'history', query: { text: 'fox', favourites: false, unsaved: true, kind: 'edit' }, from: 0, count: 60 },
  ...['closeHistory', 'closeEntry', 'undoDelete', 'cleanUp'].map((type) => ({ type })),
  ...['showEntry', 'reopen'].map((type) => ({ type, jobId: 'j1' })),
  { type: 'markFavourite', jobId: 'j1', isFavourite: true },
  { type: 'deleteEntries', jobIds: ['j1', 'j2'] },
  { type: 'swapInput', inputId: 'a', by: 'file' },
  ...actionIds.map((action) => ({ type: 'action', action })),
  { type: 'action', action: 'show-log', jobId: 'j1' },
  { type: 'again', jobId: 'j1', seed: 'same', draftId: 'd2', highestPrice: 75 },
  { type: 'moveToSlot', resultId: 'r1', slot: 2 },
  { type: 'closeSaving' },
  ...['openSaving', 'saveLighter'].map((type) => ({ type, resultId: 'r1' })),
  ...['previewSaving', 'saveSo'].map((type) => ({ type, ...saveAsk })),
];

const job = (phase: Record<string, unknown>): Record<string, unknown> => ({
  id: 'j1',
  draftId: 'd1',
  request: aRequest({ inputs: [anInput('a')] }),
  createdAt: 1,
  highestPrice: 75,
  phase,
  results: [{ id: 'r1', src: 'https://x/1.png', width: 1, height: 1, format: 'png', byteLength: 9 }],
});
const snapshot: Record<string, unknown> = {
  type: 'snapshot',
  revision: 1,
  service: { mode: 'practice', name: 'localhost' },
  key: 'missing',
  workspace: { trusted: true, hasFolder: false },
  boxForm: 'auto',
  sources: [{ id: 'a', name: 'a.png', phase: { state: 'reading' } }],
  draft: { draftId: 'd1', request: {} },
  strings: { a: 'b' },
  jobs: [
    job({ state: 'sending' }),
    job({ state: 'waiting', service: 'queued', late: false, cancelled: true, progress: 0.5 }),
    job({ state: 'collecting', kept: 1, of: 2, cancelled: false }),
    job({ state: 'done', missing: 1, endedAt: 2, cancelled: false }),
    job({
      state: 'done',
      missing: 1,
      endedAt: 2,
      cancelled: false,
      actions: [{ id: 'find-pictures', label: 'Look' }],
    }),
    ...failureKinds.map((kind) =>
      job({ state: 'failed', kind, sentence: 'x', actions: [{ id: 'set-key', label: 'Set' }], endedAt: 2 }),
    ),
  ],
};

describe('messages of the panel', () => {
  test.each(messages.map((message) => [JSON.stringify(message), message] as const))(
    '%s is understood, also after JSON',
    (text, message) => {
      expect(PanelMessage.safeParse(message).success).toBe(true);
      expect(PanelMessage.parse(JSON.parse(text))).toEqual(message);
    },
  );

  test('every kind of message is among them', () => {
    const kinds = PanelMessage.def.options.flatMap((option) => [...option.def.shape.type.def.values]);
    expect(kinds.filter((kind) => !messages.some(({ type }) => type === kind))).toEqual([]);
  });

  test('one with a field more, a field less, or a field of another type is refused', () => {
    fc.assert(
      fc.property(fc.constantFrom(...messages), fc.string(), fc.anything(), (message, name, value) => {
        if (!Object.hasOwn(message, name) && name !== '__proto__' && name !== 'jobId')
          expect(PanelMessage.safeParse({ ...message, [name]: value }).success).toBe(false);
        for (const field of Object.keys(message)) {
          if (!(field === 'jobId' && message['type'] === 'action'))
            expect(
              PanelMessage.safeParse(Object.fromEntries(Object.entries(message).filter(([key]) => key !== field)))
                .success,
            ).toBe(false);
          if (field !== 'request' && typeof value !== typeof message[field] && value !== undefined)
            expect(PanelMessage.safeParse({ ...message, [field]: value }).success).toBe(false);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each<[string, unknown]>([
    ['a command', { type: 'command', command: 'workbench.action.reloadWindow' }],
    ['an action that is none', { type: 'action', action: 'workbench.action.terminal.sendSequence' }],
    ['a path to save to', { type: 'save', resultId: 'r1', path: '/etc/passwd' }],
    ['an endless id', { type: 'cancel', jobId: 'x'.repeat(101) }],
    ['no price', { type: 'run', draftId: 'd', request: {}, highestPrice: Number.NaN }],
    ['a type from the prototype', { type: 'constructor' }],
    ['a list', [{ type: 'ready' }]],
    ['too much of the history', { type: 'history', query: everything, from: 0, count: 10_000 }],
    ['a place before the first', { type: 'history', query: everything, from: -1, count: 10 }],
    ['an endless search', { type: 'history', query: { ...everything, text: 'x'.repeat(201) }, from: 0, count: 10 }],
    ['nothing to delete', { type: 'deleteEntries', jobIds: [] }],
  ])('%s is refused', (_, message) => {
    expect(PanelMessage.safeParse(message).success).toBe(false);
  });

  test('nothing at random is a message', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(PanelMessage.safeParse(value).success).toBe(false);
      }),
    );
  });
});

/** What a snapshot may leave out; only a job that is done may leave out its actions. */
const mayBeMissing = (parent: Record<string, unknown>, key: string | number): boolean =>
  key === 'progress' || key === 'draft' || (key === 'actions' && parent['state'] === 'done');

describe('the snapshot', () => {
  test('is read as it is written, also after JSON', () => {
    expect(Snapshot.parse(snapshot)).toEqual(snapshot);
    expect(Snapshot.parse(JSON.parse(JSON.stringify(snapshot)))).toEqual(snapshot);
  });

  test('is refused when any place in it is damaged', () => {
    // The next steps of what is done may be left out.
    const places = placesIn(snapshot, []).filter(
      (path) => !path.includes('request') && !path.includes('strings') && path.join('.') !== 'jobs.4.phase.actions',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.constantFrom('missing', 'other', 'more'),
        fc.anything(),
        (path, how, value) => {
          const damaged = structuredClone(snapshot);
          const parent = path.slice(0, -1).reduce<any>((at, key) => at[key], damaged); // oxlint-disable-line typescript/no-explicit-any
          const key = path.at(-1) ?? '';
          const before = parent[key] as unknown;
          if (how === 'more' && !Array.isArray(parent)) parent['neverHeardOf'] = value;
          else if (how === 'missing' && !Array.isArray(parent) && !mayBeMissing(parent, key)) delete parent[key];
          else if (typeof value === typeof before || value === undefined) return;
          else parent[key] = value;
          expect(Snapshot.safeParse(damaged).success, `${path.join('.')} ${how}`).toBe(false);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ['a phase that is none', { jobs: [job({ state: 'lost' })] }],
    ['a phase with the fields of another', { jobs: [job({ state: 'sending', endedAt: 1 })] }],
    ['a failure of no kind', { jobs: [job({ state: 'failed', kind: 'sad', sentence: '', actions: [], endedAt: 1 })] }],
    ['an action that is none', { notice: { severity: 'info', text: '', actions: [{ id: 'rm', label: '' }] } }],
    ['a key that is the key', { key: 'sk-empiriolabs-1' }],
    ['a mode of its own', { service: { mode: 'free', name: '' } }],
    ['a string that is none', { strings: { a: 1 } }],
  ])('%s is refused', (_, change) => {
    expect(Snapshot.safeParse({ ...snapshot, ...change }).success).toBe(false);
  });
});

/** The path of every value in a tree. */
function placesIn(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...placesIn(inner, [...path, key])]);
}
