import type { Fault } from '../../src/simulator/faults.ts';
import type { Behaviour } from '../../src/simulator/options.ts';
import type { Counts, LoggedRequest } from '../../src/simulator/tally.ts';

/** Fast enough not to be waited for, slow enough that a test can see a job being queued and worked on. */
const behaviourOfTests: Partial<Behaviour> = { queueMs: 150, renderMs: 350 };

/** The control interface of a running simulator: faults, behaviour, and what was really received and billed. */
export class SimulatorControl {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Back to the start: no jobs, no faults, usual behaviour, nothing counted. */
  async reset(): Promise<void> {
    await this.#send('reset', {});
    await this.behave(behaviourOfTests);
  }

  /** Adds faults to those that wait to strike. */
  async faults(...faults: readonly Fault[]): Promise<void> {
    await this.#send('faults', faults);
  }

  /** Takes back the faults that have not struck yet. */
  async clearFaults(): Promise<void> {
    await fetch(`${this.url}/__sim/faults`, { method: 'DELETE' });
  }

  /** Changes how the simulator behaves from now on. */
  async behave(behaviour: Partial<Behaviour>): Promise<void> {
    await this.#send('options', behaviour);
  }

  /** What was received, accepted and billed since the last reset. */
  async counts(): Promise<Counts> {
    return (await this.#read('counts')) as Counts;
  }

  /** The latest 500 requests, oldest first, without keys and picture data. */
  async requests(): Promise<LoggedRequest[]> {
    return (await this.#read('requests')) as LoggedRequest[];
  }

  async #read(what: string): Promise<unknown> {
    const response = await fetch(`${this.url}/__sim/${what}`);
    if (!response.ok) throw new Error(`The simulator answered ${response.status} when asked for its ${what}.`);
    return response.json();
  }

  async #send(what: string, body: unknown): Promise<void> {
    const response = await fetch(`${this.url}/__sim/${what}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`The simulator answered ${response.status} to ${what}: ${await response.text()}`);
  }
}
