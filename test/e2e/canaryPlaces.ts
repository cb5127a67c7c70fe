import { readdirSync, readFileSync } from 'node:fs';
import type { BrowserContext, Frame } from '@playwright/test';
import type { RunningVscode } from '../rig/vscode.ts';
import type { Place } from './canary.ts';
import type { HeardRequest } from './wiretap.ts';

/** Every place that is looked into, by its name. */
export type PlaceName =
  | 'workspace'
  | keyof typeof filesOfVscode
  | 'browser profile'
  | 'messages between frames'
  | 'storage of the browser'
  | 'pages and frames'
  | 'processes of VS Code'
  | 'processes of the browser'
  | 'requests to the service'
  | 'requests to other hosts'
  /** The one header that a key belongs in. */
  | 'authorization'
  | 'report';

const isOurLog = (file: string): boolean => /(^|\/)logs\/.*\/wan-image-studio\.wan-image-studio\//.test(file);
const isOtherLog = (file: string): boolean => /(^|\/)logs\/|^server\.log$/.test(file) && !isOurLog(file);
const isSettings = (file: string): boolean => file.endsWith('/User/settings.json');
const isStorage = (file: string): boolean => /\/globalStorage\/wan-image-studio\.wan-image-studio\//.test(file);

/** Which of the files that VS Code keeps on the disk are what. Together they are all of them. */
const filesOfVscode = {
  'log of the extension': isOurLog,
  'other logs of VS Code': isOtherLog,
  settings: isSettings,
  'storage of the extension': isStorage,
  'rest of VS Code': (file: string) => ![isOurLog, isOtherLog, isSettings, isStorage].some((is) => is(file)),
};

/** What VS Code has on the disk. */
export function vscodePlaces({
  dataDirectory,
}: Pick<RunningVscode, 'dataDirectory'>): (Place & { readonly folder: string })[] {
  return Object.entries(filesOfVscode).map(([name, only]) => ({ name, folder: dataDirectory, only }));
}

/** Every request as it came, in two places, without the header that a key belongs in, which is a third. */
export function requestPlaces(heard: readonly HeardRequest[]): Place[] {
  const text = ({ to, method, address, rawHeaders, body }: HeardRequest): string => {
    const isKey = (index: number): boolean =>
      to === 'service' && rawHeaders[index - (index % 2)]?.toLowerCase() === 'authorization';
    return [method, address, ...rawHeaders.filter((_, index) => !isKey(index)), body.toString('latin1')].join('\n');
  };
  const texts = (to: HeardRequest['to']): string =>
    heard
      .filter((each) => each.to === to)
      .map(text)
      .join('\n');
  const keys = heard.flatMap(({ to, authorization }) => (to === 'service' && authorization ? [authorization] : []));
  return [
    { name: 'requests to the service', content: texts('service') },
    { name: 'requests to other hosts', content: texts('pictures') },
    { name: 'authorization', content: keys.join('\n') },
  ];
}

/**
 * Writes down what the windows and frames of a browser profile say to each other from now on: messages to windows, and
 * those over message ports, by which VS Code and its webviews talk. Call before the first page is opened.
 */
export async function hearMessages(context: BrowserContext): Promise<() => Place> {
  const heard: string[] = [];
  await context.exposeBinding('heardByTest', (_source, text: string) => heard.push(text));
  await context.addInitScript(hearInFrame);
  return () => ({ name: 'messages between frames', content: heard.join('\n') });
}

/** Runs in every frame before its own scripts. */
function hearInFrame(): void {
  const asText = (data: unknown): string | undefined =>
    JSON.stringify(data, (_name, value: unknown) => {
      if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value.slice(0, 100_000));
      if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value).slice(0, 100_000);
      return value;
    });
  const tell = (data: unknown): void => {
    try {
      void (globalThis as unknown as { heardByTest: (text: string) => Promise<void> }).heardByTest(asText(data) ?? '');
    } catch {
      void (globalThis as unknown as { heardByTest: (text: string) => Promise<void> }).heardByTest(String(data)); // holds itself
    }
  };
  globalThis.addEventListener('message', (event) => tell(event.data), { capture: true });
  const post = Reflect.get(MessagePort.prototype, 'postMessage') as (...args: unknown[]) => void;
  MessagePort.prototype.postMessage = function (this: MessagePort, ...args: [message: unknown]) {
    tell(args[0]);
    return Reflect.apply(post, this, args);
  };
}

/** What the pages of a browser profile hold now: storage, texts, the values of fields, addresses. */
export async function browserPlaces(context: BrowserContext): Promise<Place[]> {
  const frames = context.pages().flatMap((page) => page.frames());
  const contents = await Promise.all(frames.map(contentOf));
  const storage = await context.storageState({ indexedDB: true });
  return [
    { name: 'storage of the browser', content: JSON.stringify(storage) },
    { name: 'pages and frames', content: contents.join('\n') },
  ];
}

async function contentOf(frame: Frame): Promise<string> {
  const address = frame.url();
  // A frame that is just being replaced cannot be read; the one that replaces it is in the list too.
  const held = await frame.evaluate(() => ({
    html: document.documentElement.outerHTML,
    text: document.documentElement.textContent,
    fields: [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value),
    // A frame without an origin of its own has no storage.
    storage: window.origin === 'null' ? '' : JSON.stringify([localStorage, sessionStorage]),
    name: window.name,
  }));
  return [address, ...Object.values(held).flat()].join('\n');
}

/** Environments and command lines of processes and all their descendants. Linux alone shows them; elsewhere there are none. */
export function processPlaces(
  name: string,
  isMeant: (process: { readonly pid: number; readonly commandLine: string }) => boolean,
): Place[] {
  if (process.platform !== 'linux') return [];
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap(readProcess);
  const meant = new Set(all.filter(isMeant).map(({ pid }) => pid));
  for (let size = -1; size !== meant.size;) {
    size = meant.size;
    for (const { pid, parent, session } of all) if (meant.has(parent) || meant.has(session)) meant.add(pid);
  }
  const texts = all
    .filter(({ pid }) => meant.has(pid))
    .map(({ commandLine, environment }) => `${commandLine}\n${environment}`);
  return [{ name, content: texts.join('\n') }];
}

function readProcess(
  pid: string,
): { pid: number; parent: number; session: number; commandLine: string; environment: string }[] {
  try {
    const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, 'latin1').replaceAll('\0', '\n');
    // "pid (name) state parent group session": the name may hold spaces and brackets.
    const [, parent, , session] = read('stat')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
    return [
      {
        pid: Number(pid),
        parent: parent ?? 0,
        session: session ?? 0,
        commandLine: read('cmdline'),
        environment: read('environ'),
      },
    ];
  } catch (error) {
    // It has ended meanwhile, or belongs to somebody else.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
