import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { failureKinds } from '../../src/core/failure.ts';
import { emptyRequest } from '../../src/core/request.ts';
import { scrubbedLog } from '../../src/host/log.ts';
import { RecentLines } from '../../src/host/recentLines.ts';
import { reportDocument, type ReportFacts, type ReportWords } from '../../src/host/report/document.ts';
import { logSentences } from '../../src/host/report/logSentences.ts';
import { reportedLine } from '../../src/host/report/reportedLine.ts';
import { settings } from '../../src/host/settings.ts';
import { encodingsOf, findCanaries } from '../e2e/canary.ts';

const words: ReportWords = {
  title: 'A problem',
  holds: 'It holds versions.',
  steps: ['Read it.', 'Share it.'],
  story: { title: 'What happened', invitation: 'What did you do?' },
};

const job = (status: object, more: object = {}) =>
  ({ record: { request: emptyRequest(), status, ...more }, trouble: undefined }) as unknown as NonNullable<
    ReportFacts['jobs']
  >[number];

const facts: ReportFacts = {
  at: Date.UTC(2026, 10, 26, 1, 2, 3),
  extension: '0.1.0',
  editor: { name: 'Visual Studio Code', version: '1.139.1', isWeb: false },
  system: { platform: 'linux', architecture: 'x64', release: '6.1.0-13-amd64' },
  node: '24.21.0',
  remote: 'ssh-remote+box.example',
  mode: 'live',
  hasKey: true,
  workspace: { isTrusted: true, folders: 2, isVirtual: false },
  proxy: { isSet: true, isInEnvironment: false, support: 'override', strictCertificates: true },
  settings: {},
  jobs: [],
  lines: [],
};

const aText = fc.string({
  unit: fc.constantFrom(...'abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTUVWXYZ23456789-_'),
  minLength: 16,
});
/** Private words in the forms in which they come to a log, an error or a setting. */
const aLeak = (secret: string) =>
  fc.oneof(
    fc.constantFrom(...Object.values(encodingsOf(secret)).map((leak) => leak.toString('latin1'))),
    fc.constantFrom(
      `/home/${secret}/my project/${secret}.png`,
      `C:\\Users\\${secret}\\${secret}.png`,
      `https://${secret}.example/a.png?signature=${secret}#${secret}`,
      `http://joe:${secret}@${secret}:8080`,
      `data:image/png;base64,${Buffer.from(secret).toString('base64')}`,
      `Bearer ${secret}`,
      `busy, status 429, request ${secret}, may be billed, ${secret}`,
      `bad-request (HTTP 400): no ${secret}`,
      `The picture ${secret} was not saved.`,
      `/v1/jobs/${secret}?${secret}`,
      `req_${secret}`,
      `1.2.3-${secret}`,
      `ssh-remote+${secret}`,
      `${secret}.cjs:1:2`,
    ),
  );

const anError = (text: string) =>
  Object.assign(new TypeError(text, { cause: Object.assign(new Error(`ENOENT: no file '${text}'`), { code: text }) }), {
    stack: `TypeError: ${text}\n    at ${text} (/home/${text}/dist/app.cjs:1:2345)\n    at x (file:///c:/${text}/a.cjs:1:2)`,
  });

/** Log lines of every kind that there is, with the text in each gap, alone, and in the error. */
function linesWith(text: string): readonly ReportFacts['lines'][number][] {
  const recent = new RecentLines();
  const log = scrubbedLog({ info: () => undefined, error: () => undefined }, recent);
  const lines = [text, ...logSentences.map((sentence) => sentence.replaceAll('{}', () => text))];
  const all = lines.flatMap((line) => {
    log.info(line);
    log.error(line, anError(text));
    log.error(line, text);
    return recent.all.slice(-3);
  });
  return all;
}

