import type { ByteSource } from './byteSource.ts';
import { type ImageHeader, readHeader } from './header.ts';
import { checkBmp } from './integrity/bmp.ts';
import { checkGif } from './integrity/gif.ts';
import { checkJpeg } from './integrity/jpeg.ts';
import { checkPng } from './integrity/png.ts';
import { ByteStream } from './integrity/byteStream.ts';
import { checkWebp } from './integrity/webp.ts';
import type { ImageFormat } from './format.ts';

/** A picture that was read from its first byte to its last. */
export interface VerifiedPicture {
  header: ImageHeader;
  /** Length of the file in bytes. */
  byteLength: number;
  /** Bytes behind the picture's own end, which decoders pass over (an appended preview, padding); 0 as a rule. */
  trailingBytes: number;
}

/** Walks a whole file of one format and answers with the offset behind the picture. Throws PixelError. */
export type Check = (stream: ByteStream, header: ImageHeader) => Promise<number>;

const CHECKS: Readonly<Record<ImageFormat, Check>> = {
  png: checkPng,
  jpeg: checkJpeg,
  webp: checkWebp,
  bmp: checkBmp,
  gif: checkGif,
};

/**
 * Checks, without decoding, that the bytes are one whole picture of the format they begin as. Reads the file once, 256 KB at a
 * time. A PNG up to 64 MP also has its pixels inflated and counted.
 * Throws PixelError 'not-an-image', 'unsupported', 'truncated' or 'corrupt'.
 */
export async function verifyPicture(source: ByteSource): Promise<VerifiedPicture> {
  const header = await readHeader(source);
  const end = await CHECKS[header.format](new ByteStream(source), header);
  return { header, byteLength: source.size, trailingBytes: source.size - end };
}
