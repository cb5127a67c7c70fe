import * as vscode from 'vscode';
import { l10n } from 'vscode';
import * as z from 'zod/mini';
import type { SourceView } from '../../core/messages.ts';
import { mapBox } from '../../core/preparation.ts';
import { ImageRequest, type InputImage } from '../../core/requestSchema.ts';
import type { JobRecord } from '../../jobs/record.ts';
import type { Draft, Drafts } from '../drafts.ts';
import { type KeptBytes, keptName, sha256Of } from '../editing/keptBytes.ts';
import { openDialog } from '../editing/pictureChoice.ts';
import { readPictureFile } from '../editing/pictureFile.ts';
import { extensionOf } from '../editing/previews.ts';
import { asSourceError } from '../editing/sourceError.ts';
import type { Sources } from '../editing/sources.ts';
import type { Log } from '../log.ts';
import { shortPath } from '../results.ts';
import type { Services } from '../services.ts';
import { sourceSentence, type Telling } from '../telling.ts';

interface Parts {
  readonly services: Pick<Services, 'find'>;
  readonly sources: Pick<Sources, 'add' | 'get' | 'facts'>;
  readonly kept: Pick<KeptBytes, 'read' | 'fileOf'>;
  readonly drafts: Pick<Drafts, 'get' | 'offer'>;
  readonly memento: Pick<vscode.Memento, 'get' | 'update'>;
  readonly log: Log;
}

/** A picture in the form that is not, or may not be, what its request was sent with. */
const Former = z.object({
  /** The file that was sent then, as a URI, where it is known and may be looked at. */
  uri: z.optional(z.string()),
  name: z.string(),
  /** Its size then, in pixels. */
  facts: z.object({ width: z.number(), height: z.number() }),
  is: z.enum(['changed', 'gone', 'unreadable']),
  /** What stands in the form: the copy of what was sent, or the file as it is. */
  shown: z.enum(['copy', 'file']),
});
export type Former = z.infer<typeof Former>;

/** Under this name they are remembered over a reload, by the input of the form, and so many of them. */
const formersName = 'formers';
const mostFormers = 20;

/**
 * Brings a request of the past back into the form as it was: with the very pictures that were sent, known by their bytes.
 * Where a file has changed since or is gone, the kept copy takes its place, and it is said beside the picture.
 */
export class Reopening {
  readonly #parts: Parts;
  /** By the input of the form. */
  readonly #formers: Map<string, Former>;

  constructor(parts: Parts) {
    this.#parts = parts;
    const known = z.array(z.tuple([z.string(), Former])).safeParse(parts.memento.get(formersName));
    this.#formers = new Map(known.success ? known.data : []);
  }

