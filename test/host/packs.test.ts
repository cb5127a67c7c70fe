import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { findingsOf, keyColourWords, usualCut } from '../../src/core/cutOut.ts';
import type { CutAsk } from '../../src/core/cutting.ts';
import type { App } from '../../src/host/app.ts';
import { Batch, undoBatch } from '../../src/host/packs/batch.ts';
import { CutPlace } from '../../src/host/packs/cutPlace.ts';
import { Cutting } from '../../src/host/packs/cutting.ts';
import { readMeant } from '../../src/host/packs/meantPicture.ts';
import { SaveError } from '../../src/host/saving/saveError.ts';
import { Saver } from '../../src/host/saving/saver.ts';
import { app, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('files made from one picture', () => {
  let parts: App;
  let questions: Questions | undefined;
  let folder: string;

  before(async () => {
    parts = await app();
  });

  beforeEach(async () => {
    folder = join(workspaceFolder().uri.fsPath, 'packs');
    await mkdir(folder, { recursive: true });
  });

  afterEach(async () => {
    questions?.dispose();
    parts.packs.cutting.close();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true });
  });

  async function picture(name: string, background = '#ffffff', size = 400): Promise<vscode.Uri> {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><rect width="100%" height="100%" fill="${background}"/><circle cx="${size / 2}" cy="${size / 2}" r="${size / 4}" fill="#a02060"/></svg>`;
    const file = join(folder, name);
    await writeFile(file, await sharp(Buffer.from(svg)).png().toBuffer());
    return vscode.Uri.file(file);
  }

  const written = async (): Promise<string[]> => (await readdir(folder)).toSorted();

  it('are written under free names and told with their measures, and a page can name them', async () => {
    const logo = await picture('logo.png');
    await writeFile(join(folder, 'favicon.ico'), 'mine');
    questions = new Questions({
      picks: [
        ['Favicon', 'Icons of a Web App'],
        'packs/',
        ['packs/favicon-2.ico', 'packs/icon-192.png', 'packs/icon-maskable-512.png', 'site.webmanifest'],
      ],
      buttons: ['Copy Lines for the Page'],
    });
    await vscode.commands.executeCommand('wanImage.makePacks', logo);
    assert.deepEqual(await written(), [
      'favicon-2.ico',
      'favicon.ico',
      'icon-192.png',
      'icon-maskable-512.png',
      'logo.png',
      'site.webmanifest',
    ]);
    assert.equal(await readFile(join(folder, 'favicon.ico'), 'utf8'), 'mine');
    assert.match(
      questions.shown.join('\n'),
      /favicon\.ico is there already and stays as it is\. Contrast at 16 pixels/,
    );
    assert.match(questions.shown.join('\n'), /Safe zone: 0 % of what stands out lies outside/);
    assert.equal(
      await vscode.env.clipboard.readText(),
      '<link rel="icon" href="/favicon-2.ico" sizes="16x16 32x32 48x48">\n<link rel="manifest" href="/site.webmanifest">',
    );
    const manifest = JSON.parse(await readFile(join(folder, 'site.webmanifest'), 'utf8')) as { icons: unknown[] };
    assert.deepEqual(manifest.icons, [
      { src: '/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
      { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ]);
  });

  it('go into a page at the cursor, and an existing manifest is left alone', async () => {
    const logo = await picture('logo.png');
    await writeFile(join(folder, 'manifest.json'), '{}');
    const page = join(folder, 'page.html');
    await writeFile(page, '<head>\n  \n</head>\n');
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(page));
    editor.selection = new vscode.Selection(1, 2, 1, 2);
    questions = new Questions({
      picks: [
        ['Apple Touch Icon', 'Icons of a Web App'],
        'packs/',
        ['packs/apple-touch-icon.png', 'packs/icon-512.png'],
      ],
      buttons: ['Insert Lines for the Page', 'Copy Manifest Entries'],
    });
    await vscode.commands.executeCommand('wanImage.makePacks', logo);
    assert.equal(
      editor.document.getText(),
      '<head>\n  <link rel="apple-touch-icon" href="/apple-touch-icon.png">\n  <link rel="manifest" href="/manifest.json">\n</head>\n',
    );
    assert.equal(await readFile(join(folder, 'manifest.json'), 'utf8'), '{}');
    assert.match(await vscode.env.clipboard.readText(), /"src": "\/icon-512\.png"/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('are named by a manifest that is there, once its change was shown; and all of it is taken back later', async () => {
    const logo = await picture('logo.png');
    const manifest = join(folder, 'manifest.webmanifest');
    const before = '{\r\n\t"name": "App", // ours\r\n\t"icons": [\r\n\t\t{ "src": "old.png" }\r\n\t]\r\n}\r\n';
    await writeFile(manifest, before);
    const compared: string[] = [];
    const watching = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
      for (const { input, label } of opened) if (input instanceof vscode.TabInputTextDiff) compared.push(label);
    });
    questions = new Questions({
      picks: [['Icons of a Web App'], 'packs/', ['packs/icon-192.png', 'packs/icon-512.png'], '$(check) Apply'],
      buttons: ['Add to Manifest…'],
    });
    await vscode.commands.executeCommand('wanImage.makePacks', logo);
    watching.dispose();
    assert.deepEqual(compared, ['packs/manifest.webmanifest: icons to add']);
    const document = await vscode.workspace.openTextDocument(manifest);
    const entry = (side: number) =>
      `,\r\n\t\t{ "src": "/icon-${side}.png", "sizes": "${side}x${side}", "type": "image/png", "purpose": "any" }`;
    const after = before.replace('{ "src": "old.png" }', `{ "src": "old.png" }${entry(192)}${entry(512)}`);
    assert.equal(document.getText(), after);
    assert.equal(document.isDirty, true);
    assert.equal(await readFile(manifest, 'utf8'), before);
    const diffs = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputTextDiff);
    assert.deepEqual(diffs, []);
    await document.save();

    await writeFile(join(folder, 'icon-512.png'), 'mine');
    await vscode.commands.executeCommand('wanImage.undoPacks');
    assert.deepEqual(await written(), ['icon-512.png', 'logo.png', 'manifest.webmanifest']);
    assert.equal(document.getText(), before);
    assert.match(
      questions.shown.at(-1) ?? '',
      /^Deleted packs\/icon-192\.png\. Left as they are, since they have changed: packs\/icon-512\.png\. As before again, and not saved yet: packs\/manifest\.webmanifest\.$/,
    );
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('are a pair as they are, with the element that swaps them', async () => {
    const [light, dark] = [await picture('Mark-light.png'), await picture('night.png', '#101018')];
    questions = new Questions({
      picks: ['Light and Dark Pair', 'packs/', ['packs/mark-light.png', 'packs/mark-dark.png']],
      buttons: ['Copy Lines for the Page', 'Undo'],
    });
    await vscode.commands.executeCommand('wanImage.makePacks', light, [light, dark]);
    assert.match(await vscode.env.clipboard.readText(), /prefers-color-scheme: dark\)" srcset="\/mark-dark\.png">/);
    assert.deepEqual(await written(), ['Mark-light.png', 'night.png']);
  });

  it('are all there or none, and Undo deletes nothing that somebody has changed', async () => {
    const batch = new Batch(join(folder, 'workshop'), new Saver());
    const at = (name: string) => ({ target: vscode.Uri.file(join(folder, name)), bytes: Buffer.from(name) });
    await writeFile(join(folder, 'taken.png'), 'mine');
    await assert.rejects(
      batch.write([at('one.png'), at('taken.png'), at('two.png')]),
      (error) => error instanceof SaveError && error.kind === 'exists',
    );
    assert.deepEqual(await written(), ['taken.png', 'workshop']);
    const outside = await mkdtemp(join(tmpdir(), 'wan-outside-'));
    await symlink(outside, join(folder, 'link'));
    await assert.rejects(
      batch.write([at('one.png'), at('link/two.png')]),
      (error) => error instanceof SaveError && error.kind === 'outside',
    );
    assert.deepEqual(await readdir(outside), []);
    assert.equal(existsSync(join(folder, 'one.png')), false);
    const done = await batch.write([at('one.png'), at('two.png'), at('three.png')]);
    await writeFile(join(folder, 'two.png'), 'changed');
    await rm(join(folder, 'three.png'));
    const { deleted, left } = await undoBatch(done);
    assert.deepEqual(
      [deleted, left].map((files) => files.map(({ path }) => path.split('/').at(-1))),
      [['one.png'], ['two.png']],
    );
    assert.equal(await readFile(join(folder, 'two.png'), 'utf8'), 'changed');
    await rm(outside, { recursive: true });
  });

  describe('by cutting out', () => {
    let previews: string;
    const anew: string[] = [];
    let cutting: Cutting;

    beforeEach(async () => {
      previews = await mkdtemp(join(tmpdir(), 'wan-cut-'));
      anew.length = 0;
      // One that no panel asks anything of.
      cutting = new Cutting({
        start: () => ({ ...parts.pixels, dispose: () => undefined }),
        previews,
        place: new CutPlace({ saver: new Saver(), saveFolder: async () => ['images'] }),
        openStudio: () => undefined,
        changed: () => undefined,
        askAnew: async (resultId, words) => anew.push(resultId, words) > 0,
        tell: () => Promise.resolve(),
        log: { info: () => undefined, error: () => undefined },
      });
    });

    afterEach(() => rm(previews, { recursive: true, force: true }));

    /** What the panel is shown, with its files as they are. */
    const viewOf = (of: Cutting) => of.view((file) => file);
    const open = async (file: vscode.Uri, resultId?: string) =>
      cutting.open(await readMeant(file, undefined, resultId));
    const asked = (of = cutting, key = '#00FF00', changes: Partial<CutAsk['options']> = {}): CutAsk => ({
      cutId: viewOf(of)?.cutId ?? '',
      askId: crypto.randomUUID(),
      options: { ...usualCut, key, ...changes },
      format: 'png',
    });

    it('are beside the picture, as the panel has shown it', async () => {
      questions = new Questions();
      await vscode.commands.executeCommand('wanImage.cutOut', await picture('badge.png', '#00ff00'));
      const shown = parts.packs.cutting;
      assert.deepEqual(viewOf(shown)?.picture?.colours, ['#00FF00']);
      // The panel itself asks.
      await until('the panel shows a cut', () => viewOf(shown)?.answer?.state === 'ready', 60_000);
      assert.equal(viewOf(shown)?.answer?.path, 'packs/badge-cutout.png');
      await parts.packs.saveCut({ ...asked(shown), evenSo: false });
      assert.equal(viewOf(shown), undefined);
      assert.match(questions.shown.join('\n'), /badge-cutout\.png/);
      const { data, info } = await sharp(join(folder, 'badge-cutout.png')).raw().toBuffer({ resolveWithObject: true });
      assert.deepEqual([info.width, info.height, info.channels], [400, 400, 4]);
      assert.deepEqual([data[3], data[(200 * 400 + 200) * 4 + 3]], [0, 255]);
    });

    it('are what the last question was about, under a name that is free, and nothing to look at stays', async () => {
      await open(await picture('badge.png', '#00ff00'));
      await writeFile(join(folder, 'badge-cutout.png'), 'mine');
      const [former, last] = [asked(cutting, '#FF00FF'), asked(cutting, '#00FF00', { tolerance: 0.2 })];
      await Promise.all([cutting.preview(former), cutting.preview(last)]);
      const { answer, shown } = viewOf(cutting) ?? {};
      assert.deepEqual([answer?.askId, answer?.state, answer?.path], [last.askId, 'ready', 'packs/badge-cutout-2.png']);
      assert.ok(Math.abs((answer?.report?.transparent ?? 0) - 0.8) < 0.01);
      for (const file of [shown?.src, answer?.closeUp?.src]) assert.equal((await sharp(file).metadata()).channels, 4);
      await cutting.save({ ...last, evenSo: false });
      assert.equal(viewOf(cutting), undefined);
      assert.deepEqual(await written(), ['badge-cutout-2.png', 'badge-cutout.png', 'badge.png']);
      assert.equal(await readFile(join(folder, 'badge-cutout.png'), 'utf8'), 'mine');
      await until('what was looked at is gone', async () => (await readdir(previews)).length === 0);
    });

    it('are not saved before what is against them is said, and by two presses once', async () => {
      await open(await picture('badge.png', '#00ff00'));
      const wrong = asked(cutting, '#0000FF');
      assert.equal(await cutting.save({ ...wrong, evenSo: false }), undefined);
      const answer = viewOf(cutting)?.answer;
      assert.deepEqual([answer?.askId, answer?.state], [wrong.askId, 'ready']);
      assert.deepEqual(answer?.report && findingsOf(answer.report), ['nothing-cut']);
      // Of another opening, such as one that was closed since.
      await cutting.save({ ...wrong, cutId: 'other', evenSo: true });
      cutting.close('other');
      assert.deepEqual(await written(), ['badge.png']);
      await Promise.all([1, 2].map(() => cutting.save({ ...wrong, evenSo: true })));
      assert.deepEqual(await written(), ['badge-cutout.png', 'badge.png']);
    });

    it('are nothing where it is closed meanwhile, and a broken picture is told', async () => {
      const file = await picture('badge.png', '#00ff00', 2000);
      await open(file);
      const saving = cutting.save({ ...asked(), evenSo: true });
      cutting.close();
      await saving;
      assert.deepEqual(await written(), ['badge.png']);
      questions = new Questions();
      await writeFile(join(folder, 'broken.png'), (await readFile(file.fsPath)).subarray(0, 60));
      await vscode.commands.executeCommand('wanImage.cutOut', vscode.Uri.file(join(folder, 'broken.png')));
      assert.match(questions.shown.join('\n'), /broken\.png/);
      assert.equal(viewOf(parts.packs.cutting), undefined);
    });

    it('are refused for a drawn checkerboard: the words to ask again are there', async () => {
      const squares = Buffer.alloc(400 * 400 * 3);
      for (let at = 0; at < 400 * 400; at++)
        squares.fill((((at % 400) >> 4) + (Math.floor(at / 400) >> 4)) % 2 === 0 ? 255 : 204, at * 3, at * 3 + 3);
      const file = join(folder, 'fake.png');
      const fake = sharp(squares, { raw: { width: 400, height: 400, channels: 3 } });
      await writeFile(file, await fake.png().toBuffer());
      await open(vscode.Uri.file(file));
      assert.equal(viewOf(cutting)?.picture?.background.checkerboard, 16);
      assert.equal(viewOf(cutting)?.canAskAnew, false);
      await cutting.askOnPlain(viewOf(cutting)?.cutId ?? '');
      assert.equal(await vscode.env.clipboard.readText(), keyColourWords);
      assert.equal(viewOf(cutting), undefined);
      assert.deepEqual(anew, []);

      await open(vscode.Uri.file(file), 'one-1');
      assert.equal(viewOf(cutting)?.canAskAnew, true);
      await cutting.askOnPlain(viewOf(cutting)?.cutId ?? '');
      assert.deepEqual(anew, ['one-1', keyColourWords]);
    });
  });
});
