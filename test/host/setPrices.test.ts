import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { modelCard } from '../../src/core/modelCard.ts';
import type { SetFile } from '../../src/core/setFile.ts';
import { SetGenerating } from '../../src/host/setFiles/generating.ts';
import type { SetPicture } from '../../src/host/setFiles/setView.ts';
import type { Service } from '../../src/host/services.ts';
import type { Jobs } from '../../src/jobs/engineTypes.ts';
import { workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('the price of pictures of a set file', () => {
  const names = ['a', 'b', 'c'];
  let questions: Questions;
  let asked: number[];

  afterEach(() => questions.dispose());

  /** Presses a button where the service is a live one that refuses everything; answers what each request said of its price. */
  async function press(
    more: Partial<SetFile>,
    {
      shownPrice,
      confirmAbove = 100,
      buttons = [],
    }: { shownPrice?: number; confirmAbove?: number; buttons?: string[] },
  ): Promise<number[]> {
    questions = new Questions({ buttons });
    asked = [];
    const set: SetFile = { version: 1, ...more, pictures: names.map((name) => ({ name, prompt: name })) };
    const uri = vscode.Uri.joinPath(workspaceFolder().uri, 'x.wanset.json');
    const pictures = set.pictures.map((entry, index): SetPicture => {
      const file = vscode.Uri.joinPath(workspaceFolder().uri, `${entry.name}.png`);
      return { entry, index, words: entry.name, file, locked: undefined, standing: undefined, state: 'missing' };
    });
    const service = { mode: 'live', jobs: { list: () => [] } as Partial<Jobs> as Jobs } as Service;
    const generating = new SetGenerating({
      services: { current: () => Promise.resolve(service) },
      runner: {
        run: (_request, origin) => {
          asked.push(origin.shownPrice);
          return Promise.resolve({ kind: 'declined' });
        },
      },
      announcer: { end: () => assert.fail('nothing was started'), claim: () => assert.fail('nothing was started') },
      settling: { settle: () => assert.fail('nothing came') },
      teller: { tell: () => Promise.resolve(), tellSaved: () => Promise.resolve() },
      prices: () => modelCard.price,
      confirmAbove: () => confirmAbove,
      offerKey: () => Promise.resolve(false),
      changed: () => undefined,
    });
    const reading = { set, problems: [], spanOf: () => ({ offset: 0, length: 1 }) };
    const view = { uri, reading, set, pictures, badLock: undefined };
    await generating.generate([{ view, pictures }], { shownPrice });
    return asked;
  }

  it('that nobody has seen is asked about, and nothing is sent without a yes', async () => {
    assert.deepEqual(await press({}, {}), []);
    assert.deepEqual(questions.shown, ['Generate 3 pictures for up to $0.225?']);
    questions.dispose();
    assert.deepEqual(await press({}, { buttons: ['Generate for up to $0.225'] }), [225]);
  });

  it('that is higher than the one that was seen is asked about', async () => {
    assert.deepEqual(await press({}, { shownPrice: 224, confirmAbove: 1000 }), []);
    assert.equal(questions.shown.length, 1);
  });

  it('that was seen is enough for one request, which asks for itself', async () => {
    assert.deepEqual(await press({}, { shownPrice: 225 }), [225]);
    assert.deepEqual(questions.shown, []);
  });

  it('of several requests is asked about by their sum, though none alone is dear', async () => {
    assert.deepEqual(await press({ together: false }, { shownPrice: 225 }), []);
    assert.deepEqual(questions.shown, ['Generate 3 pictures for up to $0.225?']);
  });

  it('is not asked of more requests once one was refused', async () => {
    assert.deepEqual(await press({ together: false }, { shownPrice: 225, confirmAbove: 1000 }), [75]);
  });
});
