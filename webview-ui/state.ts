import type { ActionId, JobView, PanelMessage, Snapshot, SourceView } from '../src/core/messages.ts';
import type { PanelStringKey } from '../src/core/panelStrings.ts';
import { emptyRequest, highestPrice, type ImageRequest } from '../src/core/request.ts';
import type { Size } from '../src/core/size.ts';
import { type Patch, readRequest, withPatch } from './draft.ts';
import { limitWords } from './form/price.ts';
import { check, lastSize, mergeInputs, type PanelProblem } from './form/sources.ts';
import type { Host } from './host.ts';
import type { Later } from './later.tsx';
import { LaterPart } from './laterPart.ts';
import { type Memory, readMemory } from './memory.ts';
import { isActive } from './results/phase.ts';
import { text } from './text.ts';
import type { Words } from './words.ts';

/** How long the form must rest before the host is told of it, in milliseconds. */
const draftDelay = 300;
/** How long after a run the next new one may be asked for, in milliseconds: a double click is not two orders. */
const restAfterRun = 1000;
/** How many drafts are remembered as this panel's own. */
const knownDraftCount = 50;

/** A request that was in the form before it was filled from elsewhere, and where from. */
export interface Loaded {
  readonly previous: ImageRequest;
  readonly from: 'example' | 'job' | 'draft' | 'starter' | 'history';
}

/** What the form holds, and what goes with it; replaced as a whole. */
interface FormState {
  readonly request: ImageRequest;
  /** Made anew at every change, so that the host can tell the same request sent twice from a new one. */
  readonly draftId: string;
  /** True once the user has had the chance to write a prompt: an empty new form is not a mistake. */
  readonly tried: boolean;
  readonly loaded: Loaded | undefined;
}

/** What every component is given: it draws from here, and tells of the user's doings here. */
export interface WithStudio {
  readonly studio: Studio;
}

/** Everything the panel knows and can do. The host owns the jobs; the form is the panel's own. */
export class Studio {
  readonly #host: Host;
  readonly #redraw: () => void;
  readonly #knownDrafts = new Set<string>();
  #snapshot: Snapshot | undefined;
  #form: FormState = { request: emptyRequest(), draftId: '', tried: false, loaded: undefined };
  /** The form as the host knows it. */
  #told: ImageRequest | undefined;
  #problems: readonly PanelProblem[] = [];
  #typing: { readonly field: string; readonly text: string } | undefined;
  #openSections: readonly string[] = [];
  /** What is loaded after the first paint. */
  readonly laterPart: LaterPart;
  readonly #brokenPictures = new Set<string>();
  /** What screen readers have been told of. */
  #heard: Snapshot | undefined;
  #kept: NonNullable<Memory['kept']> = {};
  #hiddenNotice: string | undefined;
  #news = '';
  #dropping: 'no' | 'over' | 'nothing' = 'no';
  #scroll: Memory['scroll'] = { page: 0, form: 0, results: 0 };
  #draftTimer: ReturnType<typeof setTimeout> | undefined;
  #ranAt = Number.NEGATIVE_INFINITY;

  /** @param redraw called after every change */
  constructor(host: Host, redraw: () => void) {
    this.#host = host;
    this.#redraw = redraw;
    this.laterPart = new LaterPart(this);
    this.#restore(readMemory(host.recall()));
    this.#check();
  }

