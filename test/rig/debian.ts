import { existsSync } from 'node:fs';
import { onPath, run } from './processes.ts';

/** Installs packages of Debian or Ubuntu when we are root there. Answers whether it did; a machine of another kind is left alone. */
export async function ensureDebianPackages(
  names: readonly string[],
  say: (line: string) => void = console.log,
): Promise<boolean> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/etc/debian_version') || !onPath('apt-get')) return false;
  say(`Installing Debian's packages ${names.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const update = await run('apt-get', ['update', '-qq'], { env, output: 'keep' });
  const install = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
    env,
    output: 'keep',
  });
  if (install.code !== 0) say(`${update.output}\n${install.output}`.trim());
  return install.code === 0;
}
