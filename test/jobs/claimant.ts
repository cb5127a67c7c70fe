// A window of its own process that claims drafts one after the other; prints the job that each draft became.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DraftClaim } from '../../src/jobs/draftClaim.ts';
import type { JobRecord } from '../../src/jobs/record.ts';

const [folder = '', name = '', count = '0'] = process.argv.slice(2);

for (let draft = 0; draft < Number(count); draft++) {
  const jobId = `${name}-${draft}`;
  const claim = await DraftClaim.make({
    folder: join(folder, '.drafts'),
    draftId: `draft ${draft}`,
    jobId,
    jobOf: entryOf,
    isOver: () => false,
    patienceMs: 10_000,
  });
  if (claim instanceof DraftClaim) {
    await mkdir(join(folder, jobId), { recursive: true });
    await writeFile(join(folder, jobId, 'job.json'), JSON.stringify({ id: jobId }));
    console.log(`${draft} ${(await claim.isHeld()) ? jobId : 'nobody'} won`);
  } else console.log(`${draft} ${claim.id} seen`);
}

async function entryOf(jobId: string): Promise<JobRecord | undefined> {
  const text = await readFile(join(folder, jobId, 'job.json'), 'utf8').catch(() => '');
  return text === '' ? undefined : (JSON.parse(text) as JobRecord);
}
