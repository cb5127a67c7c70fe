import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { emptyRequest } from '../../src/core/request.ts';
import type { App } from '../../src/host/app.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

const simulator = process.env['WAN_IMAGE_SIMULATOR_URL'] ?? '';

async function behave(options: object): Promise<void> {
  const response = await fetch(`${simulator}/__sim/options`, { method: 'POST', body: JSON.stringify(options) });
  assert.ok(response.ok, await response.text());
}

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body?: Record<string, unknown>;
}

async function submitted(): Promise<Record<string, unknown>[]> {
  const all = (await (await fetch(`${simulator}/__sim/requests`)).json()) as Seen[];
  return all.flatMap(({ method, body }) => (method === 'POST' && body ? [body] : []));
}

describe('checking the service', () => {
  let parts: App;
  let questions: Questions | undefined;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'empiriolabs');
    await setUserSetting('serviceUrl', simulator);
  });

  beforeEach(async () => {
    await parts.keys.keep('sk-empiriolabs-host-check');
    await parts.facts.forget(simulator);
    await behave({ bboxForm: 'both', bboxPassedOver: 'none', refuseInlineImages: false, catalogue: {} });
  });

  afterEach(() => questions?.dispose());

  after(async () => {
    await behave({ bboxForm: 'both', bboxPassedOver: 'none', refuseInlineImages: false, catalogue: {} });
    await parts.facts.forget(simulator);
    await parts.keys.forget();
    await setUserSetting('serviceUrl', undefined);
    await setUserSetting('service', 'simulator');
    await setUserSetting('service', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  async function check(
    buttons: readonly string[],
  ): Promise<{ readonly shown: readonly string[]; readonly sent: number }> {
    questions?.dispose();
    questions = new Questions({ buttons });
    const before = (await submitted()).length;
    await parts.check.run();
    // A picture of an earlier test may become ready meanwhile.
    const shown = questions.shown.filter((text) => !/^Your (picture|\d+ pictures) “/.test(text));
    return { shown, sent: (await submitted()).length - before };
  }

  const reportText = async (): Promise<string> => {
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.from({ scheme: 'wan-image-check', path: '/Check Service.md' }),
    );
    return document.getText();
  };
  /** VS Code takes up a new text a moment after it was told of it. */
  const reportSays = (words: string | RegExp): Promise<void> =>
    until(`the report says ${String(words)}`, async () => {
      const text = await reportText();
      return typeof words === 'string' ? text.includes(words) : words.test(text);
    });

  it('sends nothing without consent, and tells what it found for nothing', async () => {
    const { shown, sent } = await check([]);
    assert.equal(sent, 0);
    assert.deepEqual(shown, [
      'Send up to 2 test pictures, for up to $0.06 in all?',
      'The catalogue says nothing else than the model page. No test picture was sent.',
    ]);
    assert.deepEqual(parts.facts.found(simulator), {});
    await reportSays(/The service accepts the API key\./);
  });

  it('settles everything with one picture where that suffices, shows it as a job, and remembers it', async () => {
    const { shown, sent } = await check(['Send for up to $0.06']);
    assert.equal(sent, 1);
    assert.match(
      shown.at(-1) ?? '',
      /Images of this computer can be sent along\. Boxes work as one list for each image\./,
    );
    assert.equal(parts.facts.known.boxForm, 'perImage');
    const jobs = (await parts.services.current()).jobs
      .list()
      .filter(({ record }) => record.askedBy === 'check service');
    assert.equal(jobs.length, 1);
    assert.equal(jobs[0]?.record.sources?.length, 1);
  });

  it('counts with the prices of the catalogue, from the consent on', async () => {
    await behave({
      catalogue: {
        pricing_rows: [
          { label: 'Standard', unit: 'image', rate: 0.04 },
          { label: 'Pro', rate: '?' },
        ],
      },
    });
    const { shown } = await check([]);
    assert.equal(shown[0], 'Send up to 2 test pictures, for up to $0.08 in all?');
    assert.deepEqual(parts.facts.known.prices, { 'wan2.7-image-pro': 75, 'wan2.7-image': 40 });
    const request = { ...emptyRequest(), prompt: 'a fox', variant: 'wan2.7-image' } as const;
    const origin = { draftId: randomUUID(), askedBy: 'test', intent: { kind: 'show' } } as const;
    const outcome = await parts.runner.run(request, { ...origin, shownPrice: 30 });
    assert.deepEqual(outcome, { kind: 'dearer', highestPrice: 40 });
    await reportSays(/Not understood: price of a Pro picture/);
  });

  it('does not send a file to a service that was found to refuse files, until it is checked again', async () => {
    await behave({ refuseInlineImages: true });
    assert.equal((await check(['Send for up to $0.06'])).sent, 1);
    assert.equal(parts.facts.known.refusesInline, true);
    const photo = parts.sources.add(vscode.Uri.joinPath(workspaceFolder().uri, 'images', 'photo.jpg'), 'photo.jpg');
    const inputs = [{ id: photo.id, name: photo.name, boxes: [] }];
    const request = { ...emptyRequest(), prompt: 'a fox', thinking: false, inputs };
    const run = () =>
      parts.runner.run(request, { draftId: randomUUID(), askedBy: 'test', intent: { kind: 'show' }, shownPrice: 900 });
    const outcome = await run();
    assert.ok(outcome.kind === 'problems');
    assert.deepEqual(
      outcome.problems.filter(({ severity }) => severity === 'error').map(({ code }) => code),
      ['input-inline-refused'],
    );
    await behave({ refuseInlineImages: false });
    await check(['Send for up to $0.06']);
    assert.equal(parts.facts.known.refusesInline, false);
    assert.equal((await run()).kind, 'started');
  });

  it('shows words of the service as words, whatever they would mean in Markdown', async () => {
    await behave({ catalogue: { supported_parameters: [{ name: '[x](command:evil) <b>$a$</b> *!*' }] } });
    await check([]);
    await reportSays(String.raw`\[x\] \(command\:evil\) \<b\>\$a\$\<\/b\> \*\!\*`);
  });

  it('a key that is refused ends it before anything is asked', async () => {
    await parts.keys.keep('sk-empiriolabs-refused');
    const { shown, sent } = await check(['Send for up to $0.06']);
    assert.deepEqual(shown, ['The service refused the API key.']);
    assert.equal(sent, 0);
  });

  it('without a key it offers to set one', async () => {
    await parts.keys.forget();
    const { shown } = await check([]);
    assert.deepEqual(shown, ['No API key is set.']);
  });

  it('in practice mode it says what it would look at', async () => {
    await setUserSetting('service', 'simulator');
    const { shown, sent } = await check([]);
    await setUserSetting('service', 'empiriolabs');
    assert.match(shown.join(), /looks at the real service/);
    assert.equal(sent, 0);
  });

  it('forgets after asking, and not before', async () => {
    await parts.facts.remember(simulator, { inline: { at: 1, answer: 'refused' } });
    questions = new Questions();
    await parts.check.forget();
    assert.equal(parts.facts.known.refusesInline, true);
    questions.dispose();
    questions = new Questions({ buttons: ['Forget'] });
    await parts.check.forget();
    await until('it is forgotten', () => !parts.facts.known.refusesInline);
  });
});
