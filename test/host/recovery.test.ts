import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { emptyRequest } from '../../src/core/request.ts';
import type { App } from '../../src/host/app.ts';
import type { Service } from '../../src/host/services.ts';
import { handleMessage } from '../../src/host/studio/messages.ts';
import { jobView } from '../../src/host/studio/views.ts';
import { tellFailure, tellPick, tellSearchTrouble } from '../../src/host/telling.ts';
import { readHeaderOf } from '../../src/pixels/header.ts';
import { app, setUserSetting, until } from './support/extension.ts';

const simulator = process.env['WAN_IMAGE_SIMULATOR_URL'] ?? '';

describe('looking for pictures whose answer was lost', () => {
  let parts: App;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'empiriolabs');
    await setUserSetting('serviceUrl', simulator);
    await parts.keys.keep('sk-empiriolabs-recovery');
  });

  after(async () => {
    await parts.keys.forget();
    await setUserSetting('serviceUrl', undefined);
    await setUserSetting('service', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  async function lose(): Promise<{ service: Service; jobId: string }> {
    const fault = { at: 'submit', kind: 'drop-after-accept' };
    await fetch(`${simulator}/__sim/faults`, { method: 'POST', body: JSON.stringify(fault) });
    const request = { ...emptyRequest(), prompt: 'A fox that was lost', variant: 'wan2.7-image', resolution: '1K' };
    const origin = { draftId: randomUUID(), askedBy: 'test', intent: { kind: 'show' }, shownPrice: 1000 } as const;
    const outcome = await parts.runner.run(request, origin);
    assert.equal(outcome.kind, 'started');
    const { job, service } = outcome as typeof outcome & { kind: 'started' };
    const jobId = job.record.id;
    await until('the job has failed', () => service.jobs.get(jobId)?.record.status.state === 'failed');
    return { service, jobId };
  }

  function view(service: Service, jobId: string) {
    const job = service.jobs.get(jobId);
    assert.ok(job);
    return jobView(job, service, {
      src: (file) => `shown:${file}`,
      savedAs: (uri) => uri,
      source: () => undefined,
      replacing: () => ({}),
      inside: () => ({}),
      heavy: () => undefined,
    });
  }

  it('is offered, finds the picture, and gives it to the job at the user’s word alone', async () => {
    const { service, jobId } = await lose();
    const { phase } = view(service, jobId);
    assert.equal(phase.state === 'failed' && phase.actions[0]?.label, 'Look for My Pictures');

    await parts.actions.perform('find-pictures', { jobId });
    const { looking, results } = view(service, jobId);
    assert.deepEqual(results, []);
    assert.equal(looking?.state, 'found');
    const { pictures } = looking as typeof looking & { state: 'found' };
    assert.ok(pictures.length >= 1);
    const newest = pictures[0];
    assert.match(newest?.src ?? '', /^shown:.*\.png$/);
    assert.equal(newest?.price, 30);

    const messages = { ...parts, notice: () => undefined };
    assert.equal(await handleMessage({ type: 'keepFound', jobId, foundId: newest?.id ?? '' }, messages), undefined);
    const done = view(service, jobId);
    assert.deepEqual([done.phase.state, done.results.length, done.looking], ['done', 1, undefined]);
    const kept = service.jobs.result(done.results[0]?.id ?? '');
    assert.equal(readHeaderOf(await readFile(kept?.file ?? '')).format, 'png');
  });

  it('none of these, and taking the job out of the list, put away what was found', async () => {
    const { service, jobId } = await lose();
    const messages = { ...parts, notice: () => undefined };
    await parts.actions.perform('find-pictures', { jobId });
    assert.equal(service.recovery.search(jobId)?.state, 'found');
    await handleMessage({ type: 'endLooking', jobId }, messages);
    assert.equal(service.recovery.search(jobId), undefined);
    assert.equal(service.jobs.get(jobId)?.record.status.state, 'failed');
    await parts.actions.perform('find-pictures', { jobId });
    await handleMessage({ type: 'dismiss', jobId }, messages);
    assert.equal(service.recovery.search(jobId), undefined);
  });

  it('without a key says so with its next step, and keeps the job as it was', async () => {
    const { service, jobId } = await lose();
    await parts.keys.forget();
    await parts.actions.perform('find-pictures', { jobId });
    await parts.keys.keep('sk-empiriolabs-recovery');
    const { looking } = view(service, jobId);
    assert.equal(looking?.state, 'failed');
    const { sentence, actions } = looking as typeof looking & { state: 'failed' };
    assert.match(sentence, /^No API key is set\. .*they stay with the service\.$/);
    assert.equal(actions[0]?.id, 'set-key');
    assert.equal(service.jobs.get(jobId)?.record.status.state, 'failed');
  });

  it('of jobs and pictures that do not exist does nothing', async () => {
    const messages = { ...parts, notice: () => undefined };
    for (const type of ['lookFurther', 'endLooking'] as const)
      assert.equal(await handleMessage({ type, jobId: '../../etc' }, messages), undefined);
    const nothing = { type: 'keepFound', jobId: '../../etc', foundId: '../../passwd' } as const;
    assert.equal(await handleMessage(nothing, messages), undefined);
    const { jobId } = await lose();
    await parts.actions.perform('find-pictures', { jobId });
    const telling = await handleMessage({ ...nothing, jobId }, messages);
    assert.equal(telling?.text, tellPick('gone')?.text);
  });
});

describe('the sentences about lost pictures', () => {
  it('offer to look where something may have been bought, and never in practice mode', () => {
    const actions = (mayBeBilled: boolean, mode: 'live' | 'practice') =>
      tellFailure({ kind: 'network', mayBeBilled }, mode).actions;
    assert.equal(actions(true, 'live')[0], 'find-pictures');
    assert.ok(!actions(false, 'live').includes('find-pictures'));
    assert.ok(!actions(true, 'practice').includes('find-pictures'));
  });

  it('say what happened and what to do', () => {
    for (const text of [
      tellSearchTrouble({ kind: 'busy', mayBeBilled: false, retryAfterMs: 3000 }, 'live').text,
      tellPick('taken')?.text ?? '',
      tellPick('gone')?.text ?? '',
    ])
      assert.match(text, /^[A-Z][^!]*\.$/);
    assert.equal(tellPick('kept'), undefined);
  });
});
