import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { SourceView } from '../../core/messages.ts';
import type { SourceFacts } from '../../core/preparation.ts';
import type { InputImage } from '../../core/request.ts';
import type { Pixels } from '../../pixels/client.ts';
import type { Log } from '../log.ts';
import { sourceSentence } from '../telling.ts';
import { sha256Of } from './keptBytes.ts';
import { describePicture, type Described, readPictureFile, stampOf } from './pictureFile.ts';
import type { Previews } from './previews.ts';
import { asSourceError } from './sourceError.ts';

/** A file of the user that can be sent along. */
export interface Source {
  /** What the panel knows it by. */
  readonly id: string;
  readonly uri: vscode.Uri;
  /** As the user would name it. */
  readonly name: string;
}

type Phase =
  | { readonly state: 'idle' }
  | { readonly state: 'reading' }
  | { readonly state: 'ready'; readonly facts: SourceFacts; readonly stamp: string; readonly preview: string }
  | { readonly state: 'refused'; readonly sentence: string };

interface Entry {
  readonly source: Source;
  phase: Phase;
  work: Promise<void> | undefined;
  /** What the file was found to be, before there is anything to show. */
  described: Promise<Described | undefined>;
  /** True where the file has changed while it was being read. */
  isStale: boolean;
  /** The hash of its bytes, once somebody has asked for it. */
  hashed?: { readonly stamp: string; readonly sha256: Promise<string | undefined> };
}

interface Parts {
  readonly memento: Pick<vscode.Memento, 'get' | 'update'>;
  readonly pixels: Pick<Pixels, 'describe'>;
  readonly previews: Pick<Previews, 'of'>;
  readonly log: Log;
}

const name = 'sources';
/** How many files are known over a reload. */
const mostKnown = 100;
/** A file of more bytes is not hashed only to know whether it is the same. */
const mostHashed = 32 * 1024 * 1024;
/** How long a file must rest before it is read again, in milliseconds: writers often write in several steps. */
const restMs = 150;

/**
 * The files that the panel may send along, by ids it cannot make up: each was chosen by the user or found to be in the
 * workspace. What is known of a file is read anew when the file changes.
 */
