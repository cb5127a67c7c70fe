import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cameWhole, leftOver, planOrders, type SetOrder } from '../../src/core/setOrders.ts';
import type { LockedPicture } from '../../src/core/setLock.ts';
import { type FormerName, formerNames, renamesAmong } from '../../src/core/setRenames.ts';
import { stateOf, type SetEntryState } from '../../src/core/setState.ts';
import { draftOf } from '../../src/host/setFiles/orders.ts';
import type { SetPicture } from '../../src/host/setFiles/setView.ts';

const targetOf = (name: string) => `file:///work/${name}.png`;
const wanted = (name: string, words = 'w') => ({ name, words, target: targetOf(name) });
const order = (
  jobId: string,
  names: readonly string[],
  results: readonly (string | undefined | null)[],
  isRunning = false,
): SetOrder => ({
  jobId,
  isRunning,
  pictures: names.map((name) => wanted(name)),
  // null: it did not come; undefined: it was not saved yet.
  results: results.flatMap((savedAs, place) =>
    savedAs === null ? [] : [{ id: `${jobId}-${place}`, place, savedAs: savedAs && targetOf(savedAs) }],
  ),
});

const present = new Set(['a', 'b', 'c']);
const plan = (pictures: Parameters<typeof planOrders>[0], orders: readonly SetOrder[], isAnew = false) =>
  planOrders(pictures, orders, present, isAnew);

