import { stat } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everything } from '../../src/core/historyQuery.ts';
import { emptyRequest } from '../../src/core/request.ts';
import { findIn } from '../../src/host/history/finding.ts';
import { Gallery } from '../../src/host/history/gallery.ts';
import type { Service } from '../../src/host/services.ts';
import { createJobs } from '../../src/jobs/engine.ts';
import type { Jobs } from '../../src/jobs/engineTypes.ts';
import type { JobRecord } from '../../src/jobs/record.ts';
import { byTurns, type Measured, time } from './measure.ts';

const count = 10_000;
/** How long it may take from the press of the button until the first entries are there, in milliseconds. */
const aim = 300;
const rounds = 7;

/**
 * A journal of ten thousand jobs: how long a window that has just been opened takes to have the first entries of the gallery,
 * beside the least that can tell them; how long one takes that is open; how long a search takes, beside looking through the
 * same text in one piece; and how long it takes where there is no index, beside the same with it.
 */
export async function history(): Promise<Measured[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wan-bench-history-'));
  try {
    for (let number = 0; number < count; number++) await leaveJob(folder, number);
    const untilWhole = await time(async () => {
      const jobs = jobsIn(folder, 1);
      await jobs.open();
      while (!jobs.history().isWhole) await new Promise((resolve) => setTimeout(resolve, 5));
      await jobs.dispose();
    });
    const index = join(folder, '.index');
    const openings = await byTurns(
      rounds,
      () => time(() => openGallery(folder)),
      () => time(() => bare(folder)),
    );
    const jobs = jobsIn(folder);
    await jobs.open();
    const { summaries } = jobs.history();
    const whole = summaries.map(({ text }) => text).join('\n');
    const searches = await byTurns(
      rounds,
      () => time(() => findIn(summaries, { ...everything, text: 'Leuchtturm 9999' })),
      () => time(() => whole.includes('no such words as these')),
    );
    const firstWindows = await byTurns(
      rounds,
      () => time(() => firstWindow(jobs, folder)),
      () => time(() => readFile(index)),
    );
    await jobs.dispose();
    const name = `${count} entries of the history`;
    return [
      {
        name: `${name}, a new window's journal and the first entries`,
        ...openings,
        unit: 'ms',
        against: 'listing the folders and reading the lines bare',
        budget: 3,
      },
      {
        name: `${name}, the first entries`,
        ours: firstWindows.ours,
        floor: aim,
        unit: 'ms',
        against: 'the aim',
        budget: 1,
      },
      { name: `${name}, the first entries`, ...firstWindows, unit: 'ms', against: 'reading a file of the same bytes' },
      { name: `${name}, searched`, ...searches, unit: 'ms', against: 'looking through the same text' },
      {
        name: `${name}, read without an index`,
        ours: untilWhole,
        floor: openings.ours,
        unit: 'ms',
        against: 'opening with it',
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The least that can tell what a journal holds, and whether that still holds: its names, their times, and what is known of them. */
async function bare(folder: string): Promise<void> {
  const names = await readdir(folder);
  let left = names.length;
  await new Promise<void>((resolve) => {
    for (const name of names) stat(join(folder, name), () => --left === 0 && resolve());
  });
  const lines = (await readFile(join(folder, '.index'), 'utf8')).split('\n');
  for (const line of lines) if (line !== '') JSON.parse(line);
}

function jobsIn(folder: string, lookMs = 1_000_000): Jobs {
  const nobody = (): never => {
    throw new Error('Nothing is sent here.');
  };
  return createJobs({ folder, client: nobody, inspect: nobody, now: Date.now, log: nobody, pace: { lookMs } });
}

/** All that happens between a click and the first entries, in a window that has just been opened. */
async function openGallery(folder: string): Promise<void> {
  const jobs = jobsIn(folder);
  await jobs.open();
  await firstWindow(jobs, folder);
  await jobs.dispose();
}

async function firstWindow(jobs: Jobs, folder: string): Promise<void> {
  const gallery = new Gallery({
    thumbnails: { want: () => undefined, of: () => undefined },
    storage: { view: () => undefined },
    callerName: (askedBy) => askedBy,
    changed: () => undefined,
  });
  gallery.open();
  const view = await gallery.view({ mode: 'live', folder, jobs } as unknown as Service, (file) => file);
  if (view?.total !== count || view.entries.length !== 60) throw new Error('The history is not whole.');
}

/** A job as a window of some days ago has left it. */
async function leaveJob(folder: string, number: number): Promise<void> {
  const createdAt = Date.UTC(2026, 0, 1) + number * 60_000;
  const id = `${createdAt.toString(36)}-${number.toString(16).padStart(12, '0')}`;
  const prompt =
    `Ein Leuchtturm ${number} auf einer Klippe im Morgenlicht, weiche Aquarellfarben, weiter Himmel. `.repeat(3);
  const record: JobRecord = {
    version: 1,
    id,
    draftId: `draft ${number}`,
    askedBy: 'studio',
    intent: { kind: 'show' },
    request: { ...emptyRequest(), prompt },
    createdAt,
    highestPrice: 75,
    highestCount: 1,
    actualPrice: 75,
    cancelled: false,
    dismissed: false,
    status: { state: 'done', endedAt: createdAt, missing: 0 },
    results: [
      {
        id: `${id}-0`,
        file: '0.png',
        width: 2731,
        height: 1536,
        format: 'png',
        byteLength: 3_000_000,
        sha256: '0'.repeat(64),
      },
    ],
  };
  const job = join(folder, id);
  await mkdir(job);
  await writeFile(join(job, 'job.json'), JSON.stringify(record));
  await writeFile(join(job, 'announced'), '');
  const then = new Date(Date.now() - 2 * 86_400_000);
  await utimes(job, then, then);
}
