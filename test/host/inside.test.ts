import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import type { ResultVersion, ResultView } from '../../src/core/messages.ts';
import { cropAround } from '../../src/core/fullDetail.ts';
import { modelCard } from '../../src/core/modelCard.ts';
import type { Box, InputImage } from '../../src/core/request.ts';
import { ImageRequest } from '../../src/core/requestSchema.ts';
import type { App } from '../../src/host/app.ts';
import { keptName } from '../../src/host/editing/keptBytes.ts';
import { handleMessage } from '../../src/host/studio/messages.ts';
import { unmarked } from '../unmarked.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('an answer only inside its boxes', () => {
  let parts: App;
  let questions: Questions;
  let folder: string;
  const box: Box = { x1: 100, y1: 80, x2: 260, y2: 220 };

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
    folder = join(workspaceFolder().uri.fsPath, 'inside');
    await mkdir(folder, { recursive: true });
  });

  beforeEach(() => {
    questions = new Questions();
  });

  afterEach(() => questions.dispose());

  after(async () => {
    await setUserSetting('service', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true });
  });

  async function pictureOf(name: string): Promise<string> {
    const file = join(folder, `${randomUUID()}-${name}`);
    await copyFile(join(workspaceFolder().uri.fsPath, 'images', name), file);
    return file;
  }

  /** Runs an edit of pictures, the first of them with a box, and answers the id of its result. */
  async function edited(
    files: readonly string[],
    changes: Partial<ImageRequest> = {},
    cropOf?: (input: InputImage) => InputImage['crop'],
  ): Promise<string> {
    await parts.editing.begin(files.map((file) => vscode.Uri.file(file)));
    const request = ImageRequest.parse(parts.drafts.get().request);
    const inputs = request.inputs.map((input, index) => {
      const boxed = { ...input, boxes: index === 0 ? [box] : [] };
      const crop = cropOf?.(boxed);
      return { ...boxed, ...(crop && { crop }) };
    });
    const outcome = await parts.runner.run(
      { ...request, prompt: 'Make it blue', variant: 'wan2.7-image', resolution: '1K', inputs, ...changes },
      { draftId: randomUUID(), askedBy: 'test', intent: { kind: 'show' }, shownPrice: 1000 },
    );
    assert.equal(outcome.kind, 'started', JSON.stringify(outcome));
    if (outcome.kind !== 'started') return '';
    const { service, job } = outcome;
    await until('the edit is done', () => service.jobs.get(job.record.id)?.record.status.state === 'done', 30_000);
    return service.jobs.get(job.record.id)?.record.results[0]?.id ?? '';
  }

  function view(id: string): Partial<ResultView> {
    const found = parts.services.findResult(id);
    assert.ok(found);
    return parts.inside.view(found.job, found.result, found.file, (file) => file);
  }

  /** What is offered, once it is known. */
  async function offered(id: string): Promise<NonNullable<ResultView['inside']>> {
    await until('the offer is there', () => view(id).inside !== undefined, 30_000);
    const { inside } = view(id);
    assert.ok(inside);
    return inside;
  }

  const choose = (resultId: string, version: ResultVersion) =>
    handleMessage({ type: 'showVersion', resultId, version }, { ...parts, notice: () => undefined });

  const decoded = async (file: string) =>
    sharp(await readFile(file))
      .autoOrient()
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });

  /** The largest difference of any channel outside and inside the box, or another one. */
  async function apart(
    one: string,
    other: string,
    { x1, y1, x2, y2 } = box,
  ): Promise<{ outside: number; inside: number }> {
    const [before, after] = [await decoded(one), await decoded(other)];
    assert.deepEqual([after.info.width, after.info.height], [before.info.width, before.info.height]);
    const found = { outside: 0, inside: 0 };
    for (let at = 0; at < before.data.length; at++) {
      const pixel = Math.floor(at / before.info.channels);
      const [x, y] = [pixel % before.info.width, Math.floor(pixel / before.info.width)];
      const isInside = x >= x1 && x < x2 && y >= y1 && y < y2;
      const side = isInside ? 'inside' : 'outside';
      found[side] = Math.max(found[side], Math.abs((before.data[at] ?? 0) - (after.data[at] ?? 0)));
    }
    return found;
  }

  it('is what is shown, saved and put in place from then on, with the whole answer one word away', async function () {
    this.timeout(90_000);
    const file = await pictureOf('screen.png');
    const original = join(folder, 'original.png');
    await copyFile(file, original);
    const id = await edited([file]);
    const whole = parts.services.findResult(id)?.file ?? '';
    const bytes = await readFile(whole);
    const inside = await offered(id);
    assert.ok(inside.can && inside.shown === 'whole' && inside.outside === 'identical', JSON.stringify(inside));
    assert.ok((await sharp(inside.leak.src).metadata()).width);

    assert.equal(await choose(id, 'inside'), undefined);
    const shown = view(id);
    assert.ok(shown.inside?.can && shown.inside.shown === 'inside');
    const { width, height } = await sharp(original).metadata();
    assert.deepEqual([shown.width, shown.height, shown.format], [width, height, 'png']);
    const [saved] = (await parts.results.save([id])).files;
    const { outside, inside: within } = await apart(original, saved?.fsPath ?? '');
    assert.equal(outside, 0);
    assert.ok(within > 30);

    assert.equal(await parts.replacing.replace(id), undefined);
    assert.equal((await apart(original, file)).outside, 0);
    await parts.replacing.undo();
    assert.deepEqual(await readFile(file), await readFile(original));

    // Each version knows where it was saved; the whole one nowhere yet.
    assert.equal(await choose(id, 'whole'), undefined);
    assert.equal(await parts.results.savedFile(id), undefined);
    const [savedWhole] = (await parts.results.save([id])).files;
    assert.deepEqual(unmarked(await readFile(savedWhole?.fsPath ?? '')), bytes);
    assert.deepEqual(await readFile(whole), bytes);
    await choose(id, 'inside');
    assert.equal((await parts.results.savedFile(id))?.toString(), saved?.toString());
  });

  it('of a JPEG is nearly the same outside, and as PNG the very same, which cannot take its place', async function () {
    this.timeout(90_000);
    const file = await pictureOf('photo.jpg');
    const id = await edited([file]);
    const inside = await offered(id);
    assert.ok(inside.can && inside.outside === 'nearly' && inside.format === 'jpeg', JSON.stringify(inside));
    await choose(id, 'inside-png');
    assert.equal(view(id).format, 'png');
    const [saved] = (await parts.results.save([id])).files;
    assert.equal((await apart(file, saved?.fsPath ?? '')).outside, 0);
    const job = parts.services.findResult(id)?.job;
    assert.equal(job && parts.replacer.view(job, id).replace?.can, false);
    await choose(id, 'inside');
    assert.equal(view(id).format, 'jpeg');
    assert.equal(job && parts.replacer.view(parts.services.findResult(id)?.job ?? job, id).replace?.can, true);
  });

  it('is not offered where it could not be true, and the reason is said', async function () {
    this.timeout(90_000);
    const [screen, photo] = [await pictureOf('screen.png'), await pictureOf('photo.jpg')];
    const otherLast = await offered(await edited([screen, photo]));
    assert.ok(!otherLast.can && otherLast.sentence.includes('the answer follows the last image'));
    const otherShape = await offered(await edited([photo], { aspectRatio: '1:1' }));
    assert.ok(!otherShape.can && otherShape.sentence.includes('its shape is not that of'));
  });

  it('of a large picture is drawn in a crop alone and put back, with the picture as large and sharp as it was', async function () {
    this.timeout(120_000);
    const file = join(folder, `${randomUUID()}-large.png`);
    const size = { width: 2600, height: 1900 };
    await sharp(join(workspaceFolder().uri.fsPath, 'images', 'photo.jpg'))
      .resize({ ...size, fit: 'fill' })
      .png({ compressionLevel: 1 })
      .toFile(file);
    const id = await edited([file], {}, ({ boxes }) => cropAround(boxes, size, modelCard.presetArea['1K']));
    const record = parts.services.findResult(id)?.job.record;
    const crop = record?.sources?.[0]?.crop;
    assert.ok(crop, 'the journal knows the crop');
    assert.deepEqual(record?.asked?.inputs[0]?.crop, crop);
    assert.deepEqual(record?.request.inputs[0]?.boxes, [
      { x1: box.x1 - crop.x1, y1: box.y1 - crop.y1, x2: box.x2 - crop.x1, y2: box.y2 - crop.y1 },
    ]);
    // The whole picture counts without anybody having chosen it: the answer alone shows but a part.
    await offered(id);
    await until('the whole is made', () => view(id).width === size.width, 30_000);
    const [saved] = (await parts.results.save([id])).files;
    const { outside, inside } = await apart(file, saved?.fsPath ?? '', crop);
    assert.equal(outside, 0);
    assert.ok(inside > 30);
    await choose(id, 'inside');
    const [savedInside] = (await parts.results.save([id])).files;
    assert.equal((await apart(file, savedInside?.fsPath ?? '')).outside, 0);

    await choose(id, 'whole');
    const raw = parts.services.findResult(id)?.result;
    assert.ok(raw && raw.width < size.width);
    const { job } = parts.services.findResult(id) ?? {};
    assert.equal(job && parts.replacer.view(job, id).replace?.can, false);
    const refused = await parts.replacing.replace(id);
    assert.match(refused?.text ?? '', /only the part of/);
  });

  it('is not sent where its crop is not of this picture any more', async () => {
    const file = await pictureOf('photo.jpg');
    await parts.editing.begin([vscode.Uri.file(file)]);
    const request = ImageRequest.parse(parts.drafts.get().request);
    const crop = { x1: 0, y1: 0, x2: 90_000, y2: 600 };
    const inputs = request.inputs.map((input) => ({ ...input, boxes: [box], crop }));
    const origin = { draftId: randomUUID(), askedBy: 'test', intent: { kind: 'show' as const }, shownPrice: 1000 };
    const outcome = await parts.runner.run({ ...request, prompt: 'Make it blue', inputs }, origin);
    assert.ok(outcome.kind === 'bad-picture' && outcome.reason === 'changed', JSON.stringify(outcome));
  });

  it('is made again where it is gone; where that cannot be, nothing is saved and it is said', async function () {
    this.timeout(90_000);
    const file = await pictureOf('screen.png');
    const id = await edited([file]);
    await offered(id);
    await choose(id, 'inside');
    const made = view(id).src ?? '';
    await rm(made);
    const [saved] = (await parts.results.save([id])).files;
    assert.equal((await apart(file, saved?.fsPath ?? '')).outside, 0);

    await rm(made);
    const sha256 = parts.services.findResult(id)?.job.record.sources?.[0]?.sha256 ?? '';
    await rm(parts.kept.fileOf(keptName(sha256, 'png')));
    await writeFile(file, 'something else');
    const outcome = await parts.results.save([id]);
    assert.ok(outcome.kind === 'failed' && /has changed since it was sent/.test(outcome.telling.text));
    assert.match(outcome.telling.text, /The whole answer is still kept\./);
    const telling = await choose(id, 'inside-png');
    assert.match(telling?.text ?? '', /has changed since it was sent/);
  });
});
