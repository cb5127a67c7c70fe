import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import sharp, { type Metadata } from 'sharp';
import { planPreparation, type Preparation, type SourceFacts } from '../../src/core/preparation.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import { factsOfHeader } from '../../src/pixels/facts.ts';
import { readHeaderOf } from '../../src/pixels/header.ts';
import { PixelError } from '../../src/pixels/pixelError.ts';
import { sourceFormatOf } from '../../src/pixels/sourceFormat.ts';
import { type Mutation, mutate } from './samples.ts';

/** A part of a campaign: the cases from `first` on, each of which follows from the seed and its own number alone. */
export interface Part {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  /** Every so manieth case is one whose preparation is carried out as well. */
  readonly carriedEvery: number;
  /** What is mutated to be read and planned. */
  readonly samples: readonly Uint8Array[];
  /** What is mutated to be prepared: these, and those that only the engine reads. */
  readonly carriedSamples: readonly Uint8Array[];
}

/** What became of the cases of a part. */
export interface Tally {
  /** Got a plan. */
  planned: number;
  /** Were refused by a kind. */
  refused: number;
  /** Planned ones that sharp reads in the same way. */
  agreed: number;
  /** Planned ones of which no judge knows better: sharp refuses them, or cannot decode them as it has measured them. */
  unjudged: number;
  /** Carried-out ones that were prepared as planned, and that sharp decodes if they were written anew. */
  prepared: number;
  /** Carried-out ones that were refused by a kind. */
  notPrepared: number;
  /** Planned ones that differ from sharp for a reason of {@link exceptions}, by its name. */
  readonly excepted: Record<string, number>;
  /** Whatever must not be, as sentences with the number of the case; the first few. */
  readonly faults: string[];
}

const MOST_FAULTS = 20;
/** Judged at the same time: enough to keep the threads of sharp busy. */
const AT_ONCE = 16;
/** Of the cases that happen to be BMPs. */
const BMP_ASKED_EVERY = 50;
const WORKER = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));
const THREAD = fileURLToPath(new URL('./campaignThread.ts', import.meta.url));

/** Runs the cases in threads of their own, side by side. */
export async function runCampaign(whole: Omit<Part, 'first'>): Promise<Tally> {
  const threads = Math.min(4, availableParallelism());
  const each = Math.ceil(whole.count / threads);
  const parts = Array.from({ length: threads }, (_, index): Part => {
    const first = index * each;
    return { ...whole, first, count: Math.min(each, whole.count - first) };
  });
  return (await Promise.all(parts.map(inThread))).reduce(added);
}

function inThread(part: Part): Promise<Tally> {
  const thread = new Worker(THREAD, { workerData: part, execArgv: [] });
  return new Promise((resolve, reject) => {
    thread.on('message', resolve).on('error', reject);
    thread.on('exit', (code) => reject(new Error(`a thread of the campaign ended with code ${code}`)));
  });
}

function added(one: Tally, other: Tally): Tally {
  const excepted = { ...one.excepted };
  for (const [name, count] of Object.entries(other.excepted)) excepted[name] = (excepted[name] ?? 0) + count;
  return {
    planned: one.planned + other.planned,
    refused: one.refused + other.refused,
    agreed: one.agreed + other.agreed,
    unjudged: one.unjudged + other.unjudged,
    prepared: one.prepared + other.prepared,
    notPrepared: one.notPrepared + other.notPrepared,
    excepted,
    faults: [...one.faults, ...other.faults],
  };
}

/** Reads and plans every case of a part, and asks others what they read; carries out some. */
export async function runPart({ seed, first, count, carriedEvery, samples, carriedSamples }: Part): Promise<Tally> {
  sharp.cache(false);
  sharp.concurrency(1);
  const pixels = createPixels(WORKER);
  const tally: Tally = {
    planned: 0,
    refused: 0,
    agreed: 0,
    unjudged: 0,
    prepared: 0,
    notPrepared: 0,
    excepted: {},
    faults: [],
  };
  const end = first + count;
  const isOver = (): boolean => tally.faults.length >= MOST_FAULTS;
  const faultOf =
    (number: number): Fault =>
    (text) =>
      void tally.faults.push(`seed ${seed}, case ${number}: ${text}`);
  let next = first;
  const judging = async (): Promise<void> => {
    while (next < end && !isOver()) {
      const number = next++;
      await judge(tally, faultOf(number), caseOf(seed, number, samples), number % BMP_ASKED_EVERY === 0);
    }
  };
  // One after the other, as a host does it: the client renews a worker that has failed often only between two calls.
  const carrying = async (): Promise<void> => {
    for (let number = Math.ceil(first / carriedEvery) * carriedEvery; number < end && !isOver(); number += carriedEvery)
      await carryOut(tally, faultOf(number), pixels, caseOf(seed, number, carriedSamples));
  };
  try {
    await Promise.all([carrying(), ...Array.from({ length: AT_ONCE }, judging)]);
  } finally {
    pixels.dispose();
  }
  return tally;
}

