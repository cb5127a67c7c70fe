import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { callFor } from '../../core/agentTools.ts';
import type { JobRecord } from '../../jobs/record.ts';
import { placesOf } from '../../jobs/resultMarks.ts';
import { fileNameFromPrompt } from '../saving/fileName.ts';
import type { Telling } from '../telling.ts';

/** Copies the call of a tool that asks for pictures like those of a job, and says so. It names no place outside the workspace. */
export async function copyAgentCall(record: JobRecord | undefined): Promise<Telling | undefined> {
  if (!record) return undefined;
  const pictures = picturesIn(record);
  const call =
    pictures &&
    callFor(record.asked ?? record.request, { pictures, target: targetFor(record), isWhole: isWhole(record) });
  if (!call) {
    const text = l10n.t(
      'No agent can ask for this: it was made from pictures that are not in the workspace, or with options that the tools do not have.',
    );
    return { severity: 'warning', text, actions: [] };
  }
  await vscode.env.clipboard.writeText(JSON.stringify(call, null, 2));
  return { severity: 'info', text: l10n.t('The call is in the clipboard.'), actions: [] };
}

/** True where an agent had asked for all of an answer. */
const isWhole = ({ intent }: JobRecord): boolean => intent.kind === 'save' && !intent.keepOutside;

/** What was sent along, in the order in which it was sent; undefined where one lies outside the workspace. */
function picturesIn({ asked, request, sources = [] }: JobRecord): string[] | undefined {
  const { inputs } = asked ?? request;
  const places = inputs.map(({ id }) => placeOf(sources.find((source) => source.id === id)?.uri));
  return places.every((place) => place !== undefined) ? places : undefined;
}

function placeOf(address: string | undefined): string | undefined {
  const uri = address === undefined ? undefined : vscode.Uri.parse(address, true);
  return uri && vscode.workspace.getWorkspaceFolder(uri) ? vscode.workspace.asRelativePath(uri) : undefined;
}

/** Beside the file that it was saved as, under a name of its own: no call replaces a file. */
function targetFor({ request, results }: JobRecord): string {
  const saved = placeOf(results.flatMap(placesOf)[0]);
  if (saved !== undefined) return saved.replace(/(\.[^./]*)?$/, '-2$1');
  return `${fileNameFromPrompt(request.prompt)}.png`;
}
