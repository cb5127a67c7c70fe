import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../rig/places.ts';

/** Packages an extension of the tests, by the name of its folder beside this file, into a folder. Answers the package's path. */
export function packageTestExtension(name: string, into: string): string {
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const vsix = join(into, `${name}.vsix`);
  execFileSync(process.execPath, [vsce, 'package', '--allow-missing-repository', '--skip-license', '--out', vsix], {
    cwd: join(root, 'test', 'e2e', name),
    stdio: 'ignore',
  });
  return vsix;
}
