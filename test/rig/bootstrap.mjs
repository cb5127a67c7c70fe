// Runs first, on whatever Node the machine has and without node_modules: installs the packages when they are missing or old,
// then goes on under the Node 24 that comes with them where the machine's own is too old. Imports nothing but Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const oldest = { major: 22, minor: 19 };
const packaged = join(root, 'node_modules', '.bin', 'node');

/**
 * Makes node_modules agree with the lock file and answers whether this process may go on.
 * When it may not, the same script has been run to its end under the packaged Node, and `process.exitCode` is its exit code.
 */
export async function bootstrap() {
  if (!packagesAreCurrent()) installPackages();
  if (nodeIsNewEnough(process.versions.node)) return true;
  if (!existsSync(packaged)) {
    console.error(
      `This machine has Node ${process.versions.node}; please install Node ${oldest.major}.${oldest.minor} or newer, because no Node comes with the packages on ${process.platform} ${process.arch}.`,
    );
    process.exitCode = 1;
    return false;
  }
  process.exitCode = await runUnderPackagedNode();
  return false;
}

/** Says whether node_modules holds exactly what the lock file asks for, by the list that npm leaves there when it has finished. */
function packagesAreCurrent() {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || (entry.optional && !present[path]) || present[path]?.version === entry.version,
  );
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

function installPackages() {
  console.log('Installing the packages (npm ci)');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error('The packages could not be installed; the lines above say why.');
    process.exit(1);
  }
}

function nodeIsNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor);
}

async function runUnderPackagedNode() {
  const child = spawn(packaged, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(packaged)}:${process.env.PATH}` },
  });
  // The child cleans up and ends by itself; this process only waits for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  onParentGone(() => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * Calls back when the process that has started this one is no more: npm passes SIGTERM on to a shell, which dies of it
 * without a word to us.
 * @param {() => void} act
 */
export function onParentGone(act) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    act();
  }, 500);
  watch.unref();
}
