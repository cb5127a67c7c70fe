import type { Failure } from '../../core/failure.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import type { RecentLine } from '../recentLines.ts';
import { settingKey, type SettingName, type SettingEntry, settings, validValue } from '../settings.ts';
import { isStatus, moment, plainRequestId, reportedLine } from './reportedLine.ts';

/**
 * What a report is made from, as it was found: any text in it may be private. What goes into the document is chosen from
 * what is known to be harmless, never cleaned of what is known to be private.
 */
export interface ReportFacts {
  readonly at: number;
  readonly extension: string;
  readonly editor: { readonly name: string; readonly version: string; readonly isWeb: boolean };
  readonly system: { readonly platform: string; readonly architecture: string; readonly release: string };
  readonly node: string;
  /** The kind of the remote host, as VS Code names it; undefined where there is none. */
  readonly remote: string | undefined;
  readonly mode: 'live' | 'practice';
  /** Undefined where it could not be read. */
  readonly hasKey: boolean | undefined;
  readonly workspace: { readonly isTrusted: boolean; readonly folders: number; readonly isVirtual: boolean };
  readonly proxy: {
    readonly isSet: boolean;
    readonly isInEnvironment: boolean;
    readonly support: string;
    readonly strictCertificates: boolean;
  };
  readonly settings: Readonly<Record<string, FoundSetting>>;
  /** Undefined where they could not be read. */
  readonly jobs: readonly Pick<Job, 'record' | 'trouble'>[] | undefined;
  readonly lines: readonly RecentLine[];
}

/** A setting's value in effect, and where it comes from. */
export interface FoundSetting {
  readonly value: unknown;
  readonly setBy: 'nobody' | 'the user' | 'the workspace';
}

/** What the document says to whoever reads it, in their language. */
export interface ReportWords {
  readonly title: string;
  /** What the document holds and does not hold. */
  readonly holds: string;
  /** What to do next, one step after the other. */
  readonly steps: readonly string[];
  readonly story: { readonly title: string; readonly invitation: string };
}

/** How many failed jobs and how many lines of the log are told, the latest of each. */
const mostFailures = 10;
const mostLines = 40;

/** The report, as Markdown. */
export function reportDocument(facts: ReportFacts, words: ReportWords): string {
  return [
    `# ${words.title}`,
    words.holds,
    words.steps.map((step, index) => `${index + 1}. ${step}`).join('\n'),
    `## ${words.story.title}`,
    words.story.invitation,
    '## Versions',
    list(versions(facts)),
    '## State',
    list(state(facts)),
    '## Settings',
    list(Object.entries(settings).map(([name, entry]) => setting(name as SettingName, entry, facts.settings[name]))),
    '## Jobs of this workspace',
    facts.jobs === undefined ? 'They could not be read.' : list(jobs(facts.jobs)),
    '## Latest failed jobs',
    list(failures(facts.jobs ?? [])),
    '## Latest lines of the log',
    list(facts.lines.slice(-mostLines).map(reportedLine)),
    '',
  ].join('\n\n');
}

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n') || 'None.';

function versions({ at, extension, editor, system, node, remote }: ReportFacts): string[] {
  return [
    `Wan Image Studio ${version(extension)}, ${moment(at)}`,
    `${known(editor.name, editors, 'another editor')} ${version(editor.version)}, ${editor.isWeb ? 'in a browser' : 'on the desktop'}`,
    `${known(system.platform, platforms)} ${version(system.release)}, ${known(system.architecture, architectures)}`,
    `Node.js ${version(node)}`,
    `Remote host: ${remote === undefined ? 'none' : known(remote.split('+')[0] ?? '', remotes, 'of another kind')}`,
  ];
}

