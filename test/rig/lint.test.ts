import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './places.ts';
import { run } from './processes.ts';

/** Files that each break one rule which the linter alone, or the linter first, has to find. */
const planted: Readonly<Record<string, string>> = {
  'src/core/node.ts': `import { join } from 'node:path';\nexport const path = join('a', 'b');\n`,
  'src/core/locales.ts': `import { z } from 'zod';\nexport const text = z.string();\n`,
  'src/core/deep/room.ts': `export { one } from '../../service/one.ts';\n`,
  'src/pixels/vscode.ts': `import * as vscode from 'vscode';\nexport const { version } = vscode;\n`,
  'src/service/pixels.ts': `export { one } from '../pixels/one.ts';\n`,
  'src/jobs/network.ts': `import { request } from 'undici';\nexport const ask = request;\n`,
  'src/simulator/core.ts': `import { one } from '../core/one.ts';\nexport const two = one;\n`,
  'src/host/engine.ts': `import Vips from 'wasm-vips';\nexport const start = Vips;\n`,
  'src/host/lost.ts': `const later = async (): Promise<void> => undefined;\nexport function go(): void {\n  later();\n}\n`,
  'src/host/swallow.ts': `export function go(act: () => void): void {\n  try {\n    act();\n  } catch {}\n}\n`,
  'src/host/default.ts': `export default function go(): void {}\n`,
  'webview-ui/node.ts': `import { join } from 'node:path';\nexport const path = join('a', 'b');\n`,
  'webview-ui/host.ts': `import { one } from '../src/host/one.ts';\nexport const two = one;\n`,
};

test('the linter finds every planted fault, and nothing in a file without one', async () => {
  const top = mkdtempSync(join(tmpdir(), 'wan-lint-'));
  try {
    // Its patterns count from where it lies.
    copyFileSync(join(root, '.oxlintrc.json'), join(top, '.oxlintrc.json'));
    symlinkSync(join(root, 'node_modules'), join(top, 'node_modules'));
    write(top, {
      ...planted,
      'src/simulator/types.ts': `import type { One } from '../core/one.ts';\nexport type Two = One;\n`,
      'tsconfig.json': JSON.stringify({
        compilerOptions: { allowImportingTsExtensions: true, noEmit: true, strict: true },
      }),
    });
    const { output } = await run(
      process.execPath,
      [join(root, 'node_modules', 'oxlint', 'bin', 'oxlint'), '--type-aware', '--format=unix', 'src', 'webview-ui'],
      { cwd: top, output: 'keep' },
    );
    const files = [...output.matchAll(/^((?:src|webview-ui)\/[^:]+):\d+/gm)].map(([, file = '']) => file);
    expect([...new Set(files)].sort(), output).toEqual(Object.keys(planted).sort());
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
});

function write(top: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  }
}
