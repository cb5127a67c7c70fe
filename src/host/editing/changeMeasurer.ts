import { readFile } from 'node:fs/promises';
import type * as vscode from 'vscode';
import { planPreparation } from '../../core/preparation.ts';
import type { Pixels } from '../../pixels/client.ts';
import type { Log } from '../log.ts';
import type { Service, Services } from '../services.ts';
import { editedInput } from './editedInput.ts';
import { type KeptBytes, keptName } from './keptBytes.ts';
import { extensionOf } from './previews.ts';

interface Parts {
  readonly services: Pick<Services, 'onDidChangeJob'>;
  readonly pixels: Pick<Pixels, 'prepare' | 'measureChange'>;
  readonly kept: Pick<KeptBytes, 'read'>;
  readonly log: Log;
}

/** Looks once at the first picture of each boxed edit: does the change lie in the boxes? What it finds stays with the job. */
export class ChangeMeasurer implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #subscription: vscode.Disposable;
  readonly #looked = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#subscription = parts.services.onDidChangeJob(({ service, jobId }) => {
      void this.#consider(service, jobId);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #consider(service: Service, jobId: string): Promise<void> {
    const record = service.jobs.get(jobId)?.record;
    const [first] = record?.results ?? [];
    if (record?.status.state !== 'done' || record.change || record.dismissed || !first || this.#looked.has(jobId))
      return;
    this.#looked.add(jobId);
    const found = service.jobs.result(first.id);
    const edited = editedInput(record);
    // The answer has the shape of the last picture; a box on another one cannot be held against it.
    if (!found || !edited?.isLast) return;
    const boxes = record.request.inputs.find(({ id }) => id === edited.input.id)?.boxes ?? [];
    if (boxes.length === 0) return;
    try {
      const { sha256, facts, crop } = edited.source;
      const source = await this.#parts.kept.read(keptName(sha256, extensionOf(facts.format)));
      const plan = planPreparation(facts, edited.input.preparation, crop);
      if (!source || plan.kind === 'refused') return;
      const sent = await this.#parts.pixels.prepare(source, plan.steps, { give: true });
      const change = await this.#parts.pixels.measureChange(sent.bytes, await readFile(found.file), boxes, {
        give: true,
      });
      this.#parts.log.info(
        `Job ${jobId}: changed ${share(change.insideShare)} inside the boxes and ${share(change.outsideShare)} outside.`,
      );
      await service.jobs.markChange(jobId, change.verdict);
    } catch (error) {
      this.#parts.log.error('It could not be measured whether the change lies in the boxes.', error);
    }
  }
}

const share = (part: number): string => `${Math.round(part * 100)} %`;
