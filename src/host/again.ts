import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asText } from '../core/joining.ts';
import type { PanelMessage } from '../core/messages.ts';
import type { ImageRequest, InputImage } from '../core/request.ts';
import type { JobRecord, JobSource } from '../jobs/record.ts';
import { type KeptBytes, keptName, sha256Of } from './editing/keptBytes.ts';
import { readPictureFile } from './editing/pictureFile.ts';
import { extensionOf } from './editing/previews.ts';
import { asSourceError, type SourceErrorKind } from './editing/sourceError.ts';
import type { Sources } from './editing/sources.ts';
import type { ChangedPictures } from './questions.ts';
import { runRefusal } from './runTelling.ts';
import type { Runner } from './runner.ts';
import type { Services } from './services.ts';
import { sourceSentence, type Telling } from './telling.ts';

interface Parts {
  readonly services: Pick<Services, 'find'>;
  readonly sources: Pick<Sources, 'add'>;
  readonly kept: Pick<KeptBytes, 'read' | 'fileOf'>;
  readonly runner: Pick<Runner, 'run'>;
  /** Asks in which state changed pictures are to be sent. */
  readonly ask: (changed: ChangedPictures) => Promise<'as-sent' | 'as-now' | undefined>;
}

/** A picture that was sent along, and what its file holds now. */
interface Looked {
  readonly input: InputImage;
  readonly source: JobSource;
  readonly now: { readonly sha256: string } | { readonly trouble: SourceErrorKind };
}

/** The pictures to send along, and the sha256 that each must have. */
interface Chosen {
  readonly inputs: InputImage[];
  readonly pictures: ReadonlyMap<string, string>;
}

/**
 * Runs the request of a job once more: a new paid request, which goes the way of every other. Its pictures are read anew,
 * and what is sent is what was sent, or what the user has said.
 */
export class Again {
  readonly #parts: Parts;
  readonly #asking = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Answers what stands in the way. A job that does not exist does nothing, and so does a press while its question is open. */
  async run(message: Omit<PanelMessage & { type: 'again' }, 'type'>): Promise<Telling | undefined> {
    if (this.#asking.has(message.draftId)) return undefined;
    this.#asking.add(message.draftId);
    try {
      return await this.#run(message);
    } finally {
      this.#asking.delete(message.draftId);
    }
  }

  async #run({
    jobId,
    seed,
    draftId,
    highestPrice,
  }: Omit<PanelMessage & { type: 'again' }, 'type'>): Promise<Telling | undefined> {
    const record = this.#parts.services.find(jobId)?.job.record;
    if (!record) return undefined;
    const { seed: used, ...asked } = record.asked ?? record.request;
    if (seed === 'same' && used === undefined) return { severity: 'warning', text: noSeedSentence(), actions: [] };
    const chosen = await this.#pictures(asked.inputs, record);
    if (!chosen || 'text' in chosen) return chosen;
    const request: ImageRequest = {
      ...asked,
      inputs: chosen.inputs,
      ...(seed === 'same' && used !== undefined && { seed: used }),
    };
    const outcome = await this.#parts.runner.run(request, {
      draftId,
      askedBy: 'studio',
      intent: { kind: 'show' },
      shownPrice: highestPrice,
      pictures: chosen.pictures,
    });
    return runRefusal(outcome);
  }

  /** The pictures as they were sent where they are so still, else as the user says; undefined where the user says neither. */
  async #pictures(inputs: readonly InputImage[], record: JobRecord): Promise<Chosen | Telling | undefined> {
    const looked = await this.#look(inputs, record.sources ?? []);
    const changed = looked.filter(({ source, now }) => !('sha256' in now) || now.sha256 !== source.sha256);
    if (changed.length === 0) return this.#chosen(inputs, looked, 'as-now');
    const kept = await Promise.all(changed.map(({ source }) => this.#parts.kept.read(keptNameOf(source))));
    const canBeAsSent = kept.every((bytes) => bytes !== undefined);
    const canBeAsNow = changed.every(({ now }) => 'sha256' in now);
    if (!canBeAsSent && !canBeAsNow) return tellLost(changed);
    const how = await this.#parts.ask({ names: changed.map(({ input }) => input.name), canBeAsSent, canBeAsNow });
    return how && this.#chosen(inputs, looked, how);
  }

  async #look(inputs: readonly InputImage[], sources: readonly JobSource[]): Promise<Looked[]> {
    const looked: Looked[] = [];
    // One after the other: nine large pictures need not be in memory at once.
    for (const input of inputs) {
      const source = input.url === undefined ? sources.find(({ id }) => id === input.id) : undefined;
      if (source) looked.push({ input, source, now: await this.#hashNow(source, input.name) });
    }
    return looked;
  }

  async #hashNow({ uri }: JobSource, name: string): Promise<Looked['now']> {
    try {
      return { sha256: await sha256Of(await readPictureFile(vscode.Uri.parse(uri, true), name)) };
    } catch (error) {
      return { trouble: asSourceError(error, name).kind };
    }
  }

  #chosen(inputs: readonly InputImage[], looked: readonly Looked[], how: 'as-sent' | 'as-now'): Chosen {
    const pictures = new Map<string, string>();
    const known = inputs.map((input) => {
      const found = looked.find((one) => one.input === input);
      if (!found) return input;
      const { source, now } = found;
      const isAsNow = 'sha256' in now && (how === 'as-now' || now.sha256 === source.sha256);
      const file = isAsNow
        ? vscode.Uri.parse(source.uri, true)
        : vscode.Uri.file(this.#parts.kept.fileOf(keptNameOf(source)));
      const { id } = this.#parts.sources.add(file, input.name);
      pictures.set(id, isAsNow ? now.sha256 : source.sha256);
      return { ...input, id };
    });
    return { inputs: known, pictures };
  }
}

const keptNameOf = ({ sha256, facts }: JobSource): string => keptName(sha256, extensionOf(facts.format));

const noSeedSentence = (): string =>
  l10n.t('Nothing was sent, because the seed of this job is not known. Run it with a new seed instead.');

/** What to say where a picture can be had neither as it was sent nor as it is now. */
function tellLost(changed: readonly Looked[]): Telling {
  const sentences = changed.flatMap(({ input, now }) =>
    'trouble' in now ? [sourceSentence(now.trouble, input.name)] : [],
  );
  const next = l10n.t('To send other images along, press Edit and Run Again.');
  return { severity: 'error', text: asText([l10n.t('Nothing was sent.'), ...sentences, next]), actions: [] };
}