describe('the plan of wanted pictures', () => {
  test('buys what nobody has asked for before', () => {
    const planned = plan([wanted('a'), wanted('b', 'other')], [order('j', ['b'], ['b'])]);
    expect(planned.toBuy.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('waits for what is being made, in whatever company', () => {
    const planned = plan([wanted('a'), wanted('c')], [order('j', ['a', 'b'], [], true)], true);
    expect(planned).toMatchObject({ waiting: [{ name: 'a' }], toBuy: [{ name: 'c' }] });
  });

  test('waits for what is being made under a name that no entry has any more, and not for what another entry is to be', () => {
    const running = (name: string) => [order('j', [name], [], true)];
    expect(plan([wanted('a')], running('former'))).toMatchObject({ waiting: [{ name: 'a' }], toBuy: [] });
    expect(plan([wanted('a')], running('b')).toBuy).toHaveLength(1);
    expect(plan([wanted('a', 'other')], running('former')).toBuy).toHaveLength(1);
  });

  test('finds what came and was not saved, and what was saved and is gone', () => {
    const planned = plan([wanted('a'), wanted('b')], [order('j', ['a', 'b'], [undefined, 'b'])]);
    expect(planned.found.map(({ resultId }) => resultId)).toEqual(['j-0', 'j-1']);
  });

  test('finds what was made for another place before the set was moved', () => {
    const moved = { ...wanted('a'), target: 'file:///elsewhere/a.png' };
    expect(plan([moved], [order('j', ['a', 'b'], ['a', undefined])]).found).toHaveLength(1);
    expect(plan([moved], [order('j', ['a', 'b'], ['a', null])]).found).toHaveLength(1);
  });

  test('buys another picture where the user wants another one than was saved', () => {
    const planned = plan([wanted('a'), wanted('b')], [order('j', ['a', 'b'], [undefined, 'b'])], true);
    expect(planned.found.map(({ resultId }) => resultId)).toEqual(['j-0']);
    expect(planned.toBuy.map(({ name }) => name)).toEqual(['b']);
  });

  test('guesses nothing where fewer came', () => {
    const planned = plan([wanted('a'), wanted('b')], [order('j', ['a', 'b', 'c'], [undefined, undefined, null])]);
    expect(planned).toMatchObject({
      found: [],
      toBuy: [],
      unnamed: [{ jobId: 'j', wanted: [{ name: 'a' }, { name: 'b' }] }],
    });
  });

  test('buys what stayed without a picture once each that came has a name', () => {
    const planned = plan([wanted('c')], [order('j', ['a', 'b', 'c'], ['a', 'b', null])]);
    expect(planned.toBuy.map(({ name }) => name)).toEqual(['c']);
  });
});

/** A set file, its files, its lock, and the jobs that were run for it; what the user does to them, and windows that are closed. */
class World {
  /** As the entries are called now; each place of the file has its own words, whatever it is called. */
  readonly names = ['a', 'b', 'c'];
  readonly words = [0, 0, 0];
  /** By name, what stands there. */
  readonly files = new Map<string, string>();
  readonly lock = new Map<string, LockedPicture>();
  /** Newest first. */
  readonly jobs: { draft: string; order: SetOrder }[] = [];
  /** How often a picture for a name and its words was bought though one was there. */
  boughtTwice = 0;

  stateOf(name: string): SetEntryState {
    if (this.renames().get(name)?.kind === 'renamed') return 'renamed';
    return stateOf(this.wordsOf(name), this.lock.get(name), this.standing(name), false);
  }

  standing(name: string) {
    const sha256 = this.files.get(name);
    return sha256 === undefined ? undefined : { sha256, isPlaceholder: false };
  }

  renames(): Map<string, FormerName> {
    const pictures = this.names.map((name) => ({
      name,
      words: this.wordsOf(name),
      locked: this.lock.get(name),
      standing: this.standing(name),
    }));
    const set = { version: 1 as const, pictures: this.names.map((name) => ({ name, prompt: 'a' })) };
    const lock = { version: 1 as const, pictures: Object.fromEntries(this.lock) };
    const former = formerNames(set, lock, pictures);
    return renamesAmong(
      pictures,
      former.map(([name, locked]) => ({ name, locked, standing: this.standing(name) })),
      false,
    );
  }

  wordsOf = (name: string): string => `${this.names.indexOf(name)} ${this.words[this.names.indexOf(name)]}`;

  /** An entry is called something else, and its file may be moved along by hand. */
  rename(place: number, withFile: boolean): void {
    const former = this.names[place] ?? '';
    const name = this.unused();
    this.names[place] = name;
    const file = this.files.get(former);
    if (!withFile || file === undefined) return;
    this.files.delete(former);
    this.files.set(name, file);
  }

  unused(): string {
    for (let at = 0; ; at++) {
      const name = `n${at}`;
      if (!this.names.includes(name) && !this.lock.has(name) && !this.files.has(name)) return name;
    }
  }

  /** Presses “Rename Files”. The window is closed after so many of its three steps. */
  renameFiles(steps: number): void {
    for (const [name, known] of this.renames()) {
      const locked = known.kind === 'renamed' ? this.lock.get(known.from) : undefined;
      if (known.kind !== 'renamed' || !locked || steps < 1) continue;
      if (!this.files.has(name)) this.files.set(name, locked.sha256);
      if (steps < 2) continue;
      this.lock.set(name, locked);
      this.lock.delete(known.from);
      if (steps < 3) continue;
      if (this.files.get(known.from) === locked.sha256) this.files.delete(known.from);
    }
  }

  /** Presses a button. `comes` says how many pictures come, `until` how far the window gets before it is closed. */
  generate(states: readonly SetEntryState[], comes: number, until: Until): void {
    const pictures = this.names.filter((name) => states.includes(this.stateOf(name)));
    const orders = this.jobs.map((job) => job.order);
    const plan = planOrders(
      pictures.map((name) => ({ name, words: this.wordsOf(name), target: targetOf(name) })),
      orders,
      new Set(this.names),
      false,
    );
    for (const { wanted, resultId } of plan.found) this.save(wanted.name, wanted.words, resultId, until);
    for (const { jobId, wanted } of plan.unnamed) {
      const left = leftOver(orders.find((one) => one.jobId === jobId) as SetOrder);
      for (const [index, { name, words }] of wanted.entries()) {
        const picture = left[index];
        if (picture) this.save(name, words, picture.id, until);
      }
    }
    if (plan.toBuy.length > 0)
      this.#buy(
        plan.toBuy.map(({ name }) => name),
        orders,
        comes,
        until,
      );
  }

  #buy(names: readonly string[], orders: readonly SetOrder[], comes: number, until: Until): void {
    const pictures = names.map((name) => ({ name, words: this.wordsOf(name), target: targetOf(name) }));
    const draft = draftOf(
      'file:///work/a.wanset.json',
      pictures.map(
        ({ name, words }) => ({ entry: { name, prompt: '' }, words, locked: this.lock.get(name) }) as SetPicture,
      ),
      orders,
    );
    // As the engine does: a draft becomes one job.
    if (this.jobs.some((job) => job.draft === draft)) return;
    for (const { name, words } of pictures) if (this.#isThere(name, words)) this.boughtTwice++;
    const jobId = `j${this.jobs.length}`;
    const results = Array.from({ length: Math.min(comes, names.length) }, (_, place) => ({
      id: `${jobId}-${place}`,
      place,
      savedAs: undefined,
    }));
    const bought: SetOrder = { jobId, isRunning: until === 'sent', pictures, results: until === 'sent' ? [] : results };
    this.jobs.unshift({ draft, order: bought });
    if (!cameWhole(bought)) return; // the user is asked at the next press
    for (const [place, { name, words }] of pictures.entries()) this.save(name, words, `${jobId}-${place}`, until);
  }

  /** True where a picture for these words has come or may still come. */
  #isThere(name: string, words: string): boolean {
    const isNoted = [...this.lock].filter(
      ([former, locked]) => locked.words === words && this.files.get(former) === locked.sha256,
    );
    // Of several, only the user can say which is meant.
    if (isNoted.length === 1) return true;
    const isComing = ({ isRunning, pictures }: SetOrder) =>
      isRunning && pictures.some((picture) => picture.words === words && !this.names.includes(picture.name));
    if (this.jobs.some(({ order }) => isComing(order))) return true;
    return this.jobs.some(({ order }) => {
      const at = order.pictures.findIndex((picture) => picture.name === name && picture.words === words);
      if (at === -1) return false;
      const isSaved = order.results.some(({ savedAs }) => savedAs === targetOf(name));
      return order.isRunning || isSaved || leftOver(order).length > 0;
    });
  }

  /** What a window does with a picture: the file, the mark in the journal, the note in the lock. */
  save(name: string, words: string, resultId: string, until: Until): void {
    if (until === 'come') return;
    const job = this.jobs.find(({ order }) => order.results.some(({ id }) => id === resultId));
    if (!job) return;
    this.files.set(name, resultId);
    const results = job.order.results.map((result) =>
      result.id === resultId ? { ...result, savedAs: targetOf(name) } : result,
    );
    job.order = { ...job.order, results };
    if (until === 'saved') return;
    this.lock.set(name, { words, sha256: resultId, as: 'made', job: job.order.jobId });
  }

  /** What was sent comes. */
  arrive(): void {
    for (const job of this.jobs) {
      if (!job.order.isRunning) continue;
      const results = job.order.pictures.map((_, place) => ({
        id: `${job.order.jobId}-${place}`,
        place,
        savedAs: undefined,
      }));
      job.order = { ...job.order, isRunning: false, results };
    }
  }
}

type Until = 'sent' | 'come' | 'saved' | 'noted';

const place = fc.nat({ max: 2 });
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('words' as const), place, words: fc.integer({ min: 0, max: 2 }) }),
    fc.record({ do: fc.constant('delete' as const), place }),
    fc.record({ do: fc.constant('edit' as const), place }),
    fc.record({ do: fc.constant('rename' as const), place, withFile: fc.boolean() }),
    fc.record({ do: fc.constant('rename files' as const), steps: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant('arrive' as const) }),
    fc.record({
      do: fc.constant('generate' as const),
      states: fc.constantFrom<SetEntryState[]>(['missing'], ['changed'], ['missing', 'changed']),
      comes: fc.integer({ min: 1, max: 3 }),
      until: fc.constantFrom<Until>('sent', 'come', 'saved', 'noted'),
    }),
  ),
  { maxLength: 25 },
);

