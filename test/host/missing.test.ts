import * as assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { App } from '../../src/host/app.ts';
import { isUntouchedPlaceholder } from '../../src/pixels/placeholderMark.ts';
import { app, canSearchFiles, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('pictures that a document refers to', () => {
  const inWorkspace = (...path: string[]) => vscode.Uri.joinPath(workspaceFolder().uri, 'missing', ...path);
  let parts: App;
  let questions: Questions;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
  });

  beforeEach(() => {
    questions = new Questions();
  });

  afterEach(async () => {
    questions.dispose();
    await setUserSetting('missingPictures', undefined);
    await setUserSetting('codeLens', undefined);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(inWorkspace(), { recursive: true });
  });

  after(() => setUserSetting('service', undefined));

  async function shown(text: string, ...path: string[]): Promise<vscode.TextDocument> {
    await vscode.workspace.fs.writeFile(inWorkspace('there.png'), Buffer.from('picture'));
    await vscode.workspace.fs.writeFile(inWorkspace(...path), Buffer.from(text));
    const document = await vscode.workspace.openTextDocument(inWorkspace(...path));
    await vscode.window.showTextDocument(document);
    return document;
  }
  const problems = ({ uri }: vscode.TextDocument) =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Wan Image');
  const rangeOf = (document: vscode.TextDocument, words: string) => {
    const start = document.getText().indexOf(words);
    return new vscode.Range(document.positionAt(start), document.positionAt(start + words.length));
  };
  async function fixes(document: vscode.TextDocument, words: string): Promise<string[]> {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      rangeOf(document, words),
    );
    return actions.map(({ title }) => title).filter((title) => /^(Generate|Fill)/.test(title));
  }

  /** Runs a command and takes its list as it is. */
  async function accepting(...command: [string, ...unknown[]]): Promise<void> {
    const running = vscode.commands.executeCommand(...command);
    await until('the list is accepted', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return Promise.race([running.then(() => true), pause(300).then(() => false)]);
    });
  }

  const page =
    '<h1>Foxes</h1>\n<img src="a.png" alt="A red fox" width="400" height="300">\n<img src="there.png">\n<img src="sub/b.png">\n';

  it('are marked where they do not exist, until they do', async () => {
    const document = await shown(page, 'page.html');
    await until('two are marked', () => problems(document).length === 2);
    assert.equal(problems(document)[0]?.message, 'The picture missing/a.png does not exist.');
    assert.deepEqual(problems(document)[0]?.range, rangeOf(document, 'a.png'));
    await vscode.workspace.fs.writeFile(inWorkspace('sub', 'b.png'), Buffer.from('picture'));
    await until('one is marked', () => problems(document).length === 1);
    await vscode.workspace.fs.delete(inWorkspace('sub', 'b.png'));
    await until('two are marked again', () => problems(document).length === 2);
    await setUserSetting('missingPictures', 'ignore');
    await until('nothing is marked', () => problems(document).length === 0);
  });

  it('are not marked in Markdown, which VS Code checks itself, and can be generated there all the same', async () => {
    const document = await shown('![A fox](a.png) ![B](b.png) ![C](there.png)', 'page.md');
    await pause(1000);
    assert.deepEqual(problems(document), []);
    const offered = [
      'Generate This Image',
      'Generate All 2 Missing Images in This File',
      'Fill with Free Placeholders',
    ];
    // The first time that a language is asked for fixes, its own provider may still be starting, and VS Code answers without any.
    await until('both are offered', async () => (await fixes(document, 'a.png')).join() === offered.join());
    assert.deepEqual(await fixes(document, 'there.png'), []);
  });

  it('show themselves and what can be done in a hover', async () => {
    const document = await shown(page, 'page.html');
    const hover = async (words: string) => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        rangeOf(document, words).start,
      );
      return hovers
        .flatMap(({ contents }) => contents)
        .map((content) => (typeof content === 'string' ? content : content.value))
        .join('\n');
    };
    assert.match(
      await hover('there.png'),
      /!\[\]\(.+there\.png\|width=240\)[\s\S]+\[Edit with Wan\]\(command:wanImage\.edit\?/,
    );
    assert.match(
      (await hover('a.png')).replaceAll('&nbsp;', ' '),
      /does not exist[\s\S]+\(command:wanImage\.generateMissing\?/,
    );
  });

  it('have a line above them where they do not exist, or always, or never', async () => {
    const document = await shown(page, 'page.html');
    const lenses = async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        10,
      );
      return found.map(({ command }) => command?.title);
    };
    const generate = 'Generate this image, free practice';
    assert.deepEqual(await lenses(), [generate, generate]);
    await setUserSetting('codeLens', 'all');
    assert.deepEqual(await lenses(), [generate, 'Edit with Wan', 'Run Recipe Again…', generate]);
    await setUserSetting('codeLens', 'off');
    assert.deepEqual(await lenses(), []);
  });

  it('are generated together as exactly those files, from the words of the document and in its sizes', async () => {
    const document = await shown(page, 'page.html');
    await accepting('wanImage.generateMissing', document.uri.toString());
    const files = ['a.png', 'sub/b.png'].map((path) => inWorkspace(path));
    await until('both are there', async () => (await Promise.all(files.map(isThere))).every(Boolean), 25_000);
    await until('nothing is marked', () => problems(document).length === 0);
    const service = await parts.services.current();
    const requests = service.jobs
      .list()
      .slice(0, 2)
      .map(({ record }) => record.request);
    const ofA = requests.find(({ prompt }) => prompt === 'A red fox (Foxes)');
    assert.deepEqual([ofA?.customWidth, ofA?.customHeight], [1024, 768]);
    assert.ok(requests.some(({ prompt }) => prompt === 'b (Foxes)'));
    await vscode.commands.executeCommand('wanImage.generateMissing', document.uri.toString());
    assert.match(questions.shown.at(-1) ?? '', /is there, as far as it can be followed/);
  });

  it('are filled with free placeholders, which become real from what the document says by then', async function () {
    if (!(await canSearchFiles())) return this.skip();
    const document = await shown(page.replace('sub/b.png', 'sub/b.webp'), 'filled.html');
    const jobs = async () => (await parts.services.current()).jobs.list();
    const bytesOf = (path: string) =>
      vscode.workspace.fs.readFile(inWorkspace(path)).then((bytes) => Buffer.from(bytes));
    const { length } = await jobs();
    await vscode.commands.executeCommand('wanImage.fillMissing', document.uri.toString());
    assert.match(questions.shown.at(-1) ?? '', /Saved 2 pictures in missing/);
    const placeholder = await bytesOf('a.png');
    assert.ok(isUntouchedPlaceholder(placeholder) && isUntouchedPlaceholder(await bytesOf('sub/b.webp')));
    assert.deepEqual([placeholder.readUInt32BE(16), placeholder.readUInt32BE(20)], [1024, 768]);
    await vscode.commands.executeCommand('wanImage.fillMissing', document.uri.toString());
    assert.match(questions.shown.at(-1) ?? '', /No picture is missing in/);
    assert.equal((await jobs()).length, length);

    // What somebody has painted over is their own; what the document says now counts, saved or not.
    const painted = Buffer.concat([await bytesOf('sub/b.webp'), Buffer.from('more')]);
    await vscode.workspace.fs.writeFile(inWorkspace('sub', 'b.webp'), painted);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, rangeOf(document, 'red'), 'blue');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await accepting('wanImage.makePlaceholdersReal');
    await until('it is real', async () => !isUntouchedPlaceholder(await bytesOf('a.png')), 25_000);
    const [made, ...others] = (await jobs()).slice(0, (await jobs()).length - length);
    assert.deepEqual([made?.record.request.prompt, others], ['A blue fox (Foxes)', []]);
    const real = await bytesOf('a.png');
    assert.deepEqual([real.readUInt32BE(16), real.readUInt32BE(20)], [1024, 768]);
    assert.ok((await bytesOf('sub/b.webp')).equals(painted));
    await vscode.commands.executeCommand('wanImage.makePlaceholdersReal');
    assert.match(questions.shown.at(-1) ?? '', /There is no placeholder that/);
  });

  it('that have become real are left alone when they are saved once more', async function () {
    if (!(await canSearchFiles())) return this.skip();
    const document = await shown('<img src="once.png" alt="A kite" width="400" height="300">', 'once.html');
    await vscode.commands.executeCommand('wanImage.fillMissing', document.uri.toString());
    const bytes = async () => Buffer.from(await vscode.workspace.fs.readFile(inWorkspace('once.png')));
    await accepting('wanImage.makePlaceholdersReal');
    await until('it is real', async () => !isUntouchedPlaceholder(await bytes()), 25_000);
    const record = (await parts.services.current()).jobs.list()[0]?.record;
    assert.ok(record?.intent.kind === 'save');
    const { targets, replaces } = record.intent;
    await until('that it was saved is noted', async () => {
      const [job] = (await parts.services.current()).jobs.list();
      return job?.record.results[0]?.savedAs !== undefined;
    });
    const real = await bytes();
    const outcome = await parts.results.saveExactly(
      record.results.map(({ id }) => id),
      targets,
      replaces,
    );
    assert.deepEqual([outcome.kind, outcome.files], ['saved', []]);
    assert.ok((await bytes()).equals(real));
  });

  it('outside of the workspace are none', async () => {
    const document = await shown('<img src="../../../outside.png"><img src="/../../x.png">', 'page.html');
    await pause(1000);
    assert.deepEqual(problems(document), []);
    await vscode.commands.executeCommand('wanImage.generateMissing', document.uri.toString());
    assert.match(questions.shown.at(-1) ?? '', /is there, as far as it can be followed/);
  });
});

const isThere = (file: vscode.Uri): Thenable<boolean> =>
  vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
