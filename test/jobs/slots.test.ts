import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { emptyRequest } from '../../src/core/request.ts';
import { JobStore } from '../../src/jobs/store.ts';
import { lineOf, slotsOf, withMoved } from '../../src/jobs/slots.ts';
import { FakeService, item } from './fakeService.ts';
import { newFolder, openJobs, origin, ready, until } from './rig.ts';

const result = (id: string) => ({ id, file: id, width: 1, height: 1, format: 'png', byteLength: 1, sha256: id });
/** The record of a set of which the pictures at these places of the answer came. */
const record = (places: readonly number[], highestCount: number, slots?: Record<string, number>) => ({
  id: 'job',
  highestCount,
  results: places.map((place) => result(`job-${place}`)),
  ...(slots && { slots }),
});

const aSet = fc.record({
  places: fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 12 }),
  highestCount: fc.integer({ min: 0, max: 12 }),
  slots: fc.dictionary(
    fc.nat(13).map((place) => `job-${place}`),
    fc.oneof(fc.integer({ min: -2, max: 14 }), fc.double()),
  ),
});

describe('the slots of a set', () => {
  test('hold each picture once, whatever was noted', () => {
    fc.assert(
      fc.property(aSet, ({ places, highestCount, slots }) => {
        const arranged = slotsOf(record(places, highestCount, slots));
        expect(arranged).toHaveLength(Math.max(highestCount, places.length));
        expect(arranged.filter((id) => id !== undefined).toSorted()).toEqual(
          places.map((place) => `job-${place}`).toSorted(),
        );
      }),
    );
  });

  test('are those of the answer until one is moved', () => {
    expect(slotsOf(record([0, 2, 3], 4))).toEqual(['job-0', undefined, 'job-2', 'job-3']);
    // Nobody knows which one is missing of pictures that came as if they were all.
    expect(slotsOf(record([0, 1, 2], 4))).toEqual(['job-0', 'job-1', 'job-2', undefined]);
  });

  test('a moved picture changes places with what was there, and nothing else moves; moved back, all is as before', () => {
    fc.assert(
      fc.property(aSet, fc.nat(11), fc.nat(11), ({ places, highestCount, slots }, which, to) => {
        const before = record(places, highestCount, slots);
        const arranged = slotsOf(before);
        const id = `job-${places[which % places.length]}`;
        const slot = to % arranged.length;
        const after = { ...before, slots: withMoved(before, id, slot)! };
        const expected = [...arranged];
        [expected[arranged.indexOf(id)], expected[slot]] = [arranged[slot], id];
        expect(slotsOf(after)).toEqual(expected);
        const back = { ...after, slots: withMoved(after, id, arranged.indexOf(id))! };
        expect(slotsOf(back)).toEqual(arranged);
      }),
    );
  });

  test.each([-1, 4, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('there is no slot %d', (slot) => {
    expect(withMoved(record([0, 1], 4), 'job-0', slot)).toBeUndefined();
  });

  test('a picture that comes later takes a free slot and moves no other', () => {
    const moved = record([0, 1], 3, withMoved(record([0, 1], 3), 'job-0', 2));
    expect(slotsOf(moved)).toEqual([undefined, 'job-1', 'job-0']);
    expect(slotsOf({ ...moved, results: [...moved.results, result('job-2')] })).toEqual(['job-2', 'job-1', 'job-0']);
  });

  test('have the names of the lines; blank ones and pictures of no set have none', () => {
    const request = { ...emptyRequest(), imageSet: true, setLines: [' Spring ', ' '] };
    const set = { ...record([0, 1, 2], 3), request };
    expect(['job-0', 'job-1', 'job-2'].map((id) => lineOf(set, id))).toEqual(['Spring', undefined, undefined]);
    expect(lineOf({ ...set, request: { ...request, imageSet: false } }, 'job-0')).toBeUndefined();
  });
});

describe('in the journal', () => {
  async function threeOfFour() {
    const folder = await newFolder();
    const service = new FakeService();
    service.end = () => Promise.resolve({ state: 'completed', items: ['a', 'b', 'c'].map(item) });
    const jobs = await openJobs(folder, service);
    const set = { imageSet: true, setMaxImages: 4, setLines: ['Spring', 'Summer', 'Autumn', 'Winter'] };
    const job = await jobs.start(ready(set), origin('d'));
    await until(jobs, job, 'done');
    return { folder, service, jobs, id: job.record.id };
  }

  test('a move reaches other windows and survives a restart, and the entry itself stays as it was', async () => {
    const { folder, service, jobs, id } = await threeOfFour();
    const other = await openJobs(folder, service);
    const entry = await readFile(join(folder, id, 'job.json'), 'utf8');
    await jobs.moveToSlot(`${id}-1`, 3);
    await jobs.moveToSlot(`${id}-0`, 1);
    const expected = [undefined, `${id}-0`, `${id}-2`, `${id}-1`];
    const slots = (window: typeof jobs) => slotsOf(window.get(id)!.record);
    expect(slots(jobs)).toEqual(expected);
    await eventually(() => expect(slots(other)).toEqual(expected));
    await other.markSaved(`${id}-0`, 'file:///a.png');
    const later = await openJobs(folder, service);
    expect(slots(later)).toEqual(expected);
    expect(later.result(`${id}-0`)?.result.savedAs).toBe('file:///a.png');
    // Whoever writes the entry next has read it with the marks: they stay out of it, or a former version could not read it.
    const store = new JobStore(folder, () => undefined);
    const record = await store.read(id);
    expect(record?.slots).toBeDefined();
    await store.write(record!);
    const written = JSON.parse(await readFile(join(folder, id, 'job.json'), 'utf8')) as object;
    expect(Object.keys(written).toSorted()).toEqual(Object.keys(JSON.parse(entry) as object).toSorted());
  });

  test('what is moved quickly is not taken back by what the disk held before', async () => {
    const { folder, service, jobs, id } = await threeOfFour();
    // Each move goes on from the one before it, whatever is read from the disk meanwhile.
    for (let step = 0; step < 60; step++) {
      await jobs.moveToSlot(`${id}-0`, (step + 1) % 4);
      expect(slotsOf(jobs.get(id)!.record).indexOf(`${id}-0`)).toBe((step + 1) % 4);
      await new Promise((resolve) => setTimeout(resolve, step % 5));
    }
    const expected = slotsOf(jobs.get(id)!.record);
    expect(slotsOf((await openJobs(folder, service)).get(id)!.record)).toEqual(expected);
    // And another window is heard again.
    const other = await openJobs(folder, service);
    await other.moveToSlot(`${id}-0`, 2);
    await eventually(() => expect(slotsOf(jobs.get(id)!.record)).toEqual(slotsOf(other.get(id)!.record)));
  });

  test('an order that cannot be read is none, and takes no other mark with it', async () => {
    const { folder, service, jobs, id } = await threeOfFour();
    await jobs.markSaved(`${id}-0`, 'file:///a.png');
    const file = join(folder, id, 'marks.json');
    const marks = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...marks, slots: { [`${id}-0`]: 'last' } }));
    const later = await openJobs(folder, service);
    expect(slotsOf(later.get(id)!.record)).toEqual([`${id}-0`, `${id}-1`, `${id}-2`, undefined]);
    expect(later.result(`${id}-0`)?.result.savedAs).toBe('file:///a.png');
  });

  test('pictures that are no set, or of no job, cannot be moved', async () => {
    const folder = await newFolder();
    const jobs = await openJobs(folder, new FakeService());
    const job = await jobs.start(ready(), origin('d'));
    await until(jobs, job, 'done');
    await jobs.moveToSlot(`${job.record.id}-0`, 0);
    await jobs.moveToSlot('../../etc', 0);
    expect(jobs.get(job.record.id)?.record.slots).toBeUndefined();
  });
});
