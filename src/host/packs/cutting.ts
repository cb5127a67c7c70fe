import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { type Background, type CutReport, findingsOf, keyColourWords, usualCut } from '../../core/cutOut.ts';
import type { CutAsk, CuttingView } from '../../core/cutting.ts';
import type { Size } from '../../core/size.ts';
import type { Pixels } from '../../pixels/client.ts';
import { asSourceError } from '../editing/sourceError.ts';
import type { Log } from '../log.ts';
import { asSaveError } from '../saving/saveError.ts';
import type { Telling } from '../telling.ts';
import type { CutPlace } from './cutPlace.ts';
import type { MeantPicture } from './meantPicture.ts';
import { tellingOf } from './packMaker.ts';

type Engine = Pick<Pixels, 'preview' | 'examineBackground' | 'previewCut' | 'measureCut' | 'cutOut' | 'dispose'>;

interface Parts {
  /** Starts an engine of its own for this work, which can be stopped without stopping any other. */
  readonly start: () => Engine;
  /** Absolute path of a folder that the panel may load pictures from, for what is only looked at. */
  readonly previews: string;
  readonly place: CutPlace;
  readonly openStudio: () => void;
  readonly changed: () => void;
  /** Opens the request of a result with words added to its prompt; false where that cannot be done. */
  readonly askAnew: (resultId: string, words: string) => Promise<boolean>;
  readonly tell: (telling: Telling) => Promise<void>;
  readonly log: Log;
}

type Start = NonNullable<CuttingView['picture']>['start'];
type Answer = NonNullable<CuttingView['answer']>;

interface Opened {
  readonly cutId: string;
  readonly picture: MeantPicture;
  readonly folder: string;
  /** What is known once it was looked at; `file` is a smaller copy. */
  looked?: { readonly background: Background; readonly file: string; start: Start };
  /** The last cut that is looked at. */
  shown?: string;
  /** The last cut that was measured, by its options. */
  measured?: {
    readonly options: string;
    readonly report: CutReport;
    readonly closeUp: Size & { readonly file: string };
  };
  answer?: Omit<Answer, 'closeUp'>;
  stop?: AbortController;
  /** Settles when what is being saved is saved, or is not. */
  saving?: Promise<unknown>;
  fileCount: number;
}

/** Longest side of the pictures that are looked at, in pixels. */
const previewSide = 720;
/** Side of the piece that is shown of the edge, in pixels. */
const pieceSide = 64;
/** A picture of more pixels takes so long that it is better given up than waited for. */
const longWork = 3_000_000;

/**
 * The part of the panel in which a background is cut out. The service makes no transparency: the cut is made here and
 * measured, and what it shows is worked out here; the last question counts.
 */
export class Cutting {
  readonly #parts: Parts;
  #opened: Opened | undefined;
  #engine: Engine | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @param src the address of a file for the panel */
  view(src: (file: string) => string): CuttingView | undefined {
    const opened = this.#opened;
    if (!opened) return undefined;
    const { cutId, picture, looked, shown, answer, measured } = opened;
    const closeUp = answer?.report && measured?.closeUp;
    return {
      cutId,
      name: picture.place,
      canAskAnew: picture.resultId !== undefined,
      ...(looked && { picture: pictureView(looked, src) }),
      ...(shown !== undefined && { shown: { src: src(shown) } }),
      ...(answer && {
        answer: {
          ...answer,
          ...(closeUp && { closeUp: { src: src(closeUp.file), width: closeUp.width, height: closeUp.height } }),
        },
      }),
    };
  }

