import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { PanelMessage } from '../../src/core/messages.ts';
import { emptyRequest, type ImageRequest } from '../../src/core/request.ts';
import { ImageRequest as ImageRequestSchema } from '../../src/core/requestSchema.ts';
import type { App } from '../../src/host/app.ts';
import { networkSettings } from '../../src/host/network.ts';
import { settings } from '../../src/host/settings.ts';
import { readCap, readSetting } from '../../src/host/settingsReader.ts';
import { handleMessage } from '../../src/host/studio/messages.ts';
import { SimulatorControl } from '../e2e/simulatorControl.ts';
import { saveFolders } from '../hostile/harm.ts';
import { hostilePictures, writeNamedPictures, writeOrders, writeTraps, writeWaysOut } from '../hostile/repository.ts';
import { type Attacker, startAttacker, treeOf } from '../hostile/witness.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('a repository that means harm', () => {
  const simulatorUrl = process.env['WAN_IMAGE_SIMULATOR_URL'] ?? '';
  const simulator = new SimulatorControl(simulatorUrl);
  const silent = { info: () => undefined, error: () => undefined };
  const key = `sk-empiriolabs-hostile-${randomUUID()}`;
  const small: ImageRequest = { ...emptyRequest(), prompt: 'A fox', variant: 'wan2.7-image', resolution: '1K' };
  let parts: App;
  let attacker: Attacker;
  let outside: string;
  let folder: string;
  let questions: Questions;
  let tripped = 0;
  let tripwire: vscode.Disposable;
  let outsideBefore: Record<string, string>;

  before(async () => {
    parts = await app();
    attacker = await startAttacker();
    outside = await mkdtemp(join(tmpdir(), 'wan-outside-'));
    await writeFile(join(outside, 'precious.png'), 'precious');
    outsideBefore = await treeOf(outside);
    folder = join(workspaceFolder().uri.fsPath, 'hostile');
    await mkdir(folder, { recursive: true });
    tripwire = vscode.commands.registerCommand('wanImageTest.tripwire', () => tripped++);
    await setUserSetting('service', 'simulator');
  });

  beforeEach(() => {
    questions = new Questions();
  });

  afterEach(async () => {
    questions.dispose();
    assert.equal(tripped, 0);
    assert.deepEqual(attacker.heard, []);
    assert.deepEqual(await treeOf(outside), outsideBefore);
  });

  after(async () => {
    tripwire.dispose();
    attacker.stop();
    for (const name of ['service', 'serviceUrl', 'saveFolder']) await setUserSetting(name, undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true, force: true });
    await rm(outside, { recursive: true, force: true });
  });

  const aims = () => ({ attacker: attacker.url, outside });
  const draft = () => ImageRequestSchema.parse(parts.drafts.get().request);
  const run = (request: unknown) =>
    parts.runner.run(request, { draftId: randomUUID(), askedBy: 'test', intent: { kind: 'show' }, shownPrice: 1000 });

  async function runToEnd(request: ImageRequest): Promise<string> {
    const outcome = await run(request);
    assert.ok(outcome.kind === 'started', JSON.stringify(outcome));
    const record = () => outcome.service.jobs.get(outcome.job.record.id)?.record;
    await until('the job has ended', () => ['done', 'failed'].includes(record()?.status.state ?? ''), 30_000);
    assert.equal(record()?.status.state, 'done');
    return record()?.results[0]?.id ?? '';
  }

  describe('by the settings it brings', () => {
    before(async () => {
      await writeOrders(workspaceFolder().uri.fsPath, aims());
      const resource = workspaceFolder().uri;
      await until('its settings are in force', () => readSetting('saveFolder', resource) === outside);
    });

    after(async () => {
      const root = workspaceFolder().uri.fsPath;
      for (const name of [
        '.vscode',
        'second',
        '.env',
        '.npmrc',
        'package.json',
        'node_modules',
        'hostile.code-workspace',
      ])
        await rm(join(root, name), { recursive: true, force: true });
      const resource = workspaceFolder().uri;
      await until('its settings are gone', () => readSetting('saveFolder', resource) === 'images');
      await setUserSetting('serviceUrl', undefined);
      await setUserSetting('service', 'simulator');
      await parts.keys.forget();
    });

    it('does not choose the service, its address, or what may be spent', async () => {
      await setUserSetting('service', undefined);
      assert.equal(readSetting('service'), 'empiriolabs');
      assert.equal(readSetting('serviceUrl'), settings.serviceUrl.default);
      assert.equal(readSetting('defaultModel'), settings.defaultModel.default);
      await setUserSetting('service', 'simulator');
      assert.equal(parts.services.mode, 'practice');
    });

    for (const name of ['confirmAbove', 'dailyLimit', 'workspaceDailyLimit', 'agentDailyLimit'] as const) {
      it(`does not raise ${name}`, () => {
        const hoped = vscode.workspace.getConfiguration().get<number>(`wanImage.${name}`);
        assert.ok(hoped !== undefined && hoped > settings[name].default && hoped <= settings[name].maximum);
        assert.equal(readCap(name), settings[name].default * 1000);
      });
    }

    it('does not put a proxy before the service, nor take certificate checks away', () => {
      const { proxy, strictCertificates, proxySupport, noProxy } = networkSettings(silent);
      assert.deepEqual([proxy, strictCertificates], [undefined, true]);
      assert.notEqual(proxySupport, 'off');
      assert.deepEqual(noProxy, []);
    });

    it('sends neither key nor tunnel to the attacker, while the service gets what it should', async () => {
      await simulator.reset();
      await parts.keys.keep(key);
      await setUserSetting('serviceUrl', simulatorUrl);
      await setUserSetting('service', 'empiriolabs');
      const id = await runToEnd(small);
      assert.ok(id);
      assert.equal((await simulator.counts()).accepted, 1);
      // An address that is not of this machine goes by the proxy, if there is one.
      await setUserSetting('serviceUrl', 'https://service.invalid');
      const client = await parts.services.clientWithKey(key);
      await assert.rejects(client?.account() ?? Promise.resolve());
      await client?.close();
    });

    it('would be heard if it came through: a proxy of the user’s own is asked for a tunnel, and sees no key', async () => {
      const proxy = await startAttacker();
      const http = vscode.workspace.getConfiguration('http');
      await http.update('proxy', proxy.url, vscode.ConfigurationTarget.Global);
      try {
        await until('the proxy counts', () => networkSettings(silent).proxy === proxy.url);
        const client = await parts.services.clientWithKey(key);
        await assert.rejects(client?.account() ?? Promise.resolve());
        await client?.close();
      } finally {
        await http.update('proxy', undefined, vscode.ConfigurationTarget.Global);
        proxy.stop();
      }
      assert.deepEqual(
        new Set(proxy.heard.map(({ method, address }) => `${method} ${address}`)),
        new Set(['CONNECT service.invalid:443']),
      );
      assert.ok(!JSON.stringify(proxy.heard).includes(key));
    });

    it('runs nothing by itself', async () => {
      // Its task would have run by now; the modules beside it would have been loaded by the request before.
      assert.equal(vscode.tasks.taskExecutions.length, 0);
      assert.deepEqual(await treeOf(outside), outsideBefore);
    });
  });

  describe('by the folder that it names for pictures', () => {
    let resultId: string;

    before(async () => {
      await writeWaysOut(workspaceFolder().uri.fsPath, aims());
      resultId = await runToEnd(small);
    });

    after(async () => {
      for (const name of ['way-out', 'way-to-nothing', 'way-in-circles'])
        await unlink(join(workspaceFolder().uri.fsPath, name));
      await rm(join(workspaceFolder().uri.fsPath, '.vscode'), { recursive: true });
    });

    for (const saveFolder of saveFolders) {
      it(`does not get a picture saved in ${JSON.stringify(saveFolder)}`, async () => {
        await vscode.workspace.getConfiguration('wanImage').update('saveFolder', saveFolder, false);
        const before = await treeOf(workspaceFolder().uri.fsPath);
        const outcome = await parts.results.save([resultId]);
        assert.equal(outcome.kind, 'failed', JSON.stringify(outcome));
        assert.ok(outcome.kind === 'failed' && outcome.telling.actions.includes('choose-folder'));
        assert.deepEqual(await treeOf(workspaceFolder().uri.fsPath), before);
      });
    }

    it('does not get one saved through a folder that becomes a link while it is saved', async () => {
      const swapped = join(workspaceFolder().uri.fsPath, 'swapped');
      await vscode.workspace.getConfiguration('wanImage').update('saveFolder', 'swapped', false);
      for (let round = 0; round < 20; round++) {
        await mkdir(swapped, { recursive: true });
        const saving = parts.results.save([resultId]);
        for (let wait = 0; wait < round; wait++) await new Promise((resolve) => setImmediate(resolve));
        await rm(swapped, { recursive: true, force: true });
        await symlink(outside, swapped).catch(() => undefined); // the folder may have been made anew
        await saving;
        assert.deepEqual(await treeOf(outside), outsideBefore, `round ${round}`);
        await rm(swapped, { recursive: true, force: true });
      }
    });
  });

  describe('by its files', () => {
    const views = () => parts.editing.views((file) => file);

    /** What becomes of a file in the form: it is read to an end, whatever it is. */
    async function shown(file: string): Promise<string> {
      await parts.editing.begin([vscode.Uri.file(file)]);
      await until(`${JSON.stringify(file)} is read`, () => views().every(({ phase }) => phase.state !== 'reading'));
      return views()[0]?.phase.state ?? 'none';
    }

    it('keeps nobody waiting: links, pipes, devices and folders under the names of pictures are refused', async () => {
      await simulator.reset();
      const traps = join(folder, 'traps');
      for (const name of await writeTraps(traps, aims())) {
        assert.equal(await shown(join(traps, name)), 'refused', name);
        assert.equal((await run({ ...draft(), prompt: 'Make it blue' })).kind, 'bad-picture', name);
      }
      assert.equal((await simulator.counts()).bodiesReceived, 0);
    });

    it('cannot make a picture more than a picture: what is in it is neither run nor sent nor asked for', async () => {
      await simulator.reset();
      await mkdir(join(folder, 'pictures'), { recursive: true });
      for (const [name, { bytes, isWhole }] of Object.entries(await hostilePictures(aims()))) {
        const file = join(folder, 'pictures', name);
        await writeFile(file, bytes);
        assert.equal(await shown(file), isWhole ? 'ready' : 'refused', name);
        const [view] = views();
        if (view?.phase.state !== 'ready') continue;
        assert.match(view.phase.src, /\.(png|jpg|webp)$/, name);
      }
      assert.equal((await simulator.counts()).bodiesReceived, 0);
    });

    it('cannot name a picture so that a message, a pick or a reference does more than name it', async () => {
      const names = await writeNamedPictures(join(folder, 'names'));
      for (const name of names) {
        assert.equal(await shown(join(folder, 'names', name)), 'ready', JSON.stringify(name));
        const label = views()[0]?.name ?? '';
        assert.doesNotMatch(label, /\]\(|[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
      }
      const picked: vscode.QuickPickItem[] = [];
      const original = vscode.window.showQuickPick;
      const stand = async (items: readonly vscode.QuickPickItem[]) => {
        picked.push(...items);
        return undefined;
      };
      Object.assign(vscode.window, { showQuickPick: stand });
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      // As a link in a document would call it: what it hands over is no address that VS Code has made.
      await vscode.commands.executeCommand('wanImage.edit', {
        scheme: 'file',
        path: '/etc/passwd',
        fsPath: '/etc/passwd',
      });
      Object.assign(vscode.window, { showQuickPick: original });
      // Old releases have no file search in this rig, and then there is nothing to pick from but a dialog.
      const findable = await vscode.workspace.findFiles('names/*').then(
        ({ length }) => length,
        () => 0,
      );
      if (findable > 0) assert.ok(picked.length > names.length);
      for (const { label, description = '' } of picked.slice(0, -1))
        assert.doesNotMatch(
          `${label} ${description}`,
          /(?<!\\)\$\([a-z-]+(~[a-z]+)?\)|[\p{Cc}\u202a-\u202e\u2066-\u2069]/u,
        );
      assert.deepEqual(
        questions.shown.filter((text) => text.includes('](')),
        [],
      );
    });

    it('cannot have the answer to an edit saved or referred to elsewhere by its name', async function () {
      this.timeout(120_000);
      const names = await writeNamedPictures(join(folder, 'edited'));
      for (const name of [names[4], names[13]]) {
        await shown(join(folder, 'edited', name ?? ''));
        const id = await runToEnd({ ...draft(), prompt: 'Make it blue', variant: 'wan2.7-image', resolution: '1K' });
        const document = vscode.Uri.joinPath(workspaceFolder().uri, 'hostile', `${randomUUID()}.md`);
        await vscode.workspace.fs.writeFile(document, Buffer.from('# Title\n\n<a title="">\n'));
        const inserted = await parts.results.insert([id], { document, offset: 9 });
        assert.equal(inserted.kind, 'inserted', JSON.stringify(inserted));
        const [file] = inserted.files;
        assert.ok(file?.fsPath.startsWith(join(folder, 'edited')), file?.fsPath);
        const written = await vscode.workspace.openTextDocument(document);
        assert.match(
          written.getText(),
          /^# Title\n\n!\[Make it blue\]\(edited\/[\p{L}\p{N}._-]+\.png\)<a title="">\n$/u,
        );
        await written.save();
      }
    });
  });

  describe('with a panel in the hands of somebody else', () => {
    it('does nothing for ids that were never given, and spends nothing', async () => {
      await simulator.reset();
      const before = await treeOf(workspaceFolder().uri.fsPath);
      const ids = ['', '..', '../../x', 'constructor', '__proto__', 'toString', randomUUID(), `${randomUUID()}-0`];
      const messages = ids.flatMap((id): Exclude<PanelMessage, { type: 'ready' }>[] => [
        ...(['cancel', 'dismiss', 'putBack', 'saveAll'] as const).map((type) => ({ type, jobId: id })),
        ...(['save', 'saveAs', 'insert', 'reveal', 'open', 'continueFrom', 'replace'] as const).map((type) => ({
          type,
          resultId: id,
        })),
        { type: 'showVersion', resultId: id, version: 'inside' },
        { type: 'undoReplace', replacementId: id },
        ...(['showEntry', 'reopen'] as const).map((type) => ({ type, jobId: id })),
        { type: 'closeEntry' },
        { type: 'markFavourite', jobId: id, isFavourite: true },
        { type: 'deleteEntries', jobIds: [id] },
        ...(['file', 'choice'] as const).map((by) => ({ type: 'swapInput' as const, inputId: id, by })),
        { type: 'dropSources', uris: [`file:///etc/${id}`, `file://evil.test/share/${id}.png`, `command:${id}`] },
        {
          type: 'run',
          draftId: id,
          request: { ...small, inputs: [{ id, name: 'x.png', boxes: [] }] },
          highestPrice: 1e9,
        },
      ]);
      const commands: string[] = [];
      const original = vscode.commands.executeCommand;
      Object.assign(vscode.commands, {
        executeCommand: (name: string, ...rest: unknown[]) => {
          if (name !== 'setContext') commands.push(name);
          return original(name, ...rest);
        },
      });
      try {
        for (const message of messages) await handleMessage(message, { ...parts, notice: () => undefined });
      } finally {
        Object.assign(vscode.commands, { executeCommand: original });
      }
      assert.deepEqual(commands, []);
      assert.equal((await simulator.counts()).bodiesReceived, 0);
      assert.deepEqual(await treeOf(workspaceFolder().uri.fsPath), before);
      assert.deepEqual(questions.shown, []);
    });
  });
});
