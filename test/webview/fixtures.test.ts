import { expect, test } from 'vitest';
import { failureKinds } from '../../src/core/failure.ts';
import { JobPhase, Looking, Snapshot } from '../../src/core/messages.ts';
import { failures, lookings, phases, snapshot, standings } from './fixtures.ts';

const statesOfPhase = JobPhase.def.options.flatMap((option): string[] => option.shape.state.def.values);

test('every state of a job has a fixture', () => {
  const shown = new Set<string>(Object.values(phases).map((job) => job.phase.state));
  expect(statesOfPhase.length).toBeGreaterThan(4);
  expect(statesOfPhase.filter((state) => state !== 'failed' && !shown.has(state))).toEqual([]);
});

test('every state of a look for lost pictures has a fixture', () => {
  const shown = new Set(Object.values(lookings).map(({ looking }) => looking?.state));
  const states = Looking.def.options.flatMap((option): string[] => option.shape.state.def.values);
  expect(states.filter((state) => ![...shown].includes(state as never))).toEqual([]);
});

test('every kind of failure has a fixture', () => {
  const shown = Object.values(failures).flatMap(({ phase }) => (phase.state === 'failed' ? [phase.kind] : []));
  expect(shown.toSorted()).toEqual([...failureKinds].toSorted());
});

test('every fixture is a snapshot that the host could send', () => {
  const all = [
    ...Object.values(standings),
    snapshot({ jobs: Object.values(phases) }),
    snapshot({ jobs: Object.values(failures) }),
    snapshot({ jobs: Object.values(lookings) }),
  ];
  for (const one of all) expect(Snapshot.safeParse(one).error).toBeUndefined();
});
