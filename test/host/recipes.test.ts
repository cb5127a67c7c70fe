import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { readRecipe } from '../../src/core/recipe.ts';
import { ImageRequest } from '../../src/core/requestSchema.ts';
import type { App } from '../../src/host/app.ts';
import { RecipeGiver } from '../../src/host/recipes/giving.ts';
import { carriedBy } from '../../src/pixels/recipe/embedding.ts';
import { unmarked } from '../unmarked.ts';
import { app, setUserSetting, until, workspaceFolder, canSearchFiles } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('recipes', () => {
  let parts: App;
  let folder: string;
  const box = { x1: 100, y1: 80, x2: 260, y2: 220 };

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(workspaceFolder().uri.fsPath, 'recipes-'));
    await copyFile(join(workspaceFolder().uri.fsPath, 'images', 'photo.jpg'), join(folder, 'photo.jpg'));
  });

  afterEach(async () => {
    await setUserSetting('recipe', undefined);
    await setUserSetting('recipePlace', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true });
  });

  after(() => setUserSetting('service', undefined));

  /** Runs a request for a picture, or for an edit of the photo in the folder, and answers the id of the result. */
  async function made(asEdit: boolean): Promise<string> {
    await parts.drafts.offer({ ...ImageRequest.parse({ prompt: '' }) });
    if (asEdit) await parts.editing.begin([vscode.Uri.file(join(folder, 'photo.jpg'))]);
    const { inputs, ...request } = ImageRequest.parse(parts.drafts.get().request);
    const outcome = await parts.runner.run(
      {
        ...request,
        prompt: `A "blue" <door> ${randomUUID()}`,
        variant: 'wan2.7-image',
        resolution: '1K',
        inputs: asEdit ? inputs.map((input) => ({ ...input, boxes: [box] })) : [],
      },
      { draftId: randomUUID(), askedBy: 'test', intent: { kind: 'show' }, shownPrice: 1000 },
    );
    assert.equal(outcome.kind, 'started', JSON.stringify(outcome));
    if (outcome.kind !== 'started') return '';
    const { id } = outcome.job.record;
    const job = () => parts.services.find(id)?.job.record;
    await until('the picture is there', () => job()?.status.state === 'done', 30_000);
    return job()?.results[0]?.id ?? '';
  }

  async function saved(id: string): Promise<vscode.Uri> {
    const outcome = await parts.results.saveBeside([id], vscode.Uri.file(join(folder, 'photo.jpg')));
    const [file] = outcome.files;
    assert.ok(outcome.kind === 'saved' && file, JSON.stringify(outcome));
    return file;
  }

  const inForm = () => ImageRequest.parse(parts.drafts.get().request);
  const recordOf = (id: string) => parts.services.findResult(id)?.job.record;

  /** Does something and answers what the window has shown meanwhile. */
  async function asked(answers: ConstructorParameters<typeof Questions>[0], work: () => unknown): Promise<string[]> {
    const questions = new Questions(answers);
    try {
      await work();
      return questions.shown;
    } finally {
      questions.dispose();
    }
  }

  it('mark a saved picture as made, or leave it exactly as it came', async () => {
    const id = await made(false);
    const bytes = await readFile(parts.services.findResult(id)?.file ?? '');
    const file = await saved(id);
    assert.deepEqual(unmarked(await readFile(file.fsPath)), bytes);
    // Practice mode draws, and no model has made that.
    assert.match((await readFile(file.fsPath)).toString('latin1'), /digitalsourcetype\/algorithmicMedia/);
    await setUserSetting('recipe', 'none');
    assert.deepEqual(await readFile((await saved(id)).fsPath), bytes);
  });

  it('keep no picture from being saved', async () => {
    const id = await made(false);
    const found = parts.services.findResult(id);
    assert.ok(found);
    const told: (string | undefined)[] = [];
    const giver = new RecipeGiver({
      app: 'test',
      folder: join(folder, 'photo.jpg', 'not-a-folder'),
      tell: async (news) => void told.push(...news.map(({ left }) => left)),
      log: { info: () => undefined, error: () => undefined },
    });
    const target = vscode.Uri.file(join(folder, 'saved.png'));
    const picture = { file: found.file, name: 'saved', extension: 'png' };
    await giver.save(found, picture, vscode.Uri.file(folder), async ({ file }) => {
      await copyFile(file, target.fsPath);
      return target;
    });
    assert.deepEqual(await readFile(target.fsPath), await readFile(found.file));
    await until('it is told', () => told.includes('failed'));
  });

  it('of an edit open as it was, and say what has changed and what is gone', async function () {
    this.timeout(90_000);
    await setUserSetting('recipe', 'full');
    const id = await made(true);
    const file = await saved(id);
    const before = recordOf(id)?.asked;
    const text = (await readFile(file.fsPath)).toString('latin1');
    assert.ok(!text.includes(workspaceFolder().uri.fsPath) && text.includes('photo.jpg'));

    await parts.drafts.offer(ImageRequest.parse({ prompt: 'another' }));
    await vscode.commands.executeCommand('wanImage.openRecipe', file);
    assert.deepEqual(inForm(), before);

    await sharp({ create: { width: 640, height: 480, channels: 3, background: '#123456' } })
      .jpeg()
      .toFile(join(folder, 'photo.jpg'));
    await vscode.commands.executeCommand('wanImage.openRecipe', file);
    const [changed] = inForm().inputs;
    assert.match(parts.reopening.note(changed?.id ?? '').former?.sentence ?? '', /has changed since/);

    await rm(join(folder, 'photo.jpg'));
    await vscode.commands.executeCommand('wanImage.openRecipe', file);
    const [gone] = inForm().inputs;
    assert.match(parts.reopening.note(gone?.id ?? '').former?.sentence ?? '', /is gone/);
    assert.deepEqual(gone?.boxes, [box]);
    assert.equal(parts.sources.get(gone?.id ?? ''), undefined);
  });

  it('run again with the same seed, once the user has agreed', async function () {
    this.timeout(90_000);
    await setUserSetting('recipe', 'full');
    const id = await made(true);
    const file = await saved(id);
    const jobs = async () => (await parts.services.current()).jobs.list().map(({ record }) => record);
    const before = (await jobs()).length;
    const declined = await asked({}, () => vscode.commands.executeCommand('wanImage.runRecipe', file));
    assert.ok(declined.some((text) => text.includes('Run this recipe again')));
    assert.equal((await jobs()).length, before);
    await asked({ buttons: ['Run Again'] }, () => vscode.commands.executeCommand('wanImage.runRecipe', file));
    const [again] = await jobs();
    assert.equal((await jobs()).length, before + 1);
    assert.equal(again?.request.seed, recordOf(id)?.request.seed);
    assert.deepEqual(again?.asked?.inputs, recordOf(id)?.asked?.inputs);
    await until('it is done', async () => (await jobs())[0]?.status.state === 'done', 30_000);
  });

  it('that somebody else has written look at no file outside the workspace, and run nothing', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'wan-outside-'));
    try {
      await copyFile(join(folder, 'photo.jpg'), join(outside, 'secret.jpg'));
      await symlink(join(outside, 'secret.jpg'), join(folder, 'link.jpg'));
      const way = '../'.repeat(20) + join(outside, 'secret.jpg').slice(1);
      const hostile = (path: string) => ({
        wanImageRecipe: 1,
        app: 'x',
        madeAt: '2026-01-01T00:00:00Z',
        madeBy: 'service',
        request: { prompt: 'theirs' },
        inputs: [{ source: { kind: 'file', path, sha256: 'a'.repeat(64), width: 1, height: 1 }, boxes: [] }],
        picture: { number: 1, of: 1, width: 1, height: 1, format: 'png', version: 'whole' },
      });
      for (const path of [way, 'link.jpg']) {
        const file = join(folder, 'theirs.wan.json');
        await writeFile(file, JSON.stringify(hostile(path)));
        const shown = await asked({ buttons: ['Run Again'] }, () =>
          vscode.commands.executeCommand('wanImage.runRecipe', vscode.Uri.file(file)),
        );
        assert.deepEqual(shown, []);
        const [input] = inForm().inputs;
        assert.equal(inForm().prompt, 'theirs');
        assert.equal(parts.sources.get(input?.id ?? ''), undefined);
        assert.equal(await parts.reopening.swap(input?.id ?? '', 'file'), undefined);
        assert.equal(inForm().inputs[0]?.id, input?.id);
      }
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it('lie beside the picture where that is wanted, and never take the place of another', async () => {
    await setUserSetting('recipe', 'full');
    await setUserSetting('recipePlace', 'beside');
    const id = await made(false);
    await writeFile(join(folder, 'photo.png.wan.json'), 'mine');
    const shown = await asked({}, async () => {
      await saved(id);
      await new Promise((resolve) => setTimeout(resolve, 600));
    });
    assert.ok(
      shown.some((text) => text.includes('is there already')),
      JSON.stringify(shown),
    );
    assert.equal(await readFile(join(folder, 'photo.png.wan.json'), 'utf8'), 'mine');
    const next = await saved(id);
    const read = readRecipe((await readFile(`${next.fsPath}.wan.json`, 'utf8')).trim());
    assert.ok(read.kind === 'recipe');
    assert.equal(read.recipe.request.seed, recordOf(id)?.request.seed);
    assert.ok(!(await readFile(next.fsPath)).includes('wanImage:recipe'));
    await vscode.commands.executeCommand('wanImage.openRecipe', next);
    assert.equal(inForm().prompt, recordOf(id)?.request.prompt);
  });

  it('are stripped for a release, only ours and only where chosen, and come back', async function () {
    this.timeout(90_000);
    if (!(await canSearchFiles())) return this.skip();
    await setUserSetting('recipe', 'full');
    const id = await made(true);
    const file = await saved(id);
    const [photo, recipe] = [join(folder, 'photo.jpg'), join(folder, 'deep', 'other.png.wan.json')];
    await mkdir(join(folder, 'deep'));
    await setUserSetting('recipePlace', 'beside');
    await writeFile(recipe, carriedRecipe(await readFile(file.fsPath)));
    await writeFile(join(folder, 'deep', 'not-ours.wan.json'), '{}');
    const [before, untouched] = [await readFile(file.fsPath), await readFile(photo)];

    const strip = () => vscode.commands.executeCommand('wanImage.stripForRelease', vscode.Uri.file(folder));
    // The stand-in for lists chooses one row.
    const shown = await asked({ picks: ['Recipes only', vscode.workspace.asRelativePath(file)] }, strip);
    assert.ok(!shown.some((text) => text.includes('not-ours')), JSON.stringify(shown));
    const after = await readFile(file.fsPath);
    assert.deepEqual(carriedBy(after), { tells: false, isMarked: true });
    assert.ok(!after.includes('door'));
    assert.deepEqual(await sharp(after).raw().toBuffer(), await sharp(before).raw().toBuffer());
    assert.deepEqual(await readFile(photo), untouched);
    await asked({}, () => vscode.commands.executeCommand('wanImage.undoReplace'));
    assert.deepEqual(await readFile(file.fsPath), before);

    const name = vscode.workspace.asRelativePath(recipe);
    const kept = await readFile(recipe);
    await asked({ picks: ['Recipes and AI marks', name] }, strip);
    await assert.rejects(readFile(recipe));
    await asked({}, () => vscode.commands.executeCommand('wanImage.undoReplace'));
    assert.deepEqual(await readFile(recipe), kept);

    await asked({ picks: ['Recipes and AI marks', vscode.workspace.asRelativePath(file)], buttons: ['Undo'] }, strip);
    assert.deepEqual(await readFile(file.fsPath), before);
  });

  it('of a picture go into the file that it takes the place of, and leave with it', async function () {
    this.timeout(90_000);
    await setUserSetting('recipe', 'full');
    const photo = join(folder, 'photo.jpg');
    const before = await readFile(photo);
    const id = await made(true);
    assert.equal(await parts.replacing.replace(id), undefined);
    const read = readRecipe(carriedRecipe(await readFile(photo)));
    assert.ok(read.kind === 'recipe' && read.recipe.request.prompt === recordOf(id)?.request.prompt);
    await parts.replacing.undo();
    assert.deepEqual(await readFile(photo), before);
  });
});

function carriedRecipe(bytes: Buffer): string {
  const carried = carriedBy(bytes);
  assert.ok('recipe' in carried && carried.recipe !== undefined, JSON.stringify(carried));
  return carried.recipe;
}