  /** Fills the form. A job that is not at hand does nothing. */
  async reopen(jobId: string): Promise<void> {
    const record = this.#parts.services.find(jobId)?.job.record;
    if (!record) return;
    const asked = record.asked ?? record.request;
    const inputs: InputImage[] = [];
    for (const input of asked.inputs) inputs.push(await this.#asItWas(input, record, inputs));
    await this.#remember();
    await this.#parts.drafts.offer({ ...asked, inputs });
  }

  /** Fills the form with a request that was kept elsewhere, and says of its pictures what there is to say. */
  async fill(request: ImageRequest, formers: ReadonlyMap<string, Former>): Promise<Draft> {
    for (const { id } of request.inputs) this.#formers.delete(id);
    for (const [id, former] of formers) this.#formers.set(id, former);
    await this.#remember();
    return this.#parts.drafts.offer(request);
  }

  /** What there is to say of a picture of the form. */
  note(inputId: string): Pick<SourceView, 'former'> {
    const former = this.#formers.get(inputId);
    return former ? { former: { sentence: sentenceOf(former), canUseFile: canUseFile(former) } } : {};
  }

  /** Puts another picture in the place of one that was reopened: its file as it is now, or one that the user chooses. */
  async swap(inputId: string, by: 'file' | 'choice'): Promise<Telling | undefined> {
    const former = this.#formers.get(inputId);
    if (!former) return undefined;
    const formerUri = former.uri === undefined ? undefined : vscode.Uri.parse(former.uri, true);
    const uri = by === 'file' ? formerUri : (await openDialog())[0];
    if (!uri) return undefined;
    const source = this.#parts.sources.add(uri, by === 'file' ? former.name : shortPath(uri));
    const facts = await this.#parts.sources.facts(source.id);
    if (by === 'file' && !facts) return { severity: 'warning', text: sourceSentence('gone', former.name), actions: [] };
    // The form may have been written in meanwhile.
    const parsed = ImageRequest.safeParse(this.#parts.drafts.get().request);
    if (!parsed.success || parsed.data.inputs.some(({ id }) => id === source.id && id !== inputId)) return undefined;
    const inputs = parsed.data.inputs.map((input): InputImage => {
      if (input.id !== inputId) return input;
      const boxes = facts ? input.boxes.map((box) => mapBox(box, former.facts, facts)) : [];
      return { ...input, id: source.id, name: source.name, boxes };
    });
    this.#formers.delete(inputId);
    await this.#remember();
    await this.#parts.drafts.offer({ ...parsed.data, inputs });
    return undefined;
  }

  /** What is said beside a picture is said again after a reload. Where it cannot be kept, the picture is still the right one. */
  async #remember(): Promise<void> {
    try {
      await this.#parts.memento.update(formersName, [...this.#formers].slice(-mostFormers));
    } catch (error) {
      this.#parts.log.error('What was said of reopened pictures could not be remembered.', error);
    }
  }

  async #asItWas(input: InputImage, { sources = [] }: JobRecord, before: readonly InputImage[]): Promise<InputImage> {
    const sent = sources.find(({ id }) => id === input.id);
    if (input.url !== undefined || !sent) return input;
    const uri = vscode.Uri.parse(sent.uri, true);
    const now = await shaOf(uri, input.name);
    if (now === sent.sha256) {
      this.#formers.delete(input.id);
      return { ...input, id: this.#parts.sources.add(uri, input.name).id };
    }
    const is = now === 'gone' || now === 'unreadable' ? now : 'changed';
    const keptAs = keptName(sent.sha256, extensionOf(sent.facts.format));
    const hasCopy = (await this.#parts.kept.read(keptAs)) !== undefined;
    const shown = hasCopy ? vscode.Uri.file(this.#parts.kept.fileOf(keptAs)) : uri;
    const { id } = this.#parts.sources.add(shown, input.name);
    // Of two files that were the same there is one copy, which a form can hold once.
    if (before.some((other) => other.id === id)) return input;
    this.#formers.delete(id); // Those of the last request are kept longest.
    this.#formers.set(id, { uri: sent.uri, name: input.name, facts: sent.facts, is, shown: hasCopy ? 'copy' : 'file' });
    return { ...input, id };
  }
}

/** Of the file as it is now. */
async function shaOf(uri: vscode.Uri, name: string): Promise<string> {
  try {
    return await sha256Of(await readPictureFile(uri, name));
  } catch (error) {
    return asSourceError(error, name).kind === 'gone' ? 'gone' : 'unreadable';
  }
}

const canUseFile = ({ is, shown }: Former): boolean => is === 'changed' && shown === 'copy';

function sentenceOf({ name, is, shown }: Former): string {
  const isCopy = shown === 'copy';
  switch (is) {
    case 'changed':
      return isCopy
        ? l10n.t('{0} has changed since this was made. Shown here is the copy that was sent.', name)
        : l10n.t(
            '{0} has changed since this was made, and no copy of what was sent is kept. This is the file as it is now.',
            name,
          );
    case 'gone':
      return isCopy
        ? l10n.t('{0} is gone. Shown here is the copy that was sent.', name)
        : l10n.t('{0} is gone, and no copy of what was sent is kept.', name);
    case 'unreadable':
      return isCopy
        ? l10n.t('{0} cannot be read now. Shown here is the copy that was sent.', name)
        : l10n.t('{0} cannot be read now, and no copy of what was sent is kept.', name);
  }
}