  /** What draws all that a first paint can do without, once it is there. */
  get later(): Later | undefined {
    return this.laterPart.loaded;
  }

  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** The snapshot, for components: they are drawn only once there is one. */
  get shown(): Snapshot {
    if (!this.#snapshot) throw new Error('A component is drawn before the first snapshot.');
    return this.#snapshot;
  }

  /** A sentence in the user's language. */
  readonly text = (key: PanelStringKey, ...args: (string | number)[]): string =>
    text(this.#snapshot?.strings ?? {}, key, args);

  get request(): ImageRequest {
    return this.#form.request;
  }

  get tried(): boolean {
    return this.#form.tried;
  }

  get loaded(): Loaded | undefined {
    return this.#form.loaded;
  }

  get problems(): readonly PanelProblem[] {
    return this.#problems;
  }

  get errors(): readonly PanelProblem[] {
    return this.#problems.filter((problem) => problem.severity === 'error');
  }

  /** Why the form may not be run for what it can cost. */
  get overLimit(): Words | undefined {
    return this.#snapshot && limitWords(this.request, this.#snapshot);
  }

  /** The pictures that the host has for the form. */
  get sources(): readonly SourceView[] {
    return this.#snapshot?.sources ?? [];
  }

  source(inputId: string): SourceView | undefined {
    return this.sources.find(({ id }) => id === inputId);
  }

  /** True while a picture that is sent along is being read. */
  get isReading(): boolean {
    return this.request.inputs.some(({ id }) => this.source(id)?.phase.state === 'reading');
  }

  /** True while what comes could not be kept, so that nothing may be bought. */
  get isWithoutVault(): boolean {
    return this.#snapshot?.storage?.vault !== undefined;
  }

  /** True while the form cannot be run, for whatever reason. */
  get isBlocked(): boolean {
    return this.errors.length > 0 || this.isReading || this.isWithoutVault || this.overLimit !== undefined;
  }

  /** The size of the last picture, which an answer follows unless it is given a shape. */
  get lastSize(): Size | undefined {
    return lastSize(this.request, this.sources);
  }

  /** `over` while files are dragged over the panel; `nothing` after a drop that named no file. */
  get dropping(): 'no' | 'over' | 'nothing' {
    return this.#dropping;
  }

  /** The job that was made from the form as it stands. */
  get draftJob(): JobView | undefined {
    return this.#snapshot?.jobs.find((job) => job.draftId === this.#form.draftId);
  }

  get hasActiveJob(): boolean {
    return this.#snapshot?.jobs.some((job) => isActive(job.phase)) ?? false;
  }

  /** What the user is typing, exactly as typed, in a field whose value can be written in several ways. */
  get typing(): { readonly field: string; readonly text: string } | undefined {
    return this.#typing;
  }

  /** What the host has to say, until the user puts it away. */
  get notice(): Snapshot['notice'] {
    const notice = this.#snapshot?.notice;
    return JSON.stringify(notice) === this.#hiddenNotice ? undefined : notice;
  }

  /** What screen readers are told about the jobs. */
  get news(): string {
    return this.#news;
  }

  isBroken(resultId: string): boolean {
    return this.#brokenPictures.has(resultId);
  }

  get openSections(): readonly string[] {
    return this.#openSections;
  }

  get scroll(): Memory['scroll'] {
    return this.#scroll;
  }

  /** Takes a snapshot from the host, unless it is older than what is shown. */
  receive(snapshot: Snapshot): void {
    const shown = this.#snapshot;
    if (shown && snapshot.revision < shown.revision) return;
    this.#snapshot = snapshot;
    if (!snapshot.notice) this.#hiddenNotice = undefined;
    this.#tellNews(snapshot);
    const isNew = this.#takeDraft(snapshot.draft);
    if (!isNew) this.#check();
    // A panel that was hidden before its last change was told brings the host up to date.
    if (!isNew && !shown && snapshot.draft.draftId !== this.#form.draftId) this.#tellDraft();
    this.#redraw();
  }

  /** Makes a change to the form. */
  change(patch: Patch): void {
    const { request, tried } = this.#form;
    const isEmptied = patch.prompt === '' && request.prompt !== '';
    this.#setForm({ request: withPatch(request, patch), tried: tried || isEmptied });
  }

  /** Fills the form from elsewhere; what was in it can be brought back until the next change. */
  load(request: ImageRequest, from: Loaded['from']): void {
    const { request: previous, draftId } = this.#form;
    // What was written and not run is kept by the host, beyond the next change.
    if (previous.prompt.trim() !== '' && !this.draftJob) this.send({ type: 'keepDraft', draftId, request: previous });
    this.#setForm({ request, loaded: { previous, from } });
  }

  undoLoad(): void {
    const { loaded } = this.#form;
    if (loaded) this.#setForm({ request: loaded.previous });
  }

  /**
   * Runs the form as it stands. Says what stood in the way: an error, or that this very request has been run. Pressed
   * twice before the host has answered, it sends the same draft twice, which the host knows to be one job.
   */
  run(): 'sent' | 'blocked' | 'already' {
    if (this.errors.length > 0) {
      this.#form = { ...this.#form, tried: true };
      this.#redraw();
      return 'blocked';
    }
    if (this.isBlocked) return 'blocked';
    if (this.draftJob) return 'already';
    this.#sendRun();
    return 'sent';
  }

  /** Runs the same request once more, as a new job. */
  runAgain(): void {
    if (this.isBlocked || performance.now() - this.#ranAt < restAfterRun) return;
    this.#form = { ...this.#form, draftId: this.#newDraftId() };
    this.#remember();
    this.#sendRun();
    this.#redraw();
  }

  send(message: PanelMessage): void {
    this.#host.send(message);
  }

  /** Tells a screen reader. */
  say(words: Words): void {
    this.#news = this.text(...words);
    this.#redraw();
  }

  redraw(): void {
    this.#redraw();
  }

  addSources(): void {
    this.flush();
    this.send({ type: 'addSources' });
  }

  dropSources(uris: string[]): void {
    this.flush();
    if (uris.length > 0) this.send({ type: 'dropSources', uris });
    else this.setDropping('nothing');
  }

  setDropping(dropping: 'no' | 'over' | 'nothing'): void {
    if (dropping === this.#dropping) return;
    this.#dropping = dropping;
    this.#redraw();
  }

  /** Goes on from a result. */
  continueFrom(resultId: string): void {
    this.flush();
    this.send({ type: 'continueFrom', resultId });
  }

  act(action: ActionId, jobId?: string): void {
    this.send({ type: 'action', action, ...(jobId !== undefined && { jobId }) });
  }

  type(field: string, text: string): void {
    this.#typing = { field, text };
  }

  endTyping(): void {
    this.#typing = undefined;
    this.#redraw();
  }

  /** What the second part remembers. */
  get kept(): NonNullable<Memory['kept']> {
    return this.#kept;
  }

  keep(name: string, value: unknown): void {
    this.#kept = { ...this.#kept, [name]: value };
    this.#remember();
  }

  markBroken(resultId: string): void {
    this.#brokenPictures.add(resultId);
    this.#redraw();
  }

  hideNotice(): void {
    this.#hiddenNotice = JSON.stringify(this.#snapshot?.notice);
    this.#redraw();
  }

  setSectionOpen(section: string, isOpen: boolean): void {
    if (isOpen === this.#openSections.includes(section)) return;
    const others = this.#openSections.filter((name) => name !== section);
    this.#openSections = isOpen ? [...others, section] : others;
    this.#remember();
    this.#redraw();
  }

  rememberScroll(scroll: Memory['scroll']): void {
    this.#scroll = scroll;
    this.#remember();
  }

  /** Tells the host of the last change now instead of soon; for when the panel goes away. */
  flush(): void {
    if (this.#draftTimer !== undefined) this.#tellDraft();
  }

  #restore(memory: Memory | undefined): void {
    if (!memory) return;
    const { draft, knownDrafts, openSections, scroll, kept = {} } = memory;
    this.#form = { ...this.#form, request: readRequest(draft.request), draftId: draft.draftId };
    this.#openSections = openSections;
    this.#scroll = scroll;
    this.#kept = kept;
    for (const draftId of knownDrafts) this.#knownDrafts.add(draftId);
  }

  /** What came before the second part is told with what comes next; what was there when the panel opened is not news. */
  #tellNews(after: Snapshot): void {
    const before = (this.#heard ??= after);
    if (!this.later) return;
    this.#heard = after;
    const news = this.later.newsOf(before.jobs, after.jobs).map((words) => this.text(...words));
    if (news.length > 0) this.#news = news.join(' ');
  }

  /** Takes the host's draft if it did not come from here. An empty id says that the host has none. */
  #takeDraft({ draftId, request }: Snapshot['draft']): boolean {
    const { draftId: own, request: previous } = this.#form;
    if (draftId === '' && own === '') this.#form = { ...this.#form, draftId: this.#newDraftId() };
    if (draftId === '' || this.#knownDrafts.has(draftId)) return false;
    this.#cancelDraft();
    this.#typing = undefined;
    this.#know(draftId);
    const incoming = readRequest(request);
    const merged = mergeInputs(previous, this.#told, incoming);
    this.#told = incoming;
    const loaded: Loaded | undefined =
      merged || previous.prompt.trim() === '' ? undefined : { previous, from: 'draft' };
    this.#form = { request: merged ?? incoming, draftId, tried: false, loaded };
    this.later?.noteLoad(previous, this.#form.request);
    if (merged && JSON.stringify(merged) !== JSON.stringify(incoming)) this.#setForm({ request: merged });
    this.#check();
    this.#remember();
    return true;
  }

  /** Every change of the form by the user goes through here. */
  #setForm(change: Pick<FormState, 'request'> & Partial<FormState>): void {
    const before = this.request;
    const request = this.later?.withCrops(change.request, this.sources) ?? change.request;
    this.#form = { tried: false, loaded: undefined, ...change, request, draftId: this.#newDraftId() };
    if (change.loaded) this.later?.noteLoad(before, request);
    else this.later?.noteChange(before, request);
    this.#check();
    this.#remember();
    this.#cancelDraft();
    this.#draftTimer = setTimeout(() => this.#tellDraft(), draftDelay);
    this.#redraw();
  }

  #check(): void {
    this.#problems = check(this.#form.request, this.sources, this.#snapshot);
  }

  #newDraftId(): string {
    const draftId = crypto.randomUUID();
    this.#know(draftId);
    return draftId;
  }

  #know(draftId: string): void {
    this.#knownDrafts.add(draftId);
    const [oldest] = this.#knownDrafts;
    if (this.#knownDrafts.size > knownDraftCount && oldest !== undefined) this.#knownDrafts.delete(oldest);
  }

  #sendRun(): void {
    this.#cancelDraft();
    this.#ranAt = performance.now();
    const { request, draftId } = this.#form;
    this.#told = request;
    this.send({
      type: 'run',
      draftId,
      request,
      highestPrice: highestPrice(request, this.#snapshot?.known?.prices) ?? 0,
    });
  }

  #tellDraft(): void {
    this.#cancelDraft();
    const { request, draftId } = this.#form;
    this.#told = request;
    this.send({ type: 'draft', draftId, request });
  }

  #cancelDraft(): void {
    clearTimeout(this.#draftTimer);
    this.#draftTimer = undefined;
  }

  #remember(): void {
    const { request, draftId } = this.#form;
    const memory: Memory = {
      version: 1,
      draft: { draftId, request },
      knownDrafts: [...this.#knownDrafts],
      openSections: [...this.#openSections],
      scroll: this.#scroll,
      kept: this.#kept,
    };
    this.#host.remember(memory);
  }
}
