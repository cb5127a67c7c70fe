import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { emptyRequest, type ImageRequest } from '../../src/core/request.ts';
import type { App } from '../../src/host/app.ts';
import type { RunOutcome } from '../../src/host/runner.ts';
import { runRefusal } from '../../src/host/runTelling.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('spending', () => {
  let parts: App;
  let questions: Questions;
  const limits = ['dailyLimit', 'workspaceDailyLimit', 'agentDailyLimit'];

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'empiriolabs');
    await setUserSetting('serviceUrl', process.env['WAN_IMAGE_SIMULATOR_URL']);
    await parts.keys.keep('sk-empiriolabs-host-test');
  });

  beforeEach(() => {
    questions = new Questions();
  });

  afterEach(async () => {
    questions.dispose();
    for (const name of limits) await setUserSetting(name, undefined);
  });

  after(async () => {
    await parts.keys.forget();
    for (const name of ['serviceUrl', 'service']) await setUserSetting(name, undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const small: ImageRequest = {
    ...emptyRequest(),
    prompt: '=HYPERLINK("https://evil.example") | [a](command:x) **fox**',
    variant: 'wan2.7-image',
    resolution: '1K',
    aspectRatio: '1:1',
  };

  function run(request: ImageRequest, askedBy = 'studio'): Promise<RunOutcome> {
    return parts.runner.run(request, {
      draftId: randomUUID(),
      askedBy,
      intent: { kind: 'show' },
      shownPrice: 1000,
    });
  }

  async function runToEnd(request: ImageRequest): Promise<string> {
    const outcome = await run(request);
    assert.equal(outcome.kind, 'started');
    const { job, service } = outcome as RunOutcome & { kind: 'started' };
    const jobId = job.record.id;
    await until('the job is done', () => service.jobs.get(jobId)?.record.status.state === 'done');
    return jobId;
  }

  /** What is spent today, in US dollars; other tests of this window may have spent something before. */
  const spentToday = async () => (await parts.ledger.spentToday('')).day / 1000;

  it('is set aside before a request is sent, and is what came afterwards', async () => {
    const before = await spentToday();
    const jobId = await runToEnd({ ...small, count: 2 });
    assert.equal(Math.round(((await spentToday()) - before) * 1000), 60);
    const line = (await parts.ledger.lines()).find((one) => one.jobId === jobId);
    assert.deepEqual(line?.settlement, { outcome: 'paid', amount: 60 });
    assert.equal(line?.caller, 'person');
    const entry = await parts.ledger.entryOf(line);
    assert.deepEqual([entry?.askedBy, entry?.end?.pictures.length], ['studio', 2]);
  });

  it('over the daily limit is refused with its amounts and next steps, before anybody is asked about the price', async () => {
    await runToEnd(small);
    const spent = await spentToday();
    await setUserSetting('dailyLimit', spent + 0.02);
    const before = (await parts.ledger.lines()).length;
    const outcome = await run({ ...small, imageSet: true, setMaxImages: 12 });
    assert.equal(outcome.kind, 'over-limit');
    const telling = runRefusal(outcome);
    assert.match(telling?.text ?? '', /^Nothing was sent\. This can cost up to \$0\.36, and of today’s limit of \$/);
    assert.deepEqual(telling?.actions, ['open-settings', 'show-spending']);
    assert.ok(!questions.shown.some((text) => text.startsWith('This can cost')));
    assert.equal((await parts.ledger.lines()).length, before);
  });

  it('of an agent has a limit of its own', async () => {
    await setUserSetting('agentDailyLimit', 0.02);
    const outcome = await run(small, 'some.extension');
    assert.equal(outcome.kind === 'over-limit' && outcome.refusal.kind === 'over' && outcome.refusal.limit, 'agent');
    assert.equal((await run(small)).kind, 'started');
  });

  it('is what the studio shows, with the balance once it is known', async () => {
    await setUserSetting('dailyLimit', 8);
    await setUserSetting('workspaceDailyLimit', 6);
    await parts.spending.askBalance();
    const view = await parts.spending.view();
    assert.equal(view?.state, 'known');
    assert.equal(view.today + view.left, 8000);
    assert.ok(view.workspaceLeft < view.left);
    assert.ok((view.balance ?? 0) > 0);
    await setUserSetting('service', 'simulator');
    assert.equal(await parts.spending.view(), undefined);
    await setUserSetting('service', 'empiriolabs');
  });

  it('is shown in a document that only shows words', async () => {
    await runToEnd(small);
    await vscode.commands.executeCommand('wanImage.showSpending');
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'wan-image-spending');
    const text = document?.getText() ?? (await parts.spendingView.provideTextDocumentContent());
    for (const words of [
      '# Spending',
      '## Left today',
      '## By workspace',
      '## By model',
      '## Requests',
      'Standard',
      'Paid',
    ])
      assert.ok(text.includes(words), words);
    assert.doesNotMatch(text, /\]\(|https:|\*\*|HYPERLINK\(/);
    assert.ok(text.includes('&#61;HYPERLINK&#40;'));
  });

  it('is exported as CSV or JSON where the user says', async () => {
    for (const name of ['spending.csv', 'spending.json']) {
      questions.dispose();
      const file = vscode.Uri.joinPath(workspaceFolder().uri, name);
      questions = new Questions({ save: file });
      await vscode.commands.executeCommand('wanImage.exportSpending');
      assert.match(questions.shown.at(-1) ?? '', /requests were written to spending\./);
      const text = Buffer.from(await vscode.workspace.fs.readFile(file)).toString();
      if (name.endsWith('json'))
        assert.equal((JSON.parse(text) as unknown[]).length, (await parts.ledger.lines()).length);
      else {
        assert.match(text, /^day,createdAt,endedAt,workspace,/);
        assert.match(text, /"'=HYPERLINK\(""https:\/\/evil\.example""\)/);
      }
      await vscode.workspace.fs.delete(file);
    }
  });

  it('that cannot be written where the user says is told with another try', async () => {
    questions.dispose();
    questions = new Questions({ save: vscode.Uri.parse('no-such-scheme:/spending.csv') });
    await vscode.commands.executeCommand('wanImage.exportSpending');
    assert.match(questions.shown.at(-1) ?? '', /could not be written to .*Choose another place\./);
  });
});
