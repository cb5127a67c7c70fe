import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { LoggedRequest } from '../../src/simulator/tally.ts';
import { jobFolders } from './meanwhile.ts';
import type { Report, Told } from './order.ts';

/** What the service itself knows of a run. */
export interface ServiceSide {
  /** Generation requests that were accepted. */
  readonly accepted: readonly LoggedRequest[];
  /** Pictures billed. */
  readonly billed: number;
  /** SHA-256 of each picture that the account's usage listing has an address for. */
  readonly listed: readonly string[];
  readonly downloadsWithCredentials: number;
}

/** What a run is judged by. Nothing of it comes from the code that is judged but what it has shown to the user. */
export interface Evidence {
  readonly root: string;
  readonly service: ServiceSide;
  /** SHA-256 of the pictures that this request buys, from the first to the last that it could have. */
  readonly bought: readonly string[];
  /** The last window's. */
  readonly report: Report;
  /** Something of the journal was damaged from outside, so that it may have forgotten what it knew. */
  readonly isDamaged: boolean;
  /** Nothing was wrong with the service and the way to it, and it was asked in time: what it has accepted it delivers. */
  readonly isServiceWell: boolean;
  /** Files that were in the workspace before. */
  readonly mine: ReadonlyMap<string, string>;
}

/** What the user knows at the end. */
export const tellings = ['done', 'may be billed', 'nothing bought', 'not started'] as const;
export type Telling = (typeof tellings)[number];

export interface Verdict {
  readonly accepted: number;
  readonly telling: Telling;
  /** Pictures billed, and where they are. */
  readonly billed: number;
  readonly inVault: number;
  readonly recoverable: number;
  readonly named: number;
  readonly violations: readonly string[];
}

const ranks = ['prepared', 'sending', 'accepted', 'collecting', 'done', 'failed'];

/** Judges a run that has come to its end. */
export async function judge(evidence: Evidence): Promise<Verdict> {
  const { root, service, report, isDamaged } = evidence;
  const violations: string[] = [];
  const history = readTold(root);
  const job = report.jobs[0];
  if (report.jobs.length > 1) violations.push(`one click has become ${report.jobs.length} jobs`);
  if (!report.isAtRest) violations.push(`did not come to rest, the job is ${job?.state ?? 'not there'}`);
  if (service.accepted.length > 1) violations.push(`${service.accepted.length} requests were accepted for one click`);
  if (service.downloadsWithCredentials > 0) violations.push('a download carried the key');
  const telling = tellingOf(job, history);
  if (telling === undefined)
    violations.push(`the user was shown a job (${history.at(-1)?.state}) that is not there any more`);
  if (service.accepted.length === 0 && telling === 'done')
    violations.push('a picture was shown of a request that was never accepted');
  const pictures = await whereaboutsOf(evidence, job, telling, violations);
  if (!isDamaged) {
    violations.push(...unreadableEntries(root, report));
    if (job) violations.push(...takenBack(history, job, evidence.isServiceWell));
  }
  violations.push(...(await workspaceFaults(evidence, job)));
  return {
    accepted: service.accepted.length,
    telling: telling ?? 'not started',
    billed: service.billed,
    ...pictures,
    violations,
  };
}

/** Undefined where a job was shown to the user and is not shown any more. */
function tellingOf(job: Told | undefined, history: readonly Told[]): Telling | undefined {
  if (job?.state === 'done') return 'done';
  if (job?.failure) return job.failure.mayBeBilled ? 'may be billed' : 'nothing bought';
  if (job) return 'not started'; // It has not come to rest, which is said.
  const last = history.at(-1);
  if (last === undefined) return 'not started';
  return last.state === 'refused' && last.failure?.mayBeBilled === false ? 'nothing bought' : undefined;
}

/** Each billed picture is in the vault and shown, or can be had through the usage listing, or is said to be missing. */
async function whereaboutsOf(
  { root, service, bought, isDamaged }: Evidence,
  job: Told | undefined,
  telling: Telling | undefined,
  violations: string[],
): Promise<Pick<Verdict, 'inVault' | 'recoverable' | 'named'>> {
  const shown = job?.results.map(({ file }) => file) ?? [];
  // A damaged entry may name a file wrongly; the bytes in its folder are the user's all the same.
  const kept = isDamaged ? [...new Set([...shown, ...picturesOfVault(root)])] : shown;
  const hashes = new Set<string>();
  for (const file of kept) {
    const problem = await problemOf(file, bought);
    if (problem === undefined) hashes.add(hashOf(file));
    else if (!isDamaged) violations.push(`a picture that is shown ${problem}: ${file}`);
  }
  const { billed } = service;
  const inVault = Math.min(billed, hashes.size);
  const left = billed - inVault;
  if (left === 0) return { inVault, recoverable: 0, named: 0 };
  if (telling === 'may be billed') {
    // The usage listing has the addresses of what was billed, and such a job offers to look there.
    const recoverable = Math.min(left, service.listed.filter((hash) => !hashes.has(hash)).length);
    return { inVault, recoverable, named: left - recoverable };
  }
  const named = telling === 'done' ? Math.min(left, job?.missing ?? 0) : 0;
  if (named < left)
    violations.push(
      `${left - named} of ${billed} billed pictures are lost: the user is told "${telling ?? 'nothing'}"`,
    );
  return { inVault, recoverable: 0, named };
}

