import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { ResultVersion, ResultView } from '../../core/messages.ts';
import { canBringBack } from '../../core/preparation.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import type { Pixels } from '../../pixels/client.ts';
import { PixelError } from '../../pixels/pixelError.ts';
import type { Log } from '../log.ts';
import { shortPath } from '../results.ts';
import { asSaveError, SaveError } from '../saving/saveError.ts';
import type { FoundResult, Services } from '../services.ts';
import {
  noReplaceSentence,
  saveSentence,
  type Telling,
  tellInsideError,
  tellReplaceError,
  tellSaveError,
  tellUndoError,
} from '../telling.ts';
import { type EditedInput, editedInput } from './editedInput.ts';
import { InsideError } from './insideError.ts';
import { isPng } from './insideFiles.ts';
import type { InsidePictures } from './insidePictures.ts';
import type { RecipeGiver } from '../recipes/giving.ts';
import { type KeptBytes, keptName, sha256Of } from './keptBytes.ts';
import { extensionOf } from './previews.ts';
import { asSourceError } from './sourceError.ts';
import type { Replacement, Replacements } from './replacements.ts';
import { shownVersion } from './versions.ts';
import { overwrite, readStanding, takeAway } from './standingFile.ts';

/** How replacing, or undoing it, ends. */
export type ReplaceOutcome =
  | { readonly kind: 'done'; readonly file: vscode.Uri; readonly replacement?: Replacement }
  /** The file has changed, and the user would rather have the picture beside it. */
  | { readonly kind: 'save-beside' }
  | { readonly kind: 'declined' }
  | { readonly kind: 'failed'; readonly telling: Telling };

interface Parts {
  readonly services: Pick<Services, 'findResult'>;
  readonly pixels: Pick<Pixels, 'bringBack'>;
  readonly inside: Pick<InsidePictures, 'forSource'>;
  /** Gives a picture its recipe on the way to its file. */
  readonly recipes: Pick<RecipeGiver, 'replace'>;
  readonly kept: KeptBytes;
  readonly replacements: Replacements;
  /** Called when there is another replacement to undo, or none any more. */
  readonly changed: () => void;
  readonly log: Log;
}

/** Puts results in the place of the pictures they were made from, and brings these back to the byte. */
export class Replacer {
  readonly #parts: Parts;
  /** Files that are being written: two at once could each keep the other's bytes as the former ones. */
  readonly #busy = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether a result of a job can take the place of its source, and whether it has. */
  view(job: Job, resultId: string): Pick<ResultView, 'replace' | 'replaced'> {
    const edited = editedInput(job.record);
    if (!edited) return {};
    const uri = vscode.Uri.parse(edited.source.uri);
    const name = shortPath(uri);
    const result = job.record.results.find(({ id }) => id === resultId);
    const reason = refusalOf(edited, uri, result && shownVersion(job.record, result));
    const replacement = this.#parts.replacements.byResult(resultId);
    return {
      replace: reason ? { can: false, sentence: noReplaceSentence(reason, name) } : { can: true, name },
      ...(replacement && { replaced: { replacementId: replacement.id, name } }),
    };
  }

  /** The file that a result is an edit of. */
  sourceOf(resultId: string): vscode.Uri | undefined {
    const found = this.#parts.services.findResult(resultId);
    const edited = found && editedInput(found.job.record);
    return edited && vscode.Uri.parse(edited.source.uri, true);
  }

