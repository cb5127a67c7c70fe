import * as assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { cleanUp } from '../../src/host/history/cleanUp.ts';
import { RoomTeller } from '../../src/host/history/roomTeller.ts';
import type { Service } from '../../src/host/services.ts';
import type { Summary } from '../../src/jobs/summary.ts';
import { Questions } from './support/questions.ts';

const megabyte = 1024 * 1024;

describe('room for what is kept', () => {
  let folder: string;
  let questions: Questions;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wan-room-'));
    await writeFile(join(folder, 'saved.png'), 'a picture');
  });

  beforeEach(() => {
    questions = new Questions();
  });

  afterEach(() => questions.dispose());

  after(() => rm(folder, { recursive: true }));

  describe('clean up', () => {
    /** A request of the past with one picture of a megabyte. */
    const summary = (id: string, createdAt: number, isSaved: boolean, changes: Partial<Summary> = {}): Summary =>
      ({
        id,
        title: id,
        createdAt,
        state: 'done',
        favourite: false,
        lacks: false,
        pictures: [{ id: `${id}-0`, file: `${id}.png`, byteLength: megabyte, isSaved }],
        ...changes,
      }) as Summary;

    /** Opens it over these requests and answers what was moved to the bin and whether that was emptied. */
    async function run(
      summaries: readonly Summary[],
      { excess = 0, picks = [], buttons = [] }: { excess?: number; picks?: string[]; buttons?: string[] } = {},
    ): Promise<{ moved: readonly string[]; isEmptied: boolean }> {
      questions.dispose();
      questions = new Questions({ picks, buttons });
      let moved: readonly string[] = [];
      let isEmptied = false;
      const savedAs = vscode.Uri.file(join(folder, 'saved.png')).toString();
      const service = {
        folder,
        jobs: {
          history: () => ({ summaries, isWhole: true }),
          recall: async () => ({ record: { results: [{ savedAs }] } }),
          emptyBin: async () => void (isEmptied = true),
          moveToBin: async (ids: readonly string[]) => (moved = ids),
          bringBackLast: async () => [],
        },
        recovery: { end: async () => undefined },
      } as unknown as Service;
      await cleanUp({
        services: { current: async () => service },
        storage: { excess: async () => excess, forget: () => undefined },
        changed: () => undefined,
      });
      return { moved, isEmptied };
    }

    const ticked = (): string[] => (questions.lists[0] ?? []).filter(({ picked }) => picked).map(({ label }) => label);
    const oldest = 'The oldest requests whose pictures are all saved';

    it('ticks nothing beforehand while the limit is kept', async () => {
      await mkdir(join(folder, '.bin'), { recursive: true });
      await writeFile(join(folder, '.bin', 'deleted.png'), Buffer.alloc(megabyte));
      const all = [summary('one', 1, true), summary('two', 2, true), summary('three', 3, false)];
      await run(all);
      assert.deepEqual(
        questions.lists[0]?.map(({ label }) => label),
        ['What was deleted already', oldest, 'three'],
      );
      assert.deepEqual(ticked(), []);
    });

    it('above it ticks what was deleted already, and requests only where that is not enough', async () => {
      const all = [summary('one', 1, true), summary('two', 2, true), summary('three', 3, false)];
      await run(all, { excess: megabyte / 2 });
      assert.deepEqual(ticked(), ['What was deleted already']);
      await run(all, { excess: 1.5 * megabyte });
      assert.deepEqual(ticked(), ['What was deleted already', oldest]);
      assert.match(questions.lists[0]?.[1]?.description ?? '', /^Requests: 1, /);
    });

    it('names unsaved requests, the oldest first, though saved ones are proposed before them', async () => {
      const saved = Array.from({ length: 60 }, (_, at) => summary(`saved ${at}`, at, true));
      const unsaved = [summary('later', 900, false), summary('sooner', 100, false)];
      const { moved } = await run([...saved, ...unsaved], { excess: 10 * megabyte, picks: ['sooner'] });
      assert.deepEqual(
        questions.lists[0]?.slice(2).map(({ label }) => label),
        ['sooner', 'later'],
      );
      // What is nowhere else is asked about once more; here nobody says yes.
      assert.ok(questions.shown.some((text) => text === 'Delete pictures that were not saved anywhere else?'));
      assert.deepEqual(moved, []);
      const sure = await run([...saved, ...unsaved], { picks: ['sooner'], buttons: ['Delete'] });
      assert.deepEqual(sure.moved, ['sooner']);
    });

    it('offers no favourite, none that is being made, and none without a picture', async () => {
      await rm(join(folder, '.bin'), { recursive: true, force: true });
      await run([
        summary('star', 1, true, { favourite: true }),
        summary('active', 2, false, { state: 'active' }),
        summary('empty', 3, false, { pictures: [] }),
      ]);
      assert.deepEqual(questions.lists, []);
      assert.match(questions.shown[0] ?? '', /^There is nothing to clean up here\./);
    });
  });

  describe('is told', () => {
    function teller(excess: readonly number[]): { teller: RoomTeller; asked: string[]; looks: () => number } {
      const asked: string[] = [];
      let looks = 0;
      const parts = {
        storage: { excess: async () => excess[Math.min(looks++, excess.length - 1)] ?? 0 },
        cleanUp: async () => void asked.push('clean up'),
        openSettings: async () => void asked.push('settings'),
      };
      return { teller: new RoomTeller(parts), asked, looks: () => looks };
    }

    it('once in a window when there is more than the limit, with both ways on', async () => {
      for (const [button, done] of [
        ['Clean Up…', 'clean up'],
        ['Open Settings', 'settings'],
      ] as const) {
        questions.dispose();
        questions = new Questions({ buttons: [button] });
        const one = teller([3 * megabyte]);
        await one.teller.look();
        await one.teller.look();
        assert.equal(questions.shown.length, 1);
        assert.match(
          questions.shown[0] ?? '',
          /take 3(\.0)? MB more than the storage limit .*Nothing is deleted by itself\./,
        );
        assert.deepEqual(one.asked, [done]);
      }
    });

    it('not at all within the limit, and not counted at every picture', async () => {
      const one = teller([0]);
      for (let times = 0; times < 5; times++) await one.teller.look();
      assert.deepEqual([questions.shown.length, one.looks()], [0, 1]);
    });
  });
});
