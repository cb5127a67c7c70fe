import { beforeEach, describe, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { Studio } from '../../src/host/studio/studio.ts';
import { attempt, isWellFormed, wellFormed } from './panelMessages.ts';

const isFull = process.env['WAN_FULL'] === '1';
const attempts = isFull ? 100_000 : 5000;

/** Whatever of VS Code was called, by its name. */
const editorCalls = vi.hoisted((): string[] => []);

vi.mock('vscode', () => {
  const disposable = { dispose: () => undefined };
  const note = (name: string) => () => void editorCalls.push(name);
  const event = () => disposable;
  const file = (path: string) => ({ path, toString: () => `file://${path}` });
  const joinPath = (base: { path: string }, ...parts: string[]) => file([base.path, ...parts].join('/'));
  return {
    Uri: { file, joinPath, parse: file },
    EventEmitter: function EventEmitter() {},
    ViewColumn: { Active: -1 },
    FilePermission: { Readonly: 1 },
    l10n: { t: (text: string) => text },
    env: { language: 'en', openExternal: note('openExternal') },
    commands: { executeCommand: note('executeCommand') },
    workspace: {
      isTrusted: true,
      onDidChangeWorkspaceFolders: event,
      onDidGrantWorkspaceTrust: event,
      onDidChangeConfiguration: event,
      fs: { writeFile: note('writeFile'), delete: note('delete'), rename: note('rename') },
    },
    window: {
      showErrorMessage: note('showErrorMessage'),
      createWebviewPanel: () => {
        throw new Error('The test brings its own panel.');
      },
    },
  };
});

/** The parts that a message can reach. Each call of one is noted, and does nothing. */
function spiedParts(calls: string[]): ConstructorParameters<typeof Studio>[0] {
  const spy = (name: string, answer?: unknown) => (): unknown => {
    calls.push(name);
    return answer;
  };
  const event = () => ({ dispose: () => undefined });
  const parts = {
    extensionUri: { path: '/extension' },
    pictureFolders: ['/pictures'],
    services: {
      onDidChange: event,
      onDidChangeJob: event,
      find: spy('services.find'),
      findResult: spy('services.findResult'),
      current: spy('services.current'),
      recall: spy('services.recall'),
    },
    gallery: spies('gallery', ['ask', 'close', 'show']),
    entries: spies('entries', ['markFavourite', 'delete', 'undoDelete']),
    reopening: spies('reopening', ['reopen', 'swap']),
    saving: spies('saving', ['open', 'preview', 'save', 'close']),
    heavy: { ...spies('heavy', ['offer']), noteTold: spy('heavy.noteTold') },
    cleanUp: spy('cleanUp'),
    spending: { onDidChange: event },
    drafts: { set: spy('drafts.set'), offer: spy('drafts.offer'), recall: spy('drafts.recall') },
    runner: { run: spy('runner.run', Promise.resolve({ kind: 'declined' })) },
    results: spies('results', ['save', 'saveAll', 'saveElsewhere', 'insert'], { kind: 'declined', files: [] }),
    editing: spies('editing', ['add', 'drop', 'continueFrom', 'remember']),
    inside: spies('inside', ['choose']),
    pasting: spies('pasting', ['take']),
    colours: spies('colours', ['find']),
    pastDrafts: spies('pastDrafts', ['keep']),
    replacing: spies('replacing', ['replace', 'undo']),
    actions: spies('actions', ['perform', 'useBoxForm']),
    lastEditor: { onDidChange: event, target: { document: { path: '/a.md' }, offset: 0 } },
    log: { info: () => undefined, error: (line: string) => void logged.push(line) },
  };
  function spies(part: string, names: string[], answer?: unknown): object {
    return Object.fromEntries(names.map((name) => [name, spy(`${part}.${name}`, Promise.resolve(answer))]));
  }
  Object.assign(parts.results, { reveal: spy('results.reveal'), open: spy('results.open') });
  return parts as unknown as ConstructorParameters<typeof Studio>[0];
}

let calls: string[];
let logged: string[];
let send: (message: unknown) => Promise<void>;

beforeEach(() => {
  calls = [];
  logged = [];
  editorCalls.length = 0;
  const studio = new Studio(spiedParts(calls));
  const panel = {
    visible: false,
    onDidDispose: () => undefined,
    onDidChangeViewState: () => undefined,
    webview: {
      cspSource: 'https://panel.test',
      asWebviewUri: (uri: unknown) => uri,
      onDidReceiveMessage: (listener: (message: unknown) => Promise<void>) => (send = listener),
    },
  };
  studio.restore(panel as unknown as vscode.WebviewPanel, undefined);
});

describe('the studio', () => {
  test('does what every well-formed message asks for, so that the parts below can be reached', async () => {
    for (const message of wellFormed) {
      expect(isWellFormed(message), JSON.stringify(message)).toBe(true);
      const before = calls.length;
      await send(message);
      if (message['type'] !== 'ready') expect(calls.length, JSON.stringify(message)).toBeGreaterThan(before);
    }
    expect(logged).toEqual([]);
    expect(new Set(calls)).toEqual(
      new Set([
        'services.find',
        'services.recall',
        ...['ask', 'close', 'show'].map((name) => `gallery.${name}`),
        ...['markFavourite', 'delete', 'undoDelete'].map((name) => `entries.${name}`),
        'reopening.reopen',
        'reopening.swap',
        ...['open', 'preview', 'save', 'close'].map((name) => `saving.${name}`),
        'heavy.noteTold',
        'cleanUp',
        'drafts.set',
        'runner.run',
        ...['save', 'saveAll', 'saveElsewhere', 'insert', 'reveal', 'open'].map((name) => `results.${name}`),
        ...['add', 'drop', 'continueFrom', 'remember'].map((name) => `editing.${name}`),
        'inside.choose',
        'pasting.take',
        'colours.find',
        'pastDrafts.keep',
        'replacing.replace',
        'replacing.undo',
        'actions.perform',
        'actions.useBoxForm',
      ]),
    );
  });

  test(`lets none of ${attempts} malformed messages reach any part, and throws at none`, async () => {
    const kinds = new Map<string, number>();
    let malformed = 0;
    for (let number = 0; malformed < attempts; number++) {
      const { how, message } = attempt(number);
      if (isWellFormed(message)) continue;
      malformed++;
      kinds.set(how, (kinds.get(how) ?? 0) + 1);
      await send(message);
      if (calls.length > 0) expect.fail(`attempt ${number}, ${how}, reached ${calls.join(', ')}`);
      if (logged.length !== malformed) expect.fail(`attempt ${number}, ${how}, was passed over without a word`);
    }
    expect(new Set(logged)).toEqual(new Set(['The studio sent a message that does not exist.']));
    expect(editorCalls).toEqual([]);
    expect(Math.min(...[...kinds].filter(([how]) => !how.includes(',')).map(([, count]) => count))).toBeGreaterThan(20);
    expect(Object.prototype).not.toHaveProperty('isTrusted');
  });
});