test('whatever is edited, deleted and pressed, and wherever a window is closed, nothing is bought while its picture is there', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const world = new World();
      for (const step of all) {
        const one = 'place' in step ? (world.names[step.place] ?? '') : '';
        if (step.do === 'words') world.words[step.place] = step.words;
        else if (step.do === 'delete') world.files.delete(one);
        else if (step.do === 'edit' && world.files.has(one)) world.files.set(one, 'by hand');
        else if (step.do === 'rename') world.rename(step.place, step.withFile);
        else if (step.do === 'rename files') world.renameFiles(step.steps);
        else if (step.do === 'arrive') world.arrive();
        else if (step.do === 'generate') {
          const edited = world.names.filter((one) => world.stateOf(one) === 'edited');
          const before = edited.map((one) => world.files.get(one));
          world.generate(step.states, step.comes, step.until);
          expect(
            edited.map((one) => world.files.get(one)),
            'what was edited by hand',
          ).toEqual(before);
        }
      }
      expect(world.boughtTwice).toBe(0);
      // Whatever was left undone is done by pressing on, without another word of the user.
      world.arrive();
      world.renameFiles(3);
      for (let press = 0; press < 8; press++) world.generate(['missing', 'changed'], 3, 'noted');
      expect(world.boughtTwice).toBe(0);
      for (const one of world.names) expect(['current', 'edited']).toContain(world.stateOf(one));
    }),
    { numRuns: process.env['WAN_FULL'] === '1' ? 20_000 : 400 },
  );
});
