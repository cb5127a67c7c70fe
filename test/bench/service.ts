import { spawn } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ReadyRequest } from '../../src/core/readyRequest.ts';
import { createClient } from '../../src/service/client.ts';
import type { ServiceClient } from '../../src/service/types.ts';
import { blocks, byTurns, type Measured, median, megabyte, time, type Watched, watched } from './measure.ts';

const uploadLength = 9 * 20 * megabyte;
const pieceLength = 786_432;
const answerLength = 25 * megabyte;

/** A server in a process of its own: takes whatever is posted, and answers a GET with one picture as base64. */
const serverCode = `
const { createServer } = require('node:http');
const text = Buffer.from(JSON.stringify({ job_id: 'j', status: 'completed', result: { data: [{ b64_json: require('node:crypto').randomBytes(${answerLength}).toString('base64') }] } }));
createServer((request, response) => {
  if (request.method === 'GET') return response.writeHead(200, { 'content-length': text.length }).end(text);
  request.resume().on('end', () => response.end('{"job_id":"j"}'));
}).listen(0, '127.0.0.1', function () { process.stdout.write(String(this.address().port)); });
process.stdin.resume().on('end', () => process.exit());
`;

/** The largest upload and the largest answer, beside the same bytes without the work that is done on them. */
export async function service(): Promise<Measured[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-service-'));
  const server = spawn(process.execPath, ['-e', serverCode], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) =>
    server.stdout.once('data', (text: Buffer) => resolve(Number(text))),
  );
  const client = createClient(
    {
      baseUrl: `http://127.0.0.1:${port}`,
      key: () => Promise.resolve('sk-empiriolabs-bench'),
      network: { proxySupport: 'off', strictCertificates: true },
      spoolFolder: folder,
      log: () => undefined,
      userAgent: 'bench',
    },
    { verify: () => Promise.reject(new Error('not measured')), pace: { requestsPerMinute: 1000 } },
  );
  try {
    return [...(await upload(client, port)), ...(await pictureInAnswer(client, port))];
  } finally {
    await client.close();
    server.stdin.end();
    await rm(folder, { recursive: true, force: true });
  }
}

async function upload(client: ServiceClient, port: number): Promise<Measured[]> {
  const images = Array.from({ length: 9 }, (_, index) => ({
    kind: 'inline',
    mime: 'image/png',
    bytes: Buffer.alloc(uploadLength / 9, index + 1),
  }));
  const ready = { fields: { model: 'wan2-7-image', prompt: 'bench' }, images } as unknown as ReadyRequest;
  const [ours, floor]: [Watched[], Watched[]] = [[], []];
  const figures = await byTurns(
    5,
    () => watched(ours, () => client.submit(ready)),
    () => watched(floor, () => rawUpload(port)),
  );
  return [
    {
      name: 'sending nine images of 20 MB',
      ...figures,
      unit: 'ms',
      against: 'the same length of ready bytes',
      budget: 2,
    },
    {
      name: 'memory that grows meanwhile',
      ours: median(ours.map(({ megabytes }) => megabytes)),
      floor: 110,
      unit: 'MB',
      against: 'the aim',
      budget: 1,
    },
    longestBlock(ours, floor, 20),
  ];
}

async function pictureInAnswer(client: ServiceClient, port: number): Promise<Measured[]> {
  const [ours, floor]: [Watched[], Watched[]] = [[], []];
  const figures = await byTurns(
    7,
    () => watched(ours, () => client.poll('j')),
    () => watched(floor, () => discard(port)),
  );
  const text = Buffer.alloc(answerLength);
  const disk = await byTurns(
    3,
    () => time(() => writeSynced(text)),
    () => Promise.resolve(0),
  );
  return [
    {
      name: 'a picture of 25 MB inside an answer, durable on disk',
      ...figures,
      unit: 'ms',
      against: 'receiving and discarding it',
    },
    {
      name: 'the same less the time of the disk itself',
      ours: figures.ours - disk.ours,
      floor: figures.floor,
      unit: 'ms',
      against: 'receiving and discarding it',
      budget: 1.5,
    },
    longestBlock(ours, floor, 10),
  ];
}

function longestBlock(ours: readonly Watched[], floor: readonly Watched[], aim: number): Measured {
  const blockOf = ({ block }: Watched): number => block;
  return blocks('longest block meanwhile', ours.map(blockOf), floor.map(blockOf), aim);
}

async function rawUpload(port: number): Promise<void> {
  const length = Math.ceil(uploadLength / 3) * 4;
  const piece = Buffer.alloc((pieceLength / 3) * 4, 65);
  await new Promise<void>((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': length } }, (answer) =>
      answer.resume().on('end', resolve),
    );
    sent.on('error', reject);
    const send = (left: number): void => {
      if (left === 0) return void sent.end();
      const next = left < piece.length ? piece.subarray(0, left) : piece;
      if (sent.write(next)) send(left - next.length);
      else sent.once('drain', () => send(left - next.length));
    };
    send(length);
  });
}

async function discard(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    request({ port, host: '127.0.0.1', method: 'GET' }, (answer) => answer.resume().on('end', resolve))
      .on('error', reject)
      .end();
  });
}

async function writeSynced(bytes: Buffer): Promise<void> {
  const file = path.join(tmpdir(), `bench-${process.pid}`);
  const handle = await open(file, 'w');
  await handle.write(bytes);
  await handle.sync();
  await handle.close();
  await rm(file);
}
