import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import { judge, type ServiceSide, type Verdict } from './judge.ts';
import { damageJournal, letTimePass } from './meanwhile.ts';
import { noise } from './noise.ts';
import type { Order, Report } from './order.ts';
import type { Plan, Trouble } from './plan.ts';
import { losePower } from './power.ts';
import type { Windows } from './windows.ts';

/** How a run went. */
export interface RunOutcome extends Verdict {
  readonly plan: Plan;
  /** Windows that were killed in it. */
  readonly kills: number;
  /** Operations of the first window on files, where it was closed and not killed. */
  readonly steps: number;
  /** What the last window has logged. */
  readonly log: readonly string[];
}

/** How long the last window may take; it takes a fraction of a second where nothing else runs. */
const longestRestMs = 20_000;
const authorization = { authorization: 'Bearer sk-empiriolabs-of-the-judge' };

/** Runs one plan after the other, against a simulator of its own. */
export class Lane {
  readonly #windows: Windows;
  readonly #simulator: Simulator;
  readonly #clock: { away: number };

  private constructor(windows: Windows, simulator: Simulator, clock: { away: number }) {
    this.#windows = windows;
    this.#simulator = simulator;
    this.#clock = clock;
  }

  static async open(windows: Windows): Promise<Lane> {
    const clock = { away: 0 };
    const simulator = await startSimulator({
      queueMs: 5,
      renderMs: 10,
      drawWorker: new URL('./pen.ts', import.meta.url),
      clock: () => Date.now() + clock.away,
      // A connection that ends inside an answer is what is played here.
      onError: () => undefined,
    });
    return new Lane(windows, simulator, clock);
  }

  async close(): Promise<void> {
    await this.#simulator.stop();
  }

  /** Carries out a plan and judges it. `keeps` leaves its folder on the disk. */
  async run(plan: Plan, keeps = false): Promise<RunOutcome> {
    await this.#simulator.reset();
    this.#clock.away = 0;
    this.#simulator.setOptions({
      answerMode: plan.mode === 'async' ? 'async' : plan.mode === 'sync' ? 'sync' : 'asked',
    });
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'wan-faults-')));
    try {
      return await this.#runIn(root, plan);
    } finally {
      if (keeps) console.log(`run ${plan.number} is left in ${root}`);
      else rmSync(root, { recursive: true, force: true });
    }
  }

  async #runIn(root: string, plan: Plan): Promise<RunOutcome> {
    const mine = layOut(root, plan);
    let kills = 0;
    let steps = 0;
    let isDamaged = false;
    for (const [index, trouble] of plan.windows.entries()) {
      this.#simulator.addFaults(trouble.network);
      const ended = await this.#windows.carryOut(this.#order(root, plan, trouble, index === 0), trouble.killAfterMs);
      this.#simulator.clearFaults();
      if (ended.kind === 'killed') kills++;
      else if (index === 0) steps = ended.report.steps;
      if (index === 0 && ended.kind === 'killed' && plan.powerLoss !== undefined) losePower(root, plan.powerLoss);
      if (index === 0 && plan.damage) isDamaged = damageJournal(root, plan.damage);
      letTimePass(root, Date.now() + plan.lastClockOff);
    }
    this.#clock.away = plan.away;
    const report = await this.#lastWindow(root, plan);
    const verdict = await judge({
      root,
      service: await this.#ask(),
      bought: Array.from({ length: plan.count }, (_, index) =>
        sha256(noise({ prompt: `fox ${plan.number}`, seed: plan.number, index })),
      ),
      report,
      isDamaged,
      isServiceWell: plan.windows.every(({ network }) => network.length === 0) && plan.away < 3_600_000,
      mine,
    });
    return { ...verdict, plan, kills, steps, log: report.log };
  }

  async #lastWindow(root: string, plan: Plan): Promise<Report> {
    const calm = { network: [], clockOff: plan.lastClockOff, patienceMs: longestRestMs };
    const ended = await this.#windows.carryOut(this.#order(root, plan, calm, false));
    if (ended.kind === 'killed') throw new Error('the last window was killed, and not by the plan');
    return ended.report;
  }

  #order(root: string, plan: Plan, trouble: Trouble, isFirst: boolean): Order {
    const request = {
      prompt: `fox ${plan.number}`,
      seed: plan.number,
      count: plan.count,
      responseFormat: plan.responseFormat,
    };
    return {
      root,
      serviceUrl: this.#simulator.url,
      action: isFirst ? { draftId: 'draft', request } : undefined,
      diskFault: trouble.disk,
      clockOff: trouble.clockOff,
      clockJump: trouble.clockJump,
      patienceMs: trouble.patienceMs,
      isRecording: isFirst && plan.powerLoss !== undefined,
    };
  }

  /** What the service has accepted and billed, once all of it has ended. */
  async #ask(): Promise<ServiceSide> {
    const accepted = this.#simulator
      .requests()
      .filter(({ path, jobId }) => path === '/v1/images/generations' && jobId !== undefined);
    for (;;) {
      const { data } = (await (await this.#get('/v1/account/usage')).json()) as { data: UsageEvent[] };
      if (data.length < accepted.length) {
        await sleep(5); // one is still in work
        continue;
      }
      const listed: string[] = [];
      for (const url of data.flatMap(({ output_urls }) => output_urls)) {
        const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
        listed.push(sha256(bytes));
      }
      return {
        accepted,
        billed: data.reduce((sum, { metadata }) => sum + metadata.billable_units, 0),
        listed,
        downloadsWithCredentials: this.#simulator.counts().downloadsWithCredentials,
      };
    }
  }

  async #get(path: string): Promise<Response> {
    return await fetch(this.#simulator.url + path, { headers: authorization });
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

interface UsageEvent {
  readonly output_urls: readonly string[];
  readonly metadata: { readonly billable_units: number };
}

/** A workspace in which the names that the pictures would get are taken. */
function layOut(root: string, { number }: Plan): ReadonlyMap<string, string> {
  mkdirSync(join(root, 'workspace', 'images'), { recursive: true });
  const mine = new Map([
    [join('images', `fox-${number}.png`), 'a file of the user, in the way'],
    [join('images', `fox-${number}-3.png`), 'another one'],
  ]);
  for (const [name, content] of mine) writeFileSync(join(root, 'workspace', name), content);
  return mine;
}
