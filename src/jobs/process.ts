import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names a process in a file, so that others can tell whether it still runs. */
export interface ProcessName {
  readonly pid: number;
  readonly host: string;
  /** Containers of one host name count their processes each for itself; Linux tells them apart by this. */
  readonly space?: string;
}

/** This process. */
export function thisProcess(): ProcessName {
  const space = processSpace();
  return { pid: process.pid, host: hostname(), ...(space !== undefined && { space }) };
}

/** True where it is certain that the process has ended: one of another machine or container cannot be asked about. */
export function hasCertainlyEnded({ pid, host, space }: ProcessName): boolean {
  const isHere = host === hostname() && (space === undefined || space === processSpace());
  return isHere && !isRunning(pid);
}

/** The name in the content of a file; undefined where it is half written or damaged. */
export function processNameIn(value: unknown): ProcessName | undefined {
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('host' in value)) return undefined;
  const space = 'space' in value && typeof value.space === 'string' ? value.space : undefined;
  return { pid: Number(value.pid), host: String(value.host), ...(space !== undefined && { space }) };
}

function processSpace(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined; // A system without it tells processes apart by the host name alone.
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
