import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { modelCard } from '../../core/modelCard.ts';
import { failureSentences } from '../../core/sentences.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import { type Announcer, resultIds } from '../announcer.ts';
import { targetIn } from '../inserting/insertTarget.ts';
import { TrackedPosition } from '../inserting/trackedPosition.ts';
import type { Results } from '../results.ts';
import type { Service } from '../services.ts';
import { type Mode, queueSentence, tellFailure } from '../telling.ts';
import type { WindowTeller } from '../windowTeller.ts';
import { askAndRun, type GenerateParts } from './generate.ts';

export interface InsertParts extends GenerateParts {
  readonly announcer: Pick<Announcer, 'own' | 'end' | 'claim'>;
  readonly results: Pick<Results, 'insert'>;
  readonly teller: Pick<WindowTeller, 'tell' | 'tellSaved'>;
}

/** Asks in the palette, waits for the picture, saves it and writes a reference where the cursor was when the command was called. */
export async function generateAndInsert(parts: InsertParts): Promise<void> {
  const target = targetIn(vscode.window.activeTextEditor);
  if (!target)
    return parts.teller.tell({
      severity: 'info',
      text: l10n.t('Put the cursor into a Markdown document, a page, a component or a style sheet first.'),
      actions: [],
    });
  const position = new TrackedPosition(target);
  try {
    const intent = { kind: 'insert', document: target.document.toString(), offset: target.offset } as const;
    const outcome = await askAndRun(l10n.t('Generate and Insert Here'), intent, parts);
    if (outcome?.kind !== 'started') return;
    const { service, job } = outcome;
    if ((await waitWithProgress(service, job, parts)) === 'ended')
      await finish(service, job.record.id, position, parts);
  } finally {
    position.dispose();
  }
}

/** Shows a notification with the seconds until the job ends, or until the user stops waiting. */
async function waitWithProgress(
  service: Service,
  job: Job,
  { announcer, studio }: InsertParts,
): Promise<'ended' | 'given up'> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    cancellable: true,
    title: l10n.t('Generating the picture'),
  };
  const { id } = job.record;
  return vscode.window.withProgress(options, async (progress, token) => {
    const leaving = new AbortController();
    token.onCancellationRequested(() => leaving.abort());
    const startedAt = Date.now();
    const report = () => {
      const queue = service.jobs.get(id)?.queue;
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      progress.report({ message: queue ? queueSentence(queue) : progressText(seconds, service.mode) });
    };
    report();
    const timer = setInterval(report, 1000);
    try {
      const how = await announcer.end(service, id, leaving.signal);
      if (how === 'given up') {
        const isUnsent = service.jobs.get(id)?.queue !== undefined;
        const cancelling = service.jobs.cancel(id);
        void tellCancelled(isUnsent, service.mode, () => studio.open());
        await cancelling;
      }
      return how;
    } finally {
      clearInterval(timer);
    }
  });
}

function progressText(seconds: number, mode: Mode): string {
  if (mode === 'practice') return l10n.t('{0} s, free practice', seconds);
  const { min, max } = modelCard.usualSeconds;
  return l10n.t('{0} s, usually {1} to {2}. Cancel stops the waiting, not the cost.', seconds, min, max);
}

async function tellCancelled(isUnsent: boolean, mode: Mode, openStudio: () => void): Promise<void> {
  if (isUnsent) {
    await vscode.window.showInformationMessage(l10n.t(failureSentences.cancelled));
    return;
  }
  const text =
    mode === 'practice'
      ? l10n.t('No longer waiting. The picture is offered when it comes.')
      : l10n.t(
          'No longer waiting. A request that was sent is billed all the same, so its picture is kept and offered when it comes.',
        );
  const open = l10n.t('Open Studio');
  if ((await vscode.window.showInformationMessage(text, open)) === open) openStudio();
}

async function finish(
  service: Service,
  jobId: string,
  position: TrackedPosition,
  { announcer, results, teller }: InsertParts,
): Promise<void> {
  const job = service.jobs.get(jobId);
  if (!job || !(await announcer.claim(service, jobId))) return;
  const { status } = job.record;
  if (status.state === 'failed') return teller.tell({ ...tellFailure(status.failure, service.mode), jobId });
  const outcome = await results.insert(resultIds(job), position);
  if (outcome.kind === 'failed') return teller.tell(outcome.telling);
  if (outcome.kind === 'inserted') return teller.tellSaved(outcome.files, outcome.document);
  await teller.tell({
    severity: 'info',
    text: l10n.t('Nothing was inserted. The picture is kept in the studio.'),
    actions: [],
  });
}
