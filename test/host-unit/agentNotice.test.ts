import * as vscode from 'vscode';
import { beforeEach, expect, test, vi } from 'vitest';
import { AgentNotice } from '../../src/host/agents/agentNotice.ts';
import type { Telling } from '../../src/host/telling.ts';

const editor = vi.hoisted(() => ({ asked: [] as string[], deleteFile: async (): Promise<void> => undefined }));

// As much of VS Code as a message and one file need; every button is Undo.
vi.mock('vscode', () => {
  const uri = (path: string) => ({ scheme: 'memory', path, fsPath: path, toString: () => `memory:${path}` });
  return {
    Uri: { file: uri },
    env: { language: 'en' },
    extensions: { getExtension: () => undefined },
    l10n: {
      t: (text: string, ...args: unknown[]) => text.replaceAll(/\{(\d)\}/g, (_, at) => String(args[Number(at)])),
    },
    window: {
      showInformationMessage: async (sentence: string) => {
        editor.asked.push(sentence);
        return 'Undo';
      },
    },
    workspace: {
      getWorkspaceFolder: () => ({}),
      asRelativePath: ({ path }: { path: string }) => path.slice(1),
      fs: { readFile: async () => new Uint8Array(3), delete: () => editor.deleteFile() },
    },
  };
});

beforeEach(() => {
  editor.asked = [];
});

async function undone(isPractice = false): Promise<Telling[]> {
  const told: Telling[] = [];
  const notice = new AgentNotice({ show: () => undefined, tell: async (telling) => void told.push(telling) });
  const record = { id: 'a', askedBy: 'agent', actualPrice: 75 };
  await notice.tell(record as never, [vscode.Uri.file('/hero.png')], isPractice);
  return told;
}

test('a file that cannot be deleted is told, with what to do about it', async () => {
  editor.deleteFile = () => Promise.reject(new Error('locked'));
  expect(await undone()).toMatchObject([{ severity: 'warning', text: expect.stringMatching(/hero\.png.*by hand/) }]);
});

test('what it cost is what its own service asks for, whatever the window is set to by now', async () => {
  editor.deleteFile = () => Promise.resolve();
  await undone();
  await undone(true);
  expect(editor.asked).toEqual([expect.stringContaining('$0.075'), expect.stringContaining('free practice')]);
});
