import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A request that somebody got who should get none. */
export interface Overheard {
  readonly method: string;
  /** A path, a whole address where it came as to a proxy, or the `host:port` of a tunnel. */
  readonly address: string;
  readonly headers: IncomingMessage['headers'];
}

/** A host of the attacker: a web server and a proxy at one port, which answer nothing of use and keep what they hear. */
export interface Attacker {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly heard: readonly Overheard[];
  stop(): void;
}

/** Starts it on this machine. */
export async function startAttacker(): Promise<Attacker> {
  const heard: Overheard[] = [];
  const keep = ({ method = '', url: address = '', headers }: IncomingMessage): void => {
    heard.push({ method, address, headers });
  };
  const server = createServer((request, response) => {
    keep(request);
    response.writeHead(404).end();
  });
  server.on('connect', (request, socket) => {
    keep(request);
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Every file, link and folder below a folder with what it is, by its path: two that are equal hold the same. */
export async function treeOf(folder: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    const found = await lstat(path);
    if (found.isSymbolicLink()) tree[name] = `link to ${await readlink(path)}`;
    else if (found.isFile())
      tree[name] = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
    else tree[name] = found.isDirectory() ? 'folder' : 'something else';
  }
  return tree;
}