/** The bytes of one case: a sample with one to three changes. Of PNGs half get right checksums again, so that more than these is tried. */
function caseOf(seed: number, number: number, samples: readonly Uint8Array[]): Buffer {
  const draw = drawing(seed, number);
  const sample = samples[draw(samples.length)]!;
  const changes = Array.from({ length: 1 + draw(3) }, (): Mutation => {
    const kind = (['set', 'set', 'cut', 'insert'] as const)[draw(4)]!;
    return {
      kind,
      where: draw(0x10000) / 0x10000,
      early: draw(2) === 0,
      bytes: Uint8Array.from({ length: 1 + draw(6) }, () => draw(256)),
    };
  });
  const bytes = mutate(sample, changes);
  if (draw(2) === 0) repairChecksums(bytes);
  return bytes;
}

/** Gives every chunk of a PNG the checksum that it should have, as far as the chunks can be followed. */
function repairChecksums(bytes: Buffer): void {
  if (!bytes.subarray(1, 4).equals(Buffer.from('PNG'))) return;
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) return;
    bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end - 4)), end - 4);
    at = end;
  }
}

/** Whole numbers below a limit, the same ones for the same case (mulberry32). */
function drawing(seed: number, number: number): (limit: number) => number {
  let state = Math.imul(seed ^ Math.imul(number + 1, 0x9e3779b1), 0x85ebca6b) >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

type Fault = (text: string) => void;

async function judge(tally: Tally, fault: Fault, bytes: Buffer, asksAboutBmp: boolean): Promise<void> {
  let facts: SourceFacts;
  let plan: Preparation;
  try {
    sourceFormatOf(bytes);
    facts = factsOfHeader(readHeaderOf(bytes), bytes.length);
    plan = planPreparation(facts);
  } catch (error) {
    if (error instanceof PixelError) tally.refused += 1;
    else fault(`threw ${String(error)}`);
    return;
  }
  tally.planned += 1;
  if (!isSound(plan)) return fault(`planned as ${JSON.stringify(plan)}`);
  if (facts.format === 'bmp') return judgeBmp(tally, fault, facts, asksAboutBmp ? bytes : undefined);
  const theirs = await sharp(bytes)
    .metadata()
    .catch(() => undefined);
  if (!theirs) return void (tally.unjudged += 1);
  const differences = differencesBetween(facts, theirs);
  if (differences.length === 0) return void (tally.agreed += 1);
  const exception = exceptions.find(({ applies }) => applies(differences, facts, bytes));
  if (exception) return void (tally.excepted[exception.name] = (tally.excepted[exception.name] ?? 0) + 1);
  if (!(await decodes(bytes, theirs))) return void (tally.unjudged += 1);
  const others = await byImageMagick(bytes, '-');
  fault(`${JSON.stringify(facts)}, but by sharp ${differences.join(', ')}, by ImageMagick ${others ?? 'not known'}`);
}

async function carryOut(tally: Tally, fault: Fault, pixels: Pixels, bytes: Buffer): Promise<void> {
  try {
    const facts = await pixels.describe(bytes);
    const plan = planPreparation(facts);
    // Sizes that mutation made up are planned above; decoding hundreds of large ones only takes time.
    if (plan.kind === 'refused' || facts.width * facts.height > 4_000_000) return void (tally.notPrepared += 1);
    const made = await pixels.prepare(bytes, plan.steps);
    const { width, height } = plan.sent;
    if (made.facts.width !== width || made.facts.height !== height || made.facts.hasAlpha)
      fault(`planned ${JSON.stringify(plan)}, prepared ${JSON.stringify(made.facts)}`);
    // What goes as it is may hold pixels that no decoder can finish: they are the user's, and the service will say so.
    if (made.steps.length > 0) {
      const { info } = await sharp(made.bytes).raw().toBuffer({ resolveWithObject: true });
      if (info.width !== width || info.height !== height)
        fault(`planned ${JSON.stringify(plan)}, by sharp ${JSON.stringify(info)}`);
    }
    tally.prepared += 1;
  } catch (error) {
    if (error instanceof PixelError && error.kind !== 'engine-unavailable') tally.notPrepared += 1;
    else fault(`preparing it threw ${String(error)}`);
  }
}

/** A plan that could be carried out: whole sides within the limits, and nothing left out. */
function isSound(plan: Preparation): boolean {
  if (plan.kind === 'refused') return true;
  const { width, height } = plan.sent;
  return (
    Number.isInteger(width) &&
    Number.isInteger(height) &&
    Math.min(width, height) >= 240 &&
    Math.max(width, height) <= 8000
  );
}

function differencesBetween(facts: SourceFacts, theirs: Metadata): string[] {
  const found: [string, unknown, unknown][] = [
    ['format', facts.format, theirs.format],
    ['width', facts.width, theirs.autoOrient.width],
    ['height', facts.height, theirs.autoOrient.height],
    ['orientation', facts.orientation, theirs.orientation ?? 1],
    ['alpha', facts.hasAlpha, theirs.hasAlpha],
    ['animated', facts.animated, (theirs.pages ?? 1) > 1],
    ['inks', facts.isCmyk, theirs.space === 'cmyk'],
  ];
  return found.filter(([, ours, other]) => ours !== other).map(([name, , other]) => `${name} ${String(other)}`);
}

interface Exception {
  readonly name: string;
  readonly applies: (differences: readonly string[], facts: SourceFacts, bytes: Buffer) => boolean;
}

/** Where ours differs from sharp and has a reason to. */
const exceptions: readonly Exception[] = [
  {
    name: 'the alpha of an animation is that of its first image, which is sent; sharp goes by all of them',
    applies: (differences, { hasAlpha, animated }) => animated && !hasAlpha && only(differences, 'alpha'),
  },
  {
    name: 'a GIF has the size of its screen, and is bare where its first image is not; libnsgif passes over unlikely screens',
    applies: (differences, { format, hasAlpha }, bytes) =>
      format === 'gif' && hasAlpha && only(differences, 'width', 'height', 'alpha') && !fillsScreen(bytes),
  },
  {
    name: 'an orientation of several values says nothing, as in browsers; libexif takes the first',
    applies: (differences, { orientation }, bytes) =>
      orientation === 1 && only(differences, 'width', 'height', 'orientation') && hasManyOrientations(bytes),
  },
];

/** Whether the numbers of the first image of a GIF with a global colour table of any size are those of the screen. */
function fillsScreen(bytes: Buffer): boolean {
  const screen = bytes.subarray(6, 10);
  return bytes.includes(Buffer.concat([Buffer.from([0x2c, 0, 0, 0, 0]), screen]));
}

/** Whether an orientation tag, in either order of bytes, has a count other than 1. */
function hasManyOrientations(bytes: Buffer): boolean {
  const [little, big] = [bytes.indexOf('12010300', 'hex'), bytes.indexOf('01120003', 'hex')];
  return (little >= 0 && bytes.readUInt32LE(little + 4) !== 1) || (big >= 0 && bytes.readUInt32BE(big + 4) !== 1);
}

function only(differences: readonly string[], ...names: string[]): boolean {
  return differences.every((difference) => names.includes(difference.split(' ', 1)[0] ?? ''));
}

async function decodes(bytes: Buffer, { width, height }: Metadata): Promise<boolean> {
  if (width * height > 4_000_000) return false;
  return sharp(bytes)
    .raw()
    .toBuffer()
    .then(
      () => true,
      () => false,
    );
}

/** sharp reads no BMP. ImageMagick does, where it is there, but is a process each time: it is asked about a few. */
async function judgeBmp(tally: Tally, fault: Fault, facts: SourceFacts, bytes: Buffer | undefined): Promise<void> {
  const theirs = bytes && (await byImageMagick(bytes, 'bmp:-'));
  if (theirs === undefined) tally.unjudged += 1;
  else if (theirs.replace(/^BMP[23] /, 'BMP ').startsWith(`BMP ${facts.width}x${facts.height} `)) tally.agreed += 1;
  else if (!/^BMP[23]? /.test(theirs)) tally.unjudged += 1;
  else fault(`${JSON.stringify(facts)}, but by ImageMagick ${theirs}`);
}

/** What ImageMagick reads; undefined where it is missing or does not take the file. */
async function byImageMagick(bytes: Buffer, name: string): Promise<string | undefined> {
  const asked = promisify(execFile)('identify', ['-format', '%m %wx%h %[orientation] %A;', name]);
  asked.child.stdin?.on('error', () => undefined).end(bytes);
  return asked.then(
    ({ stdout }) => stdout,
    () => undefined,
  );
}
