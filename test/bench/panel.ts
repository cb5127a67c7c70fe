import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from '@playwright/test';
import type { Snapshot } from '../../src/core/messages.ts';
import { phases, request, snapshot } from '../webview/fixtures.ts';
import { type BuiltPanel, buildPanel, mimeOf, openBrowser, panelPage, scene } from '../webview/page.ts';
import { byTurns, type Measured } from './measure.ts';

/** How long the panel may take beyond the empty one until its content is seen, in milliseconds. */
const allowance = 60;

/**
 * How long it takes in a browser, each time in a new window that has loaded nothing before, until the panel shows anything, against the same page without its script. The files
 * come from this machine, as in VS Code.
 */
export async function panel(): Promise<Measured[]> {
  const [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const address = addressOf(server);
    server.on('request', answer(built, address));
    const figures = await byTurns(
      25,
      () => paintOf(browser, `${address}/panel`, 'first-contentful-paint'),
      () => paintOf(browser, `${address}/empty`, 'first-paint'),
    );
    const beside = { unit: 'ms', against: 'the empty panel' } as const;
    return [{ name: 'first paint of the panel', ...figures, ...beside, allowance }];
  } finally {
    await browser.close();
    server.close();
  }
}

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function answer(built: BuiltPanel, address: string): RequestListener {
  const page = panelPage('dark', 'en', undefined, address);
  const pages: Readonly<Record<string, string>> = {
    '/panel': page.replace('<meta charset', () => `<script>${hostOf(address)}</script>\n<meta charset`),
    // The page of VS Code and ours, with its style, but nothing that draws.
    '/empty': page.replaceAll(
      /<(script type="module"|link rel="modulepreload")[^>]*>(<\/script>)?|<main.*<\/main>/g,
      '',
    ),
  };
  return ({ url = '/' }, response) => {
    const { pathname, searchParams } = new URL(url, address);
    const file = built.get(pathname.slice(1));
    if (file !== undefined) return response.setHeader('content-type', mimeOf(pathname)).end(file);
    if (pathname.startsWith('/pictures/'))
      return response.setHeader('content-type', 'image/svg+xml').end(scene({ pathname, searchParams }));
    return response.setHeader('content-type', 'text/html').end(pages[pathname] ?? '');
  };
}

/** Plays the extension: answers the panel's first word with a snapshot. */
function hostOf(address: string): string {
  const shown = JSON.stringify(twentyJobs()).replaceAll('https://studio.test', address).replaceAll('<', '\\u003c');
  return `window.sent = { push({ type }) { if (type === 'ready') window.postMessage(${shown}, '*'); } };`;
}

function twentyJobs(): Snapshot {
  return snapshot({
    insertTarget: 'docs/guide.md',
    draft: { draftId: 'draft', request: request({ seed: 7 }) },
    jobs: Object.values(phases).slice(0, 20),
  });
}

/** Milliseconds from the beginning of the navigation to this paint, as the browser measures it. */
async function paintOf(browser: Browser, address: string, kind: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    await page.goto(address);
    return await page.evaluate(
      (kind) =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => {
            const [entry] = list.getEntriesByName(kind);
            if (entry) resolve(entry.startTime);
          }).observe({ type: 'paint', buffered: true });
        }),
      kind,
    );
  } finally {
    await context.close();
  }
}