  /** Puts a result in the place of its source. An id that does not exist does nothing. */
  async replace(resultId: string): Promise<ReplaceOutcome> {
    const found = this.#parts.services.findResult(resultId);
    const edited = found && editedInput(found.job.record);
    if (!found || !edited) return { kind: 'declined' };
    const uri = vscode.Uri.parse(edited.source.uri, true);
    const reason = refusalOf(edited, uri, shownVersion(found.job.record, found.result));
    if (reason)
      return {
        kind: 'failed',
        telling: { severity: 'warning', text: noReplaceSentence(reason, shortPath(uri)), actions: [] },
      };
    return this.#alone(uri, () =>
      this.#replace(found, edited, uri).catch((error: unknown) => {
        const { telling, cause } = replaceFailure(error, shortPath(uri), resultId);
        this.#parts.log.error('A picture was not replaced.', cause);
        return { kind: 'failed', telling };
      }),
    );
  }

  /** Brings back what a replacement took the place of; without an id, the latest one of any window. */
  async undo(id?: string): Promise<ReplaceOutcome> {
    const { replacements, log } = this.#parts;
    await replacements.load();
    const replacement = id === undefined ? replacements.latest : replacements.get(id);
    this.#parts.changed();
    if (!replacement) return { kind: 'declined' };
    const uri = vscode.Uri.parse(replacement.uri, true);
    return this.#alone(uri, () =>
      this.#undo(replacement, uri).catch((error: unknown) => {
        const found = asSaveError(error, shortPath(uri));
        log.error(`A replacement was not undone: ${found.kind}.`, found.cause);
        return { kind: 'failed', telling: tellUndoError(found.kind, found.place) };
      }),
    );
  }

  /**
   * Changes what a file of the workspace holds, or takes it away; what it held is kept and can be brought back like what was
   * replaced. Declined where `change` has nothing to change.
   */
  async change(
    uri: vscode.Uri,
    change: (standing: Uint8Array) => Uint8Array | 'away' | undefined,
  ): Promise<ReplaceOutcome> {
    return this.#alone(uri, async () => {
      try {
        await this.#parts.replacements.load();
        const standing = await readStanding(uri);
        const bytes = standing && change(standing);
        if (!bytes || bytes === standing) return { kind: 'declined' };
        const replacement = await this.#put(uri, {
          standing,
          standingHash: await sha256Of(standing),
          bytes,
          resultId: '',
        });
        return { kind: 'done', file: uri, replacement };
      } catch (error) {
        const { kind, place, cause } = asSaveError(error, shortPath(uri));
        this.#parts.log.error(`A file was not changed: ${kind}.`, cause);
        return {
          kind: 'failed',
          telling: { severity: 'error', text: saveSentence(kind, place), actions: ['show-log'] },
        };
      }
    });
  }

  async #alone(uri: vscode.Uri, work: () => Promise<ReplaceOutcome>): Promise<ReplaceOutcome> {
    const key = uri.toString();
    if (this.#busy.has(key)) return { kind: 'declined' };
    this.#busy.add(key);
    try {
      return await work();
    } finally {
      this.#busy.delete(key);
    }
  }

  async #replace(found: FoundResult, edited: EditedInput, uri: vscode.Uri): Promise<ReplaceOutcome> {
    const { inside, replacements } = this.#parts;
    await replacements.load(); // What another window has put there is ours as well.
    const standing = await readStanding(uri);
    if (!standing) return this.#askAboutMissing(uri);
    const standingHash = await sha256Of(standing);
    const isAsSent = standingHash === edited.source.sha256;
    if (!isAsSent && !replacements.isOurs(edited.source.uri, standingHash)) {
      const answer = await askAboutChange(shortPath(uri));
      if (answer !== 'replace') return { kind: answer };
    }
    const shown = shownVersion(found.job.record, found.result);
    const bytes =
      shown === 'whole'
        ? await this.#broughtBack(
            found.file,
            edited,
            isAsSent ? standing : ((await this.#keptSource(edited)) ?? standing),
          )
        : await inside.forSource(found, edited, shown);
    const put = (given: Uint8Array) =>
      this.#put(uri, { standing, standingHash, bytes: given, resultId: found.result.id });
    return { kind: 'done', file: uri, replacement: await this.#parts.recipes.replace(found, bytes, uri, put) };
  }

  async #broughtBack(file: string, { background }: EditedInput, source: Uint8Array): Promise<Uint8Array> {
    const answer = await readFile(file).catch((error: unknown) => {
      throw new SaveError('lost', file, { cause: error });
    });
    return (await this.#parts.pixels.bringBack(answer, source, { background }, { give: false })).bytes;
  }

  /** Where an older state is put into a place whose content nobody has kept, that content can be had back in the same way. */
  async #undo(replacement: Replacement, uri: vscode.Uri): Promise<ReplaceOutcome> {
    const { kept, replacements, changed } = this.#parts;
    const former = await kept.read(replacement.former);
    if (!former) throw new SaveError('lost', shortPath(uri));
    const standing = await readStanding(uri);
    const standingHash = standing && (await sha256Of(standing));
    const formerHash = await sha256Of(former);
    if (standingHash !== formerHash) {
      const isOurs = standing === undefined || standingHash === replacement.sha256;
      if (!isOurs && !(await askAboutUndo(shortPath(uri)))) return { kind: 'declined' };
      if (isOurs) await overwrite(uri, standing, former);
      else await this.#put(uri, { standing, standingHash: standingHash as string, bytes: former, resultId: '' });
    }
    await replacements.remove(replacement.id);
    changed();
    return { kind: 'done', file: uri };
  }

  /** Overwrites a file once its bytes are kept and the way back is written down. */
  async #put(
    uri: vscode.Uri,
    {
      standing,
      standingHash,
      bytes,
      resultId,
    }: {
      readonly standing: Uint8Array;
      readonly standingHash: string;
      readonly bytes: Uint8Array | 'away';
      readonly resultId: string;
    },
  ): Promise<Replacement> {
    const { kept, replacements, changed } = this.#parts;
    const former = await kept.keep(standing, standingHash, uri.path.split('.').at(-1) ?? '');
    const replacement = await replacements.add(
      { uri: uri.toString(), resultId, former, sha256: bytes === 'away' ? '' : await sha256Of(bytes) },
      Date.now(),
    );
    try {
      if (bytes === 'away') await takeAway(uri, standing);
      else await overwrite(uri, standing, bytes);
    } catch (error) {
      // Some file systems take the old file away before the new one gets its name: then the way back is needed.
      const isLeft = error instanceof SaveError || (await this.#isStanding(uri, standingHash));
      if (isLeft) await replacements.remove(replacement.id);
      changed();
      throw error;
    }
    changed();
    return replacement;
  }

  async #isStanding(uri: vscode.Uri, sha256: string): Promise<boolean> {
    const now = await readStanding(uri).catch(() => undefined); // What cannot be seen may not be there.
    return now !== undefined && (await sha256Of(now)) === sha256;
  }

  /** The source as it was sent, where the file is another by now. */
  #keptSource({ source: { sha256, facts } }: EditedInput): Promise<Uint8Array | undefined> {
    return this.#parts.kept.read(keptName(sha256, extensionOf(facts.format)));
  }

  async #askAboutMissing(uri: vscode.Uri): Promise<ReplaceOutcome> {
    const beside = l10n.t('Save as a New File');
    const question = l10n.t('{0} is not there any more.', shortPath(uri));
    const chosen = await vscode.window.showWarningMessage(question, { modal: true }, beside);
    return { kind: chosen === beside ? 'save-beside' : 'declined' };
  }
}

