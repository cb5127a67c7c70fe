import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { nothingKnown } from '../../src/core/knownService.ts';
import { emptyRequest, type ImageRequest } from '../../src/core/request.ts';
import type { App } from '../../src/host/app.ts';
import { type RunOutcome, Runner } from '../../src/host/runner.ts';
import { runRefusal } from '../../src/host/runTelling.ts';
import { targetTrouble } from '../../src/host/saving/fixedTarget.ts';
import { SaveError } from '../../src/host/saving/saveError.ts';
import { folderParts } from '../../src/host/saving/insideFolder.ts';
import { Saver } from '../../src/host/saving/saver.ts';
import type { Service } from '../../src/host/services.ts';
import { StorageProbe } from '../../src/host/storageProbe.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { MemoryFiles } from './support/memoryFiles.ts';
import { Questions } from './support/questions.ts';

const log = { info: () => undefined, error: () => undefined };
const small: ImageRequest = { ...emptyRequest(), prompt: 'A fox', variant: 'wan2.7-image', resolution: '1K' };

describe('what saving needs is known before paying', () => {
  it('a request whose pictures could not be kept is not started', async () => {
    let started = 0;
    const jobs = { start: () => Promise.reject(new Error(`started ${++started}`)) };
    const service = { mode: 'practice', isReachable: true, jobs } as unknown as Service;
    const runner = new Runner({
      services: { current: () => Promise.resolve(service) },
      keys: { read: () => Promise.resolve('key') },
      inputs: { prepare: () => Promise.resolve(undefined) },
      storage: { vault: () => Promise.resolve({ kind: 'no-space', needed: 300 * 1024 * 1024, free: 5 * 1024 * 1024 }) },
      targetTrouble: () => Promise.resolve(undefined),
      boxForm: () => 'auto',
      known: () => nothingKnown,
      refusal: () => Promise.resolve(undefined),
      confirmAbove: () => 1000,
      confirm: () => Promise.resolve(true),
    });
    const origin = { draftId: 'd', askedBy: 'test', intent: { kind: 'show' }, shownPrice: 1000 } as const;
    const outcome = await runner.run(small, origin);
    assert.equal(outcome.kind, 'no-vault');
    assert.equal(started, 0);
    const telling = runRefusal(outcome);
    assert.match(telling?.text ?? '', /need 300 MB .* 5 MB are free\. Nothing is sent/);
    assert.deepEqual(telling?.actions, ['check-storage', 'show-log']);
  });

  it('the vault is tried anew for each request, and a look may be some seconds old', async () => {
    const root = await mkdtemp(join(tmpdir(), 'wan-storage-'));
    const probe = new StorageProbe({
      vault: join(root, 'vault'),
      saveFolder: () => '',
      partsOf: () => Promise.resolve([]),
      changed: () => undefined,
      log,
    });
    assert.equal(await probe.glance(small), undefined);
    await rm(join(root, 'vault'), { recursive: true });
    await writeFile(join(root, 'vault'), 'a file where the folder should be');
    assert.equal(await probe.glance(small), undefined);
    assert.equal((await probe.vault(small))?.kind, 'not-writable');
    assert.equal((await probe.glance(small))?.kind, 'not-writable');
    probe.dispose();
    await rm(root, { recursive: true });
  });

  it('a save folder that cannot be written is known, and nothing is made to find out', async () => {
    const root = await mkdtemp(join(tmpdir(), 'wan-storage-'));
    const files = new MemoryFiles('wan-test-probe', { isReadonly: true });
    await files.isKnown();
    let setting = 'docs/images';
    const vault = join(root, 'vault');
    const partsOf = async () => folderParts(setting);
    const probe = new StorageProbe({ vault, saveFolder: () => setting, partsOf, changed: () => undefined, log });
    const folder = (uri: vscode.Uri) => probe.folder({ uri, name: 'work', index: 0 });
    const work = vscode.Uri.file(root);
    assert.equal(await folder(work), undefined);
    assert.deepEqual(await readdir(root), []);
    assert.deepEqual(await folder(files.uri('/work')), { kind: 'read-only', place: 'docs/images' });
    await writeFile(join(root, 'docs'), '');
    assert.equal(await folder(work), undefined); // as it was a moment ago
    probe.forget();
    assert.deepEqual(await folder(work), { kind: 'not-a-folder', place: 'docs/images' });
    setting = '../elsewhere';
    assert.deepEqual(await folder(work), { kind: 'bad-folder', place: '../elsewhere' });
    probe.dispose();
    files.dispose();
    await rm(root, { recursive: true });
  });
});

