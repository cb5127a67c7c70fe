import * as vscode from 'vscode';
import type { Snapshot } from '../../core/messages.ts';
import type { Mills } from '../../core/modelCard.ts';
import type { Ledger } from '../../jobs/ledger.ts';
import { callerOf, LimitError, type Refusal } from '../../jobs/limits.ts';
import { failureOf } from '../../jobs/failures.ts';
import type { Account } from '../../service/types.ts';
import type { Log } from '../log.ts';
import type { Mode } from '../telling.ts';

interface Parts {
  readonly ledger: Ledger;
  /** Storage key of the workspace that is open. */
  readonly workspace: string;
  readonly mode: () => Mode;
  /** Asks the service for the account; undefined where there is no key or no usable address. */
  readonly account: () => Promise<Account | undefined>;
  readonly log: Log;
}

/** How long a balance is taken for true while nothing is bought, in milliseconds. */
const balanceAge = 5 * 60_000;
/** How often another window's spending, and midnight, are looked for, in milliseconds. */
const lookMs = 30_000;

/** What this window knows of money: what is left today, and the balance. */
export class Spending implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #timer: NodeJS.Timeout;
  #balance: number | undefined;
  #balanceAskedAt = Number.NEGATIVE_INFINITY;
  readonly #ended = new Set<string>();
  #asking: Promise<void> | undefined;
  /** What was shown last, to tell when it is no longer so. */
  #shown = '';

  constructor(parts: Parts) {
    this.#parts = parts;
    const look = async () => {
      try {
        await this.#look();
      } catch (error) {
        parts.log.error('The spending could not be looked at.', error);
      }
    };
    this.#timer = setInterval(() => void look(), lookMs);
    this.#timer.unref();
  }

  /** Fires when what `view` answers has changed by itself. */
  get onDidChange(): vscode.Event<void> {
    return this.#changed.event;
  }

  /** What the service said last; US dollars. */
  get balance(): number | undefined {
    return this.#balance;
  }

  /** Why a request that can cost this much would be refused now. */
  refusal(highestPrice: Mills, askedBy: string): Promise<Refusal | undefined> {
    return this.#parts.ledger.refusal(highestPrice, callerOf(askedBy), this.#parts.workspace);
  }

  /** What the studio shows; undefined in practice mode, where nothing is spent. */
  async view(): Promise<Snapshot['spending']> {
    if (this.#parts.mode() === 'practice') return undefined;
    if (Date.now() - this.#balanceAskedAt > balanceAge) void this.askBalance();
    const view = await this.#read();
    this.#shown = JSON.stringify(view);
    return view;
  }

  /** To be called when a live job has ended, once or more often: the balance is asked for again when it is next shown. */
  noteEnd(jobId: string): void {
    if (this.#ended.has(jobId)) return;
    this.#ended.add(jobId);
    this.#balanceAskedAt = Number.NEGATIVE_INFINITY;
    this.#changed.fire();
  }

  /** To be called when the key or the service has changed: the balance was another account's. */
  forgetBalance(): void {
    this.#balance = undefined;
    this.#balanceAskedAt = Number.NEGATIVE_INFINITY;
    this.#changed.fire();
  }

  /** Asks the service for the balance. What keeps it from answering is logged; the balance is then not known. */
  askBalance(): Promise<void> {
    this.#asking ??= this.#askBalance().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#changed.dispose();
  }

  async #askBalance(): Promise<void> {
    if (this.#parts.mode() === 'practice') return;
    this.#balanceAskedAt = Date.now();
    const before = this.#balance;
    try {
      this.#balance = (await this.#parts.account())?.balance;
    } catch (error) {
      this.#balance = undefined;
      this.#parts.log.info(`The balance could not be asked for: ${failureOf(error, false).kind}.`);
    }
    if (this.#balance !== before) this.#changed.fire();
  }

  /** Another window may have spent something, or a new day may have begun. */
  async #look(): Promise<void> {
    if (this.#shown === '' || this.#parts.mode() === 'practice') return;
    if (JSON.stringify(await this.#read()) !== this.#shown) this.#changed.fire();
  }

  async #read(): Promise<Snapshot['spending']> {
    const { ledger, workspace } = this.#parts;
    try {
      const spent = await ledger.spentToday(workspace);
      const { limits } = ledger;
      return {
        state: 'known',
        today: spent.day,
        left: Math.max(0, limits.day - spent.day),
        workspaceLeft: Math.max(0, limits.workspace - spent.workspace),
        ...(this.#balance !== undefined && { balance: this.#balance }),
      };
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
      return { state: 'unreadable' };
    }
  }
}
