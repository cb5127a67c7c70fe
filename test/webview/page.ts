// Opens the built panel in a browser, with VS Code played by a few lines: its colours, its policy, its three functions.
import { type Browser, chromium, type Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';
import { build, type OutputFile } from 'esbuild';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import type { PanelMessage, Snapshot } from '../../src/core/messages.ts';
import { studioHtml } from '../../src/host/studio/html.ts';
import { browserOptions, findBrowser } from '../rig/browser.ts';

const root = join(import.meta.dirname, '../..');

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Colours and fonts that VS Code 1.139 gave to a webview in each theme. */
export const themes = JSON.parse(readFileSync(join(import.meta.dirname, 'themes.json'), 'utf8')) as Record<
  string,
  { bodyClass: string; variables: Record<string, string> }
>;

/** The files of the panel by name. */
export type BuiltPanel = ReadonlyMap<string, string>;

/** The panel as it is shipped: what is loaded at once, and what is loaded when that is painted. */
export async function buildPanel(): Promise<BuiltPanel> {
  const outputs = await Promise.all([
    built([
      { in: 'webview-ui/main.tsx', out: 'panel' },
      { in: 'webview-ui/later.tsx', out: 'panel-later' },
      { in: 'webview-ui/later.css', out: 'panel-later' },
    ]),
    // Loaded when it is asked for, and built by itself.
    built([
      { in: 'webview-ui/saving/savingSheet.tsx', out: 'panel-saving' },
      { in: 'webview-ui/saving/saving.css', out: 'panel-saving' },
    ]),
    built([
      { in: 'webview-ui/cutOut/cutSheet.tsx', out: 'panel-cut-out' },
      { in: 'webview-ui/cutOut/cutOut.css', out: 'panel-cut-out' },
    ]),
  ]);
  return new Map(outputs.flat().map(({ path, text }) => [basename(path), text]));
}

async function built(entryPoints: { in: string; out: string }[]): Promise<OutputFile[]> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    splitting: true,
    chunkNames: 'panel-shared',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'chrome134',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    outdir: 'dist',
    write: false,
  });
  return outputFiles;
}

/** A browser: that of the CHROMIUM variable, that on the PATH, or one that the rig brings. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch(browserOptions(await findBrowser()));
}

export interface PanelOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: string;
  /** As VS Code names it; default: en. */
  readonly language?: string;
  /** What the panel finds when it asks for its saved state. */
  readonly saved?: unknown;
  readonly isMotionReduced?: boolean;
  /** Called before the panel is opened, to change what is served. */
  readonly before?: (page: Page) => Promise<unknown>;
}

/** A panel in a page of its own. */
export class Panel {
  readonly page: Page;
  /** What the page complained about: scripts that failed, content that the policy refused. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
  }

  static async open(browser: Browser, built: BuiltPanel, options: PanelOptions = {}): Promise<Panel> {
    const { width = 1280, height = 900, theme = 'light', language = 'en', saved } = options;
    const { isMotionReduced = true, before } = options;
    // A context of its own would cost a second for each page, and there is nothing that pages could leave to each other.
    const context = browser.contexts()[0] ?? (await browser.newContext());
    const page = await context.newPage();
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: isMotionReduced ? 'reduce' : 'no-preference' });
    const panel = new Panel(page);
    await page.route('https://studio.test/**', async (route) => {
      const url = new URL(route.request().url());
      const file = built.get(url.pathname.slice(1));
      if (file !== undefined) return route.fulfill({ contentType: mimeOf(url.pathname), body: file });
      if (url.pathname.startsWith('/pictures/'))
        return route.fulfill({ contentType: 'image/svg+xml', body: scene(url) });
      return route.fulfill({ contentType: 'text/html', body: panelPage(theme, language, saved) });
    });
    await before?.(page);
    await page.goto('https://studio.test/');
    return panel;
  }

  /** Gives the panel a snapshot, as the host would. */
  async show(snapshot: Snapshot): Promise<void> {
    await this.page.evaluate((data) => window.postMessage(data, '*'), JSON.parse(JSON.stringify(snapshot)) as Snapshot);
    await this.page.locator('.studio').waitFor();
    // Until the frame is painted, and what waits for that is drawn.
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(undefined), 1))),
    );
  }

  /** Waits until the second part of the panel is there and drawn. */
  async whole(): Promise<void> {
    await this.page.waitForFunction(
      () => document.querySelector<HTMLLinkElement>('link[href$="panel-later.css"]')?.sheet,
    );
    // Whoever asks for a module that is being loaded waits for that one. As text, since vitest rewrites an import.
    await this.page.evaluate("import('https://studio.test/panel-later.js').then(() => undefined)");
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  }

  /** What the panel has sent so far. */
  sent(): Promise<PanelMessage[]> {
    return this.page.evaluate(() => (window as unknown as { sent: PanelMessage[] }).sent);
  }

  async sentOf<Type extends PanelMessage['type']>(type: Type): Promise<Extract<PanelMessage, { type: Type }>[]> {
    return (await this.sent()).filter(
      (message): message is Extract<PanelMessage, { type: Type }> => message.type === type,
    );
  }

  /** The state that the panel has asked VS Code to keep. */
  saved(): Promise<unknown> {
    return this.page.evaluate(() => (window as unknown as { saved: unknown }).saved);
  }

  /** What axe-core finds wrong with the page. */
  async violations(): Promise<unknown[]> {
    const isThere = await this.page.evaluate(() => 'axe' in globalThis);
    if (!isThere) await this.page.evaluate(axe);
    return this.page.evaluate(async () => {
      const options: RunOptions = {
        resultTypes: ['violations'],
        rules: { 'color-contrast-enhanced': { enabled: false } },
      };
      const { axe } = globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
      const { violations } = await axe.run(options);
      return violations.map(({ id, nodes }) => ({
        id,
        nodes: nodes.map((node) => [node.html.slice(0, 160), node.failureSummary]),
      }));
    });
  }

  /** Whether there is more of the page than its window shows. */
  pageScrolls(): Promise<boolean> {
    return this.page.evaluate(() => document.documentElement.scrollHeight > window.innerHeight);
  }

  /** What sticks out to the right of the page or of the column that holds it. */
  tooWide(): Promise<string[]> {
    return this.page.evaluate(() => {
      const holders = [
        document.documentElement,
        ...document.querySelectorAll('.form, .form-scroll, .run, .results, .job, .banner, .stage'),
      ];
      return holders
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => `${element.className || element.tagName}: ${element.scrollWidth} in ${element.clientWidth}`);
    });
  }

  async setTheme(theme: string): Promise<void> {
    const { bodyClass, variables } = themes[theme]!;
    await this.page.evaluate(
      ([bodyClass, variables]) => {
        document.documentElement.removeAttribute('style');
        for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
        document.body.className = bodyClass;
      },
      [bodyClass, variables] as const,
    );
  }
}

