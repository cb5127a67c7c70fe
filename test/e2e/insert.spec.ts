import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'parse5';
import { drawnPicture } from './expected.ts';
import { unmarked } from '../unmarked.ts';
import { expect, test } from './fixtures.ts';
import { button, jobOf, openStudio, prompt } from './studioSteps.ts';

test('generate and insert at the cursor of a Markdown file in a subfolder; the preview shows it', async ({
  code,
  simulator,
  rig,
}) => {
  await code.open('docs/guide.md', 13);
  await code.run('Wan Image: Generate and Insert Here');
  await code.answer('What should the picture show?', 'A garden shed (with a "weather vane") & clouds');
  await code.pick('Generate · free practice');
  await expect(code.toast(/inserted it into docs\/guide\.md/)).toBeVisible({ timeout: 40_000 });
  await code.screenshot('inserted');
  await code.saveEditor();

  const file = join(rig.workspace, 'images', 'a-garden-shed-with-a-weather-vane-clouds.png');
  expect(unmarked(readFileSync(file)).equals(await drawnPicture(simulator))).toBe(true);
  const lines = readFileSync(join(rig.workspace, 'docs', 'guide.md'), 'utf8').split('\n');
  expect(lines[12]).toMatch(/^!\[A garden shed .*\]\(\.\.\/images\/a-garden-shed-with-a-weather-vane-clouds\.png\)$/);

  await code.run('Markdown: Open Preview to the Side');
  const shown = code.page
    .frameLocator('iframe.webview.ready')
    .last()
    .frameLocator('iframe#active-frame')
    .locator('img[src*="garden-shed"]');
  await expect
    .poll(() => shown.evaluate((image) => (image as HTMLImageElement).naturalWidth), { timeout: 20_000 })
    .toBe(2731);
  await code.screenshot('markdown-preview');
});

test(
  'the picture goes to where the cursor was, though the user went on writing',
  { tag: '@full' },
  async ({ code, simulator, rig }) => {
    await simulator.behave({ renderMs: 4000 });
    await code.open('site/index.html', 1);
    const before = readFileSync(join(rig.workspace, 'site', 'index.html'), 'utf8');
    const line = before.split('\n').findIndex((text) => text.includes('<body')) + 2;
    await code.open('site/index.html', line);
    await code.run('Wan Image: Generate and Insert Here');
    await code.answer('What should the picture show?', 'A banner with a kite');
    await code.pick('Generate · free practice');
    await expect(code.toast('Generating the picture')).toBeVisible();
    await code.open('site/index.html', 1);
    await code.typeInEditor('<!-- written meanwhile -->\n');
    await expect(code.toast(/inserted it into site\/index\.html/)).toBeVisible({ timeout: 40_000 });
    await code.saveEditor();

    const after = readFileSync(join(rig.workspace, 'site', 'index.html'), 'utf8');
    const [written, ...rest] = after.split('\n');
    expect(written).toBe('<!-- written meanwhile -->');
    expect(rest[line - 1]).toContain('<img');
    const image = findElement(parse(after), 'img', 'a-banner-with-a-kite');
    expect(image).toMatchObject({
      src: '../images/a-banner-with-a-kite.png',
      alt: 'A banner with a kite',
      width: '2731',
      height: '1536',
    });
    expect(existsSync(join(rig.workspace, 'images', 'a-banner-with-a-kite.png'))).toBe(true);
  },
);

test('a picture that is copied in the studio is saved and referred to where it is pasted; Undo takes the reference back', async ({
  code,
  rig,
}) => {
  await openStudio(code);
  await prompt(code).fill('A wheelbarrow with tulips');
  await button(code, /^Generate · free/).click({ timeout: 20_000 });
  const job = jobOf(code, 'A wheelbarrow with tulips');
  await job.getByRole('button', { name: 'More', exact: true }).press('Enter', { timeout: 40_000 });
  await job.getByRole('button', { name: 'Copy for Documents' }).press('Enter');
  await expect(job.getByText('Copied. Paste it into a document')).toBeVisible();

  const file = join(rig.workspace, 'images', 'a-wheelbarrow-with-tulips.png');
  expect(existsSync(file)).toBe(false);
  const document = join(rig.workspace, 'docs', 'guide.md');
  const before = readFileSync(document, 'utf8');
  await code.open('docs/guide.md', 13);
  await code.page.keyboard.press('ControlOrMeta+KeyV');
  await expect(code.toast(/Saved images\/a-wheelbarrow-with-tulips\.png/)).toBeVisible({ timeout: 20_000 });
  await expect(code.editorLines()).toContainText('a-wheelbarrow-with-tulips.png');
  await code.screenshot('pasted-reference');
  await code.saveEditor();
  const reference = '![A wheelbarrow with tulips](../images/a-wheelbarrow-with-tulips.png)';
  expect(readFileSync(document, 'utf8').split('\n')[12]).toContain(reference);
  expect(existsSync(file)).toBe(true);

  await code.page.keyboard.press('Escape');
  await code.page.keyboard.press('ControlOrMeta+KeyZ');
  await code.saveEditor();
  expect(readFileSync(document, 'utf8')).toBe(before);
  expect(existsSync(file)).toBe(true);
});

test('commands are offered only where they work', async ({ code }) => {
  expect(await code.offers('Wan Image: Generate and Insert Here')).toBe(false);
  await code.open('docs/guide.md', 1);
  expect(await code.offers('Wan Image: Generate and Insert Here')).toBe(true);
  await code.open('site/style.css', 1);
  expect(await code.offers('Wan Image: Generate and Insert Here')).toBe(true);
});

interface Node {
  readonly nodeName: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Node[];
}

/** The attributes of the first element of this name whose source holds `source`, as a parser of HTML reads them. */
function findElement(node: object, name: string, source: string): Record<string, string> | undefined {
  const { nodeName, attrs = [], childNodes = [] } = node as Node;
  const attributes = Object.fromEntries(attrs.map((attribute) => [attribute.name, attribute.value]));
  if (nodeName === name && attributes['src']?.includes(source)) return attributes;
  for (const child of childNodes) {
    const found = findElement(child, name, source);
    if (found) return found;
  }
  return undefined;
}
