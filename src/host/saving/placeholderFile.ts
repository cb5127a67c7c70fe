import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Size } from '../../core/size.ts';
import type { Pixels } from '../../pixels/client.ts';
import { carriesPlaceholderMark, placeholderHead } from '../../pixels/placeholderMark.ts';
import type { EncodedFormat } from '../../pixels/protocol.ts';
import type { KeptBytes } from '../editing/keptBytes.ts';
import type { Saver } from './saver.ts';

export interface PlaceholderParts {
  readonly pixels: Pick<Pixels, 'placeholder'>;
  readonly kept: KeptBytes;
  readonly saver: Pick<Saver, 'saveExactly'>;
}

/** Draws a free placeholder as exactly this file, which must not exist, and answers the sha256 of its bytes. Throws SaveError. */
export async function writePlaceholder(
  file: vscode.Uri,
  { size, label, format }: { readonly size: Size; readonly label: string; readonly format: EncodedFormat },
  { pixels, kept, saver }: PlaceholderParts,
): Promise<string> {
  const { bytes } = await pixels.placeholder(size, label, format);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await saver.saveExactly(kept.fileOf(await kept.keep(bytes, sha256, format)), format, file);
  return sha256;
}

/** Whether the beginning of a file says that it is a placeholder. What cannot be read is none. */
export async function carriesMark(file: vscode.Uri): Promise<boolean> {
  if (file.scheme !== 'file') return carriesPlaceholderMark(await vscode.workspace.fs.readFile(file));
  const handle = await open(file.fsPath, 'r').catch(() => undefined);
  if (!handle) return false;
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(placeholderHead), 0, placeholderHead, 0);
    return carriesPlaceholderMark(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}
