import * as vscode from 'vscode';
import type { Prices } from '../../core/modelCard.ts';
import type { Pixels } from '../../pixels/client.ts';
import type { Announcer } from '../announcer.ts';
import { asFinished, ExtensionCalls } from '../api/api.ts';
import type { Finished } from '../api/wanImageStudio.ts';
import type { InsidePictures } from '../editing/insidePictures.ts';
import type { Sources } from '../editing/sources.ts';
import type { Log } from '../log.ts';
import type { Results } from '../results.ts';
import type { Runner } from '../runner.ts';
import type { Services } from '../services.ts';
import type { WindowTeller } from '../windowTeller.ts';
import { AgentJobs } from './agentJobs.ts';
import { AgentNotice } from './agentNotice.ts';
import { AgentTools } from './agentTools.ts';
import { PictureDescriber } from './describing.ts';

interface Parts {
  readonly services: Pick<Services, 'current' | 'mode' | 'find' | 'onDidChangeJob'>;
  readonly runner: Pick<Runner, 'run' | 'check'>;
  readonly announcer: Pick<Announcer, 'end' | 'claim'>;
  readonly results: Pick<Results, 'saveExactly'>;
  readonly sources: Pick<Sources, 'add'>;
  readonly inside: Pick<InsidePictures, 'outsideOf'>;
  readonly pixels: Pick<Pixels, 'describe' | 'preview'>;
  readonly prices: () => Prices;
  readonly teller: Pick<WindowTeller, 'tell'>;
  /** Shows a job whole in the studio. */
  readonly show: (jobId: string) => void;
  /** The id of this extension. */
  readonly own: string;
  readonly log: Log;
}

/** Where to start with callers that are no people: what their calls become, and the tools for language models. */
export class Agents implements vscode.Disposable {
  readonly jobs: AgentJobs;
  readonly tools: AgentTools;
  /** What other extensions ask for. */
  readonly calls: ExtensionCalls;
  readonly #finished = new vscode.EventEmitter<Finished>();
  readonly #subscription: vscode.Disposable;

  constructor({ teller, show, own, ...parts }: Parts) {
    const notice = new AgentNotice({
      show,
      tell: (telling) => teller.tell(telling),
    });
    this.jobs = new AgentJobs({ ...parts, notice });
    this.tools = new AgentTools({ jobs: this.jobs, describer: new PictureDescriber(parts.pixels), log: parts.log });
    this.calls = new ExtensionCalls(this.jobs, own);
    this.#subscription = this.jobs.onDidFinish((finished) => this.#finished.fire(asFinished(finished)));
  }

  /** Fires once for each job of an agent or an extension that has failed, or whose pictures have become files. */
  get onDidFinish(): vscode.Event<Finished> {
    return this.#finished.event;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#finished.dispose();
    this.jobs.dispose();
  }
}