  /** Shows the part for a picture, in the place of any other, and looks at its background. */
  async open(picture: MeantPicture): Promise<void> {
    this.close();
    const cutId = randomUUID();
    const opened: Opened = { cutId, picture, folder: join(this.#parts.previews, cutId), fileCount: 0 };
    const stop = (opened.stop = new AbortController());
    this.#opened = opened;
    this.#parts.openStudio();
    this.#parts.changed();
    try {
      await mkdir(opened.folder, { recursive: true });
      const { bytes } = picture;
      const background = await this.#work(opened, stop.signal, (engine) => engine.examineBackground(bytes));
      const small = await this.#work(opened, stop.signal, (engine) => engine.preview(bytes, previewSide));
      const file = await this.#write(opened, small.bytes, small.format);
      const start: Start = { options: { ...usualCut, key: background.key }, format: 'png' };
      opened.looked = { background, file, start };
      this.#parts.changed();
    } catch (error) {
      if (stop.signal.aborted) return; // closed meanwhile
      this.close();
      await this.#tell(error);
    }
  }

  /** Shows what a cut comes to: first small, then measured in all of its pixels. */
  async preview({ cutId, askId, options, format }: CutAsk): Promise<void> {
    const opened = this.#take(cutId);
    if (!opened?.looked) return;
    opened.looked.start = { options, format };
    const { signal } = (opened.stop = new AbortController());
    const answer = (more: Omit<Opened['answer'] & object, 'askId'>) => {
      if (!signal.aborted) this.#answer(opened, { askId, ...more });
    };
    answer({ state: 'making' });
    try {
      const place = await this.#placeOf(opened, format);
      answer({ state: 'making', ...place });
      const { report } = await this.#measured(opened, options, signal);
      answer({ state: 'ready', report, ...place });
    } catch (error) {
      if (signal.aborted) return; // a later question has taken its place
      this.#fail(opened, askId, error);
    }
  }

  /**
   * Saves a cut as a new file, and closes the part. What is to be said against it is said first, unless it is to be saved
   * even so. Undefined where nothing was saved: why not is said in the part.
   */
  async save(ask: CutAsk & { readonly evenSo: boolean }): Promise<vscode.Uri | undefined> {
    const opened = this.#opened;
    if (opened?.cutId !== ask.cutId || !opened.looked || opened.answer?.state === 'saving') return undefined;
    opened.stop?.abort();
    const { signal } = (opened.stop = new AbortController());
    const { askId } = ask;
    this.#answer(opened, { askId, state: 'saving' });
    try {
      const saving = this.#save(opened, ask, signal);
      opened.saving = saving;
      const saved = await saving;
      if (saved && this.#opened === opened) this.close();
      return saved;
    } catch (error) {
      if (signal.aborted && this.#opened !== opened) return undefined; // closed before anything was written
      this.#fail(opened, askId, error);
      return undefined;
    }
  }

  /** Opens the request of the picture with words for a plain colour, or gives the words where there is none. */
  async askOnPlain(cutId: string): Promise<void> {
    const opened = this.#opened;
    if (opened?.cutId !== cutId) return;
    const { resultId } = opened.picture;
    this.close();
    if (resultId !== undefined && (await this.#parts.askAnew(resultId, keyColourWords))) return;
    await vscode.env.clipboard.writeText(keyColourWords);
    const text = l10n.t('The words are in the clipboard. Add them to the prompt.');
    await this.#parts.tell({ severity: 'info', text, actions: [] });
  }

  /** @param cutId closes no other */
  close(cutId?: string): void {
    const opened = this.#opened;
    if (!opened || (cutId !== undefined && cutId !== opened.cutId)) return;
    this.#opened = undefined;
    opened.stop?.abort();
    this.#stopEngine();
    // What is being written is copied from there.
    const removed = Promise.allSettled([opened.saving]).then(() => rm(opened.folder, { recursive: true, force: true }));
    removed.catch((error: unknown) => this.#parts.log.error('What was looked at was not removed.', error));
    this.#parts.changed();
  }

  async #save(
    opened: Opened,
    { options, format, askId, evenSo }: CutAsk & { readonly evenSo: boolean },
    signal: AbortSignal,
  ): Promise<vscode.Uri | undefined> {
    const { picture } = opened;
    const { report } = await this.#measured(opened, options, signal);
    const place = await this.#placeOf(opened, format);
    if (place.trouble !== undefined || (findingsOf(report).length > 0 && !evenSo)) {
      this.#answer(opened, { askId, state: 'ready', report, ...place });
      return undefined;
    }
    const { bytes } = await this.#work(opened, signal, (engine) => engine.cutOut(picture.bytes, options, format));
    const file = await this.#write(opened, bytes, format);
    signal.throwIfAborted();
    const saved = await this.#parts.place.save(picture, file, format);
    if (!saved) this.#answer(opened, { askId, state: 'ready', report, ...place });
    return saved;
  }

  /** The opened picture, if the question is about it and none is being saved; what was worked out for a former one stops. */
  #take(cutId: string): Opened | undefined {
    const opened = this.#opened;
    if (opened?.cutId !== cutId || opened.answer?.state === 'saving') return undefined;
    opened.stop?.abort();
    return opened;
  }

  #answer(opened: Opened, answer: NonNullable<Opened['answer']>): void {
    opened.answer = answer;
    if (this.#opened === opened) this.#parts.changed();
  }

  async #measured(
    opened: Opened,
    options: CutAsk['options'],
    signal: AbortSignal,
  ): Promise<NonNullable<Opened['measured']>> {
    const known = JSON.stringify(options);
    if (opened.measured?.options === known) return opened.measured;
    const { bytes } = opened.picture;
    const small = await this.#work(opened, signal, (engine) => engine.previewCut(bytes, options, previewSide));
    const shown = await this.#write(opened, small.bytes, 'png');
    signal.throwIfAborted();
    opened.shown = shown;
    this.#parts.changed();
    const piece = await this.#work(opened, signal, (engine) => engine.measureCut(bytes, options, pieceSide));
    const file = await this.#write(opened, piece.bytes, 'png');
    signal.throwIfAborted();
    const { width, height, report } = piece;
    return (opened.measured = { options: known, report, closeUp: { file, width, height } });
  }

  /** Under a new name each time: a browser does not look again at a picture that it shows already. */
  async #write(opened: Opened, bytes: Uint8Array, extension: string): Promise<string> {
    const file = join(opened.folder, `${++opened.fileCount}.${extension}`);
    try {
      await writeFile(file, bytes);
    } catch (error) {
      throw asSaveError(error, opened.picture.place);
    }
    return file;
  }

  async #placeOf({ picture }: Opened, format: CutAsk['format']): Promise<{ path?: string; trouble?: string }> {
    try {
      const path = await this.#parts.place.shown(picture, format);
      return path === undefined ? {} : { path };
    } catch (error) {
      return { trouble: this.#sentence(error) };
    }
  }

  /** Throws SourceError, and whatever the signal is aborted with. */
  async #work<T>({ picture, looked }: Opened, signal: AbortSignal, work: (engine: Engine) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const engine = (this.#engine ??= this.#parts.start());
    const { width = 0, height = 0 } = looked?.background ?? {};
    const stop = () => width * height > longWork && this.#engine === engine && this.#stopEngine();
    signal.addEventListener('abort', stop);
    try {
      const made = await work(engine);
      signal.throwIfAborted();
      return made;
    } catch (error) {
      signal.throwIfAborted();
      throw asSourceError(error, picture.place);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Work cannot be told to stop, so its thread is given up. */
  #stopEngine(): void {
    this.#engine?.dispose();
    this.#engine = undefined;
  }

  /** Says in the part what stands in the way, or it would wait for ever. Throws what was not to be expected. */
  #fail(opened: Opened, askId: string, error: unknown): void {
    const telling = tellingOf(error);
    const trouble = telling?.text ?? l10n.t('That did not work. The log says more.');
    this.#answer(opened, { askId, state: 'failed', trouble });
    if (!telling) throw error;
    this.#parts.log.error('A background was not cut out.', error);
  }

  #sentence(error: unknown): string {
    const telling = tellingOf(error);
    if (!telling) throw error;
    this.#parts.log.error('A background was not cut out.', error);
    return telling.text;
  }

  async #tell(error: unknown): Promise<void> {
    const telling = tellingOf(error);
    if (!telling) throw error;
    this.#parts.log.error('A background was not looked at.', error);
    await this.#parts.tell(telling);
  }
}

function pictureView(
  { background: { colours, width, height, ...background }, file, start }: NonNullable<Opened['looked']>,
  src: (file: string) => string,
): NonNullable<CuttingView['picture']> {
  return { src: src(file), width, height, background, colours: [...colours], start };
}
