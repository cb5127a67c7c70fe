import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { usualCut } from '../../src/core/cutOut.ts';
import { Cutting } from '../../src/host/packs/cutting.ts';

vi.mock('vscode', () => ({
  l10n: { t: (text: string, ...args: unknown[]) => text.replaceAll(/\{(\d)\}/g, (_, at) => String(args[Number(at)])) },
  workspace: {},
}));

const report = { transparent: 0.5, partial: 0.01, border: 1, enclosed: 0, unsure: 0 };
const small = { bytes: new Uint8Array(3), format: 'png', width: 8, height: 8, report };
const ask = { cutId: '', askId: 'a', options: { ...usualCut, key: '#00FF00' }, format: 'png' } as const;

/** The part with a picture open; `breakDisk` lets nothing more be written into its own folder. */
async function opened(save: () => Promise<never>) {
  const folder = await mkdtemp(join(tmpdir(), 'wan-cutting-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const logged: unknown[] = [];
  const engine = {
    examineBackground: async () => ({ key: '#00FF00', colours: [], evenness: 1, transparent: 0, width: 8, height: 8 }),
    preview: async () => small,
    previewCut: async () => small,
    measureCut: async () => small,
    cutOut: async () => small,
    dispose: () => undefined,
  };
  const cutting = new Cutting({
    start: () => engine as never,
    previews: join(folder, 'previews'),
    place: { shown: async () => 'fox-cutout.png', save } as never,
    openStudio: () => undefined,
    changed: () => undefined,
    askAnew: () => Promise.resolve(false),
    tell: (telling) => expect.unreachable(telling.text),
    log: { info: () => undefined, error: (text) => void logged.push(text) },
  });
  await cutting.open({ bytes: small.bytes, name: 'fox', place: 'fox.png', file: undefined, resultId: undefined });
  const view = () => cutting.view((file) => file);
  const cutId = view()?.cutId ?? '';
  const breakDisk = async () => {
    await rm(join(folder, 'previews'), { recursive: true });
    await writeFile(join(folder, 'previews'), '');
  };
  return { cutting, view, ask: { ...ask, cutId, evenSo: false }, breakDisk, logged };
}

test('a cut that the disk does not take is said in the part, which does not wait for ever', async () => {
  const { cutting, view, ask: wanted, breakDisk, logged } = await opened(() => expect.unreachable('nothing was made'));
  await breakDisk();
  await cutting.preview(wanted);
  expect(view()?.answer).toMatchObject({ state: 'failed', trouble: expect.stringContaining('fox.png') });
  expect(await cutting.save(wanted)).toBe(undefined);
  expect(view()?.answer).toMatchObject({ state: 'failed', trouble: expect.stringContaining('fox.png') });
  expect(logged).toHaveLength(2);
});

test('what was not to be expected ends the waiting too, and is told', async () => {
  const { cutting, view, ask: wanted } = await opened(() => Promise.reject(new TypeError('a fault of ours')));
  await expect(cutting.save(wanted)).rejects.toThrow('a fault of ours');
  expect(view()?.answer).toMatchObject({ state: 'failed', trouble: expect.any(String) });
});
