import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ensureDebianPackages } from './debian.ts';
import { cacheDirectory } from './places.ts';
import { npm, onPath, ownNodeHome } from './processes.ts';
import { writeLoggerStandIn } from './logger-stand-in.ts';

/** One release of VS Code as packed in the npm package code-server, and the Node that release is made for. */
export interface VscodeVersion {
  readonly vscode: string;
  readonly codeServer: string;
  readonly node: string;
}

/** The newest VS Code that the registry has, and the oldest one that the manifest promises. */
export const vscodeVersions = {
  current: { vscode: '1.139.1', codeServer: '4.139.1', node: '24.21.0' },
  floor: { vscode: '1.106.3', codeServer: '4.106.3', node: '22.23.3' },
} as const satisfies Record<string, VscodeVersion>;

/** An installed VS Code. */
export interface Vscode {
  readonly version: VscodeVersion;
  /** The Node binary to run it on. */
  readonly node: string;
  /** code-server's entry: the whole product, with a command line of its own. */
  readonly codeServerEntry: string;
  /** VS Code's own server from the same package: the one that accepts VS Code's test flags. */
  readonly serverEntry: string;
}

/** Installs a VS Code into the cache unless it is there already. Two callers at once are fine: the first to finish wins. */
export async function installVscode(
  version: VscodeVersion,
  say: (line: string) => void = console.log,
): Promise<Vscode> {
  const parent = join(cacheDirectory, 'vscode');
  const directory = join(parent, `${version.codeServer}-node${version.node}`);
  if (!existsSync(join(directory, 'ready'))) {
    say(`Installing VS Code ${version.vscode} into ${directory} (once, about a minute)`);
    mkdirSync(parent, { recursive: true });
    const workshop = mkdtempSync(join(parent, '.installing-'));
    try {
      await fill(workshop, version, say);
      moveIntoPlace(workshop, directory);
    } finally {
      rmSync(workshop, { recursive: true, force: true });
    }
  }
  return describe(directory, version);
}

function describe(directory: string, version: VscodeVersion): Vscode {
  const codeServer = join(directory, 'node_modules', 'code-server');
  return {
    version,
    node: join(nodeHomeIn(directory), 'bin', 'node'),
    codeServerEntry: join(codeServer, 'out', 'node', 'entry.js'),
    serverEntry: join(codeServer, 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

async function fill(directory: string, version: VscodeVersion, say: (line: string) => void): Promise<void> {
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true, name: 'vscode-for-tests' }));
  if (nodePackage)
    await npm(
      ['install', '--ignore-scripts', '--save-exact', `${nodePackage}@${version.node}`],
      directory,
      ownNodeHome,
    );
  else requireOwnNode(version);
  const nodeHome = nodeHomeIn(directory);
  // Its install script would spend a minute and a half on building modules that nothing here needs.
  await npm(['install', '--ignore-scripts', '--save-exact', `code-server@${version.codeServer}`], directory, nodeHome);
  const vscode = join(directory, 'node_modules', 'code-server', 'lib', 'vscode');
  takeGitPackagesFromRegistry(vscode);
  // The versions are pinned by the npm-shrinkwrap.json inside the package.
  await npm(['install', '--ignore-scripts', '--omit=dev'], vscode, nodeHome);
  const hasCompiler = await canCompile(say);
  if (hasCompiler) {
    await npm(['rebuild', '@vscode/spdlog'], vscode, nodeHome);
  } else {
    say('No C++ compiler on this machine: VS Code gets a plain logger in place of its native one.');
    writeLoggerStandIn(join(vscode, 'node_modules', '@vscode', 'spdlog'));
  }
  // Older releases do not come with this module, which code-server's command line loads, ready-made.
  if (!existsSync(join(directory, 'node_modules', 'argon2', 'prebuilds'))) {
    if (!hasCompiler) throw new Error(`VS Code ${version.vscode} needs g++, make and python3; please install them.`);
    await npm(['rebuild', 'argon2'], directory, nodeHome);
  }
  writeFileSync(join(directory, 'ready'), new Date().toISOString());
}

interface Manifest {
  dependencies: Record<string, string>;
}

/** Older releases name a package by its git commit, which only GitHub has; the registry has the same version of it. */
function takeGitPackagesFromRegistry(vscode: string): void {
  const manifestFile = join(vscode, 'package.json');
  const lockFile = join(vscode, 'npm-shrinkwrap.json');
  const manifest: Manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  const lock: { packages: Record<string, { version: string } & Partial<Manifest>> } = JSON.parse(
    readFileSync(lockFile, 'utf8'),
  );
  for (const name of Object.keys(manifest.dependencies).filter((each) => manifest.dependencies[each]?.includes('#'))) {
    const version = lock.packages[`node_modules/${name}`]?.version;
    if (version === undefined) continue;
    manifest.dependencies[name] = version;
    Object.assign(lock.packages['']?.dependencies ?? {}, { [name]: version });
    delete lock.packages[`node_modules/${name}`]; // npm asks the registry anew, also for its optional binaries
  }
  writeFileSync(manifestFile, JSON.stringify(manifest, null, 2));
  writeFileSync(lockFile, JSON.stringify(lock, null, 2));
}

function moveIntoPlace(workshop: string, directory: string): void {
  // A folder without the stamp is the rest of an installation that was cut off by an older version of this script.
  if (existsSync(directory) && !existsSync(join(directory, 'ready')))
    rmSync(directory, { recursive: true, force: true });
  try {
    renameSync(workshop, directory);
  } catch (error) {
    if (!existsSync(join(directory, 'ready'))) throw error; // otherwise somebody else has just finished the same
  }
}

const nodePackage =
  process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64')
    ? `node-linux-${process.arch}`
    : undefined;

function nodeHomeIn(directory: string): string {
  return nodePackage ? join(directory, 'node_modules', nodePackage) : ownNodeHome;
}

function requireOwnNode(version: VscodeVersion): void {
  const major = version.node.split('.')[0];
  if (process.versions.node.split('.')[0] === major) return;
  throw new Error(
    `VS Code ${version.vscode} needs Node ${major} here, and this is Node ${process.versions.node}; please install Node ${major}, or use: npm start -- --desktop`,
  );
}

async function canCompile(say: (line: string) => void): Promise<boolean> {
  const hasTools = (): boolean => Boolean(onPath('g++', 'clang++') && onPath('make') && onPath('python3'));
  if (!hasTools()) await ensureDebianPackages(['g++', 'make', 'python3'], say);
  return hasTools();
}

/** The PATH under which a program finds this VS Code's Node first. */
export function pathWith(vscode: Vscode): string {
  return `${join(vscode.node, '..')}${delimiter}${process.env['PATH']}`;
}
