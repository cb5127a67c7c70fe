import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import type { AgentError } from '../../src/host/agents/agentTypes.ts';
import { toolNames } from '../../src/host/agents/toolNames.ts';
import type { App } from '../../src/host/app.ts';
import { keptName, sha256Of } from '../../src/host/editing/keptBytes.ts';
import type { JobRecord } from '../../src/jobs/record.ts';
import { SimulatorControl } from '../e2e/simulatorControl.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

interface Said {
  readonly done?: boolean;
  readonly files?: readonly {
    readonly absolutePath: string;
    readonly relativePath: string;
    readonly width: number;
    readonly height: number;
    readonly outside?: { readonly is: string; readonly sentence: string };
  }[];
  readonly problems?: readonly { readonly code: string; readonly field: string; readonly problem: string }[];
  readonly [name: string]: unknown;
}

describe('tools for language models', () => {
  const simulator = new SimulatorControl(process.env['WAN_IMAGE_SIMULATOR_URL'] ?? '');
  const folder = () => join(workspaceFolder().uri.fsPath, 'agents');
  let parts: App;
  let questions: Questions;

  before(async () => {
    parts = await app();
    // The windows of the tests have them off.
    await setAiOff(false);
    await until('the tools are there', () =>
      said('wanImage_checkRequest', {}).then(
        () => true,
        () => false,
      ),
    );
  });

  beforeEach(async () => {
    questions = new Questions();
    await mkdir(folder(), { recursive: true });
    await simulator.reset();
    await practise();
  });

  afterEach(async () => {
    questions.dispose();
    await simulator.clearFaults();
    await rm(folder(), { recursive: true });
  });

  after(async () => {
    await parts.keys.forget();
    for (const name of ['service', 'serviceUrl', 'agentDailyLimit']) await setUserSetting(name, undefined);
    await setAiOff(true);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const setAiOff = (isOff: boolean) =>
    vscode.workspace.getConfiguration('chat').update('disableAIFeatures', isOff, vscode.ConfigurationTarget.Global);

  const practise = () => setUserSetting('service', 'simulator');

  /** The same simulator as a service that costs money. */
  async function goLive(key = 'sk-empiriolabs-host-test'): Promise<void> {
    await setUserSetting('serviceUrl', process.env['WAN_IMAGE_SIMULATOR_URL']);
    await setUserSetting('service', 'empiriolabs');
    await parts.keys.keep(key);
  }

  function answer(...buttons: string[]): void {
    questions.dispose();
    questions = new Questions({ buttons });
  }

  const invoke = (name: string, input: object, token?: vscode.CancellationToken) =>
    vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);

  const saidIn = ({ content }: vscode.LanguageModelToolResult): Said => {
    const [first] = content;
    assert.ok(first instanceof vscode.LanguageModelTextPart);
    return JSON.parse(first.value) as Said;
  };
  const said = async (name: string, input: object): Promise<Said> => saidIn(await invoke(name, input));
  const cheap = { model: 'standard', resolution: '1K' } as const;
  const hero = (changes: object = {}) => ({
    prompt: 'A paper lighthouse',
    path: 'agents/hero.webp',
    ...cheap,
    ...changes,
  });
  const codesOf = ({ problems = [] }: Said) => problems.map(({ code }) => code);
  const jobsOfAgents = async (): Promise<JobRecord[]> =>
    (await parts.services.current()).jobs.list().flatMap(({ record }) => (record.askedBy === 'agent' ? [record] : []));
  const accepted = async () => (await simulator.counts()).accepted;

  /** The message of the error that a call ends with. */
  async function errorOf(call: Thenable<unknown>): Promise<string> {
    try {
      await call;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    throw new assert.AssertionError({ message: 'the call did not fail' });
  }

  it('are listed with what VS Code shows a model', async () => {
    const ours = () => vscode.lm.tools.filter(({ name }) => name.startsWith('wanImage_'));
    // The list follows the setting of AI features, after a moment.
    await until('there are any', () => ours().length > 0);
    const tools = ours();
    assert.deepEqual(tools.map(({ name }) => name).toSorted(), [...toolNames].toSorted());
    for (const { description, inputSchema } of tools) {
      assert.ok(description.length > 100);
      assert.equal((inputSchema as { additionalProperties?: unknown }).additionalProperties, false);
    }
  });

  it('make a picture of the asked format, and answer with its file and a small preview that is no text', async () => {
    const result = await invoke('wanImage_generateImage', hero());
    const { done, files = [], cost, recipeId } = saidIn(result);
    const [file] = files;
    assert.equal(done, true);
    assert.equal(file?.relativePath, 'agents/hero.webp');
    assert.equal(file.absolutePath, join(folder(), 'hero.webp'));
    assert.equal((await readFile(file.absolutePath)).toString('latin1', 8, 12), 'WEBP');
    assert.ok(file.width > 500);
    assert.equal(cost, 'free practice');
    assert.equal((await jobsOfAgents())[0]?.id, recipeId);
    const [text, preview, ...others] = result.content;
    assert.deepEqual(others, []);
    assert.ok(text instanceof vscode.LanguageModelTextPart && text.value.length < 1500);
    assert.ok(preview instanceof vscode.LanguageModelDataPart);
    assert.match(preview.mimeType, /^image\/(webp|png|jpeg)$/);
    assert.ok(preview.data.byteLength > 100 && preview.data.byteLength <= 60 * 1024);
    const { width, height } = await parts.pixels.describe(preview.data);
    assert.ok(Math.max(width, height) <= 512);
  });

  it('make one job of the same call, one after the other and at once, until its file is gone', async () => {
    const [first, second] = await Promise.all([
      said('wanImage_generateImage', hero()),
      said('wanImage_generateImage', { ...hero(), path: './agents//hero.webp' }),
    ]);
    const third = await said('wanImage_generateImage', hero());
    assert.deepEqual([second.recipeId, third.recipeId], [first.recipeId, first.recipeId]);
    assert.ok(third['madeBefore']);
    assert.equal(await accepted(), 1);
    await unlink(join(folder(), 'hero.webp'));
    assert.notEqual((await said('wanImage_generateImage', hero())).recipeId, first.recipeId);
    assert.equal(await accepted(), 2);
  });

  it('replace nothing', async () => {
    await writeFile(join(folder(), 'hero.webp'), 'mine');
    assert.deepEqual(codesOf(await said('wanImage_generateImage', hero())), ['target-exists']);
    assert.equal(await readFile(join(folder(), 'hero.webp'), 'utf8'), 'mine');
    assert.equal(await accepted(), 0);
  });

  it('write and read nothing outside the workspace, whatever way leads there', async () => {
    const outside = join(tmpdir(), `wan-outside-${process.pid}`);
    await mkdir(outside, { recursive: true });
    await symlink(outside, join(folder(), 'way-out'));
    await writeFile(join(outside, 'secret.png'), await readFile(await pictureIn('agents/near.png')));
    const ways = [
      '../hero.webp',
      join(outside, 'hero.webp'),
      'agents/way-out/hero.webp',
      '~/hero.webp',
      'https://a.example/hero.webp',
      'agents\\..\\..\\hero.webp',
    ];
    for (const path of ways)
      assert.match(
        codesOf(await said('wanImage_generateImage', hero({ path }))).join(),
        /^(path|target-outside)$/,
        path,
      );
    const pictures = [join(outside, 'secret.png'), 'agents/way-out/secret.png', '../secret.png'];
    for (const image of pictures) {
      const edit = { prompt: 'Brighter', image, path: 'agents/edited.png', ...cheap };
      assert.deepEqual(codesOf(await said('wanImage_editRegion', edit)), ['picture'], image);
      assert.match(codesOf(await said('wanImage_describeImage', { path: image })).join(), /^(path|outside)$/, image);
    }
    assert.deepEqual(await readdir(outside), ['secret.png']);
    assert.equal(await accepted(), 0);
    await rm(outside, { recursive: true });
  });

  /** Makes a picture file of the workspace, and answers its absolute path. */
  async function pictureIn(path: string, size = { width: 640, height: 400 }): Promise<string> {
    const file = join(workspaceFolder().uri.fsPath, path);
    const { bytes } = await parts.pixels.placeholder(size, 'picture', 'png');
    await writeFile(file, bytes);
    return file;
  }

  it('edit in boxes of the picture’s own pixels, and leave the picture as it is', async () => {
    const file = await pictureIn('agents/screen.png');
    const before = await readFile(file);
    const boxes = [{ x1: 10, y1: 20, x2: 300, y2: 200, label: 'the button' }];
    const edit = { prompt: 'Paint the button blue', image: file, path: 'agents/screen-blue.png', boxes, ...cheap };
    assert.equal((await said('wanImage_editRegion', edit)).done, true);
    assert.ok((await readFile(file)).equals(before));
    assert.ok(existsSync(join(folder(), 'screen-blue.png')));
    const [job] = await jobsOfAgents();
    assert.deepEqual(job?.asked?.inputs[0]?.boxes, boxes);
    const bad = { ...edit, path: 'agents/other.png', boxes: [{ x1: 10, y1: 20, x2: 3000, y2: 200 }] };
    const { problems = [] } = await said('wanImage_editRegion', bad);
    assert.ok(
      problems.some(({ field }) => field.startsWith('boxes.0')),
      JSON.stringify(problems),
    );
  });

  it('keep what lies outside the boxes wherever that can be had, say so, and lose nothing of the answer', async function () {
    this.timeout(90_000);
    const image = await pictureIn('agents/screen.png');
    const box = { x1: 100, y1: 80, x2: 300, y2: 220 };
    const change = async (path: string, changes: object = {}) => {
      const input = { prompt: 'Make it blue', image, path: `agents/${path}`, boxes: [box], ...cheap, ...changes };
      const { files = [], recipeId } = await said('wanImage_editRegion', input);
      const [file] = files;
      assert.ok(file, path);
      return { ...file, recipeId: String(recipeId) };
    };
    const pixels = (file: string) => sharp(file).removeAlpha().raw().toBuffer();

    const exact = await change('exact.png');
    assert.equal(exact.outside?.is, 'same', JSON.stringify(exact.outside));
    assert.deepEqual([exact.width, exact.height], [640, 400]);
    const [one, other] = [await pixels(image), await pixels(exact.absolutePath)];
    const changed = { outside: 0, inside: 0 };
    for (let at = 0; at < one.length; at++) {
      const [x, y] = [Math.floor(at / 3) % 640, Math.floor(at / 3 / 640)];
      const isInside = x >= box.x1 && x < box.x2 && y >= box.y1 && y < box.y2;
      if (one[at] !== other[at]) changed[isInside ? 'inside' : 'outside'] += 1;
    }
    assert.equal(changed.outside, 0);
    assert.ok(changed.inside > 1000);
    // The whole answer is where it came to, and the studio shows what the file has.
    const found = parts.services.findResult(`${exact.recipeId}-0`);
    assert.notEqual((await sharp(found?.file).metadata()).width, 640);
    assert.equal(found?.result.shown, 'inside');
    assert.equal(found.result.savedAs, undefined);
    // The same call again has the same file.
    assert.equal((await change('exact.png')).recipeId, exact.recipeId);

    const nearly = await change('nearly.webp');
    assert.deepEqual([nearly.outside?.is, nearly.width, nearly.height], ['nearly', 640, 400]);
    const asked = { prompt: 'a', image, path: 'agents/square.png', boxes: [box], ratio: '1:1', ...cheap };
    const { canRun, problems = [] } = await said('wanImage_checkRequest', { editRegion: asked });
    assert.ok(canRun === true && problems.some(({ code, field }) => `${code} ${field}` === 'outside-changes ratio'));
    const square = await change('square.png', { ratio: '1:1' });
    assert.equal(square.outside?.is, 'answer');
    assert.match(square.outside.sentence, /another shape/);
    const whole = await change('whole.png', { keepOutside: false });
    assert.equal(whole.outside?.is, 'answer');
    assert.notEqual(whole.width, 640);

    // A picture that has changed, and of which no copy is left, keeps nobody from the answer.
    const sha256 = await sha256Of(await readFile(image));
    await simulator.behave({ renderMs: 1500 });
    const before = await accepted();
    const late = change('late.png', { prompt: 'Make it red' });
    await until('it is accepted', async () => (await accepted()) > before);
    await pictureIn('agents/screen.png', { width: 500, height: 400 });
    await rm(parts.kept.fileOf(keptName(sha256, 'png')));
    assert.match((await late).outside?.sentence ?? '', /could not be put into the boxes.*All of the answer was saved/);
  });

  it('make sets as numbered files', async () => {
    const set = {
      prompt: 'Flat icons',
      pictures: ['a door', 'a key'],
      folder: 'agents',
      name: 'step',
      format: 'jpeg',
      ...cheap,
    };
    const { files = [] } = await said('wanImage_generateSet', set);
    assert.deepEqual(
      files.map(({ relativePath }) => relativePath),
      ['agents/step-1.jpg', 'agents/step-2.jpg'],
    );
  });

  it('check a request free, with its price, its files, and everything that is wrong with it', async () => {
    await writeFile(join(folder(), 'hero.webp'), 'mine');
    await goLive();
    const check = (generateImage: object) => said('wanImage_checkRequest', { generateImage });
    const { canRun, highestPrice, targets, problems } = await check(hero({ count: 2, path: 'agents/new.png' }));
    assert.deepEqual([canRun, highestPrice], [true, '$0.06']);
    assert.deepEqual(
      (targets as { relativePath: string }[]).map(({ relativePath }) => relativePath),
      ['agents/new.png', 'agents/new-2.png'],
    );
    assert.deepEqual(
      problems?.filter((problem) => 'severity' in problem && problem.severity === 'error'),
      [],
    );
    assert.equal((await check(hero({ palette: ['#000000', '#ffffff', '#ff0000'], resolution: '4K' }))).canRun, false);
    assert.deepEqual(codesOf(await said('wanImage_checkRequest', {})), ['shape']);
    assert.equal(await accepted(), 0);
  });

  it('describe a picture with its recipe', async () => {
    await setUserSetting('recipe', 'full');
    await said('wanImage_generateImage', hero({ path: 'agents/told.png' }));
    const result = await invoke('wanImage_describeImage', { path: 'agents/told.png' });
    const { width, format, recipe } = saidIn(result);
    assert.ok(Number(width) > 500);
    assert.equal(format, 'png');
    assert.equal((recipe as { prompt: string }).prompt, 'A paper lighthouse');
    assert.ok(result.content[1] instanceof vscode.LanguageModelDataPart);
    assert.deepEqual(codesOf(await said('wanImage_describeImage', { path: 'agents/none.png' })), ['outside']);
    await setUserSetting('recipe', undefined);
  });

  it('say before a call what it costs at most, where it goes, and what is there', async () => {
    await writeFile(join(folder(), 'hero.webp'), 'mine');
    await goLive();
    const { confirmationMessages } = await parts.agents.tools.prepare(
      'wanImage_generateImage',
      hero({ count: 4, model: 'pro' }),
    );
    assert.equal(confirmationMessages?.title, 'Generate an image for up to $0.30?');
    const message = confirmationMessages.message as vscode.MarkdownString;
    for (const words of ['A paper lighthouse', '\\$0\\.30', 'hero', 'There already'])
      assert.match(message.value.replaceAll('&nbsp;', ' '), new RegExp(words));
    assert.equal(message.isTrusted, undefined);
    const free = await parts.agents.tools.prepare('wanImage_checkRequest', { generateImage: hero() });
    assert.equal(free.confirmationMessages, undefined);
    assert.equal(await accepted(), 0);
  });

  it('buy nothing for more than was said, even where practice mode ended in between', async () => {
    await parts.agents.tools.prepare('wanImage_generateImage', hero());
    await goLive();
    const { token } = new vscode.CancellationTokenSource();
    const call = parts.agents.tools.invoke('wanImage_generateImage', hero(), token);
    assert.match(await errorOf(call), /more than was shown/);
    assert.equal(await accepted(), 0);
  });

  it('keep to the limit of agents, however calls are split and hurried', async () => {
    await goLive();
    const spent = (await parts.ledger.spentToday('')).agent / 1000;
    await setUserSetting('agentDailyLimit', spent + 0.06);
    const calls = Array.from({ length: 6 }, (_, index) =>
      invoke('wanImage_generateImage', hero({ path: `agents/${index}.webp` })),
    );
    const ends = await Promise.allSettled(calls);
    assert.equal(ends.filter(({ status }) => status === 'fulfilled').length, 2);
    assert.equal(await accepted(), 2);
    for (const end of ends)
      if (end.status === 'rejected')
        assert.match(String(end.reason), /limit of .* for agents and other extensions.*Do not split/);
    assert.match(
      await errorOf(
        invoke('wanImage_generateSet', { prompt: 'a', pictures: ['b', 'c'], folder: 'agents', name: 'x', ...cheap }),
      ),
      /Do not split/,
    );
    await setUserSetting('agentDailyLimit', undefined);
  });

  it('show people what was made, by whom, and the way back', async () => {
    answer('Undo');
    const { recipeId } = await said('wanImage_generateImage', hero());
    const file = join(folder(), 'hero.webp');
    await until('it is undone', () => !existsSync(file));
    assert.ok(
      questions.shown.some((text) => text.startsWith('An agent had agents/hero.webp made')),
      questions.shown.join('\n'),
    );
    assert.ok(questions.shown.some((text) => text.startsWith('Deleted agents/hero.webp.')));
    const record = parts.services.find(String(recipeId))?.job.record;
    assert.equal(record?.askedBy, 'agent');
    assert.equal(record.results.length, 1);
  });

  it('do not take back what somebody has changed', async () => {
    // The question is answered once the file is another one.
    const file = join(folder(), 'hero.webp');
    let press: (() => void) | undefined;
    questions.dispose();
    const original = vscode.window.showInformationMessage;
    const shown: string[] = [];
    const stand = (text: string, ...buttons: string[]) => {
      shown.push(text);
      return new Promise((resolve) => (press = () => resolve(buttons.find((button) => button === 'Undo'))));
    };
    Object.assign(vscode.window, { showInformationMessage: stand });
    try {
      await said('wanImage_generateImage', hero());
      await until('people are told', () => press !== undefined);
      await writeFile(file, 'mine');
      press?.();
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(await readFile(file, 'utf8'), 'mine');
    } finally {
      Object.assign(vscode.window, { showInformationMessage: original });
      questions = new Questions();
    }
  });

  it('can be copied from the history as a call, without a place of this machine', async () => {
    await pictureIn('agents/screen.png');
    const boxes = [{ x1: 10, y1: 20, x2: 300, y2: 200 }];
    const edit = { prompt: 'Paint it blue', image: 'agents/screen.png', path: 'agents/blue.png', boxes, ...cheap };
    const { recipeId } = await said('wanImage_editRegion', edit);
    const telling = await parts.copyAgentCall(String(recipeId));
    assert.equal(telling?.severity, 'info');
    const text = await vscode.env.clipboard.readText();
    assert.ok(!text.includes(workspaceFolder().uri.fsPath));
    const { tool, input } = JSON.parse(text) as { tool: string; input: Record<string, unknown> };
    assert.equal(tool, 'wanImage_editRegion');
    assert.deepEqual(
      [input['image'], input['path'], input['boxes']],
      ['agents/screen.png', 'agents/blue-2.png', boxes],
    );
    assert.equal((await said(tool, input)).done, true);
  });

  async function areGoneWhileOff(): Promise<void> {
    const invokeError = () => errorOf(invoke('wanImage_checkRequest', { generateImage: hero() }));
    await setAiOff(true);
    try {
      await until('the tool does not answer', async () => (await invokeError().catch(() => '')) !== '');
      assert.ok((await vscode.commands.getCommands(true)).includes('wanImage.generate'));
    } finally {
      await setAiOff(false);
    }
    await until('the tool answers again', () =>
      said('wanImage_checkRequest', { generateImage: hero() }).then(
        ({ canRun }) => canRun === true,
        () => false,
      ),
    );
  }

  /** What people ask of image tools in an editor, and what shows that these have it. Consent and refusal are shown by the journey, where the question appears. */
  describe('meet what people ask of image tools:', () => {
    const wishes: readonly (readonly [string, () => Promise<void>])[] = [
      [
        'a preview survives reopening: it is the file, and the history has it as well',
        async () => {
          const { files = [], recipeId } = await said('wanImage_generateImage', hero());
          await vscode.commands.executeCommand('workbench.action.closeAllEditors');
          const again = await invoke('wanImage_generateImage', hero());
          assert.deepEqual(saidIn(again).files, files);
          assert.ok(again.content[1] instanceof vscode.LanguageModelDataPart);
          await parts.services.recall(String(recipeId));
          assert.ok(parts.services.findResult(`${String(recipeId)}-0`));
        },
      ],
      [
        'a project file, and none is overwritten',
        async () => {
          await writeFile(join(folder(), 'hero.webp'), 'mine');
          assert.deepEqual(codesOf(await said('wanImage_generateImage', hero())), ['target-exists']);
        },
      ],
      [
        'a key that no answer and no error holds',
        async () => {
          await goLive('sk-empiriolabs-agents-canary');
          const made = await invoke('wanImage_generateImage', hero());
          await simulator.faults({ at: 'submit', kind: 'status', status: 401, times: 1 });
          const failed = await errorOf(invoke('wanImage_generateImage', hero({ path: 'agents/two.webp' })));
          assert.doesNotMatch(JSON.stringify(made.content.slice(0, 1)) + failed, /canary/);
        },
      ],
      [
        'approval before anything is paid, and none for what is free',
        async () => {
          const paid = toolNames.slice(0, 3);
          const inputs = [
            hero(),
            { ...hero(), image: 'a.png' },
            { prompt: 'a', pictures: ['b', 'c'], folder: 'agents', name: 'd' },
          ];
          for (const [index, name] of paid.entries())
            assert.ok((await parts.agents.tools.prepare(name, inputs[index])).confirmationMessages, name);
        },
      ],
      [
        'a clear cancel: nothing is bought that was not sent, and what was sent is not lost',
        async () => {
          await goLive();
          const early = new vscode.CancellationTokenSource();
          early.cancel();
          await errorOf(invoke('wanImage_generateImage', hero(), early.token));
          assert.equal(await accepted(), 0);
          await simulator.behave({ renderMs: 3000 });
          const late = new vscode.CancellationTokenSource();
          await parts.agents.tools.prepare('wanImage_generateImage', hero());
          const call = parts.agents.tools.invoke('wanImage_generateImage', hero(), late.token);
          const failed = call.then(
            () => undefined,
            (error: unknown) => error,
          );
          const isAccepted = until('it is accepted', async () => (await accepted()) === 1);
          await Promise.race([isAccepted, failed.then((error) => Promise.reject(error as Error))]);
          late.cancel();
          // By its name: the tests are a bundle of their own.
          const error = (await failed) as AgentError;
          assert.deepEqual([error.name, error.mayExist], ['AgentError', true]);
          assert.match(error.message, /had been sent and is billed all the same.*history.*Do not ask for another one/);
          // The same call waits for what was bought, and has it.
          assert.equal((await said('wanImage_generateImage', hero())).done, true);
          assert.equal(await accepted(), 1);
        },
      ],
      [
        'a key that is missing or refused says who can set it',
        async () => {
          await goLive();
          await parts.keys.forget();
          assert.match(
            await errorOf(invoke('wanImage_generateImage', hero())),
            /Set API Key.*Never ask for the key itself/,
          );
          await failure(401, /Set API Key.*Never ask for the key itself/);
          assert.equal(await accepted(), 0);
        },
      ],
      [
        'a limit that is reached says so, and that splitting is no way around it',
        async () => {
          await goLive();
          await setUserSetting('agentDailyLimit', 0);
          assert.match(await errorOf(invoke('wanImage_generateImage', hero())), /limit of .*Do not split/);
          await setUserSetting('agentDailyLimit', undefined);
          assert.equal(await accepted(), 0);
        },
      ],
      ['a lack of credit says so', () => failure(402, /credit/)],
      ['a refusal of the content says what to change', () => failure(400, /./, 'content_policy_violation')],
      [
        'a file that cannot be saved loses no picture and buys none again',
        async () => {
          await simulator.behave({ renderMs: 1500 });
          const call = errorOf(invoke('wanImage_generateImage', hero()));
          await until('it is accepted', async () => (await accepted()) === 1);
          await writeFile(join(folder(), 'hero.webp'), 'in the way');
          assert.match(await call, /is there already.*kept in the history.*Do not buy it again/);
          await unlink(join(folder(), 'hero.webp'));
          assert.equal((await said('wanImage_generateImage', hero())).done, true);
          assert.equal(await accepted(), 1);
        },
      ],
      ['all of it is gone while AI features are turned off, and everything else stays', areGoneWhileOff],
    ];

    async function failure(status: number, words: RegExp, code?: string): Promise<void> {
      await goLive();
      await simulator.faults({ at: 'submit', kind: 'status', status, times: 1, ...(code !== undefined && { code }) });
      assert.match(await errorOf(invoke('wanImage_generateImage', hero())), words);
    }

    for (const [wish, shows] of wishes) it(wish, shows);
  });
});
