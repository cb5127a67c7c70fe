// A window: the job engine, the client of the service and the writer of new files as they are, in a process that can be
// killed. Orders come from the parent, one after the other.
import { appendFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { preflight } from '../../../src/core/preflight.ts';
import { inspectFile, verifyFile } from '../../../src/host/inspectPicture.ts';
import { fileNameFromPrompt } from '../../../src/host/saving/fileName.ts';
import { makeFolderInside } from '../../../src/host/saving/insideFolder.ts';
import { writeNewFile } from '../../../src/host/saving/newFile.ts';
import { accountsIn } from '../../../src/jobs/accounts.ts';
import { Claims } from '../../../src/jobs/claims.ts';
import { createJobs } from '../../../src/jobs/engine.ts';
import type { Job, Jobs } from '../../../src/jobs/engineTypes.ts';
import { failureOf } from '../../../src/jobs/failures.ts';
import { Ledger } from '../../../src/jobs/ledger.ts';
import { createClient } from '../../../src/service/client.ts';
import type { ServiceClient } from '../../../src/service/types.ts';
import type { Order, Report, Told } from '../order.ts';
import { gate } from './gate.ts';

const TrueDate = Date;
const trueNow = (): number => TrueDate.now();

process.on('message', (order: Order) => {
  carryOut(order).then(
    (report) => {
      process.send?.(report);
      flushCompileCache(); // It is written at the end of a process, and these are killed.
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
});

async function carryOut(order: Order): Promise<Report> {
  const startedAt = trueNow();
  const { clockOff, clockJump } = order;
  liveBy(() => {
    const isJumped = clockJump !== undefined && trueNow() - startedAt >= clockJump.afterMs;
    return trueNow() + clockOff + (isJumped ? clockJump.byMs : 0);
  });
  gate.begin(order.root, order.diskFault, order.isRecording);
  const log: string[] = [];
  const client = connect(order, log);
  const limits = () => ({ day: 1e9, workspace: 1e9, agent: 1e9 });
  const ledger = new Ledger({
    folder: join(order.root, 'ledger'),
    limits,
    now: Date.now,
    log: (line) => log.push(line),
  });
  const jobs = createJobs({
    folder: join(order.root, 'vault'),
    client: () => Promise.resolve(client),
    inspect: inspectFile,
    now: Date.now,
    log: (line) => log.push(line),
    claims: new Claims(join(order.root, 'claims'), () => Promise.resolve([])),
    accounts: accountsIn(ledger, { workspace: 'faults', workspaceName: 'Faults', service: 'simulator' }),
    pace: { lookMs: 10, firstPauseMs: 15, longestPauseMs: 60, closingMs: 300 },
  });
  jobs.onDidChange((jobId) => show(order, jobs.get(jobId), jobs));
  const isOpen = await opened(jobs, order, startedAt, log);
  const refused = order.action && isOpen ? await run(jobs, order, order.action) : undefined;
  const saved: string[] = [];
  const isAtRest = isOpen && (await rest(jobs, order, startedAt, saved, log));
  const report: Report = {
    isAtRest,
    savedCount: saved.length,
    jobs: jobs.list().map((job) => told(job, jobs)),
    refused,
    steps: gate.steps,
    log,
  };
  await jobs.dispose();
  await client.close();
  gate.begin('', undefined, false);
  return report;
}

/** The whole process lives by a clock that may be wrong; the times that the disk gives to new files are another clock's, as on a network disk. */
function liveBy(now: () => number): void {
  globalThis.Date = class extends TrueDate {
    constructor(...given: [] | [number]) {
      super(given[0] ?? now());
    }

    static override now(): number {
      return now();
    }
  } as DateConstructor;
}

function connect({ root, serviceUrl }: Order, log: string[]): ServiceClient {
  return createClient(
    {
      baseUrl: serviceUrl,
      key: () => Promise.resolve('sk-empiriolabs-of-the-fault-harness'),
      network: { proxySupport: 'off', strictCertificates: true },
      spoolFolder: join(root, 'spool'),
      log: (line) => log.push(line),
      userAgent: 'fault-harness',
    },
    {
      verify: verifyFile,
      authorities: () => [],
      environment: {},
      pace: {
        pollFirst: 5,
        pollLongest: 20,
        pollLate: 20,
        retryFirst: 3,
        retryLongest: 20,
        retryAfterLongest: 30,
        tries: 3,
        submitTimeout: 3_000,
        talkTimeout: 3_000,
        downloadTimeout: 6_000,
        downloadIdle: 3_000,
        requestsPerMinute: 1_000_000,
      },
    },
  );
}

/** The host tries again whenever somebody needs the journal. */
async function opened(jobs: Jobs, order: Order, startedAt: number, log: string[]): Promise<boolean> {
  while (trueNow() - startedAt < order.patienceMs) {
    try {
      await jobs.open();
      return true;
    } catch (error) {
      log.push(`The journal could not be opened: ${String(error)}`);
      await sleep(20);
    }
  }
  return false;
}

async function run(
  jobs: Jobs,
  order: Order,
  { draftId, request }: NonNullable<Order['action']>,
): Promise<Told | undefined> {
  const { ready } = preflight(request, new Map(), { boxForm: 'auto', drawSeed: () => 1 });
  if (!ready) throw new Error('the request of this run should pass preflight');
  try {
    const job = await jobs.start(ready, { draftId, askedBy: 'fault harness', intent: { kind: 'show' } });
    show(order, job, jobs);
    return undefined;
  } catch (error) {
    const { kind, mayBeBilled } = failureOf(error, false);
    const refused: Told = {
      jobId: '',
      draftId,
      state: 'refused',
      failure: { kind, mayBeBilled },
      missing: 0,
      results: [],
    };
    write(order, refused);
    return refused;
  }
}

/** Waits until nothing is left to do, saving every picture once it is there, as a user does who clicks on Save All. */
async function rest(jobs: Jobs, order: Order, startedAt: number, saved: string[], log: string[]): Promise<boolean> {
  const tried = new Set<string>();
  while (trueNow() - startedAt < order.patienceMs) {
    const list = jobs.list();
    for (const { record } of list) {
      for (const { id, savedAs } of record.results) {
        if (savedAs !== undefined || tried.has(id) || record.status.state !== 'done') continue;
        tried.add(id);
        await save(jobs, order, id).then(
          () => saved.push(id),
          (error: unknown) => log.push(`Not saved: ${String(error)}`),
        );
      }
    }
    if (list.every(({ record }) => record.status.state === 'done' || record.status.state === 'failed')) return true;
    await sleep(4);
  }
  return false;
}

async function save(jobs: Jobs, { root }: Order, resultId: string): Promise<void> {
  const found = jobs.result(resultId);
  if (!found) throw new Error('the vault does not know a result that it has shown');
  const folder = await makeFolderInside(join(root, 'workspace'), ['images']);
  const name = fileNameFromPrompt(found.job.record.request.prompt);
  const written = await writeNewFile(found.file, folder, name, found.result.format);
  await jobs.markSaved(resultId, `file://${join(folder, written)}`);
}

function show(order: Order, job: Job | undefined, jobs: Jobs): void {
  if (job) write(order, told(job, jobs));
}

function write({ root }: Order, line: Told): void {
  appendFileSync(join(root, 'told.jsonl'), `${JSON.stringify(line)}\n`);
}

function told({ record }: Job, jobs: Jobs): Told {
  const { status } = record;
  return {
    jobId: record.id,
    draftId: record.draftId,
    state: status.state,
    failure: status.state === 'failed' ? status.failure : undefined,
    missing: status.state === 'done' ? status.missing : 0,
    results: record.results.map(({ id, savedAs }) => ({ id, file: jobs.result(id)?.file ?? '', savedAs })),
  };
}
