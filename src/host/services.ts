import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { accountsIn } from '../jobs/accounts.ts';
import { Claims } from '../jobs/claims.ts';
import { createJobs } from '../jobs/engine.ts';
import type { Job, Jobs } from '../jobs/engineTypes.ts';
import type { Ledger } from '../jobs/ledger.ts';
import type { KeptResult } from '../jobs/record.ts';
import { Recovery } from '../jobs/recovery.ts';
import type { Pace } from '../service/pace.ts';
import type { Account, NetworkSettings, ServiceClient } from '../service/types.ts';
import { type KeyVault, practiceKey } from './key.ts';
import { loadInspection, loadService } from './lazy.ts';
import type { Log } from './log.ts';
import type { PracticeService } from './practice.ts';
import { serviceFolderName } from './storageKey.ts';
import type { Mode } from './telling.ts';
import { hasWorkLeft, type WorkLeft } from './workLeft.ts';

/** Where requests can go: the stand-in on this machine, or the live service at an address. */
type Destination = { readonly mode: 'practice' } | { readonly mode: 'live'; readonly address: string };

/** A service and the jobs that were sent to it. A job is asked about nowhere else. */
export interface Service {
  readonly mode: Mode;
  /** For people: its host name. */
  readonly name: string;
  /** False where the settings name no usable address: its jobs can be looked at, and nothing can be sent. */
  readonly isReachable: boolean;
  readonly jobs: Jobs;
  /** Absolute path of the folder of journal and vault. */
  readonly folder: string;
  /** Looks for pictures whose answer was lost. */
  readonly recovery: Recovery;
}

/** A picture of the vault, with the service it came from. */
export interface FoundResult {
  readonly service: Service;
  readonly job: Job;
  readonly result: KeptResult;
  /** Absolute path. */
  readonly file: string;
}

interface Parts {
  /** This workspace's folder, which holds one for each service. */
  readonly folder: string;
  /** Holds such a folder for each workspace. */
  readonly allFolder: string;
  /** Holds a folder for each service, shared by all workspaces. */
  readonly claimsFolder: string;
  /** Where answers that hold pictures as text are decoded; shared by all workspaces. */
  readonly spoolFolder: string;
  /** Where all windows count their requests, with a folder for each service. */
  readonly paceFolder: string;
  readonly mode: () => Mode;
  /** The live service's address; undefined where the setting holds none that a key may be sent to. */
  readonly address: () => string | undefined;
  readonly network: () => NetworkSettings;
  readonly keys: Pick<KeyVault, 'read'>;
  readonly practice: Pick<PracticeService, 'address'>;
  /** Where the jobs of live services are paid for. */
  readonly ledger: Pick<Ledger, 'reserve' | 'settle'>;
  readonly userAgent: string;
  readonly log: Log;
}

interface Opened {
  readonly service: Service;
  readonly whenOpen: Promise<void>;
}

/** Keeps a job engine for each service that is or was in use in this window, and the clients that speak to them. */
export class Services {
  readonly #parts: Parts;
  readonly #opened = new Map<string, Opened>();
  readonly #clients = new Map<string, Promise<ServiceClient>>();
  /** Clients of former settings; a poll that began with one may still go on, so they are closed with the window. */
  readonly #retired: Promise<ServiceClient>[] = [];
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #jobChanged = new vscode.EventEmitter<{ readonly service: Service; readonly jobId: string }>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Fires when requests go to another service than before. */
  get onDidChange(): vscode.Event<void> {
    return this.#changed.event;
  }

  get onDidChangeJob(): vscode.Event<{ readonly service: Service; readonly jobId: string }> {
    return this.#jobChanged.event;
  }

  /** The mode that the settings name. */
  get mode(): Mode {
    return this.#parts.mode();
  }

  /** The service that the settings name, with its journal read. */
  async current(): Promise<Service> {
    const { service, whenOpen } = this.#open(this.#parts.folder, this.#destination());
    await whenOpen;
    return service;
  }

  find(jobId: string): { readonly service: Service; readonly job: Job } | undefined {
    for (const { service } of this.#opened.values()) {
      const job = service.jobs.get(jobId);
      if (job) return { service, job };
    }
    return undefined;
  }

  findResult(resultId: string): FoundResult | undefined {
    for (const { service } of this.#opened.values()) {
      const found = service.jobs.result(resultId);
      if (found) return { service, ...found };
    }
    return undefined;
  }

