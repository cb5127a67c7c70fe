import type { Job } from './engineTypes.ts';

/**
 * The files, as URIs, that jobs which have not ended will be saved as.
 * @param draftId of a request whose own job does not count
 */
export function promisedFiles(jobs: readonly Job[], draftId?: string): Set<string> {
  return new Set(
    jobs.flatMap(({ record: { intent, status, cancelled, draftId: of } }) =>
      intent.kind === 'save' && !cancelled && of !== draftId && status.state !== 'done' && status.state !== 'failed'
        ? intent.targets
        : [],
    ),
  );
}
