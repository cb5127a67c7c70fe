import type { DecodeLimits, Thumbnail } from './engine.ts';
import type { PixelErrorKind } from './pixelError.ts';
import type { Raster } from './raster.ts';

/** Everything that the worker does, by name. A further operation is a line here and one in worker.ts; client.ts then asks for its method. */
export interface Operations {
  decode(bytes: Uint8Array, limits?: DecodeLimits): Promise<Raster>;
  thumbnail(bytes: Uint8Array, maxSide: number): Promise<Thumbnail>;
}

export type OperationName = keyof Operations;

/** From the client to the worker. */
export interface Call<Name extends OperationName = OperationName> {
  id: number;
  operation: Name;
  input: Parameters<Operations[Name]>;
}

/** From the worker to the client. `kind` is missing where the worker itself is at fault. */
export type Answer =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; kind?: PixelErrorKind; message: string };

/** What the worker is started with. */
export interface WorkerOptions {
  /** Folder of the engine's files, where it is not the usual one. */
  vipsFolder?: string;
}
