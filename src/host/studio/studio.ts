import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { KnownService } from '../../core/knownService.ts';
import { PanelMessage, type Snapshot, type SourceView, type StorageNote } from '../../core/messages.ts';
import type { BoxForm } from '../../core/modelCard.ts';
import type { ImageRequest } from '../../core/request.ts';
import { lacksPictures } from '../../jobs/attaching.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import { type Draft, type Drafts, readDraft } from '../drafts.ts';
import type { ColourReader } from '../editing/colourReader.ts';
import type { Editing } from '../editing/editing.ts';
import type { InsidePictures } from '../editing/insidePictures.ts';
import type { Gallery } from '../history/gallery.ts';
import type { Reopening } from '../history/reopening.ts';
import type { KeyVault } from '../key.ts';
import type { Log } from '../log.ts';
import type { Packs } from '../packs/parts.ts';
import type { PastDrafts } from '../pastDrafts.ts';
import { shortPath } from '../results.ts';
import type { HeavyPictures } from '../saving/heavy.ts';
import type { SaveSheet } from '../saving/sheet.ts';
import type { Service, Services } from '../services.ts';
import type { Spending } from '../spending/spending.ts';
import type { StorageProbe } from '../storageProbe.ts';
import { actionLabel, labelled, type Telling, tellSaveFolder, tellTrouble, tellVault } from '../telling.ts';
import { studioHtml } from './html.ts';
import { handleMessage, type MessageParts } from './messages.ts';
import { panelTexts } from './panelTexts.ts';
import { studioViewType } from './viewType.ts';
import { type Addresses, jobView } from './views.ts';

interface Parts extends Omit<
  MessageParts,
  | 'notice'
  | 'services'
  | 'drafts'
  | 'lastEditor'
  | 'editing'
  | 'colours'
  | 'pastDrafts'
  | 'inside'
  | 'gallery'
  | 'reopening'
  | 'saving'
  | 'heavy'
  | 'packs'
> {
  readonly extensionUri: vscode.Uri;
  /** This workspace's vaults and copies of pictures; the panel may load from these folders and from our own files. */
  readonly pictureFolders: readonly string[];
  readonly editing: MessageParts['editing'] & Pick<Editing, 'views'>;
  readonly colours: MessageParts['colours'] & Pick<ColourReader, 'documentName' | 'found'>;
  readonly pastDrafts: MessageParts['pastDrafts'] & Pick<PastDrafts, 'list'>;
  readonly gallery: MessageParts['gallery'] & Pick<Gallery, 'view' | 'opened'>;
  readonly reopening: MessageParts['reopening'] & Pick<Reopening, 'note'>;
  /** The picture that a job is an edit of. */
  readonly sourceOf: (job: Job, src: Addresses['src']) => SourceView | undefined;
  readonly storage: Pick<StorageProbe, 'glance' | 'folder'>;
  readonly replaceView: Addresses['replacing'];
  readonly inside: MessageParts['inside'] & Pick<InsidePictures, 'view'>;
  readonly services: Pick<Services, 'current' | 'find' | 'findResult' | 'recall' | 'onDidChange' | 'onDidChangeJob'>;
  readonly drafts: Drafts;
  readonly keys: Pick<KeyVault, 'read'>;
  readonly spending: Pick<Spending, 'view' | 'onDidChange'>;
  readonly lastEditor: MessageParts['lastEditor'] & { readonly onDidChange: vscode.Event<void> };
  readonly boxForm: () => BoxForm;
  readonly known: () => KnownService;
  /** The save folder as the user knows it, from the workspace folder on. */
  readonly shownFolder: (workspaceFolder: vscode.Uri) => Promise<string>;
  readonly saving: MessageParts['saving'] & Pick<SaveSheet, 'view'>;
  readonly heavy: MessageParts['heavy'] & Pick<HeavyPictures, 'note'>;
  readonly packs: MessageParts['packs'] & { readonly cutting: Pick<Packs['cutting'], 'view'> };
  readonly log: Log;
}

/** How long changes are gathered before a snapshot goes out, in milliseconds. */
const gatherMs = 30;

