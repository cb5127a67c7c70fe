import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { InsertError } from '../../src/host/inserting/insertError.ts';
import { insertReferences, type SavedPicture } from '../../src/host/inserting/inserter.ts';
import { type InsertTarget, LastEditor, targetIn } from '../../src/host/inserting/insertTarget.ts';
import { TrackedPosition } from '../../src/host/inserting/trackedPosition.ts';
import { Sites } from '../../src/host/site.ts';
import { workspaceFolder } from './support/extension.ts';
import { MemoryFiles } from './support/memoryFiles.ts';

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
