import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { ensureDebianPackages } from './debian.ts';
import { root } from './places.ts';
import { onPath, run } from './processes.ts';

/**
 * Finds a Chromium that runs: the one named by CHROMIUM, one on the PATH, Playwright's own; else brings one, by Playwright's
 * download or, as root on Debian, as a package. Throws one sentence when none can be had.
 */
export async function findBrowser(say: (line: string) => void = console.log): Promise<string> {
  for (const look of [named, installed, playwrights, download, debians]) {
    const path = await look(say);
    if (path && (await runs(path))) return path;
  }
  throw new Error(
    'No Chromium was found and none could be installed; please install Chromium or Google Chrome, or set CHROMIUM to the path of one.',
  );
}

/** How tests start the browser that was found; `CHROMIUM` is set by the rig before it runs Playwright. */
export function browserOptions(executablePath: string): { executablePath: string; args: string[] } {
  return {
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), // Chromium refuses its sandbox to root
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}

const named = (): string | undefined => process.env['CHROMIUM'];

function installed(): string | undefined {
  const onMac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return onPath('chromium', 'chromium-browser', 'google-chrome', 'chrome') ?? (existsSync(onMac) ? onMac : undefined);
}

function playwrights(): string | undefined {
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

async function download(say: (line: string) => void): Promise<string | undefined> {
  say("Downloading Playwright's Chromium");
  const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const { code } = await run(process.execPath, [playwright, 'install', 'chromium'], {
    output: 'keep',
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' },
    timeoutMs: 300_000,
  });
  if (code !== 0) say("Playwright's Chromium could not be downloaded.");
  return playwrights();
}

async function debians(say: (line: string) => void): Promise<string | undefined> {
  // The second font is the smallest that has Chinese: without one, its signs would be narrow boxes in the tests of the layout.
  await ensureDebianPackages(['chromium', 'fonts-liberation', 'fonts-wqy-microhei'], say);
  return installed();
}

/** A download can lack libraries of the system, and a package can be an empty shell: asking for the version shows it. */
async function runs(path: string): Promise<boolean> {
  try {
    return (await run(path, ['--version'], { output: 'keep', timeoutMs: 20_000 })).code === 0;
  } catch {
    return false; // cannot even be started: the next place may have a better one
  }
}
