import * as os from 'node:os';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { KeyVault } from '../key.ts';
import type { Log } from '../log.ts';
import { networkSettings } from '../network.ts';
import type { RecentLines } from '../recentLines.ts';
import type { Services } from '../services.ts';
import { type CapName, settingKey, type SettingName, settings } from '../settings.ts';
import { readCap, readSetting } from '../settingsReader.ts';
import { type FoundSetting, reportDocument, type ReportFacts, type ReportWords } from './document.ts';

interface Parts {
  readonly services: Pick<Services, 'current' | 'mode'>;
  readonly keys: Pick<KeyVault, 'read'>;
  readonly recent: Pick<RecentLines, 'all'>;
  readonly manifest: unknown;
  readonly log: Log;
}

/** Puts what helps to find a fault into a new document, for the user to read and to share. Nothing is sent anywhere. */
export async function reportProblem(parts: Parts): Promise<void> {
  const content = reportDocument(await collectFacts(parts), reportWords(issuesPage(parts.manifest)));
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: false });
}

async function collectFacts({ services, keys, recent, manifest, log }: Parts): Promise<ReportFacts> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const { proxy, proxySupport, strictCertificates } = networkSettings(log);
  // A report is wanted most where something cannot be read, so it does without.
  const jobs = await unlessUnreadable(async () => (await services.current()).jobs.list());
  const hasKey = await unlessUnreadable(async () => (await keys.read()) !== undefined);
  return {
    at: Date.now(),
    extension: String((manifest as { version?: unknown }).version),
    editor: {
      name: vscode.env.appName,
      version: vscode.version,
      isWeb: vscode.env.uiKind === vscode.UIKind.Web,
    },
    system: { platform: process.platform, architecture: process.arch, release: os.release() },
    node: process.versions.node,
    remote: vscode.env.remoteName,
    mode: services.mode,
    hasKey,
    workspace: {
      isTrusted: vscode.workspace.isTrusted,
      folders: folders.length,
      isVirtual: folders.some(({ uri }) => uri.scheme !== 'file'),
    },
    proxy: {
      isSet: proxy !== undefined,
      isInEnvironment: Object.keys(process.env).some((name) => /^https?_proxy$/i.test(name)),
      support: proxySupport,
      strictCertificates,
    },
    settings: Object.fromEntries(Object.keys(settings).map((name) => [name, foundSetting(name as SettingName)])),
    jobs,
    lines: recent.all,
  };

  async function unlessUnreadable<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      log.error('Something could not be read for a report.', error);
      return undefined;
    }
  }
}

function foundSetting(name: SettingName): FoundSetting {
  const found = vscode.workspace.getConfiguration().inspect(settingKey(name));
  const isWorkspace = found?.workspaceValue !== undefined || found?.workspaceFolderValue !== undefined;
  const mayBe = settings[name].scope !== 'application' && isWorkspace;
  return {
    value: isCap(name) ? readCap(name) / 1000 : readSetting(name),
    setBy: mayBe ? 'the workspace' : found?.globalValue === undefined ? 'nobody' : 'the user',
  };
}

const isCap = (name: SettingName): name is CapName => 'canOnlyBeLowered' in settings[name];

/** Where the manifest wants problems to be told; undefined where it names no place. */
function issuesPage(manifest: unknown): string | undefined {
  const { bugs } = manifest as { bugs?: string | { url?: string } };
  return typeof bugs === 'string' ? bugs : bugs?.url;
}

function reportWords(issues: string | undefined): ReportWords {
  return {
    title: l10n.t('A problem with Wan Image Studio'),
    holds: l10n.t(
      'This document was written for you to read, and nothing of it was sent anywhere. It holds versions, settings, counts of jobs, and the latest failures and lines of the log. It does not hold the API key, prompts, pictures, addresses, the balance, or names of files, folders, people and machines: an "…" stands where one of them could have been.',
    ),
    steps: [
      l10n.t('Read it, and take out what you do not want to share.'),
      l10n.t('Write what happened, below.'),
      issues === undefined
        ? l10n.t('Give it to whoever you have this extension from: the extension itself names no place for problems.')
        : l10n.t('Open an issue at {0} and paste this document into it.', issues),
    ],
    story: {
      title: l10n.t('What happened'),
      invitation: l10n.t('What did you do, what did you expect, and what came instead?'),
    },
  };
}