export const mimeOf = (path: string): string => (path.endsWith('.css') ? 'text/css' : 'text/javascript');

/** The real page of the panel with its policy. As in VS Code, what VS Code brings stands before the policy in it. */
export function panelPage(theme: string, language: string, saved?: unknown, source = 'https://studio.test'): string {
  const { bodyClass, variables } = themes[theme]!;
  const page = studioHtml({
    source,
    script: `${source}/panel.js`,
    shared: `${source}/panel-shared.js`,
    style: `${source}/panel.css`,
    language,
    title: 'Wan Image Studio',
  });
  const vscode = `<style>${vscodeStyle}</style>
<script>
  for (const [name, value] of Object.entries(${JSON.stringify(variables)})) document.documentElement.style.setProperty(name, value);
  window.sent = [];
  window.saved = ${saved === undefined ? 'undefined' : JSON.stringify(saved)};
  let acquired = false;
  window.acquireVsCodeApi = () => {
    if (acquired) throw new Error('An instance of the VS Code API has already been acquired');
    acquired = true;
    return {
      postMessage: message => window.sent.push(JSON.parse(JSON.stringify(message))),
      getState: () => window.saved,
      setState: state => { window.saved = JSON.parse(JSON.stringify(state)); },
    };
  };
</script>`;
  return page.replace('<head>', () => `<head>${vscode}`).replace('<body>', `<body class="${bodyClass}">`);
}

/** What VS Code itself puts into every webview, as far as it matters here. */
const vscodeStyle = `@layer vscode-default {
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family);
    font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
  img, video { max-width: 100%; max-height: 100%; }
  a, a code { color: var(--vscode-textLink-foreground); }
  a:hover { color: var(--vscode-textLink-activeForeground); }
  a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
}
html { background: var(--vscode-editor-background); }`;

/** A drawn landscape, so that pictures look like pictures in screenshots. */
export function scene(url: Pick<URL, 'pathname' | 'searchParams'>): string {
  const width = Number(url.searchParams.get('width'));
  const height = Number(url.searchParams.get('height'));
  const hue = [...url.pathname].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const hill = (y: number, lift: number, light: number): string =>
    `<path d="M0 ${y} C ${width * 0.25} ${y - lift}, ${width * 0.4} ${y + lift / 2}, ${width * 0.6} ${y - lift / 3} S ${width * 0.9} ${y - lift}, ${width} ${y} V ${height} H 0 Z" fill="hsl(${hue + 20} 35% ${light}%)"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="hsl(${hue} 55% 62%)"/><stop offset="1" stop-color="hsl(${hue + 40} 80% 88%)"/></linearGradient></defs>
<rect width="100%" height="100%" fill="url(#s)"/><circle cx="${width * 0.7}" cy="${height * 0.32}" r="${height * 0.09}" fill="hsl(${hue + 50} 95% 94%)"/>
${hill(height * 0.62, height * 0.22, 60)}${hill(height * 0.75, height * 0.16, 45)}${hill(height * 0.88, height * 0.1, 30)}</svg>`;
}
