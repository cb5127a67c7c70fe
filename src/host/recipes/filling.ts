import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Recipe, RecipeSource } from '../../core/recipe.ts';
import type { ImageRequest, InputImage } from '../../core/request.ts';
import { sha256Of } from '../editing/keptBytes.ts';
import { readPictureFile } from '../editing/pictureFile.ts';
import { isInWorkspace } from '../editing/places.ts';
import { asSourceError } from '../editing/sourceError.ts';
import type { Sources } from '../editing/sources.ts';
import type { Former } from '../history/reopening.ts';
import { plainText } from '../plainText.ts';
import { shortPath } from '../results.ts';

/** A recipe as a request of the form, and what of it is not as it was. */
export interface Filled {
  readonly request: ImageRequest;
  /** What there is to say of pictures, by the inputs of the request. */
  readonly formers: ReadonlyMap<string, Former>;
  /** The pictures that are there, and the sha256 of what they are now. */
  readonly pictures: ReadonlyMap<string, string>;
  /** Names of pictures that are another state of their file, and of those that are not to be had. */
  readonly changed: readonly string[];
  readonly missing: readonly string[];
}

/**
 * Makes a request of a recipe, which anybody may have written: a picture is looked at only where it lies in the workspace
 * after every link is followed; any other is named as missing, and the user can put one in its place.
 */
export async function filledFrom(
  recipe: Recipe,
  file: vscode.Uri,
  { sources, starting }: { readonly sources: Pick<Sources, 'add'>; readonly starting: ImageRequest },
): Promise<Filled> {
  const inputs: InputImage[] = [];
  const formers = new Map<string, Former>();
  const pictures = new Map<string, string>();
  const changed: string[] = [];
  const missing: string[] = [];
  for (const [index, { source, ...rest }] of recipe.inputs.entries()) {
    if (source.kind === 'address') {
      inputs.push({ ...rest, id: randomUUID(), name: nameOf(source, index), url: source.url });
      continue;
    }
    const uri = await fileOf(source, file);
    const now = uri && (await hashOf(uri));
    const known = uri && now && 'sha256' in now ? sources.add(uri, shortPath(uri)) : undefined;
    // A form can hold a file once.
    if (uri && known && now && 'sha256' in now && !pictures.has(known.id)) {
      const { id, name } = known;
      inputs.push({ ...rest, id, name });
      pictures.set(id, now.sha256);
      if (source.kind !== 'file' || now.sha256 === source.sha256) continue;
      changed.push(name);
      formers.set(id, { uri: uri.toString(), name, facts: sizeOf(source), is: 'changed', shown: 'file' });
      continue;
    }
    const [id, name] = [randomUUID(), nameOf(source, index)];
    inputs.push({ ...rest, id, name });
    missing.push(name);
    const is = now && 'trouble' in now && now.trouble !== 'gone' ? 'unreadable' : 'gone';
    if (source.kind !== 'address-not-kept') formers.set(id, { name, facts: sizeOf(source), is, shown: 'file' });
  }
  const { responseFormat } = starting;
  return { request: { ...recipe.request, inputs, responseFormat }, formers, pictures, changed, missing };
}

/** The file of the workspace that a recipe names; undefined where it names none. */
async function fileOf(source: RecipeSource, recipe: vscode.Uri): Promise<vscode.Uri | undefined> {
  if (source.kind !== 'file') return undefined;
  const uri = vscode.Uri.joinPath(recipe, '..', source.path);
  return (await isInWorkspace(uri)) ? uri : undefined;
}

async function hashOf(uri: vscode.Uri): Promise<{ readonly sha256: string } | { readonly trouble: string }> {
  try {
    return { sha256: await sha256Of(await readPictureFile(uri, shortPath(uri))) };
  } catch (error) {
    return { trouble: asSourceError(error, shortPath(uri)).kind };
  }
}

const sizeOf = ({ width, height }: { readonly width: number; readonly height: number }) => ({ width, height });

function nameOf(source: RecipeSource, index: number): string {
  switch (source.kind) {
    case 'file':
      return plainText(source.path);
    case 'address':
      return plainText(source.url);
    case 'elsewhere':
      return l10n.t('Image {0}, which was not in the workspace', index + 1);
    case 'address-not-kept':
      return l10n.t('Image {0}, whose address is not kept', index + 1);
  }
}
