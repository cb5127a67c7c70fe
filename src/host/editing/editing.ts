import type * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asText } from '../../core/joining.ts';
import { modelCard } from '../../core/modelCard.ts';
import { ImageRequest, type InputImage } from '../../core/requestSchema.ts';
import type { SourceView } from '../../core/messages.ts';
import type { Drafts } from '../drafts.ts';
import { type Results, shortPath } from '../results.ts';
import { sourceSentence, type Telling } from '../telling.ts';
import type { BoxMemory } from './boxMemory.ts';
import { openDialog } from './pictureChoice.ts';
import { claimedUri, isInWorkspace, isOpenInTab } from './places.ts';
import type { Source, Sources } from './sources.ts';

interface Parts {
  readonly sources: Sources;
  readonly boxes: BoxMemory;
  readonly drafts: Pick<Drafts, 'get' | 'offer'>;
  readonly results: Pick<Results, 'pictureFile'>;
  readonly startingRequest: () => ImageRequest;
}

/** Which pictures the form sends along: begun with some, added to, and remembered with their boxes. */
export class Editing {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Puts a new request into the form that edits these files, which the user has pointed at. */
  async begin(uris: readonly vscode.Uri[]): Promise<Telling | undefined> {
    return this.#offer(
      this.#parts.startingRequest,
      uris.map((uri) => this.#parts.sources.add(uri, shortPath(uri))),
      [],
    );
  }

  /** Puts a new request into the form that goes on from a result. An id that does not exist does nothing. */
  async continueFrom(resultId: string): Promise<Telling | undefined> {
    const picture = await this.#parts.results.pictureFile(resultId);
    if (!picture) return undefined;
    return this.#offer(this.#parts.startingRequest, [this.#parts.sources.add(picture.file, picture.name)], []);
  }

  /** Asks for files and adds them to the form. */
  async add(): Promise<Telling | undefined> {
    return this.#append(await openDialog(), []);
  }

  /** Adds files that were dropped on the panel. It only claims to name them: they must be in the workspace or open in a tab. */
  async drop(claims: readonly string[]): Promise<Telling | undefined> {
    const uris: vscode.Uri[] = [];
    const refused: string[] = [];
    for (const claim of claims) {
      const uri = claimedUri(claim);
      if (uri && (isOpenInTab(uri) || (await isInWorkspace(uri)))) uris.push(uri);
      else refused.push(sourceSentence('outside', uri ? shortPath(uri) : claim.slice(0, 100)));
    }
    return this.#append(uris, refused);
  }

  /** Adds a picture that is kept here, under a name for the user, to the form. */
  async addKept(file: vscode.Uri, name: string): Promise<Telling | undefined> {
    return this.#offer(() => this.#presentRequest(), [this.#parts.sources.add(file, name)], []);
  }

  /** The pictures of the form, as far as it can be read. */
  get inputs(): readonly InputImage[] {
    return inputsOf(this.#parts.drafts.get().request);
  }

  /** Keeps the boxes of a draft for the next time its pictures are opened. */
  async remember(request: unknown): Promise<void> {
    const { sources, boxes } = this.#parts;
    for (const input of inputsOf(request)) {
      const source = sources.get(input.id);
      const facts = sources.factsNow(input.id);
      if (!source || !facts) continue;
      const sha256 = input.boxes.length > 0 ? await sources.hash(input.id) : undefined;
      await boxes.remember(source.uri.toString(), facts, input.boxes, sha256);
    }
  }

  /** The pictures of the form as the panel draws them. */
  views(src: (file: string) => string): SourceView[] {
    return this.#parts.sources.views(this.inputs, src);
  }

  async #append(uris: readonly vscode.Uri[], refused: readonly string[]): Promise<Telling | undefined> {
    if (uris.length === 0) return refused.length > 0 ? warning(refused) : undefined;
    const added = uris.map((uri) => this.#parts.sources.add(uri, shortPath(uri)));
    return this.#offer(() => this.#presentRequest(), added, refused);
  }

  /** @param request what the form holds; asked for once the pictures are known, since it may be written in meanwhile */
  async #offer(
    request: () => ImageRequest,
    added: readonly Source[],
    refused: readonly string[],
  ): Promise<Telling | undefined> {
    const { max } = modelCard.inputs;
    const once = [...new Map(added.map((source) => [source.id, source])).values()];
    const known = new Map(
      await Promise.all(
        once.slice(0, 2 * max).map(async (source) => [source.id, await this.#inputOf(source)] as const),
      ),
    );
    const present = request();
    const inputs = [...present.inputs];
    const sentences = [...refused];
    let left = 0;
    for (const source of once) {
      const there = present.inputs.find(({ id }) => id === source.id);
      const { input, outdated } = known.get(source.id) ?? {};
      if (there) sentences.push(alreadyThere(there));
      else if (input && inputs.length < max) {
        inputs.push(input);
        if (outdated !== undefined) sentences.push(outdated);
      } else left++;
    }
    await this.#parts.drafts.offer({
      ...present,
      inputs,
      // Edits have no 4K.
      resolution: present.resolution === '4K' ? '2K' : present.resolution,
    });
    if (left > 0) sentences.push(l10n.t('At most {0} pictures can be sent along; {1} were left out.', max, left));
    return sentences.length > 0 ? warning(sentences) : undefined;
  }

  /** A picture with the boxes that were last drawn on it; a sentence where these cannot be had, or may lie wrong by now. */
  async #inputOf({ id, uri, name }: Source): Promise<{ input: InputImage; outdated?: string }> {
    const { sources, boxes } = this.#parts;
    const facts = await sources.facts(id);
    const file = uri.toString();
    if (!facts) return { input: { id, name, boxes: [] } };
    const input = { id, name, boxes: boxes.recall(file, facts) };
    if (boxes.isOutdated(file, facts)) return { input, outdated: outdatedBoxes(name) };
    const isOther = input.boxes.length > 0 && boxes.isOtherContent(file, facts, await sources.hash(id));
    return { input, ...(isOther && { outdated: boxesOfOther(name) }) };
  }

  /** What the form shows, as far as it can be read. */
  #presentRequest(): ImageRequest {
    const { request } = this.#parts.drafts.get();
    const parsed = ImageRequest.safeParse(request);
    if (parsed.success) return parsed.data;
    const prompt = typeof request === 'object' && request !== null && 'prompt' in request ? request.prompt : '';
    return {
      ...this.#parts.startingRequest(),
      prompt: typeof prompt === 'string' ? prompt : '',
      inputs: inputsOf(request),
    };
  }
}

/** The pictures that a request sends along, as far as it can be read. */
function inputsOf(request: unknown): InputImage[] {
  const inputs = typeof request === 'object' && request !== null && 'inputs' in request ? request.inputs : [];
  const parsed = ImageRequest.shape.inputs.safeParse(inputs);
  return parsed.success ? parsed.data : [];
}

const outdatedBoxes = (name: string): string =>
  l10n.t('{0} has another size than when boxes were drawn on it, so it comes without them. Draw them anew.', name);

const boxesOfOther = (name: string): string =>
  l10n.t('{0} has changed since boxes were drawn on it. See whether they still lie where they should.', name);

function alreadyThere({ name, url }: InputImage): string {
  return url === undefined
    ? l10n.t('{0} is there already.', name)
    : l10n.t('{0} is there already, by its address. To send the file, press Use the File Again at its address.', name);
}

const warning = (sentences: readonly string[]): Telling => ({
  severity: 'warning',
  text: asText(sentences),
  actions: [],
});
