// Not 'node:https': VS Code patches the module under this name alone, and the patched one can log in to proxies.
import { request as httpsRequest } from 'https';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { NetworkSettings } from '../service/types.ts';
import type { Log } from './log.ts';

/**
 * VS Code's `http.*` settings as they are now, with VS Code's own proxy resolver where it can be had. They decide whom the
 * key meets on its way, so that what a workspace says about them counts for nothing.
 */
export function networkSettings(log: Log): NetworkSettings {
  const proxy = ownHttpSetting('proxy');
  const noProxy = ownHttpSetting('noProxy');
  const resolveProxy = proxyResolver(log);
  return {
    proxySupport: proxySupport(ownHttpSetting('proxySupport')),
    strictCertificates: ownHttpSetting('proxyStrictSSL') !== false,
    httpsRequest,
    noProxy: Array.isArray(noProxy) ? noProxy.filter((entry) => typeof entry === 'string') : [],
    ...(typeof proxy === 'string' && proxy.trim() !== '' ? { proxy: proxy.trim() } : {}),
    ...(resolveProxy && { resolveProxy }),
  };
}

/** The value of the user, of the policy of their machine, or the default. VS Code reads no other, and tells so nowhere. */
function ownHttpSetting(name: string): unknown {
  const http = vscode.workspace.getConfiguration('http', null);
  const { workspaceValue, workspaceFolderValue, globalValue, defaultValue } = http.inspect(name) ?? {};
  const isOwn = workspaceValue === undefined && workspaceFolderValue === undefined;
  return isOwn ? http.get(name) : (globalValue ?? defaultValue);
}

function proxySupport(value: unknown): NetworkSettings['proxySupport'] {
  return value === 'off' || value === 'on' || value === 'fallback' ? value : 'override';
}

/**
 * The resolver inside VS Code, which knows the system's proxy settings. It is not part of the extension API, so it may be
 * missing or different in any version; the client then goes by the settings and the environment.
 */
function proxyResolver(log: Log): NetworkSettings['resolveProxy'] | undefined {
  for (const modules of ['node_modules.asar', 'node_modules']) {
    try {
      const require = createRequire(join(vscode.env.appRoot, 'package.json'));
      const agent: unknown = require(join(vscode.env.appRoot, modules, '@vscode', 'proxy-agent'));
      if (hasResolver(agent)) return async (url) => (await agent.resolveProxyURL(url)) || undefined;
    } catch {
      // This layout is not the one of this VS Code; the next may be.
    }
  }
  log.info('The proxy resolver of the editor was not found; proxies are taken from the settings and the environment.');
  return undefined;
}

interface WithResolver {
  resolveProxyURL(url: string): Promise<string | undefined>;
}

function hasResolver(agent: unknown): agent is WithResolver {
  return (
    typeof agent === 'object' &&
    agent !== null &&
    'resolveProxyURL' in agent &&
    typeof agent.resolveProxyURL === 'function'
  );
}
