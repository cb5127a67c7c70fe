import type { SourceView } from '../../core/messages.ts';
import type { JobSource } from '../../jobs/record.ts';
import type { Log } from '../log.ts';
import { sourceSentence } from '../telling.ts';
import { type KeptBytes, keptName } from './keptBytes.ts';
import { extensionOf, isShownAsItIs, type Previews } from './previews.ts';
import { asSourceError, SourceError } from './sourceError.ts';

interface Parts {
  readonly kept: Pick<KeptBytes, 'fileOf' | 'has' | 'read'>;
  readonly previews: Pick<Previews, 'of'>;
  /** Called when a view may be another one. */
  readonly changed: () => void;
  readonly log: Log;
}

/** The pictures of jobs as they were when they were sent, for the panel to compare with. */
export class SentPictures {
  readonly #parts: Parts;
  /** Absolute paths of previews by the sha256 of what was sent; a sentence where there can be none. */
  readonly #found = new Map<string, { readonly file: string } | { readonly sentence: string } | 'looking'>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  view({ id, sha256, facts }: JobSource, name: string, src: (file: string) => string): SourceView {
    const found = this.#found.get(sha256);
    if (found === undefined) void this.#look({ sha256, facts }, name);
    if (found === undefined || found === 'looking') return { id, name, phase: { state: 'reading' } };
    if ('sentence' in found) return { id, name, phase: { state: 'refused', sentence: found.sentence } };
    return { id, name, phase: { state: 'ready', src: src(found.file), facts } };
  }

  async #look({ sha256, facts }: Pick<JobSource, 'sha256' | 'facts'>, name: string): Promise<void> {
    this.#found.set(sha256, 'looking');
    const { kept, previews, log, changed } = this.#parts;
    const keptAs = keptName(sha256, extensionOf(facts.format));
    try {
      const read = async () => {
        const bytes = await kept.read(keptAs);
        if (!bytes) throw new SourceError('gone', name);
        return bytes;
      };
      if (!(await kept.has(keptAs))) throw new SourceError('gone', name);
      const file = isShownAsItIs(facts)
        ? kept.fileOf(keptAs)
        : await previews.of(sha256, facts, { file: undefined, read });
      this.#found.set(sha256, { file });
    } catch (error) {
      const { kind, cause } = asSourceError(error, name);
      log.error(`A picture that was sent cannot be shown: ${kind}.`, cause);
      this.#found.set(sha256, { sentence: sourceSentence(kind, name) });
    }
    changed();
  }
}
