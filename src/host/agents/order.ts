import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { type AgentCall, picturesOf, requestOf, targetsOf } from '../../core/agentTools.ts';
import { findProblems } from '../../core/preflight.ts';
import type { SourceFacts } from '../../core/preparation.ts';
import type { ImageRequest } from '../../core/request.ts';
import type { Pixels } from '../../pixels/client.ts';
import { PixelError } from '../../pixels/pixelError.ts';
import { sha256Of } from '../editing/keptBytes.ts';
import { readPictureFile } from '../editing/pictureFile.ts';
import { isInWorkspace, isMissingInWorkspace } from '../editing/places.ts';
import { asSourceError } from '../editing/sourceError.ts';
import type { Sources } from '../editing/sources.ts';
import { shortPath } from '../results.ts';
import { sourceSentence } from '../telling.ts';
import { fileNamed } from './agentPaths.ts';
import { problemOf } from './agentTelling.ts';
import type { AgentFile, AgentProblem, AgentProblems } from './agentTypes.ts';
import { outsideForeseen } from './outside.ts';
import { draftOf } from './sameCall.ts';

/** A call with the files that it means. */
export interface Order {
  readonly call: AgentCall;
  readonly request: ImageRequest;
  readonly targets: readonly vscode.Uri[];
  /** The hashes of what is sent along, by ids. */
  readonly pictures: ReadonlyMap<string, string>;
  /** What its caller should know before it is paid for. */
  readonly notes: readonly AgentProblem[];
  /** The same for calls that ask for the same. */
  readonly draft: string;
}

/** Finds the files that a call means, and reads the pictures that it sends along. */
export async function orderOf(
  call: AgentCall,
  askedBy: string,
  known: Pick<Sources, 'add'>,
  pixels: Pick<Pixels, 'describe'>,
): Promise<Order | AgentProblems> {
  const { targets, problems } = filesOf(call);
  const pictures: NamedPicture[] = [];
  for (const [index, path] of picturesOf(call).entries()) {
    const field = index === picturesOf(call).length - 1 ? 'image' : `references.${index}`;
    const found = await pictureNamed(path, pixels);
    if (typeof found === 'string') problems.push({ code: 'picture', field, severity: 'error', sentence: found });
    else pictures.push(found);
  }
  if (problems.length > 0) return { kind: 'problems', problems };
  const sources = pictures.map(({ uri }) => known.add(uri, shortPath(uri)));
  const request = requestOf(call, sources);
  const images = new Map(sources.map(({ id }, index) => [id, pictures[index]?.facts]));
  const outside = boxesOutside(call, request, images);
  if (outside.length > 0) return { kind: 'problems', problems: outside };
  return {
    call,
    targets,
    request,
    notes: [outsideForeseen(call, pictures.at(-1)?.facts)].filter((note) => note !== undefined),
    pictures: new Map(sources.map(({ id }, index) => [id, pictures[index]?.sha256 ?? ''])),
    draft: draftOf(askedBy, call, {
      targets: targets.map((target) => target.toString()),
      pictures: pictures.map(({ uri, sha256 }) => ({ uri: uri.toString(), sha256 })),
    }),
  };
}

/** The files that a call wants, as far as its paths name any. */
export function filesOf(call: AgentCall): { readonly targets: vscode.Uri[]; readonly problems: AgentProblem[] } {
  const field = call.kind === 'generateSet' ? 'folder' : 'path';
  const [targets, problems]: [vscode.Uri[], AgentProblem[]] = [[], []];
  for (const path of targetsOf(call)) {
    const file = fileNamed(path);
    if ('sentence' in file) problems.push({ code: 'path', field, severity: 'error', sentence: file.sentence });
    else targets.push(file);
  }
  return { targets, problems };
}

/** A picture of the workspace that is sent along. */
interface NamedPicture {
  readonly uri: vscode.Uri;
  readonly sha256: string;
  /** Left out where it cannot be read as one, which is told when it is prepared. */
  readonly facts: SourceFacts | undefined;
}

/** Such a picture, or why it cannot be sent along. */
async function pictureNamed(path: string, pixels: Pick<Pixels, 'describe'>): Promise<NamedPicture | string> {
  const uri = fileNamed(path);
  if ('sentence' in uri) return uri.sentence;
  const shown = shortPath(uri);
  try {
    const outside = await notInside(uri);
    if (outside !== undefined) return outside;
    const bytes = await readPictureFile(uri, shown);
    const facts = await pixels.describe(bytes).catch((error: unknown) => {
      if (error instanceof PixelError) return undefined;
      throw error;
    });
    return { uri, sha256: await sha256Of(bytes), facts };
  } catch (error) {
    return sourceSentence(asSourceError(error, shown).kind, shown);
  }
}

/** Boxes that reach past the edge of their picture. On the way they would be cut off there, and edit something else than was meant. */
function boxesOutside(
  call: AgentCall,
  request: ImageRequest,
  images: ReadonlyMap<string, SourceFacts | undefined>,
): AgentProblem[] {
  const known = new Map([...images].flatMap(([id, facts]) => (facts ? [[id, facts] as const] : [])));
  const facts = [...known.values()].at(-1);
  return findProblems(request, { images: known, boxForm: 'auto', refusesInline: false })
    .filter(({ code }) => code === 'box-outside')
    .map((problem) => ({
      ...problemOf(problem, call),
      ...(facts && { fix: l10n.t('The picture is {0} × {1} pixels.', facts.width, facts.height) }),
    }));
}

/** Why a file may not be read for a caller, after every link is followed; undefined where it may. */
export async function notInside(uri: vscode.Uri): Promise<string | undefined> {
  if (await isInWorkspace(uri)) return undefined;
  return (await isMissingInWorkspace(uri))
    ? l10n.t('{0} is not there. Look for the right path.', shortPath(uri))
    : l10n.t('{0} is not a file inside the workspace. Name one that is.', shortPath(uri));
}

/** A file as callers are told of it. */
export function fileOf(uri: vscode.Uri): AgentFile {
  return {
    absolutePath: uri.scheme === 'file' ? uri.fsPath : uri.toString(),
    relativePath: vscode.workspace.asRelativePath(uri),
  };
}

export const isThere = async (file: vscode.Uri): Promise<boolean> =>
  vscode.workspace.fs.stat(file).then(
    () => true,
    // Whatever cannot be looked at may be there.
    (error: unknown) => !(error instanceof vscode.FileSystemError && error.code === 'FileNotFound'),
  );
