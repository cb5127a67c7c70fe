import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { ImageRequest } from '../../../src/core/requestSchema.ts';
import type { App } from '../../../src/host/app.ts';
import { until } from './extension.ts';

/** Has a picture made in practice mode and answers the id of the result; an edit where a picture is given. */
export async function madePicture(parts: App, prompt: string, source?: vscode.Uri): Promise<string> {
  await parts.drafts.offer({ ...ImageRequest.parse({ prompt: '' }) });
  if (source) await parts.editing.begin([source]);
  const { inputs } = ImageRequest.parse(parts.drafts.get().request);
  const outcome = await parts.runner.run(ImageRequest.parse({ prompt, inputs: source ? inputs : [] }), {
    draftId: randomUUID(),
    askedBy: 'test',
    intent: { kind: 'show' },
    shownPrice: 1000,
  });
  assert.equal(outcome.kind, 'started', JSON.stringify(outcome));
  if (outcome.kind !== 'started') return '';
  const { id } = outcome.job.record;
  const job = () => parts.services.find(id)?.job.record;
  await until('the picture is there', () => job()?.status.state === 'done', 30_000);
  return job()?.results[0]?.id ?? '';
}

/** Accepts the list that a command shows until the command has ended. */
export async function acceptLists(running: Thenable<unknown>): Promise<void> {
  let isOver = false;
  const ended = Promise.resolve(running).finally(() => (isOver = true));
  await until('the list is accepted', async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 300))]);
    return isOver;
  });
  await ended;
}
