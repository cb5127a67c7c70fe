// A window of its own, as a process: reserves as often as it is told to, as fast as it can, and says how often it might.
import { Ledger } from '../../src/jobs/ledger.ts';
import { LimitError } from '../../src/jobs/limits.ts';

const [folder = '', name = '', times = '0', limit = '0', price = '0', caller = 'person'] = process.argv.slice(2);
const isAgent = caller === 'agent';
const others = isAgent ? 1_000_000 : Number(limit);
const ledger = new Ledger({
  folder,
  limits: () => ({ day: others, workspace: others, agent: Number(limit) }),
  now: Date.now,
  log: (line) => console.error(line),
});

process.once('message', () => void race());
process.send?.('ready');

async function race(): Promise<void> {
  const createdAt = Date.now();
  const attempts = Array.from({ length: Number(times) }, (_, index) => {
    const jobId = `${name}-${index}`;
    const asked = {
      jobId,
      highest: Number(price),
      caller: isAgent ? 'agent' : 'person',
      workspace: name,
      variant: 'wan2.7-image',
    } as const;
    const entry = {
      version: 1,
      jobId,
      createdAt,
      workspaceName: name,
      service: 'service.example',
      askedBy: isAgent ? 'agent' : 'studio',
      prompt: 'a fox',
      highestCount: 1,
      resolution: '2K',
    } as const;
    return ledger.reserve(asked, entry).then(
      () => 'reserved',
      (error: unknown) => {
        if (error instanceof LimitError && error.refusal.kind === 'over') return 'refused';
        throw error;
      },
    );
  });
  process.send?.(await Promise.all(attempts));
  process.disconnect();
}
