import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Order, Report } from './order.ts';

/** How a window has ended: closed with a report, or killed. */
export type Ended = { readonly kind: 'closed'; readonly report: Report } | { readonly kind: 'killed' };

/** One window lives for this many orders at most, so that what one leaves behind in it cannot pile up. */
const mostOrders = 40;

interface Window {
  readonly process: ChildProcess;
  orders: number;
}

/** Windows of one bundle. One that was closed in order is opened again for another run; a killed one is gone. */
export class Windows {
  readonly #bundle: string;
  #idle: Window[] = [];

  constructor(bundle: string) {
    this.#bundle = bundle;
  }

  /** Carries out an order in some window and, where it says so, kills the window after that many milliseconds. */
  async carryOut(order: Order, killAfterMs?: number): Promise<Ended> {
    const window = this.#idle.pop() ?? this.#start();
    const child = window.process;
    window.orders++;
    const ended = await new Promise<Report | 'killed'>((resolve, reject) => {
      const kill = () => {
        child.removeAllListeners('message'); // A report that is on its way comes too late.
        child.kill('SIGKILL');
      };
      const timer = killAfterMs === undefined ? undefined : setTimeout(kill, killAfterMs);
      child.once('message', (report: Report) => {
        clearTimeout(timer);
        resolve(report);
      });
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        if (signal === 'SIGKILL') resolve('killed');
        else reject(new Error(`a window ended by itself, with code ${code} and signal ${signal}`));
      });
      child.send(order);
    });
    child.removeAllListeners('exit');
    if (ended === 'killed') return { kind: 'killed' };
    // One that may still have a hand on something, or die of the plan that it had, really ends.
    const isCalm = ended.isAtRest && (order.diskFault?.what ?? 'error') === 'error' && window.orders < mostOrders;
    if (isCalm) this.#idle.push(window);
    else await this.#end(window);
    return { kind: 'closed', report: ended };
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((window) => this.#end(window)));
  }

  #start(): Window {
    const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: `${this.#bundle}.cache` };
    return {
      process: fork(this.#bundle, { env, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
      orders: 0,
    };
  }

  async #end({ process: child }: Window): Promise<void> {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}
