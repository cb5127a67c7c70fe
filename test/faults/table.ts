import type { Telling } from './judge.ts';
import type { RunOutcome } from './lane.ts';

/** The outcomes of a campaign as lines of text, one for each kind of trouble. */
export function tableOf(outcomes: readonly RunOutcome[]): string {
  const families = [...new Set(outcomes.map(({ plan }) => plan.family))];
  const rows = [
    ...families.map((name) =>
      rowOf(
        name,
        outcomes.filter(({ plan }) => plan.family === name),
      ),
    ),
    rowOf('all', outcomes),
  ];
  const header = [
    '',
    'runs',
    'kills',
    'accepted: 0',
    '1',
    '>1',
    'told: done',
    'may be billed',
    'nothing bought',
    'not started',
    'billed pictures',
    'in the vault',
    'recoverable',
    'named',
    'violations',
  ];
  const table = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

function rowOf(name: string, outcomes: readonly RunOutcome[]): string[] {
  const count = (test: (outcome: RunOutcome) => boolean): number => outcomes.filter(test).length;
  const sum = (pick: (outcome: RunOutcome) => number): number =>
    outcomes.reduce((so, outcome) => so + pick(outcome), 0);
  const told = (telling: Telling): number => count((outcome) => outcome.telling === telling);
  const [vault, recoverable, named] = [sum((o) => o.inVault), sum((o) => o.recoverable), sum((o) => o.named)];
  const numbers = [
    outcomes.length,
    sum(({ kills }) => kills),
    count(({ accepted }) => accepted === 0),
    count(({ accepted }) => accepted === 1),
    count(({ accepted }) => accepted > 1),
    told('done'),
    told('may be billed'),
    told('nothing bought'),
    told('not started'),
    sum(({ billed }) => billed),
    vault,
    recoverable,
    named,
    sum(({ violations }) => violations.length),
  ];
  return [name, ...numbers.map(String)];
}