function state({ mode, hasKey, workspace, proxy }: ReportFacts): string[] {
  const folders = workspace.folders === 0 ? 'no folder' : workspace.folders === 1 ? 'one folder' : 'several folders';
  return [
    `Service: ${mode === 'practice' ? 'practice mode' : 'live'}`,
    `API key: ${hasKey === undefined ? 'could not be read' : hasKey ? 'set' : 'not set'}`,
    `Workspace: ${folders}, ${workspace.isTrusted ? 'trusted' : 'not trusted'}${workspace.isVirtual ? ', virtual' : ''}`,
    `Proxy: ${proxy.isSet ? 'set' : 'not set'} in the settings, ${proxy.isInEnvironment ? 'set' : 'not set'} in the environment, support ${known(proxy.support, proxySupports)}`,
    `Certificates: ${proxy.strictCertificates ? 'checked' : 'not checked for proxies'}`,
  ];
}

function setting(name: SettingName, entry: SettingEntry, found: FoundSetting | undefined): string {
  const isDefault = found === undefined || found.value === entry.default;
  const origin = found === undefined || found.setBy === 'nobody' ? '' : `, set by ${found.setBy}`;
  return `${settingKey(name)}: ${isDefault ? 'the default value' : shown(name, entry, found.value)}${origin}`;
}

/** Texts are addresses and folders of people, and amounts of money are their own business. */
function shown(name: SettingName, entry: SettingEntry, value: unknown): string {
  if (validValue(name, value) === undefined) return 'not a value that it can have';
  const isOpen = entry.type === 'choice' || (entry.type === 'number' && !/dollar/i.test(entry.unit));
  return isOpen ? String(value) : 'another value, left out';
}

function jobs(all: NonNullable<ReportFacts['jobs']>): string[] {
  const counts = new Map<string, number>();
  for (const { record, trouble } of all) {
    const name = trouble === undefined ? record.status.state : `${record.status.state}, held up by ${trouble.kind}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${name}: ${count}`);
}

function failures(all: NonNullable<ReportFacts['jobs']>): string[] {
  return all
    .flatMap(({ record }) => (record.status.state === 'failed' ? [{ record, ...record.status }] : []))
    .toSorted((one, other) => other.endedAt - one.endedAt)
    .slice(0, mostFailures)
    .map(({ record, endedAt, failure }) => `${moment(endedAt)}: ${plainFailure(failure)} (${plainRequest(record)})`);
}

/** Without the service's own words, which may say the prompt or the key back. */
function plainFailure({ kind, status, requestId, mayBeBilled }: Failure): string {
  const id = plainRequestId(requestId);
  const parts = [kind, isStatus(status) && `status ${status}`, id && `request ${id}`, mayBeBilled && 'may be billed'];
  return parts.filter(Boolean).join(', ');
}

/** What was asked for, in what the model distinguishes. */
function plainRequest({ request }: Job['record']): string {
  const boxes = request.inputs.reduce((count, input) => count + input.boxes.length, 0);
  const { variant, resolution, responseFormat, imageSet, inputs } = request;
  const size = request.useCustomSize ? 'custom size' : resolution;
  const parts = [variant, imageSet && 'set', size, responseFormat, `${inputs.length} images`, `${boxes} boxes`];
  return parts.filter(Boolean).join(', ');
}

const editors = [
  'Visual Studio Code',
  'Visual Studio Code - Insiders',
  'VSCodium',
  'code-server',
  'Code - OSS',
  'Cursor',
];
const platforms = ['linux', 'darwin', 'win32'];
const architectures = ['x64', 'arm64', 'arm', 'ia32'];
const remotes = ['ssh-remote', 'wsl', 'dev-container', 'attached-container', 'codespaces', 'tunnel'];
const proxySupports = ['off', 'on', 'fallback', 'override'];

const known = (text: string, all: readonly string[], otherwise = 'another'): string =>
  all.includes(text) ? text : otherwise;

/** The numbers that a version begins with: what follows can be the name of a machine's or a company's own build. */
const version = (text: string): string =>
  /^\d{1,5}(\.\d{1,5}){0,3}(?![^-+])/.exec(text)?.[0] ?? 'of an unknown version';
