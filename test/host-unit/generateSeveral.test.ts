import * as vscode from 'vscode';
import { expect, test, vi } from 'vitest';
import { emptyRequest } from '../../src/core/request.ts';
import { generateSeveral } from '../../src/host/missing/generateMissing.ts';

const editor = vi.hoisted((): { whileAsked: () => unknown } => ({ whileAsked: () => undefined }));

// As much of VS Code as one question needs; everything that is offered is chosen.
vi.mock('vscode', () => ({
  Uri: { file: (path: string) => ({ scheme: 'file', path, fsPath: path, toString: () => `file://${path}` }) },
  env: { language: 'en' },
  l10n: { t: (text: string, ...args: unknown[]) => text.replaceAll(/\{(\d)\}/g, (_, at) => String(args[Number(at)])) },
  QuickPickItemKind: {},
  workspace: { asRelativePath: ({ path }: { path: string }) => path.slice(1) },
  window: {
    createQuickPick: () => ({
      items: [],
      selectedItems: [],
      onDidChangeSelection: () => undefined,
      onDidHide: () => undefined,
      onDidAccept(listener: () => void) {
        this.accept = listener;
      },
      accept: () => undefined as void,
      show() {
        editor.whileAsked();
        this.accept();
      },
      dispose: () => undefined,
    }),
  },
}));

test('what another window has begun to make while the question stood here is not bought a second time', async () => {
  const jobs: unknown[] = [];
  editor.whileAsked = () =>
    jobs.push({
      record: {
        draftId: 'of another window',
        intent: { kind: 'save', targets: ['file:///hero.png'] },
        status: { state: 'submitted' },
        cancelled: false,
      },
    });
  const [run, told]: [string[], string[]] = [[], []];
  const parts = {
    services: { mode: 'live', current: async () => ({ jobs: { list: () => jobs } }) },
    runner: {
      run: async (_: unknown, { intent }: { intent: { targets: string[] } }) => {
        run.push(...intent.targets);
        return { kind: 'started', service: {}, job: { record: { id: 'a' } } };
      },
    },
    announcer: { own: () => undefined },
    teller: { tell: async ({ text }: { text: string }) => void told.push(text) },
    prices: () => ({}),
  };
  const wanted = ['/hero.png', '/team.png'].map((path) => ({ file: vscode.Uri.file(path), request: emptyRequest() }));
  expect(await generateSeveral(wanted, parts as never)).toBe(true);
  expect(run).toEqual(['file:///team.png']);
  expect(told).toEqual([expect.stringContaining('being made already')]);
});
