import { PixelEngine } from './engine.ts';

/**
 * The engines of one worker, each started on first use: one for the usual formats, and one more for each of AVIF and SVG,
 * whose decoders are large and seldom needed and must be there when an engine starts.
 */
export class Engines {
  readonly #folder: string | undefined;
  readonly #engines = new Map<string, PixelEngine>();

  /** @param folder Folder of the engine's files, where it is not the usual one. */
  constructor(folder?: string) {
    this.#folder = folder;
  }

  /** The engine that reads and writes a format; the same one each time. */
  for(format: string): PixelEngine {
    const library = LIBRARIES[format] ?? '';
    const engine = this.#engines.get(library) ?? this.#create(library);
    this.#engines.set(library, engine);
    return engine;
  }

  #create(library: string): PixelEngine {
    return new PixelEngine({
      ...(this.#folder !== undefined && { folder: this.#folder }),
      libraries: library ? [library] : [],
    });
  }
}

const LIBRARIES: Readonly<Record<string, string>> = { avif: 'vips-heif.wasm', svg: 'vips-resvg.wasm' };
