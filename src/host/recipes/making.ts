import * as vscode from 'vscode';
import { isEdit } from '../../core/request.ts';
import { type Recipe, recipeSource } from '../../core/recipe.ts';
import { lineOf, slotsOf } from '../../jobs/slots.ts';
import type { MadeBy } from '../../pixels/recipe/embedding.ts';
import { shownVersion } from '../editing/versions.ts';
import type { FoundResult } from '../services.ts';

/** What the AI fields call the model's family; which of it stands beside it. */
const system = 'Wan2.7 Image';

/**
 * The recipe of a picture, for a file in this folder. Pictures that were sent along are named by the way to them where both
 * lie in one workspace folder.
 * @param app name and version of this extension
 */
export function recipeOf({ service, job: { record }, result }: FoundResult, folder: vscode.Uri, app: string): Recipe {
  const { inputs, responseFormat: _, ...request } = record.asked ?? record.request;
  const home = vscode.workspace.getWorkspaceFolder(folder);
  const slots = slotsOf(record);
  const line = lineOf(record, result.id);
  const { width, height, format } = result;
  return {
    wanImageRecipe: 1,
    app,
    madeAt: `${new Date(record.sentAt ?? record.createdAt).toISOString().slice(0, 19)}Z`,
    madeBy: service.mode === 'practice' ? 'practice' : 'service',
    request,
    inputs: inputs.map((input) => {
      const source = record.sources?.find(({ id }) => id === input.id);
      const uri = source && vscode.Uri.parse(source.uri, true);
      const isAtHome = uri !== undefined && home !== undefined && vscode.workspace.getWorkspaceFolder(uri) === home;
      return {
        source: recipeSource(
          {
            input,
            ...(source && uri && { source: { path: uri.path, sha256: source.sha256, ...sidesOf(source.facts) } }),
          },
          folder.path,
          isAtHome ? home.uri.path : undefined,
        ),
        boxes: input.boxes,
        ...(input.preparation && { preparation: input.preparation }),
        ...(input.crop && { crop: input.crop }),
      };
    }),
    picture: {
      number: slots.indexOf(result.id) + 1,
      of: slots.length,
      ...(line !== undefined && { line }),
      width,
      height,
      format,
      version: shownVersion(record, result),
    },
    ...(record.actualPrice !== undefined && { cost: record.actualPrice }),
  };
}

/** How a picture is marked as made: what practice mode draws is no work of a model, and is not called so. */
export function markOf({ service, job: { record } }: FoundResult): MadeBy {
  const { request } = record;
  if (service.mode === 'practice') return { source: isEdit(request) ? 'compositeSynthetic' : 'algorithmicMedia' };
  return {
    source: isEdit(request) ? 'compositeWithTrainedAlgorithmicMedia' : 'trainedAlgorithmicMedia',
    system,
    systemVersion: request.variant,
  };
}

const sidesOf = ({ width, height }: { readonly width: number; readonly height: number }) => ({ width, height });
