import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { browserOptions } from '../rig/browser.ts';
import { resultsDirectory } from '../rig/places.ts';
import { onPath } from '../rig/processes.ts';

// The rig says which browser; a run by hand takes the one on the PATH.
const browser = process.env['CHROMIUM'] ?? onPath('chromium', 'chromium-browser', 'google-chrome');

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  // Further cases of something that another journey shows as well run in the full run, or when they are asked for by name.
  ...(process.env['WAN_FULL'] === '1' || process.argv.includes('-g') ? {} : { grepInvert: /@full/ }),
  outputDir: join(resultsDirectory, 'e2e'),
  workers: 1, // one VS Code and one Chromium keep two cores busy
  timeout: 150_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env['CI'] !== undefined,
  // On a machine nobody watches, a journey gets a second try; the report then calls it flaky.
  retries: process.env['CI'] === undefined ? 0 : 1,
  reporter: [
    ['list'],
    ['json', { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] ?? join(resultsDirectory, 'e2e.json') }],
  ],
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: browser === undefined ? {} : browserOptions(browser),
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
});
