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
    testTimeout: isFull ? 600_000 : 30_000,
    coverage: {
      include: ['src/**', 'webview-ui/**'],
      reportsDirectory: 'coverage',
    },
  },
});
