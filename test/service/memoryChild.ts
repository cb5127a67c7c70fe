// Asks the service of the first argument about the jobs of the others, and prints how each question ended and by how much
// this process had grown at its largest.
import { createClient } from '../../src/service/client.ts';
import { isServiceError } from '../../src/service/errors.ts';

const [baseUrl = '', ...names] = process.argv.slice(2);
const client = createClient(
  {
    baseUrl,
    key: () => Promise.resolve('sk-empiriolabs-memory'),
    network: { proxySupport: 'off', strictCertificates: true },
    spoolFolder: '/nowhere/at/all',
    log: () => undefined,
    userAgent: 'test',
  },
  { verify: () => Promise.reject(new Error('not asked for')), pace: { tries: 1 } },
);
const megabytes = () => process.resourceUsage().maxRSS / 1024;
await client.poll('warm-up').catch(() => undefined);
const seen: object[] = [];
for (const name of names) {
  const before = megabytes();
  const error: unknown = await client.poll(name).catch((reason: unknown) => reason);
  const failure = isServiceError(error) ? error.failure : { kind: 'none' };
  seen.push({ name, ...failure, megabytes: Math.round(megabytes() - before) });
}
await client.close();
process.stdout.write(JSON.stringify(seen));
