// Stands in for node:fs/promises in the bundle of a window: the same functions, each through the gate.
import * as real from 'node:fs/promises';
import { gate, type Kind } from './gate.ts';

export * from 'node:fs/promises';

type Real = typeof real;

const isWriting = (flags: unknown): boolean => typeof flags === 'string' && /[wa+]/.test(flags);

export const open: Real['open'] = async (file, flags, mode) => {
  const name = String(file);
  const kind: Kind = isWriting(flags) ? 'create' : 'read';
  const handle = await gate.pass({ kind, file: name }, () => real.open(file, flags, mode));
  const own = {
    writeFile: handle.writeFile.bind(handle),
    write: handle.write.bind(handle) as (buffer: Uint8Array, offset?: number, length?: number) => Promise<unknown>,
    sync: handle.sync.bind(handle),
  };
  const descriptor = handle.fd;
  return Object.assign(handle, {
    writeFile: (data: string | Uint8Array) =>
      gate.pass({ kind: 'write', file: name, descriptor, half: () => own.writeFile(half(data)) }, () =>
        own.writeFile(data),
      ),
    write: (data: Uint8Array, offset = 0, length = data.length - offset) =>
      gate.pass(
        { kind: 'write', file: name, descriptor, half: () => own.write(data, offset, Math.floor(length / 2)) },
        () => own.write(data, offset, length),
      ),
    sync: () => gate.pass({ kind: 'sync', file: name, descriptor }, () => own.sync()),
  });
};

export const writeFile = ((file: string, data: string | Uint8Array, options?: object) =>
  gate.pass({ kind: 'write', file, half: () => real.writeFile(file, half(data), options) }, () =>
    real.writeFile(file, data, options),
  )) as Real['writeFile'];

export const mkdir = ((folder: string, options?: { recursive?: boolean }) =>
  gate.pass({ kind: 'create', file: folder }, () => real.mkdir(folder, options))) as Real['mkdir'];

export const rename: Real['rename'] = (from, to) =>
  gate.pass({ kind: 'name', file: String(from), to: String(to), isMove: true }, () => real.rename(from, to));

export const link: Real['link'] = (from, to) =>
  gate.pass({ kind: 'name', file: String(from), to: String(to), isMove: false }, () => real.link(from, to));

export const copyFile: Real['copyFile'] = (from, to, mode) =>
  gate.pass(
    { kind: 'write', file: String(to), half: async () => real.writeFile(to, half(await real.readFile(from))) },
    () => real.copyFile(from, to, mode),
  );

export const rm: Real['rm'] = (file, options) =>
  gate.pass({ kind: 'remove', file: String(file) }, () => real.rm(file, options));

export const unlink: Real['unlink'] = (file) =>
  gate.pass({ kind: 'remove', file: String(file) }, () => real.unlink(file));

export const utimes: Real['utimes'] = (file, accessed, modified) =>
  gate.pass({ kind: 'touch', file: String(file) }, () => real.utimes(file, accessed, modified));

export const readFile = ((file: string, options?: 'utf8') =>
  gate.pass({ kind: 'read', file }, () => real.readFile(file, options))) as Real['readFile'];

export const readdir = ((folder: string) =>
  gate.pass({ kind: 'read', file: folder }, () => real.readdir(folder))) as unknown as Real['readdir'];

function half<Data extends string | Uint8Array>(data: Data): Data {
  return data.slice(0, Math.floor(data.length / 2)) as Data;
}
