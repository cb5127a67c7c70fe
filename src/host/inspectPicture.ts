import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { sourceOfFile } from '../pixels/byteSource.ts';
import { verifyPicture } from '../pixels/integrity.ts';
import type { Downloaded } from '../service/types.ts';

/** What picture a file holds, in pixels as it is seen. Throws PixelError where it is not one whole picture. */
export async function verifyFile(file: string): Promise<{ format: string; width: number; height: number }> {
  const handle = await open(file, 'r');
  try {
    const { header } = await verifyPicture(await sourceOfFile(handle));
    return { format: header.format, width: header.uprightWidth, height: header.uprightHeight };
  } finally {
    await handle.close();
  }
}

/** The same with the file's length and hash. */
export async function inspectFile(file: string): Promise<Downloaded> {
  const picture = await verifyFile(file);
  const hash = createHash('sha256');
  let byteLength = 0;
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(piece);
    byteLength += piece.length;
  }
  return { ...picture, byteLength, sha256: hash.digest('hex') };
}
