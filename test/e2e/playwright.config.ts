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
  outputDir: join(resultsDirectory, 'e2e'),
  workers: 1, // one VS Code and one Chromium keep two cores busy
  timeout: 150_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env['CI'] !== undefined,
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
