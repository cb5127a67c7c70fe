import * as vscode from 'vscode';
import { l10n } from 'vscode';

/** Bytes in megabytes of 1024 x 1024, with one digit after the point. */
export function fileSize(bytes: number): string {
  const format = new Intl.NumberFormat(vscode.env.language, { maximumFractionDigits: 1 });
  return l10n.t('{0} MB', format.format(bytes / 1024 / 1024));
}
