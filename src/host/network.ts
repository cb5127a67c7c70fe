// Not 'node:https': VS Code patches the module under this name alone, and the patched one can log in to proxies.
import { request as httpsRequest } from 'https';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { NetworkSettings } from '../service/types.ts';
import type { Log } from './log.ts';

/** VS Code's `http.*` settings as they are now, with VS Code's own proxy resolver where it can be had. */
export function networkSettings(log: Log): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  const proxy = http.get<string>('proxy')?.trim();
  const resolveProxy = proxyResolver(log);
  return {
    proxySupport: proxySupport(http.get('proxySupport')),
    strictCertificates: http.get('proxyStrictSSL') !== false,
    httpsRequest,
    noProxy: http.get<string[]>('noProxy') ?? [],
    ...(proxy ? { proxy } : {}),
    ...(resolveProxy && { resolveProxy }),
  };
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
