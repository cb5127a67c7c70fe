import * as assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { parseFragment } from 'parse5';
import { parse } from 'postcss';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { app, workspaceFolder } from './support/extension.ts';

/** What a file may be called; a snippet, a path, a URL and each language take other characters for their own. */
const names = [
  'two words #b?c%20d.png',
  `it's "quoted" (1) [x] {y} $1 \${2:z} $TM_FILENAME \\.png`,
  '🦊 תמונה של שועל & <b>.png',
];

const srcOf: Readonly<Record<string, (text: string) => string | undefined>> = {
  md: (text) => findSrc(new MarkdownIt({ html: true }).render(text)),
  html: findSrc,
  css: (text) => {
    let url: string | undefined;
    parse(`a { b: ${text} }`).walkDecls(({ value }) => void (url = /^url\("(.*)"\)$/.exec(value)?.[1]));
    return url;
  },
};

function findSrc(html: string): string | undefined {
  return /^<img|<img/.test(html) ? attributesIn(parseFragment(html))['src'] : undefined;
}

interface Node {
  readonly nodeName: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Node[];
}

function attributesIn(node: Node): Record<string, string> {
  if (node.nodeName === 'img') return Object.fromEntries((node.attrs ?? []).map(({ name, value }) => [name, value]));
  return Object.assign({}, ...(node.childNodes ?? []).map(attributesIn)) as Record<string, string>;
}

/** What the editor makes of an edit: a string is text, and no snippet. */
const valueOf = (text: string | vscode.SnippetString): string =>
  typeof text === 'string' ? new vscode.SnippetString().appendText(text).value : text.value;

describe('a picture that is dropped or pasted into a document', () => {
  const folder = () => vscode.Uri.joinPath(workspaceFolder().uri, 'dropped here');
  let png: Uint8Array;

  before(async () => {
    png = await sharp({ create: { width: 8, height: 4, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    for (const name of names) await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder(), name), png);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(folder(), { recursive: true });
  });

  for (const [extension, read] of Object.entries(srcOf))
    it(`is found by whoever reads what the editor wrote, whatever it is called: ${extension}`, async () => {
      const { writeDropped } = await app();
      for (const [at, name] of names.entries()) {
        const uri = vscode.Uri.joinPath(folder(), 'docs', `page-${at}.${extension}`);
        await vscode.workspace.fs.writeFile(uri, Buffer.from(''));
        const document = await vscode.workspace.openTextDocument(uri);
        const editor = await vscode.window.showTextDocument(document);
        const file = vscode.Uri.joinPath(folder(), name);
        const start = new vscode.Position(0, 0);
        const written = await writeDropped(document, [new vscode.Range(start, start)], [file]);
        assert.ok(written, name);
        assert.ok(await editor.insertSnippet(new vscode.SnippetString(valueOf(written.text)), start));
        const src = read(document.getText());
        assert.equal(
          src && decodeURIComponent(new URL(src, `http://x${encodeURI(uri.path)}`).pathname),
          file.path,
          document.getText(),
        );
        await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      }
    });
});
