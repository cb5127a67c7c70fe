import type * as vscode from 'vscode';
import { scrub } from './scrub.ts';

/** What the parts of the host may write: lines without keys, signed addresses, prompts and image data. */
export interface Log {
  info(line: string): void;
  error(line: string, error?: unknown): void;
}

/** A log that scrubs every line on its way into the channel. */
export function scrubbedLog(channel: Pick<vscode.LogOutputChannel, 'info' | 'error'>): Log {
  return {
    info: (line) => channel.info(scrub(line)),
    error: (line, error) => channel.error(scrub(error === undefined ? line : `${line} ${describe(error)}`)),
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` Caused by: ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