describe('pictures that are meant for a file fixed beforehand', () => {
  let parts: App;
  let questions: Questions;
  const at = (path: string) => vscode.Uri.joinPath(workspaceFolder().uri, ...path.split('/'));
  const onDisk = (path: string) => at(path).fsPath;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
    await mkdir(onDisk('fixed'), { recursive: true });
  });
  beforeEach(() => {
    questions = new Questions();
  });
  afterEach(() => questions.dispose());
  after(async () => {
    await setUserSetting('service', undefined);
    await rm(onDisk('fixed'), { recursive: true, force: true });
  });

  function run(...targets: string[]): Promise<RunOutcome> {
    const intent = { kind: 'save' as const, targets };
    return parts.runner.run(
      { ...small, prompt: `A fox ${randomUUID()}`, count: targets.length },
      { draftId: randomUUID(), askedBy: 'palette', intent, shownPrice: 1000 },
    );
  }

  it('are saved as exactly that when the job is done, whoever is looking', async () => {
    const targets = ['fixed/one.png', 'fixed/deep/two.png'];
    const outcome = await run(...targets.map((target) => at(target).toString()));
    assert.equal(outcome.kind, 'started');
    // Nobody owns its end here, as after a reload: this window takes it up after a moment.
    for (const target of targets) {
      await until(`${target} is there`, () =>
        readFile(onDisk(target)).then(
          () => true,
          () => false,
        ),
      );
      assert.equal((await readFile(onDisk(target))).subarray(1, 4).toString(), 'PNG');
    }
    assert.deepEqual((await readdir(onDisk('fixed'))).toSorted(), ['deep', 'one.png']);
    await until('it was told', () => questions.shown.some((text) => text.includes('Saved')));
  });

  it('are left unsaved, and another place is offered, where something stands there by then', async () => {
    const outcome = await run(at('fixed/taken.png').toString());
    assert.equal(outcome.kind, 'started');
    await writeFile(onDisk('fixed/taken.png'), 'mine');
    await until('it was told', () => questions.shown.some((text) => text.includes('is there already')));
    assert.equal(await readFile(onDisk('fixed/taken.png'), 'utf8'), 'mine');
    const { job, service } = outcome as RunOutcome & { kind: 'started' };
    assert.equal(service.jobs.get(job.record.id)?.record.results[0]?.savedAs, undefined);
    const saved = await parts.results.saveExactly([`${job.record.id}-0`], [at('fixed/taken.png').toString()]);
    assert.equal(saved.kind, 'failed');
    const { telling } = saved as typeof saved & { kind: 'failed' };
    assert.deepEqual([telling.actions, telling.unsaved], [['choose-folder'], [`${job.record.id}-0`]]);
  });

  it('are not even asked for where the file is there, outside, behind a link, or no picture', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'wan-outside-'));
    await writeFile(onDisk('fixed/there.png'), 'mine');
    await symlink(join(outside, 'nothing'), onDisk('fixed/link.png'));
    await symlink(outside, onDisk('fixed/out'));
    const cases: [string, string][] = [
      [at('fixed/there.png').toString(), 'exists'],
      [at('fixed/link.png').toString(), 'exists'],
      [at('fixed/out/one.png').toString(), 'outside'],
      [vscode.Uri.file(join(outside, 'one.png')).toString(), 'outside'],
      [`${workspaceFolder().uri.toString()}/fixed/%2e%2e/%2e%2e/one.png`, 'outside'],
      [at('fixed/there.png/one.png').toString(), 'not-a-folder'],
      [at('fixed/hook.sh').toString(), 'other-format'],
      [at('fixed').toString(), 'other-format'],
    ];
    for (const [target, kind] of cases) {
      const outcome = await run(target);
      assert.deepEqual([target, outcome.kind], [target, 'bad-target']);
      const { trouble } = outcome as RunOutcome & { kind: 'bad-target' };
      assert.deepEqual([target, trouble.kind], [target, kind]);
      assert.match(runRefusal(outcome)?.text ?? '', /Nothing was sent/);
    }
    assert.equal((await targetTrouble([at('a.png'), at('A.png')].map(String)))?.kind, 'exists');
    await assert.rejects(() =>
      parts.runner.run(small, {
        draftId: randomUUID(),
        askedBy: 'test',
        intent: { kind: 'save', targets: [] },
        shownPrice: 1000,
      }),
    );
    assert.deepEqual(await readdir(outside), []);
    await rm(outside, { recursive: true });
  });

  it('never get a name that belies their bytes, and never leave the workspace by a link made meanwhile', async () => {
    const saver = new Saver();
    const kind = (work: Promise<unknown>) =>
      work.then(
        () => 'saved',
        (error: unknown) => (error instanceof SaveError ? error.kind : error),
      );
    const kept = onDisk('fixed/kept');
    await writeFile(kept, 'picture');
    assert.equal(await kind(saver.saveExactly(kept, 'png', at('fixed/photo.jpg'))), 'other-format');
    assert.equal(await kind(saver.saveExactly(kept, 'jpeg', at('fixed/photo.jpeg'))), 'saved');
    assert.equal(await kind(saver.saveExactly(kept, 'png', at('fixed/out/photo.png'))), 'outside');
    assert.equal(await readFile(onDisk('fixed/photo.jpeg'), 'utf8'), 'picture');
  });
});
