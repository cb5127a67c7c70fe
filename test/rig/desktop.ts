import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, onPath } from './processes.ts';

interface DesktopOptions {
  /** The command that `desktopCommand` found. */
  readonly code: string;
  /** Holds a profile of its own: the user's own VS Code stays as it is. */
  readonly home: string;
  readonly vsix: string;
  readonly folder: string;
  readonly env: Record<string, string>;
  readonly settings: Record<string, unknown>;
}

/** The path of the command that opens the desktop VS Code. Throws one sentence when there is none on the PATH. */
export function desktopCommand(): string {
  const code = onPath('code', 'codium', 'code-insiders');
  if (code) return code;
  throw new Error(
    'The command "code" is not on the PATH; in VS Code, run "Shell Command: Install \'code\' command in PATH" and try again, or use npm start alone.',
  );
}

/** Installs the extension into a profile of its own and opens the folder in the desktop VS Code. */
export async function startDesktop(options: DesktopOptions): Promise<void> {
  const settingsDirectory = join(options.home, 'user', 'User');
  mkdirSync(settingsDirectory, { recursive: true });
  const settingsFile = join(settingsDirectory, 'settings.json');
  if (!existsSync(settingsFile)) writeFileSync(settingsFile, JSON.stringify(options.settings, null, 2));
  const profile = ['--user-data-dir', join(options.home, 'user'), '--extensions-dir', join(options.home, 'extensions')];
  await mustRun(options.code, [...profile, '--install-extension', options.vsix, '--force'], { output: 'keep' });
  await mustRun(options.code, [...profile, '--new-window', options.folder], { env: options.env, output: 'keep' });
}
