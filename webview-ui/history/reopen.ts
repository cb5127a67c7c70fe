import type { Studio } from '../state.ts';

/** Has the host fill the form with the request of a job and its pictures as they were. */
export function reopen(studio: Studio, jobId: string): void {
  studio.flush();
  studio.send({ type: 'reopen', jobId });
}