/** The studio panel of this window: one at most. It shows what is, and keeps nothing that a snapshot cannot bring back. */
export class Studio implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #subscriptions: vscode.Disposable[];
  readonly #texts = panelTexts();
  #panel: vscode.WebviewPanel | undefined;
  #notice: Telling | undefined;
  #revision = 0;
  #timer: NodeJS.Timeout | undefined;
  /** True while the panel could not be told what is; said once. */
  #isBehind = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    const refresh = () => this.refresh();
    this.#subscriptions = [
      parts.services.onDidChange(refresh),
      parts.services.onDidChangeJob(refresh),
      parts.spending.onDidChange(refresh),
      parts.lastEditor.onDidChange(refresh),
      vscode.workspace.onDidChangeWorkspaceFolders(refresh),
      vscode.workspace.onDidGrantWorkspaceTrust(refresh),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('wanImage')) refresh();
      }),
    ];
  }

  get isVisible(): boolean {
    return this.#panel?.visible ?? false;
  }

  /** Shows the studio, and brings it to the front if it is open. */
  open(): void {
    if (this.#panel) return this.#panel.reveal();
    const panel = vscode.window.createWebviewPanel(
      studioViewType,
      l10n.t('Wan Image Studio'),
      vscode.ViewColumn.Active,
      {},
    );
    this.#adopt(panel);
  }

  /** Shows the studio with this request in its form. */
  async openWith(request: ImageRequest): Promise<void> {
    await this.#parts.drafts.offer(request);
    this.open();
    this.refresh();
  }

  /** Takes a panel that VS Code has restored after a reload, with what it remembers. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const draft = draftIn(state);
    if (draft) this.#parts.drafts.recall(draft);
    if (this.#panel) return panel.dispose();
    this.#adopt(panel);
  }

  /** Says something in the studio. */
  tell(telling: Telling | undefined): void {
    this.#notice = telling;
    this.refresh();
  }

  /** Sends a new snapshot soon. A hidden panel gets one when it shows again. */
  refresh(): void {
    if (!this.isVisible) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#send().then(
        () => (this.#isBehind = false),
        (error: unknown) => this.#tellBehind(error),
      );
    }, gatherMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#panel?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    this.#isBehind = false;
    const { extensionUri, pictureFolders } = this.#parts;
    const dist = vscode.Uri.joinPath(extensionUri, 'dist');
    const media = vscode.Uri.joinPath(extensionUri, 'media');
    panel.iconPath = vscode.Uri.joinPath(media, 'icon.png');
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [dist, media, ...pictureFolders.map((folder) => vscode.Uri.file(folder))],
    };
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#parts.packs.cutting.close();
    });
    panel.onDidChangeViewState(() => this.refresh());
    webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
    const address = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
    webview.html = studioHtml({
      source: webview.cspSource,
      script: address('panel.js'),
      shared: address('panel-shared.js'),
      style: address('panel.css'),
      language: vscode.env.language,
      title: l10n.t('Wan Image Studio'),
    });
  }

  async #receive(message: unknown): Promise<void> {
    const parsed = PanelMessage.safeParse(message);
    if (!parsed.success) return this.#parts.log.error('The studio sent a message that does not exist.');
    if (parsed.data.type === 'ready') return this.refresh();
    const said = this.#notice;
    try {
      await this.#recall(parsed.data);
      const telling = await handleMessage(parsed.data, { ...this.#parts, notice: () => this.#notice });
      // What took long does not answer what was said meanwhile.
      if (telling || (isAnswer(parsed.data) && said === this.#notice)) this.tell(telling);
    } catch (error) {
      this.#parts.log.error(`The studio's "${parsed.data.type}" failed.`, error);
      this.tell({
        severity: 'error',
        text: l10n.t('That did not work. The log says more.'),
        actions: ['report-problem', 'show-log'],
      });
    }
  }

  /** Whatever a message is about may rest since long: then it is read before anything is done with it. */
  async #recall(message: PanelMessage): Promise<void> {
    if ('jobId' in message && message.jobId !== undefined) await this.#parts.services.recall(message.jobId);
    if ('resultId' in message) await this.#parts.services.recall(message.resultId);
  }

  async #send(): Promise<void> {
    const panel = this.#panel;
    if (!panel) return;
    try {
      const snapshot = await this.#snapshot(panel.webview);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a webview's has no origin to give
      void panel.webview.postMessage(snapshot);
    } catch (error) {
      // Nobody waits: a panel that was closed meanwhile is fine.
      if (this.#panel === panel) throw error;
    }
  }

  /** The panel cannot say it itself: it may have nothing to show at all. */
  async #tellBehind(error: unknown): Promise<void> {
    this.#parts.log.error('The studio could not be brought up to date.', error);
    if (this.#isBehind) return;
    this.#isBehind = true;
    const text = l10n.t('The studio could not be brought up to date. Close it and open it again; the log says more.');
    const show = actionLabel('show-log');
    if ((await vscode.window.showErrorMessage(text, show)) === show) await this.#parts.actions.perform('show-log');
  }

  async #snapshot(webview: vscode.Webview): Promise<Snapshot> {
    const { services, drafts, keys, lastEditor, boxForm, known, colours } = this.#parts;
    const { prices, refusesInline, boxForm: foundForm } = known();
    const service = await services.current();
    const key = service.mode === 'practice' ? 'not-needed' : (await keys.read()) === undefined ? 'missing' : 'present';
    const src = (file: string) => webview.asWebviewUri(vscode.Uri.file(file)).toString();
    const addresses: Addresses = {
      src,
      savedAs: (uri) => shortPath(vscode.Uri.parse(uri)),
      source: (job) => this.#parts.sourceOf(job, src),
      replacing: this.#parts.replaceView,
      heavy: (job, result, file) => this.#parts.heavy.note(service, job, result, file),
      inside: (job, result, file) => this.#parts.inside.view(job, result, file, src),
    };
    const { target } = lastEditor;
    const [storage, spending] = await Promise.all([this.#storage(), this.#parts.spending.view()]);
    const { gallery, reopening } = this.#parts;
    const history = await gallery.view(service, src);
    const cutting = this.#parts.packs.cutting.view(src);
    const opened = history && gallery.opened !== undefined ? service.jobs.get(gallery.opened) : undefined;
    const said = this.#notice ?? heldUp(service);
    // What the storage has to say stands there as long as it is so.
    const notice = said?.text === storage.vault?.text ? undefined : said;
    return {
      type: 'snapshot',
      revision: ++this.#revision,
      service: { mode: service.mode, name: service.name },
      key,
      workspace: await this.#workspace(),
      ...((storage.vault || storage.saveFolder) && { storage }),
      ...(spending && { spending }),
      ...(target && { insertTarget: shortPath(target.document) }),
      boxForm: boxForm(),
      known: { prices: { ...prices }, refusesInline, ...(foundForm && { boxForm: foundForm }) },
      sources: this.#parts.editing.views(src).map((view) => ({ ...view, ...reopening.note(view.id) })),
      draft: drafts.get(),
      pastDrafts: [...this.#parts.pastDrafts.list()],
      ...(colours.documentName !== undefined && { colourDocument: colours.documentName }),
      ...(colours.found && { colours: colours.found }),
      jobs: inSight(service.jobs.list()).map((job) => jobView(job, service, addresses)),
      ...(this.#parts.saving.view && { saving: this.#parts.saving.view }),
      ...(cutting && { cutting }),
      ...(history && { history }),
      ...(opened && { opened: jobView(opened, service, addresses) }),
      ...(notice && { notice: { severity: notice.severity, text: notice.text, actions: labelled(notice.actions) } }),
      strings: this.#texts,
    };
  }

  async #storage(): Promise<NonNullable<Snapshot['storage']>> {
    const { storage, drafts } = this.#parts;
    const folder = this.#folder();
    const [vault, saveFolder] = await Promise.all([storage.glance(drafts.request), folder && storage.folder(folder)]);
    return {
      ...(vault && { vault: noteOf(tellVault(vault)) }),
      ...(saveFolder && { saveFolder: noteOf(tellSaveFolder(saveFolder)) }),
    };
  }

  /** The workspace folder that Save means, where that is plain. */
  #folder(): vscode.WorkspaceFolder | undefined {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const near = this.#parts.lastEditor.target?.document;
    return (near && vscode.workspace.getWorkspaceFolder(near)) ?? (folders.length === 1 ? folders[0] : undefined);
  }

  async #workspace(): Promise<Snapshot['workspace']> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const folder = this.#folder();
    const saveFolder = folder && (await this.#parts.shownFolder(folder.uri));
    return {
      trusted: vscode.workspace.isTrusted,
      hasFolder: folders.length > 0,
      ...(folder && { saveFolder: saveFolder ? `${saveFolder}/` : `${folder.name}/` }),
    };
  }
}

/** False for what goes on by itself or besides, and leaves standing what was said. */
function isAnswer(message: PanelMessage): boolean {
  if (message.type === 'pastePiece') return message.index === message.total - 1;
  return !['draft', 'keepDraft', 'findColours', 'history', 'previewSaving', 'previewCut'].includes(message.type);
}

const noteOf = ({ text, actions }: Telling): StorageNote => ({ text, actions: labelled(actions) });

/** How many of the jobs that have ended the list shows; the history has the others. */
const mostEnded = 20;

/** The newest, those that have not ended, and those whose pictures can still be looked for. */
function inSight(jobs: readonly Job[]): Job[] {
  const newest = new Set(jobs.slice(0, mostEnded));
  return jobs.filter((job) => {
    const { state } = job.record.status;
    return newest.has(job) || (state !== 'done' && state !== 'failed') || lacksPictures(job.record);
  });
}

/** What keeps a job from going on, when something does. */
function heldUp({ jobs, mode }: Service): Telling | undefined {
  const job = jobs.list().find(({ trouble }) => trouble !== undefined);
  return job?.trouble && tellTrouble(job.trouble, mode);
}

function draftIn(state: unknown): Draft | undefined {
  return typeof state === 'object' && state !== null && 'draft' in state ? readDraft(state.draft) : undefined;
}