  /** Brings the job that a job id or the id of a picture names to hand, so that it is found also where it rests. */
  async recall(id: string): Promise<void> {
    const jobId = /^[0-9a-z]+-[0-9a-f]{12}(?=-\d+$|$)/.exec(id)?.[0];
    if (jobId === undefined || this.find(jobId)) return;
    for (const { service } of this.#opened.values()) await service.jobs.recall(jobId);
  }

  /** Opens the journals in which something is unfinished or not told yet. Reads little where there is nothing. */
  async goOn(): Promise<void> {
    await this.#openThoseWithWork(this.#parts.folder, 'unfinished or untold');
  }

  /**
   * Opens the unfinished journals of another workspace: the service forgets a job after an hour, which may be sooner than
   * that workspace is opened again. Its pictures then wait in its vault.
   */
  async goOnElsewhere(folder: string): Promise<void> {
    if (folder !== this.#parts.folder) await this.#openThoseWithWork(folder, 'unfinished');
  }

  /** To be called when the settings about the service or the network have changed. */
  reconfigure(): void {
    this.#retired.push(...this.#clients.values());
    this.#clients.clear();
    this.#changed.fire();
    this.resume();
  }

  /** To be called when what held jobs up may be gone, such as after the key was changed. */
  resume(): void {
    for (const { service } of this.#opened.values()) service.jobs.resume();
  }

  /** A client of the live service with this key, to test it; for the caller to close. Undefined without a usable address. */
  async clientWithKey(key: string): Promise<ServiceClient | undefined> {
    const address = this.#parts.address();
    if (address === undefined) return undefined;
    return this.#connect(address, async () => key, { paceFolder: this.#paceFolder(address) });
  }

  /** Asks the live service of the settings for its account; undefined without a key or a usable address. */
  async account(): Promise<Account | undefined> {
    const destination = this.#destination('live');
    const isUsable = destination.mode === 'live' && destination.address !== '';
    if (!isUsable || (await this.#parts.keys.read()) === undefined) return undefined;
    return (await this.#clientOf(destination)).account();
  }

  async dispose(): Promise<void> {
    const opened = [...this.#opened.values()].map(({ service }) => service);
    await Promise.all(opened.flatMap(({ jobs, recovery }) => [jobs.dispose(), recovery.dispose()]));
    const clients = await Promise.allSettled([...this.#clients.values(), ...this.#retired]);
    await Promise.all(clients.flatMap((client) => (client.status === 'fulfilled' ? client.value.close() : [])));
    this.#changed.dispose();
    this.#jobChanged.dispose();
  }

  /** A live service without a usable address has jobs of its own, none, rather than those of another address. */
  #destination(mode: Mode = this.#parts.mode()): Destination {
    return mode === 'practice' ? { mode } : { mode, address: this.#parts.address() ?? '' };
  }

  async #openThoseWithWork(folder: string, work: WorkLeft): Promise<void> {
    for (const destination of [this.#destination('live'), this.#destination('practice')]) {
      if (await hasWorkLeft(join(folder, serviceFolderName(destination)), work, Date.now()))
        await this.#open(folder, destination).whenOpen;
    }
  }

  #open(folder: string, destination: Destination): Opened {
    const journal = join(folder, serviceFolderName(destination));
    const known = this.#opened.get(journal);
    if (known) return known;
    const client = () => this.#clientOf(destination);
    const log = (line: string) => this.#parts.log.info(line);
    const name = serviceFolderName(destination);
    const claims = new Claims(join(this.#parts.claimsFolder, name), () => this.#journalsOf(name));
    const { mode } = destination;
    const place = {
      workspace: basename(folder),
      workspaceName: folder === this.#parts.folder ? (vscode.workspace.name ?? l10n.t('No folder')) : basename(folder),
      service: nameOf(destination),
    };
    const jobs = createJobs({
      folder: journal,
      ...(mode === 'live' && { accounts: accountsIn(this.#parts.ledger, place) }),
      client,
      inspect: async (file) => (await loadInspection()).inspectFile(file),
      now: Date.now,
      log,
      claims,
    });
    const recovery = new Recovery({ jobs, claims, client, folderOf: (jobId) => join(journal, jobId), log });
    const service: Service = {
      mode,
      name: nameOf(destination),
      isReachable: mode === 'practice' || destination.address !== '',
      jobs,
      folder: journal,
      recovery,
    };
    // Jobs of other workspaces are collected here and told about there.
    const tell = (jobId: string) => this.#jobChanged.fire({ service, jobId });
    if (folder === this.#parts.folder) {
      jobs.onDidChange(tell);
      recovery.onDidChange(tell);
    }
    const opened: Opened = { service, whenOpen: jobs.open() };
    opened.whenOpen.catch(() => this.#opened.delete(journal)); // Whoever awaits it is told; the next call tries again.
    this.#opened.set(journal, opened);
    return opened;
  }

  /** The journals of one service in all workspaces. */
  async #journalsOf(name: string): Promise<string[]> {
    const workspaces = await readdir(this.#parts.allFolder).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    });
    return workspaces.map((workspace) => join(this.#parts.allFolder, workspace, name));
  }

  #clientOf(destination: Destination): Promise<ServiceClient> {
    const name = serviceFolderName(destination);
    const client = this.#clients.get(name) ?? this.#newClient(destination);
    this.#clients.set(name, client);
    client.catch(() => this.#clients.delete(name)); // Whoever awaits it is told; the next call tries again.
    return client;
  }

  async #newClient(destination: Destination): Promise<ServiceClient> {
    if (destination.mode === 'practice') {
      const { practicePace } = await loadService();
      return this.#connect(await this.#parts.practice.address(), async () => practiceKey, { pace: practicePace });
    }
    const { address } = destination;
    // A job may still be waited for at an address that the user has replaced since. The key goes to the present one alone.
    return this.#connect(
      address,
      async () => (this.#parts.address() === address ? this.#parts.keys.read() : undefined),
      { paceFolder: this.#paceFolder(address) },
    );
  }

  /** The limit is the account's, so the windows of this machine keep to it together. */
  #paceFolder(address: string): string {
    return join(this.#parts.paceFolder, serviceFolderName({ mode: 'live', address }));
  }

  async #connect(
    baseUrl: string,
    key: () => Promise<string | undefined>,
    { pace = {}, paceFolder }: { readonly pace?: Partial<Pace>; readonly paceFolder?: string } = {},
  ): Promise<ServiceClient> {
    const { createClient } = await loadService();
    const { network, spoolFolder, userAgent, log } = this.#parts;
    const { verifyFile } = await loadInspection();
    return createClient(
      { baseUrl, key, network: network(), spoolFolder, paceFolder, userAgent, log: (line) => log.info(line) },
      { verify: verifyFile, pace },
    );
  }
}

function nameOf(destination: Destination): string {
  if (destination.mode === 'practice') return l10n.t('Practice mode');
  return destination.address === '' ? l10n.t('No usable service address') : new URL(destination.address).host;
}
