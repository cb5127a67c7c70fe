import type * as vscode from 'vscode';
import type { RecentLines } from './recentLines.ts';
import { scrub } from './scrub.ts';

/** What the parts of the host may write: lines without keys, signed addresses, prompts and image data. */
export interface Log {
  info(line: string): void;
  error(line: string, error?: unknown): void;
}

/** A log that scrubs every line on its way into the channel, and remembers the latest for a report. */
export function scrubbedLog(
  channel: Pick<vscode.LogOutputChannel, 'info' | 'error'>,
  recent?: Pick<RecentLines, 'add'>,
): Log {
  return {
    info: (line) => {
      recent?.add('info', line);
      channel.info(scrub(line));
    },
    error: (line, error) => {
      const words = error === undefined ? undefined : describe(error);
      recent?.add('error', line, words);
      channel.error(scrub(words === undefined ? line : `${line} ${words}`));
    },
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\nCaused by: ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
