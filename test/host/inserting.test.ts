import * as assert from 'node:assert/strict';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { draftAlt } from '../../src/host/inserting/draftAlt.ts';
import { InsertError } from '../../src/host/inserting/insertError.ts';
import { insertReferences, type SavedPicture } from '../../src/host/inserting/inserter.ts';
import { type InsertTarget, LastEditor, targetIn } from '../../src/host/inserting/insertTarget.ts';
import { TrackedPosition } from '../../src/host/inserting/trackedPosition.ts';
import { Sites } from '../../src/host/site.ts';
import { app, until, workspaceFolder } from './support/extension.ts';
import { MemoryFiles } from './support/memoryFiles.ts';
import { Questions } from './support/questions.ts';

describe('inserting a reference', () => {
  const inWorkspace = (...path: string[]) => vscode.Uri.joinPath(workspaceFolder().uri, ...path);
  const picture = (...path: string[]): SavedPicture => ({
    file: inWorkspace(...path),
    alt: 'A fox',
    width: 64,
    height: 36,
    type: 'image/png',
  });
  const sites = new Sites();
  const insert = (target: InsertTarget, pictures: readonly SavedPicture[]) => insertReferences(target, pictures, sites);
  let made: vscode.Uri[] = [];

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await Promise.all(made.map((uri) => vscode.workspace.fs.delete(uri)));
    made = [];
  });

  async function documentWith(text: string, ...path: string[]): Promise<vscode.TextDocument> {
    const uri = inWorkspace(...path);
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    made.push(uri);
    return vscode.workspace.openTextDocument(uri);
  }

  it('writes a path relative to a Markdown document in a subfolder', async () => {
    const document = await documentWith('Before. After.', 'docs', 'test one.md');
    await insert({ document: document.uri, offset: 8 }, [picture('images', 'a fox.png')]);
    assert.equal(document.getText(), 'Before. ![A fox](../images/a%20fox.png)After.');
  });

  it('writes an element with its size into HTML', async () => {
    const document = await documentWith('<p></p>', 'test.html');
    await insert({ document: document.uri, offset: 3 }, [picture('images', 'fox.png')]);
    assert.equal(
      document.getText(),
      '<p><img src="images/fox.png" alt="A fox" width="64" height="36" loading="lazy"></p>',
    );
  });

  it('writes several as paragraphs, which one Undo takes back', async () => {
    const document = await documentWith('x', 'test-two.md');
    await vscode.window.showTextDocument(document);
    await insert({ document: document.uri, offset: 1 }, [picture('a.png'), picture('b.png')]);
    assert.equal(document.getText(), 'x![A fox](a.png)\n\n![A fox](b.png)');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'x');
  });

  it('goes from the workspace folder in a document that is not saved yet', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: '' });
    await vscode.window.showTextDocument(document);
    await insert({ document: document.uri, offset: 0 }, [picture('images', 'fox.png')]);
    assert.equal(document.getText(), '![A fox](images/fox.png)');
  });

  it('stays inside a document that has become shorter', async () => {
    const document = await documentWith('short', 'test-short.md');
    await insert({ document: document.uri, offset: 5000 }, [picture('fox.png')]);
    assert.equal(document.getText(), 'short![A fox](fox.png)');
  });

  const kindOf = (work: Promise<unknown>) =>
    work.then(
      () => 'inserted',
      (error: unknown) => (error instanceof InsertError ? error.kind : error),
    );

  it('says that a document is gone, is no document for it, or can only be read', async () => {
    const text = await documentWith('x', 'test.txt');
    assert.equal(await kindOf(insert({ document: inWorkspace('gone.md'), offset: 0 }, [picture('fox.png')])), 'gone');
    assert.equal(await kindOf(insert({ document: text.uri, offset: 0 }, [picture('fox.png')])), 'language');
    const files = new MemoryFiles('wan-test-readonly', { isReadonly: true });
    files.put('/doc.md', 'x');
    await files.isKnown();
    assert.equal(
      await kindOf(insert({ document: files.uri('/doc.md'), offset: 0 }, [picture('fox.png')])),
      'read-only',
    );
    files.dispose();
  });

  it('says that a document cannot refer to a picture on another file system', async () => {
    const files = new MemoryFiles('wan-test-memory');
    files.put('/doc.md', 'x');
    assert.equal(
      await kindOf(insert({ document: files.uri('/doc.md'), offset: 0 }, [picture('fox.png')])),
      'elsewhere',
    );
    files.dispose();
  });

  it('writes at every cursor and in the place of selections, whose words become the text, in one step', async () => {
    const document = await documentWith('one A red fox two', 'test-many.md');
    const editor = await vscode.window.showTextDocument(document);
    editor.selections = [new vscode.Selection(0, 0, 0, 0), new vscode.Selection(0, 4, 0, 13)];
    const target = targetIn(editor);
    assert.ok(target);
    await insert(target, [picture('fox.png')]);
    assert.equal(document.getText(), '![A fox](fox.png)one ![A red fox](fox.png) two');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'one A red fox two');
  });

  it('deals as many pictures out as there are cursors', async () => {
    const document = await documentWith('1 2', 'test-dealt.md');
    const ranges = [
      { start: 1, end: 1 },
      { start: 3, end: 3 },
    ];
    await insert({ document: document.uri, offset: 1, ranges }, [picture('a.png'), picture('b.png')]);
    assert.equal(document.getText(), '1![A fox](a.png) 2![A fox](b.png)');
  });

  it('imports the picture into a component of a Vite project, and serves one of its public folder under its base', async () => {
    await documentWith("export default { base: '/docs/' }", 'test-vite', 'vite.config.ts');
    const text = "import React from 'react';\n\nexport const page = ;\n";
    const document = await documentWith(text, 'test-vite', 'src', 'page.tsx');
    await vscode.window.showTextDocument(document);
    const target = { document: document.uri, offset: text.indexOf(';\n', 30) };
    await insert(target, [picture('test-vite', 'src', 'a-fox.png')]);
    assert.equal(
      document.getText(),
      'import React from \'react\';\nimport aFox from \'./a-fox.png\';\n\nexport const page = <img src={aFox} alt="A fox" width={64} height={36} loading="lazy" />;\n',
    );
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
    await insert(target, [picture('test-vite', 'public', 'fox.png')]);
    assert.ok(document.getText().includes('<img src="/docs/fox.png"'), document.getText());
  });

  it('looks at a project again when its configuration changes', async () => {
    const document = await documentWith('a { background: }', 'test-change', 'a.css');
    assert.equal((await sites.siteOf(document.uri))?.framework, 'plain');
    await documentWith('', 'test-change', 'astro.config.mjs');
    await until('the project is known', async () => (await sites.siteOf(document.uri))?.framework === 'astro');
    const { root, publicRoot } = (await sites.siteOf(document.uri)) ?? {};
    assert.equal(root?.path, inWorkspace('test-change').path);
    assert.equal(publicRoot?.path, inWorkspace('test-change', 'public').path);
    assert.equal(await sites.siteOf(vscode.Uri.file('/elsewhere/x.css')), undefined);
  });

  it('leaves the alternative text selected where the cursor waited for it, and nowhere else', async () => {
    const document = await documentWith('<p></p>', 'test-chosen.html');
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 3, 0, 3);
    const target = targetIn(editor);
    assert.ok(target);
    await insert(target, [picture('fox.png')]);
    assert.equal(document.getText(editor.selection), 'A fox');
    editor.selection = new vscode.Selection(0, 1, 0, 1);
    const again = targetIn(editor);
    assert.ok(again);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    await insert(again, [picture('fox.png')]);
    assert.equal(document.getText(editor.selection), '');
  });

  it('writes into a cell of a notebook from where the notebook lies', async () => {
    const cells = [{ cell_type: 'markdown', metadata: {}, source: ['x'] }];
    const text = JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
    const file = inWorkspace('docs', 'test-cells.ipynb');
    await vscode.workspace.fs.writeFile(file, Buffer.from(text));
    made.push(file);
    const cell = (await vscode.workspace.openNotebookDocument(file)).cellAt(0).document;
    await insert({ document: cell.uri, offset: 1 }, [picture('images', 'fox.png')]);
    assert.equal(cell.getText(), 'x![A fox](../images/fox.png)');
  });

  it('makes a reference of a picture that is dropped into a component, and of nothing else', async () => {
    const document = await documentWith('<p></p>', 'test-drop.vue.html');
    const { writeDropped } = await app();
    const png = await sharp({ create: { width: 8, height: 4, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    await vscode.workspace.fs.writeFile(inWorkspace('images', 'a-dropped_fox.png'), png);
    await vscode.workspace.fs.writeFile(inWorkspace('images', 'no.png'), Buffer.from('no picture'));
    made.push(inWorkspace('images', 'a-dropped_fox.png'), inWorkspace('images', 'no.png'));
    const at = [new vscode.Range(0, 3, 0, 3)];
    const written = await writeDropped(document, at, [inWorkspace('images', 'a-dropped_fox.png')]);
    assert.ok(written?.text instanceof vscode.SnippetString);
    assert.equal(
      written.text.value,
      '<img src="images/a-dropped_fox.png" alt="${1:a dropped fox}" width="8" height="4" loading="lazy">',
    );
    assert.equal(await writeDropped(document, at, [inWorkspace('images', 'no.png')]), undefined);
    assert.equal(await writeDropped(document, at, [inWorkspace('images', 'gone.png')]), undefined);
  });

  describe('an alternative text that a model drafts', () => {
    const model = (answer: () => AsyncIterable<string>) => {
      const sent: vscode.LanguageModelChatMessage[] = [];
      const sendRequest = (messages: vscode.LanguageModelChatMessage[]) => {
        sent.push(...messages);
        return Promise.resolve({ text: answer() });
      };
      return {
        sent,
        chat: { name: 'A Model', vendor: 'somebody', sendRequest } as unknown as vscode.LanguageModelChat,
      };
    };
    const says = (words: string) =>
      async function* () {
        yield await Promise.resolve(words);
      };

    let drafts = 0;
    async function draft(text: string, at: number, chat: vscode.LanguageModelChat, picks: readonly string[]) {
      const document = await documentWith(text, 'docs', `test-draft-${drafts++}.md`);
      const editor = await vscode.window.showTextDocument(document);
      editor.selection = new vscode.Selection(0, at, 0, at);
      const questions = new Questions({ picks });
      const told: string[] = [];
      try {
        await draftAlt(editor, {
          models: () => Promise.resolve([chat]),
          sites,
          picture: () => Promise.resolve({ bytes: new Uint8Array([1]), format: 'webp' }),
          tell: ({ text }) => Promise.resolve(void told.push(text)),
          log: { info: () => undefined, error: () => undefined },
        });
      } finally {
        questions.dispose();
      }
      return { document, editor, told, shown: questions.shown.join() };
    }

    it('takes the place of the old one, selected, after the user has chosen who sees the picture', async () => {
      const { sent, chat } = model(says('"A *red*\nfox"'));
      const { document, editor, told, shown } = await draft('![x](../images/photo.jpg)', 3, chat, ['A Model']);
      assert.match(shown, /images\/photo\.jpg is sent to the model that you choose/);
      assert.equal(sent.length, 1);
      assert.equal(document.getText(), '![A \\*red\\* fox](../images/photo.jpg)');
      assert.equal(document.getText(editor.selection), 'A \\*red\\* fox');
      assert.match(told.join(), /draft by A Model/);
    });

    it('sends nothing where the user chooses nobody, and nothing from outside the folder', async () => {
      const { sent, chat } = model(says('A fox'));
      assert.equal(
        (await draft('![x](../images/photo.jpg)', 3, chat, [])).document.getText(),
        '![x](../images/photo.jpg)',
      );
      const { told } = await draft('![x](../../../../../etc/hostname)', 3, chat, ['A Model']);
      assert.match(told.join(), /Put the cursor into a reference/);
      assert.equal(sent.length, 0);
    });

    it('says so where the model describes nothing, and leaves the document as it is', async () => {
      const { chat } = model(says(' '));
      const { document, told } = await draft('![x](../images/photo.jpg)', 3, chat, ['A Model']);
      assert.equal(document.getText(), '![x](../images/photo.jpg)');
      assert.match(told.join(), /A Model did not describe images\/photo\.jpg/);
    });
  });

  it('follows the text while the document is edited', async () => {
    const document = await documentWith('one two three', 'test-tracked.md');
    const editor = await vscode.window.showTextDocument(document);
    const position = new TrackedPosition({ document: document.uri, offset: 4 });
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'zero '));
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, 0, 4), 'nil'));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, document.getText().length), ' four'));
    await insert(position, [picture('fox.png')]);
    assert.equal(document.getText(), 'nil one ![A fox](fox.png)two three four');
    position.dispose();
  });

  it('takes the cursor of the last editor, also when a panel has the focus', async () => {
    const document = await documentWith('one two', 'test-last.md');
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 4, 0, 4);
    const last = new LastEditor();
    assert.equal(targetIn(editor)?.offset, 4);
    const panel = vscode.window.createWebviewPanel('wan-test', 'Test', vscode.ViewColumn.Beside);
    assert.deepEqual([last.target?.document.toString(), last.target?.offset], [document.uri.toString(), 4]);
    panel.dispose();
    last.dispose();
  });

  it('takes no cursor of a document in a language without pictures', async () => {
    const document = await documentWith('x', 'test.txt');
    assert.equal(targetIn(await vscode.window.showTextDocument(document)), undefined);
  });
});
