import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvOf } from '../../src/host/spending/csv.ts';
import { exportedCsv, exportedJson, type Line } from '../../src/host/spending/exported.ts';
import { markdownTable, markdownText } from '../../src/host/spending/markdownText.ts';
import { summaryOf } from '../../src/host/spending/summary.ts';
import { countedFor, type LedgerLine } from '../../src/jobs/ledgerLines.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.string({ unit: fc.constantFrom(...'=+-@,"\'\r\n\t |`*_[]()<>:$%a1') }),
);

/** Reads comma-separated values as RFC 4180 says, by another way than they are written. */
function parseCsv(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = csv;
  while (rest !== '') {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
    const cell = quoted ?? /^[^",\r\n]*/.exec(rest);
    row.push(quoted ? (quoted[1] ?? '').replaceAll('""', '"') : (cell?.[0] ?? ''));
    rest = rest.slice(cell?.[0].length);
    if (rest.startsWith(',')) rest = rest.slice(1);
    else if (rest.startsWith('\r\n')) {
      rows.push(row);
      row = [];
      rest = rest.slice(2);
    } else throw new Error(`not RFC 4180 at ${JSON.stringify(rest.slice(0, 20))}`);
  }
  return rows;
}

describe('comma-separated values', () => {
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((width) => fc.array(fc.array(text, { minLength: width, maxLength: width }), { maxLength: 5 }));

  test('read back as they were written, but for an apostrophe before what could be a formula', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const back = parseCsv(csvOf(rows));
        expect(back.map((row) => row.map((cell) => cell.replace(/^'/, '')))).toEqual(
          rows.map((row) => row.map((cell) => cell.replace(/^'/, ''))),
        );
      }),
    );
  });

  test('hold no text that a spreadsheet would calculate', () => {
    fc.assert(
      fc.property(table, (rows) => {
        for (const cell of parseCsv(csvOf(rows)).flat())
          expect(cell.trimStart()).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/u);
      }),
    );
  });

  test('leave numbers as they are', () => {
    expect(csvOf([[1.5, undefined, -2, 'a']])).toBe('1.5,,-2,a\r\n');
  });
});

describe('a text in a Markdown document', () => {
  test('holds no sign that means anything, and reads back as the same words', () => {
    fc.assert(
      fc.property(text, (words) => {
        const written = markdownText(words);
        expect(written.replaceAll(/&#\d{2,3};/g, '')).not.toMatch(/[!-/:-@[-`{-~\n\r]/);
        const back = written.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
        const plain = (value: string) => value.replaceAll(/[\p{C}\p{Z}]+/gu, '');
        expect(plain(back)).toBe(plain(words));
      }),
    );
  });

  test('stays in its cell', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const lines = markdownTable(['a', 'b'], [[one, other]]).split('\n');
        expect(lines).toHaveLength(3);
        expect(lines[2]?.split('|')).toHaveLength(4);
      }),
    );
  });
});

const line: fc.Arbitrary<LedgerLine> = fc.record({
  day: fc.constantFrom('2026-11-26', '2026-11-25', '2026-10-31', '2025-11-26'),
  jobId: fc.stringMatching(/^[a-z0-9]{8}$/),
  highest: fc.nat(900),
  caller: fc.constantFrom('person' as const, 'agent' as const),
  workspace: fc.constantFrom('one', 'two'),
  variant: fc.constantFrom('wan2.7-image', 'wan2.7-image-pro'),
  settlement: fc.option(
    fc.record({
      outcome: fc.constantFrom('paid' as const, 'nothing' as const, 'unknown' as const),
      amount: fc.nat(900),
    }),
    { nil: undefined },
  ),
});

test('however it is grouped, the sums are the same, and no more than what counts', () => {
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const summary = summaryOf(lines, '2026-11-26');
      const counted = lines.reduce((sum, one) => sum + countedFor(one), 0);
      expect(summary.all.paid + summary.all.open).toBe(counted);
      expect(summary.all.requests).toBe(lines.length);
      for (const groups of [summary.byWorkspace, summary.byVariant, summary.byCaller]) {
        for (const span of ['today', 'month', 'all'] as const) {
          const sum = (of: 'paid' | 'open' | 'requests') =>
            groups.reduce((total, [, spans]) => total + spans[span][of], 0);
          expect([sum('paid'), sum('open'), sum('requests')]).toEqual([
            summary[span].paid,
            summary[span].open,
            summary[span].requests,
          ]);
        }
      }
      expect(summary.today.requests).toBe(lines.filter(({ day }) => day === '2026-11-26').length);
      expect(summary.month.requests).toBe(lines.filter(({ day }) => day.startsWith('2026-11')).length);
    }),
  );
});

test('what is exported says what was asked, what came, what it can cost and what it did', () => {
  const lines: Line[] = [
    {
      line: {
        day: '2026-11-26',
        jobId: 'a',
        highest: 300,
        caller: 'person',
        workspace: 'key',
        variant: 'wan2.7-image-pro',
        settlement: { outcome: 'paid', amount: 150 },
      },
      entry: {
        version: 1,
        jobId: 'a',
        createdAt: Date.UTC(2026, 10, 26, 9),
        workspaceName: 'site',
        service: 'service.example',
        askedBy: 'studio',
        prompt: 'a fox',
        highestCount: 4,
        resolution: '2K',
        askedSize: { width: 2048, height: 1152 },
        end: {
          at: Date.UTC(2026, 10, 26, 9, 1),
          pictures: [
            { width: 2048, height: 1150 },
            { width: 2048, height: 1152 },
          ],
        },
      },
    },
    {
      line: {
        day: '2026-11-26',
        jobId: 'b',
        highest: 75,
        caller: 'agent',
        workspace: 'key',
        variant: 'x',
        settlement: undefined,
      },
      entry: undefined,
    },
  ];
  const [names = [], first = [], second = []] = parseCsv(exportedCsv(lines));
  const of = (row: string[], name: string) => row[names.indexOf(name)];
  expect(
    ['askedSize', 'receivedSizes', 'highestPrice', 'actualPrice', 'countedAs', 'state'].map((name) => of(first, name)),
  ).toEqual(['2048x1152', '2048x1150 2048x1152', '0.3', '0.15', '0.15', 'paid']);
  expect(['actualPrice', 'countedAs', 'state', 'prompt'].map((name) => of(second, name))).toEqual([
    '',
    '0.075',
    'not ended',
    '',
  ]);
  expect(JSON.parse(exportedJson(lines))).toMatchObject([
    { prompt: 'a fox', actualPrice: 0.15, createdAt: '2026-11-26T09:00:00.000Z' },
    { job: 'b', countedAs: 0.075 },
  ]);
});
