import { l10n } from 'vscode';
import type { JobPhase, JobView, Looking, ResultView, SourceView } from '../../core/messages.ts';
import { lacksPictures } from '../../jobs/attaching.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import { otherCaller } from '../../jobs/limits.ts';
import type { JobRecord, KeptResult } from '../../jobs/record.ts';
import { slotsOf } from '../../jobs/slots.ts';
import { callerInWords } from '../agents/agentNotice.ts';
import { shownSavedAs } from '../editing/versions.ts';
import type { Service } from '../services.ts';
import { labelled, lookFor, tellFailure, tellSearchTrouble } from '../telling.ts';

/** How the panel reaches a kept picture, and how the user knows a saved one. */
export interface Addresses {
  readonly src: (file: string) => string;
  readonly savedAs: (uri: string) => string;
  /** The picture that a job is an edit of. */
  readonly source: (job: Job) => SourceView | undefined;
  readonly replacing: (job: Job, resultId: string) => Pick<ResultView, 'replace' | 'replaced'>;
  /** What to say of a picture that would bloat the repository. */
  readonly heavy: (job: Job, result: KeptResult, file: string) => ResultView['heavy'];
  /** A result in the version that the user has chosen, and what can be chosen. */
  readonly inside: (job: Job, result: KeptResult, file: string) => Partial<ResultView>;
}

/** A job as the panel draws it. */
export function jobView(job: Job, service: Service, addresses: Addresses): JobView {
  const { record } = job;
  const actualPrice = priceOf(record, service);
  const source = addresses.source(job);
  const looking = lookingOf(record.id, service, addresses);
  return {
    id: record.id,
    draftId: record.draftId,
    request: record.asked ?? record.request,
    ...(otherCaller(record.askedBy) !== undefined && { askedBy: callerInWords(record.askedBy) }),
    createdAt: record.createdAt,
    highestPrice: service.mode === 'practice' ? 0 : record.highestPrice,
    ...(actualPrice !== undefined && { actualPrice }),
    phase: phaseOf(job, service),
    results: record.results.flatMap((result) => resultView(result, job, service, addresses)),
    ...(looking && { looking }),
    ...(source && { source }),
    ...(record.change && { change: record.change }),
  };
}

function priceOf({ actualPrice }: JobRecord, { mode }: Service): number | undefined {
  return mode === 'practice' ? 0 : actualPrice;
}

function phaseOf({ record, news, queue }: Job, service: Service): JobPhase {
  const { status, cancelled } = record;
  switch (status.state) {
    case 'prepared':
    case 'sending':
      return { state: 'sending', ...(queue && { queue: { ...queue } }) };
    case 'accepted':
      return {
        state: 'waiting',
        service: news?.state ?? 'queued',
        ...(news?.progress !== undefined && { progress: news.progress }),
        late: news?.late ?? false,
        cancelled,
      };
    case 'collecting':
      return { state: 'collecting', kept: record.results.length, of: status.items.length, cancelled };
    case 'done':
      return {
        state: 'done',
        missing: status.missing,
        endedAt: status.endedAt,
        cancelled,
        ...(service.mode === 'live' && lacksPictures(record) && { actions: labelled(lookFor(service.mode)) }),
      };
    case 'failed': {
      const { failure } = status;
      const { text, actions } = tellFailure(failure, service.mode);
      return {
        state: 'failed',
        kind: failure.kind,
        sentence: text,
        ...(failure.detail !== undefined && { detail: failure.detail }),
        actions: labelled(actions),
        endedAt: status.endedAt,
      };
    }
  }
}

function lookingOf(jobId: string, { recovery, mode }: Service, { src }: Addresses): Looking | undefined {
  const search = recovery.search(jobId);
  if (search?.state === 'failed') {
    const { text, actions } = tellSearchTrouble(search.failure, mode);
    return { state: 'failed', sentence: text, actions: labelled(actions) };
  }
  if (search?.state !== 'found') return search;
  return {
    ...search,
    pictures: search.pictures.map(({ file, byteLength: _, sha256: _sha256, ...picture }) => ({
      ...picture,
      src: src(file),
    })),
    expired: search.expired.map(({ madeAt, price }) => ({
      ...(madeAt !== undefined && { madeAt }),
      ...(price !== undefined && { price }),
    })),
  };
}

function resultView(
  result: KeptResult,
  job: Job,
  service: Service,
  { src, savedAs, replacing, inside, heavy }: Addresses,
): ResultView[] {
  const found = service.jobs.result(result.id);
  if (!found) return [];
  const version = inside(job, result, found.file);
  const shown = version.inside?.can ? version.inside.shown : 'whole';
  const saved = shownSavedAs(job.record, result);
  const weight = saved === undefined && shown === 'whole' ? heavy(job, result, found.file) : undefined;
  const note = shown === 'whole' ? sizeNote(result, job.record.expectedSize) : undefined;
  return [
    {
      id: result.id,
      src: src(found.file),
      width: result.width,
      height: result.height,
      format: result.format,
      byteLength: result.byteLength,
      ...(job.record.request.imageSet && { slot: slotsOf(job.record).indexOf(result.id) }),
      ...(note !== undefined && { note }),
      ...(saved !== undefined && { savedAs: savedAs(saved) }),
      ...(weight && { heavy: weight }),
      ...replacing(job, result.id),
      ...version,
    },
  ];
}

/** A preset's size is approximate by the model page; more than a twentieth off is worth a word. */
function sizeNote({ width, height }: KeptResult, expected: JobRecord['expectedSize']): string | undefined {
  if (!expected) return undefined;
  const isNear = (one: number, other: number) => Math.abs(one - other) <= Math.max(16, other / 20);
  if (isNear(width, expected.width) && isNear(height, expected.height)) return undefined;
  return l10n.t('Asked for about {0} × {1} pixels.', expected.width, expected.height);
}
