import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { sha256Of } from '../editing/keptBytes.ts';
import { isInWorkspace } from '../editing/places.ts';
import { asSaveError, codeOf, SaveError } from '../saving/saveError.ts';
import type { Saver } from '../saving/saver.ts';

/** A file that is to be written, and its bytes. */
export interface BatchFile {
  readonly target: vscode.Uri;
  readonly bytes: Uint8Array;
}

/** A file that was written, by the hash of its bytes. */
export interface WrittenFile {
  readonly target: vscode.Uri;
  readonly sha256: string;
}

/** What undoing has come to. */
export interface Undone {
  readonly deleted: readonly vscode.Uri[];
  /** Changed by somebody since, and left as they are. */
  readonly left: readonly vscode.Uri[];
  /** Still what was written, as far as that can be told, and not to be deleted. */
  readonly stuck: readonly WrittenFile[];
}

/** Writes several new files of the workspace, all or none. */
export class Batch {
  readonly #folder: string;
  readonly #saver: Pick<Saver, 'writeNew'>;

  /** @param folder absolute path of a folder of the extension's own, where files are put together */
  constructor(folder: string, saver: Pick<Saver, 'writeNew'>) {
    this.#folder = folder;
    this.#saver = saver;
  }

  /** Writes all, none over anything. Throws SaveError, and then those that were written are gone again. */
  async write(files: readonly BatchFile[]): Promise<WrittenFile[]> {
    const workshop = join(this.#folder, randomUUID());
    const written: WrittenFile[] = [];
    try {
      await mkdir(workshop, { recursive: true });
      for (const [index, { target, bytes }] of files.entries()) {
        const kept = join(workshop, String(index));
        await writeFile(kept, bytes);
        await this.#saver.writeNew(kept, target);
        written.push({ target, sha256: await sha256Of(bytes) });
      }
      return written;
    } catch (error) {
      await undoBatch(written);
      if (error instanceof SaveError) throw error;
      throw asSaveError(error, this.#folder);
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
  }
}

/** Deletes those of the files that are still what was written, to the byte, and no others. */
export async function undoBatch(written: readonly WrittenFile[]): Promise<Undone> {
  const [deleted, left]: [vscode.Uri[], vscode.Uri[]] = [[], []];
  const stuck: WrittenFile[] = [];
  for (const file of written) {
    const { target, sha256 } = file;
    try {
      const bytes = await vscode.workspace.fs.readFile(target);
      // A folder on the way may have become a link since.
      if ((await sha256Of(new Uint8Array(bytes))) !== sha256 || !(await isInWorkspace(target))) {
        left.push(target);
        continue;
      }
      await vscode.workspace.fs.delete(target);
      deleted.push(target);
    } catch (error) {
      if (!['ENOENT', 'FileNotFound'].includes(codeOf(error) ?? '')) stuck.push(file);
    }
  }
  return { deleted, left, stuck };
}
