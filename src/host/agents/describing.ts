import type { Recipe } from '../../core/recipe.ts';
import { formatPrice } from '../../core/request.ts';
import type { Pixels } from '../../pixels/client.ts';
import { PixelError } from '../../pixels/pixelError.ts';
import { readPictureFile } from '../editing/pictureFile.ts';
import { asSourceError, SourceError } from '../editing/sourceError.ts';
import { codeOf } from '../saving/saveError.ts';
import { recipeIn } from '../recipes/finding.ts';
import { shortPath } from '../results.ts';
import { sourceSentence } from '../telling.ts';
import { fileNamed } from './agentPaths.ts';
import type { AgentFile, AgentProblems, Preview } from './agentTypes.ts';
import { fileOf, notInside } from './order.ts';
import { previewOf } from './preview.ts';

/** What is known of a picture file. */
export interface PictureDescription extends AgentFile {
  /** Pixels, as it is seen upright. */
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly byteLength: number;
  readonly hasTransparency: boolean;
  readonly isAnimated: boolean;
  /** How it was made, where it says so itself: anybody may have written that. */
  readonly recipe?: object;
  readonly preview?: Preview;
}

/** Says what picture files of the workspace are. */
export class PictureDescriber {
  readonly #pixels: Pick<Pixels, 'describe' | 'preview'>;

  constructor(pixels: Pick<Pixels, 'describe' | 'preview'>) {
    this.#pixels = pixels;
  }

  async describe(path: string): Promise<PictureDescription | AgentProblems> {
    const uri = fileNamed(path);
    if ('sentence' in uri) return refused('path', uri.sentence);
    const shown = shortPath(uri);
    const sentence = await notInside(uri);
    if (sentence !== undefined) return refused('outside', sentence);
    try {
      const bytes = await readPictureFile(uri, shown);
      const { width, height, format, hasAlpha, animated } = await this.#pixels.describe(bytes);
      const preview = await previewOf(bytes, this.#pixels);
      const found = await recipeIn(uri);
      return {
        ...fileOf(uri),
        width,
        height,
        format,
        byteLength: bytes.byteLength,
        hasTransparency: hasAlpha,
        isAnimated: animated,
        ...(found.kind === 'recipe' && { recipe: recipeFacts(found.recipe) }),
        ...(preview && { preview }),
      };
    } catch (error) {
      if (!(error instanceof SourceError) && !(error instanceof PixelError) && codeOf(error) === undefined) throw error;
      const { kind } = asSourceError(error, shown);
      return refused(`picture-${kind}`, sourceSentence(kind, shown));
    }
  }
}

/** What of a recipe helps to make a picture again or another like it. */
function recipeFacts({ madeAt, madeBy, request, inputs, picture, cost }: Recipe): object {
  return {
    madeAt,
    madeBy,
    prompt: request.prompt,
    ...(picture.line !== undefined && { line: picture.line }),
    model: request.variant,
    seed: request.seed,
    ...(request.palette.length > 0 && { palette: request.palette.map(({ hex }) => hex) }),
    picture: `${picture.number} of ${picture.of}`,
    sentAlong: inputs.flatMap(({ source }) => (source.kind === 'file' ? [source.path] : [])),
    ...(cost !== undefined && { cost: formatPrice(cost) }),
  };
}

const refused = (code: string, sentence: string): AgentProblems => ({
  kind: 'problems',
  problems: [{ code, field: 'path', severity: 'error', sentence }],
});
