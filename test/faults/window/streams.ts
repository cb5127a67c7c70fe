// Stands in for node:fs in the bundle of a window. Only streams are used of it, and what they write goes through the gate.
import * as real from 'node:fs';
import { callbackify, promisify } from 'node:util';
import { gate } from './gate.ts';

export * from 'node:fs';

type Callback = (error: Error | null, ...rest: unknown[]) => void;

export const createWriteStream: typeof real.createWriteStream = (file, options) => {
  const name = String(file);
  const write = promisify(real.write) as unknown as (...all: unknown[]) => Promise<{ bytesWritten: number }>;
  const fs = {
    open: (path: string, flags: string, mode: number, done: Callback) =>
      settle(
        gate.pass({ kind: 'create', file: name }, () => promisify(real.open)(path, flags, mode)),
        done,
      ),
    write: (
      descriptor: number,
      data: Buffer,
      offset: number,
      length: number,
      position: number | null,
      done: Callback,
    ) =>
      settle(
        gate.pass(
          {
            kind: 'write',
            file: name,
            descriptor,
            half: () => write(descriptor, data, offset, Math.floor(length / 2), position),
          },
          async () => (await write(descriptor, data, offset, length, position)).bytesWritten,
        ),
        done,
      ),
    fsync: (descriptor: number, done: Callback) =>
      settle(
        gate.pass({ kind: 'sync', file: name, descriptor }, () => promisify(real.fsync)(descriptor)),
        done,
      ),
    close: real.close,
  };
  return real.createWriteStream(file, { ...(options as object), fs });
};

function settle(work: Promise<unknown>, done: Callback): void {
  callbackify(() => work)(done);
}