export class Sources implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #entries = new Map<string, Entry>();
  readonly #watchers = new Map<string, vscode.Disposable>();
  readonly #changed = new vscode.EventEmitter<void>();

  constructor(parts: Parts) {
    this.#parts = parts;
    for (const { uri, name: known } of readKnown(parts.memento.get(name))) this.#enter(uri, known);
  }

  /** Fires when a view may be another one. */
  get onDidChange(): vscode.Event<void> {
    return this.#changed.event;
  }

  /** Makes a file known and begins to read what it is. The caller has seen to it that the user means this file. */
  add(uri: vscode.Uri, shown: string): Source {
    const { source } = this.#enter(uri, shown);
    this.#read(source.id);
    void this.#remember();
    return source;
  }

  /** Looks at a file again, where it was looked at before. For what the extension itself does to it: watchers may be late. */
  lookAgain(uri: vscode.Uri): void {
    const id = idOf(uri);
    if (this.#entries.get(id)?.phase.state !== 'idle') this.#read(id);
  }

  get(id: string): Source | undefined {
    return this.#entries.get(id)?.source;
  }

  /** What is known of a picture once it has been looked at; undefined where it cannot be used. Does not wait for its preview. */
  async facts(id: string): Promise<SourceFacts | undefined> {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    if (entry.phase.state === 'idle') this.#read(id);
    if (entry.phase.state === 'reading') return (await entry.described)?.facts;
    await entry.work;
    return this.factsNow(id);
  }

  /** What is known of a picture at this moment. */
  factsNow(id: string): SourceFacts | undefined {
    const phase = this.#entries.get(id)?.phase;
    return phase?.state === 'ready' ? phase.facts : undefined;
  }

  /** The hash of a picture's file as it was looked at last, lowercase hexadecimal; undefined where that would take long. */
  async hash(id: string): Promise<string | undefined> {
    const entry = this.#entries.get(id);
    const found = entry?.phase.state === 'ready' ? entry.phase : await entry?.described;
    if (!entry || !found || found.facts.byteLength > mostHashed) return undefined;
    const { stamp } = found;
    if (entry.hashed?.stamp !== stamp) entry.hashed = { stamp, sha256: this.#hash(entry.source) };
    return entry.hashed.sha256;
  }

  async #hash({ uri, name: shown }: Source): Promise<string | undefined> {
    try {
      return await sha256Of(await readPictureFile(uri, shown));
    } catch (error) {
      this.#parts.log.error('A picture could not be read for its hash.', error);
      return undefined;
    }
  }

  /** The pictures of a draft as the panel draws them. From now on these are watched, and no others. */
  views(inputs: readonly Pick<InputImage, 'id' | 'name' | 'url'>[], src: (file: string) => string): SourceView[] {
    const local = inputs.filter(({ url }) => url === undefined);
    this.#watchOnly(local.map(({ id }) => id));
    return local.map((input) => this.#view(input, src));
  }

  dispose(): void {
    this.#watchOnly([]);
    this.#changed.dispose();
  }

  #enter(uri: vscode.Uri, shown: string): Entry {
    const id = idOf(uri);
    const known = this.#entries.get(id);
    const entry: Entry = known ?? {
      source: { id, uri, name: shown },
      phase: { state: 'idle' },
      work: undefined,
      described: Promise.resolve(undefined),
      isStale: false,
    };
    // Those used last are at the end, and are kept longest.
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    return entry;
  }

  #view({ id, name: shown }: Pick<InputImage, 'id' | 'name'>, src: (file: string) => string): SourceView {
    const entry = this.#entries.get(id);
    if (!entry) return { id, name: shown, phase: { state: 'refused', sentence: sourceSentence('gone', shown) } };
    if (entry.phase.state === 'idle') this.#read(id);
    const { phase, source } = entry;
    switch (phase.state) {
      case 'idle':
      case 'reading':
        return { id, name: source.name, phase: { state: 'reading' } };
      case 'ready': {
        const { facts, preview } = phase;
        return {
          id,
          name: source.name,
          phase: { state: 'ready', src: src(preview), facts: { ...facts, isDeep: facts.isDeep ?? false } },
        };
      }
      case 'refused':
        return { id, name: source.name, phase };
    }
  }

  /** Reads a file unless that is being done; then it is done once more. */
  #read(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (entry.work) {
      entry.isStale = true;
      return;
    }
    if (entry.phase.state === 'idle') entry.phase = { state: 'reading' };
    entry.work = this.#readUntilFresh(entry).finally(() => {
      entry.work = undefined;
      this.#changed.fire();
    });
  }

  async #readUntilFresh(entry: Entry): Promise<void> {
    do {
      entry.isStale = false;
      entry.phase = await this.#readOnce(entry);
    } while (entry.isStale);
  }

  async #readOnce(entry: Entry): Promise<Phase> {
    const { phase, source } = entry;
    const { id, uri, name: shown } = source;
    const { pixels, previews, log } = this.#parts;
    try {
      if (phase.state === 'ready' && phase.stamp === (await stampOf(uri, shown))) return phase;
      const describing = describePicture(uri, shown, pixels);
      entry.described = describing.catch(() => undefined); // It is told below.
      const { facts, stamp } = await describing;
      const key = createHash('sha256').update(`${id} ${stamp}`).digest('hex').slice(0, 32);
      const file = uri.scheme === 'file' ? uri.fsPath : undefined;
      const preview = await previews.of(key, facts, { file, read: () => readPictureFile(uri, shown) });
      return { state: 'ready', facts, stamp, preview };
    } catch (error) {
      const { kind, cause } = asSourceError(error, shown);
      log.error(`A picture cannot be sent along: ${kind}.`, cause);
      return { state: 'refused', sentence: sourceSentence(kind, shown) };
    }
  }

  #watchOnly(ids: readonly string[]): void {
    for (const [id, watcher] of this.#watchers) {
      if (ids.includes(id)) continue;
      watcher.dispose();
      this.#watchers.delete(id);
    }
    for (const id of ids) {
      const source = this.get(id);
      if (source && !this.#watchers.has(id)) this.#watchers.set(id, this.#watch(source));
    }
  }

  #watch({ id, uri }: Source): vscode.Disposable {
    // The folder is watched and not the file: names with brackets are patterns, and many writers replace a file.
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*'),
    );
    const look = async (changed: vscode.Uri) => {
      if (changed.toString() !== uri.toString()) return;
      await pause(restMs);
      this.#read(id);
    };
    return vscode.Disposable.from(
      watcher,
      watcher.onDidChange(look),
      watcher.onDidCreate(look),
      watcher.onDidDelete(look),
    );
  }

  async #remember(): Promise<void> {
    const sources = [...this.#entries.values()]
      .slice(-mostKnown)
      .map(({ source }) => ({ uri: source.uri.toString(), name: source.name }));
    try {
      await this.#parts.memento.update(name, sources);
    } catch (error) {
      this.#parts.log.error('The pictures of the form could not be remembered.', error);
    }
  }
}

/** The same file has the same id in every session. */
function idOf(uri: vscode.Uri): string {
  return createHash('sha256').update(uri.toString()).digest('hex').slice(0, 32);
}

function readKnown(value: unknown): { uri: vscode.Uri; name: string }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((known: { uri?: unknown; name?: unknown } | null) => {
    if (typeof known?.uri !== 'string' || typeof known.name !== 'string') return [];
    try {
      return [{ uri: vscode.Uri.parse(known.uri, true), name: known.name }];
    } catch {
      return []; // Not an address at all.
    }
  });
}
