import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const isFull = process.env['WAN_FULL'] === '1';

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // test/host runs inside VS Code, test/e2e in front of it.
    exclude: ['test/host/**', 'test/e2e/**', 'node_modules/**', '.test-results/**'],
    // vitest leaves one core alone; on two that would leave one to work, and half of the tests wait for a browser anyway.
    maxWorkers: '100%',
    // As in playwright.config.ts: where nobody watches, a test gets a second try, and is then named as flaky.
    retry: process.env['CI'] === undefined ? 0 : 1,
    // Against what hangs, not against what is slow: another machine may be four times as slow.
    testTimeout: isFull ? 3_600_000 : 120_000,
    hookTimeout: isFull ? 1_200_000 : 120_000,
    // One second, which it is without this, is short for a machine with more to do.
    expect: { poll: { timeout: 20_000 } },
    coverage: {
      include: ['src/**', 'webview-ui/**'],
      reportsDirectory: 'coverage',
    },
  },
});