function picturesOfVault(root: string): string[] {
  return jobFolders(root).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^\d+\.(png|image)$/.test(name))
      .map((name) => join(folder, name)),
  );
}

/** What is wrong with a picture; undefined where it is whole and the very one that was bought. */
async function problemOf(file: string, bought: readonly string[]): Promise<string | undefined> {
  if (!existsSync(file)) return 'is not on the disk';
  const isWhole = await sharp(readFileSync(file), { failOn: 'warning' })
    .raw()
    .toBuffer()
    .then(
      () => true,
      () => false,
    );
  if (!isWhole) return 'is not a whole picture';
  return bought.includes(hashOf(file)) ? undefined : 'is not the one that was bought';
}

/** Every entry that has been written can be read, at any time. */
function unreadableEntries(root: string, { log }: Report): string[] {
  const faults = log.filter((line) => line.includes('cannot be read'));
  for (const folder of jobFolders(root)) {
    const file = join(folder, 'job.json');
    if (!existsSync(file)) continue;
    try {
      const entry = JSON.parse(readFileSync(file, 'utf8')) as { id?: unknown; status?: { state?: unknown } };
      if (typeof entry.id !== 'string' || !ranks.includes(String(entry.status?.state)))
        faults.push(`${file} is no entry`);
    } catch (error) {
      faults.push(`${file} cannot be read: ${String(error)}`);
    }
  }
  return faults;
}

/** Nothing that was told is taken back. */
function takenBack(history: readonly Told[], job: Told, isServiceWell: boolean): string[] {
  const faults: string[] = [];
  const wasAccepted = history.some(({ state }) => state === 'accepted' || state === 'collecting');
  if (wasAccepted && isServiceWell && job.state !== 'done')
    faults.push(`it was told as accepted, now it is "${job.state}"`);
  for (const before of history.filter(({ jobId }) => jobId === job.jobId)) {
    if (rankOf(before) > rankOf(job)) faults.push(`"${before.state}" was told before, now it is "${job.state}"`);
    const isEnded = before.state === 'done' || before.state === 'failed';
    if (isEnded && (before.state !== job.state || before.failure?.mayBeBilled !== job.failure?.mayBeBilled))
      faults.push(`the end was told as ${JSON.stringify(before)}, now as ${JSON.stringify(job)}`);
    for (const { id, file } of before.results)
      if (!job.results.some((result) => result.id === id && result.file === file))
        faults.push(`picture ${id} was shown before and is not any more`);
  }
  return faults;
}

const rankOf = ({ state }: Told): number => Math.min(4, ranks.indexOf(state));

/** The user's files are as they were, every other file is a whole picture that was bought, and all that is shown was saved. */
async function workspaceFaults(
  { root, bought, mine, report, isDamaged }: Evidence,
  job: Told | undefined,
): Promise<string[]> {
  const folder = join(root, 'workspace');
  const faults: string[] = [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    lstatSync(join(folder, name)).isFile(),
  );
  for (const [name, content] of mine)
    if (!files.includes(name) || readFileSync(join(folder, name), 'utf8') !== content)
      faults.push(`the user's ${name} was changed`);
  const saved = job?.results.flatMap(({ savedAs }) => (savedAs === undefined ? [] : fileURLToPath(savedAs))) ?? [];
  for (const name of files.filter((each) => !mine.has(each))) {
    // What a killed window leaves of a copy has a name that nobody takes for a picture, and the next save takes it away.
    if (/(^|[\\/])\.wan-image-[0-9a-f-]{36}\.part$/.test(name) && report.savedCount === 0) continue;
    const problem = await problemOf(join(folder, name), bought);
    if (problem !== undefined) faults.push(`${name} in the workspace ${problem}`);
  }
  // What a damaged mark says is looked for before it is believed, and then saved anew.
  if (!isDamaged)
    for (const file of saved) if (!existsSync(file)) faults.push(`${file} is said to be saved and is not there`);
  if (job?.state === 'done' && report.isAtRest && saved.length < job.results.length)
    faults.push(`a picture was not saved: ${report.log.at(-1)}`);
  return faults;
}

function readTold(root: string): Told[] {
  const file = join(root, 'told.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Told);
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