test('nothing private is in the document, wherever it stood and however it was written', async () => {
  const withLeak = aText.chain((secret) => fc.record({ secret: fc.constant(secret), leak: aLeak(secret) }));
  await fc.assert(
    fc.asyncProperty(withLeak, fc.constantFrom(...failureKinds), async ({ secret, leak }, kind) => {
      const failure = { kind, mayBeBilled: true, status: 400, requestId: leak, detail: leak };
      const request = {
        ...emptyRequest(),
        prompt: leak,
        setLines: [leak],
        inputs: [{ id: leak, name: leak, url: leak, boxes: [{ x1: 0, y1: 0, x2: 1, y2: 1, label: leak }] }],
      };
      const private_: ReportFacts = {
        at: facts.at,
        extension: leak,
        editor: { name: leak, version: leak, isWeb: true },
        system: { platform: leak, architecture: leak, release: leak },
        node: leak,
        remote: leak,
        mode: 'live',
        hasKey: true,
        workspace: facts.workspace,
        proxy: { ...facts.proxy, support: leak },
        settings: Object.fromEntries(Object.keys(settings).map((name) => [name, { value: leak, setBy: 'the user' }])),
        jobs: [
          job({ state: 'failed', endedAt: facts.at, failure }, { request, id: leak, draftId: leak, askedBy: leak }),
          { ...job({ state: 'accepted', serviceJobId: leak }, { request }), trouble: failure },
        ],
        lines: [],
      };
      const parts = linesWith(leak);
      const documents = [
        reportDocument(private_, words),
        ...Array.from({ length: Math.ceil(parts.length / 40) }, (_, index) =>
          reportDocument({ ...facts, lines: parts.slice(index * 40, (index + 1) * 40) }, words),
        ),
      ];
      const found = await findCanaries(
        [{ name: 'document', content: documents.join('\n') }],
        [{ name: 'private', secret }],
      );
      expect(found).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('what helps is in it: versions, state, settings, jobs, failures and lines', () => {
  const failure = { kind: 'busy', mayBeBilled: true, status: 429, requestId: 'req_0123456789abcdef', detail: 'secret' };
  const document = reportDocument(
    {
      ...facts,
      settings: {
        service: { value: 'empiriolabs', setBy: 'nobody' },
        boxForm: { value: 'perImage', setBy: 'the workspace' },
        serviceUrl: { value: 'https://intern.example', setBy: 'the user' },
        confirmAbove: { value: 12.5, setBy: 'the user' },
        defaultResolution: { value: '3K', setBy: 'the user' },
      },
      jobs: [
        job({ state: 'done', endedAt: 1, missing: 0 }),
        job({ state: 'done', endedAt: 2, missing: 0 }),
        job({ state: 'failed', endedAt: facts.at, failure }),
      ],
      lines: [{ at: facts.at, level: 'error', line: 'A picture was not saved: no-space.', error: 'Error: ENOSPC' }],
    },
    words,
  );
  for (const line of [
    '- Visual Studio Code 1.139.1, on the desktop',
    '- linux 6.1.0, x64',
    '- Remote host: ssh-remote',
    '- API key: set',
    '- Workspace: several folders, trusted',
    '- Proxy: set in the settings, not set in the environment, support override',
    '- wanImage.service: the default value',
    '- wanImage.boxForm: perImage, set by the workspace',
    '- wanImage.serviceUrl: another value, left out, set by the user',
    '- wanImage.confirmAbove: another value, left out, set by the user',
    '- wanImage.defaultResolution: not a value that it can have, set by the user',
    '- done: 2',
    '- failed: 1',
    '- 2026-11-26 01:02:03 UTC: busy, status 429, request req_0123456789abcdef, may be billed (wan2.7-image-pro, 2K, url, 0 images, 0 boxes)',
    '- 2026-11-26 01:02:03 UTC error: A picture was not saved: no-space. (Error, ENOSPC)',
  ])
    expect(document.split('\n')).toContain(line);
});

test('jobs and a key that could not be read are said to be so', () => {
  const document = reportDocument({ ...facts, jobs: undefined, hasKey: undefined }, words);
  expect(document).toContain('They could not be read.');
  expect(document).toContain('API key: could not be read');
});

test.each([
  ['POST /v1/images/generations: busy (HTTP 429): slow down, Joe', 'POST /v1/images/generations: busy, status 429'],
  ['GET /v1/jobs/img_17: unavailable (HTTP 503)', 'GET /v1/jobs…: unavailable, status 503'],
  ['Job mab12-0011 is held up: network getaddrinfo joe.example', 'Job … is held up: network …'],
  [
    'The key test failed: key-refused, status 401, request req_00112233aabbccdd, x',
    'The key test failed: key-refused, status 401, request req_00112233aabbccdd',
  ],
  ['The command wanImage.edit failed.', 'The command wanImage.edit failed.'],
  [`The studio's "saveAll" failed.`, `The studio's "saveAll" failed.`],
  ['Something that nobody writes', '…'],
])('of the line "%s" is told "%s"', (line, told) => {
  expect(reportedLine({ at: 0, level: 'info', line })).toBe(`1970-01-01 00:00:00 UTC info: ${told}`);
});

test('of an error its names, codes and places are told', () => {
  expect(
    reportedLine({
      at: 0,
      level: 'error',
      line: 'A picture was not replaced.',
      error: 'TypeError: Joe\n at Joe (/home/joe/app.cjs:1:20)\n Caused by: Error: EACCES: no, open',
    }),
  ).toBe('1970-01-01 00:00:00 UTC error: A picture was not replaced. (TypeError, Error, EACCES, app.cjs:1:20)');
});

test('only the latest lines are remembered', () => {
  const recent = new RecentLines();
  for (let count = 0; count < 500; count++) recent.add('info', `line ${count}`);
  expect(recent.all.length).toBeLessThan(100);
  expect(recent.all.at(-1)?.line).toBe('line 499');
});
