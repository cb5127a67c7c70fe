import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listen, listener, type Respond, type TestServer } from './rig.ts';

/** A private authority, and a certificate for `service.test` that it has signed. */
export interface Certificates {
  readonly authority: string;
  readonly key: string;
  readonly certificate: string;
}

/** Makes certificates with the openssl program; undefined where there is none. */
export function makeCertificates(): Certificates | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'authority-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    openssl(
      'req',
      '-x509',
      ...curve,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '2',
      '-subj',
      '/CN=Private Authority',
    );
    openssl('req', ...curve, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=service.test');
    writeFileSync(
      path.join(folder, 'names'),
      'subjectAltName=DNS:service.test,DNS:cdn.test,DNS:proxy.test,DNS:localhost\n',
    );
    openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      'server.pem',
      '-days',
      '2',
      '-extfile',
      'names',
    );
    return { authority: read('ca.pem'), key: read('server.key'), certificate: read('server.pem') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The service behind TLS. */
export async function startSecureServer(certificates: Certificates, respond: Respond): Promise<TestServer> {
  const server: TestServer = { url: '', port: 0, whole: [], begun: 0 };
  const { key, certificate } = certificates;
  const port = await listen(listener(server, respond), (handle) =>
    createSecureServer({ key, cert: certificate }, handle),
  );
  return Object.assign(server, { port, url: `https://localhost:${port}` });
}

export interface TestProxy {
  readonly url: string;
  /** The hosts to which tunnels were asked for. */
  readonly tunnels: string[];
  /** Whatever came through the proxy in the clear. */
  readonly clear: string[];
}

/** A proxy that opens tunnels, all of them to one port of this machine, whatever the name. */
export async function startProxy(targetPort: () => number, login?: string): Promise<TestProxy> {
  const tunnels: string[] = [];
  const clear: string[] = [];
  const port = await listen(
    (request, response) => {
      clear.push(request.url ?? '');
      response.writeHead(400).end();
    },
    (handle) =>
      createServer(handle).on('connect', (request, socket) => {
        socket.on('error', () => undefined);
        if (
          login !== undefined &&
          request.headers['proxy-authorization'] !== `Basic ${Buffer.from(login).toString('base64')}`
        ) {
          socket.end(
            'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="x"\r\ncontent-length: 0\r\n\r\n',
          );
          return;
        }
        tunnels.push(request.url ?? '');
        const onward = connect(targetPort(), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          onward.pipe(socket).pipe(onward);
        });
        onward.on('error', () => socket.destroy());
        socket.on('close', () => onward.destroy());
      }),
  );
  return { url: `http://127.0.0.1:${port}`, tunnels, clear };
}