/** Why a result cannot take the place of its source. */
export type NoReplaceReason = 'animated' | 'vector' | 'format' | 'outside' | 'read-only' | 'as-png' | 'part';

function refusalOf(
  { source }: EditedInput,
  uri: vscode.Uri,
  shown: ResultVersion | undefined,
): NoReplaceReason | undefined {
  const verdict = canBringBack(source.facts);
  if (!verdict.possible) return verdict.reason;
  if (shown === 'whole' && source.crop) return 'part';
  if (shown && isPng(shown) && source.facts.format !== 'png') return 'as-png';
  if (!vscode.workspace.getWorkspaceFolder(uri)) return 'outside';
  return vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false ? 'read-only' : undefined;
}

function replaceFailure(error: unknown, place: string, resultId: string): { telling: Telling; cause: unknown } {
  if (error instanceof InsideError) return { telling: tellInsideError(error), cause: error };
  if (error instanceof PixelError)
    return { telling: tellReplaceError(asSourceError(error, place).kind, place, resultId), cause: error };
  const found = asSaveError(error, place);
  return { telling: tellSaveError(found.kind, found.place, [resultId]), cause: found };
}

async function askAboutChange(name: string): Promise<'replace' | 'save-beside' | 'declined'> {
  const replace = l10n.t('Replace Anyway');
  const beside = l10n.t('Save Beside');
  const question = l10n.t('{0} has changed since it was sent.', name);
  const detail = l10n.t(
    'Replacing it takes the place of the change as well. What is there now is kept, and Undo Replace brings it back.',
  );
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, replace, beside);
  if (chosen === replace) return 'replace';
  return chosen === beside ? 'save-beside' : 'declined';
}

async function askAboutUndo(name: string): Promise<boolean> {
  const back = l10n.t('Bring Back Anyway');
  const question = l10n.t('{0} has changed since it was replaced.', name);
  const detail = l10n.t(
    'Bringing back the former picture takes the place of the change as well. What is there now is kept, and Undo Replace brings it back.',
  );
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, back)) === back;
}
