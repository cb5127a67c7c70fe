import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { planPreparation } from '../../src/core/preparation.ts';
import type { Size } from '../../src/core/size.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import { blocks, byTurns, type Measured, time, type Watched, watched } from './measure.ts';

const run = promisify(execFile);
const WORKER = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));
const ROUNDS = 3;

const SIZES: Readonly<Record<string, Size>> = {
  '1 MP': { width: 1155, height: 866 },
  '6 MP': { width: 2828, height: 2121 },
  '16 MP': { width: 4619, height: 3464 },
};

/**
 * Preparing a turned photo for the service, and bringing an answer back to it, beside sharp (the same library, compiled for
 * this machine, with all its threads) and ImageMagick (left out where it is missing) doing the same.
 */
export async function pixels(): Promise<Measured[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wan-bench-'));
  const worker = createPixels(WORKER);
  try {
    const peers = [bySharp, ...((await hasImageMagick()) ? [byImageMagick(folder)] : [])];
    const measured: Measured[] = [];
    for (const [name, size] of Object.entries(SIZES)) {
      const job = await jobOf(worker, size);
      for (const peer of peers) measured.push(...(await compare(name, worker, job, peer)));
    }
    return [...measured, ...(await held(worker))];
  } finally {
    worker.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Job {
  source: Buffer;
  answer: Buffer;
  /** As seen. */
  size: Size;
  sent: Size;
}

/** Who does the same; each work ends with the bytes of a file. */
interface Peer {
  name: string;
  prepare(job: Job): Promise<unknown>;
  bringBack(job: Job): Promise<unknown>;
}

async function compare(name: string, worker: Pixels, job: Job, peer: Peer): Promise<Measured[]> {
  const plan = planPreparation(await worker.describe(job.source));
  if (plan.kind === 'refused') throw new Error(plan.reason);
  const prepare = await byTurns(
    ROUNDS,
    () => time(() => worker.prepare(job.source, plan.steps)),
    () => time(() => peer.prepare(job)),
  );
  const bringBack = await byTurns(
    ROUNDS,
    () => time(() => worker.bringBack(job.answer, job.source)),
    () => time(() => peer.bringBack(job)),
  );
  return [
    { name: `prepare a photo of ${name}`, ...prepare, unit: 'ms', against: peer.name },
    { name: `bring an answer back to ${name}`, ...bringBack, unit: 'ms', against: peer.name },
  ];
}

/**
 * How long the calling thread, which in an editor is everybody's, is held by work on large pictures: a file of 25 MB, one of
 * 12 MB that is sent as it is, and a photo of 16 MP with an answer to it. Beside sharp, which works off the thread too.
 */
async function held(worker: Pixels): Promise<Measured[]> {
  const heavy = await photo({ width: 3000, height: 2900 }).png({ compressionLevel: 0 }).toBuffer();
  const acceptable = await photo({ width: 2040, height: 2040 }).withExif(TOLD).png({ compressionLevel: 0 }).toBuffer();
  const { source, answer } = await jobOf(worker, SIZES['16 MP']!);
  const works: Record<string, () => Promise<unknown>> = {
    'describing a file of 25 MB': () => worker.describe(heavy),
    'preparing a file of 25 MB': () => prepareAsPlanned(worker, heavy),
    'passing a file of 12 MB through without its metadata': () => worker.prepare(acceptable, []),
    'preparing a photo of 16 MP': () => prepareAsPlanned(worker, source),
    'bringing an answer back to 16 MP': () => worker.bringBack(answer, source),
    'bringing a file of 25 MB back to itself': () => worker.bringBack(heavy, heavy),
    'comparing a photo of 16 MP with its answer': () => worker.measureChange(source, answer, []),
  };
  const rows: Measured[] = [];
  for (const [name, work] of Object.entries(works)) {
    const [ours, floor]: [Watched[], Watched[]] = [[], []];
    await byTurns(
      ROUNDS,
      () => watched(ours, work),
      () => watched(floor, () => sharp(heavy).resize(500).toBuffer()),
    );
    const workOf = (one: Watched): number => one.work;
    rows.push(blocks(`longest work without a pause while ${name}`, ours.map(workOf), floor.map(workOf), 20));
  }
  return rows;
}

const TOLD = { IFD0: { Artist: 'bench' } };

async function prepareAsPlanned(worker: Pixels, bytes: Uint8Array): Promise<unknown> {
  const plan = planPreparation(await worker.describe(bytes));
  if (plan.kind === 'refused') throw new Error(plan.reason);
  return worker.prepare(bytes, plan.steps);
}

/** A turned JPEG with something of a photo's grain and a colour profile, and an answer to it. */
async function jobOf(worker: Pixels, size: Size): Promise<Job> {
  const stored = { width: size.height, height: size.width };
  const source = await photo(stored).withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer();
  const plan = planPreparation(await worker.describe(source));
  if (plan.kind === 'refused') throw new Error(plan.reason);
  return { source, answer: await photo(plan.sent).png().toBuffer(), size, sent: plan.sent };
}

function photo(size: Size): Sharp {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { ...size, channels: 3, background: '#456', noise } }).blur(1.5);
}

const bySharp: Peer = {
  name: 'sharp',
  prepare: ({ source, sent }) =>
    sharp(source)
      .autoOrient()
      .resize(sent.width, sent.height, { fit: 'fill' })
      .jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
      .toBuffer(),
  bringBack: async ({ answer, size }) => {
    const turned = await sharp(answer)
      .resize(size.width, size.height, { fit: 'fill' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    return sharp(turned.data, { raw: turned.info }).rotate(270).withIccProfile('srgb').jpeg({ quality: 90 }).toBuffer();
  },
};

function byImageMagick(folder: string): Peer {
  const convert = async (bytes: Buffer, steps: readonly string[]): Promise<void> => {
    const [from, to] = [join(folder, 'in'), join(folder, 'out.jpg')];
    await writeFile(from, bytes);
    await run('convert', [from, ...steps, to]);
  };
  const force = ({ width, height }: Size): string => `${width}x${height}!`;
  return {
    name: 'ImageMagick',
    prepare: ({ source, sent }) =>
      convert(source, ['-auto-orient', '-resize', force(sent), '-sampling-factor', '4:4:4', '-quality', '92']),
    bringBack: ({ answer, size }) => convert(answer, ['-resize', force(size), '-rotate', '270', '-quality', '90']),
  };
}

async function hasImageMagick(): Promise<boolean> {
  try {
    await run('convert', ['-version']);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
