import { readDirectory } from './metadata/exif.ts';

/** The compressions of TIFF that we write. */
export type TiffCompression = 'none' | 'lzw' | 'jpeg' | 'deflate' | 'packbits';

const COMPRESSION_TAG = 259;
const COMPRESSIONS: Readonly<Record<number, TiffCompression>> = { 1: 'none', 5: 'lzw', 7: 'jpeg', 32773: 'packbits' };

/** How the first picture of a TIFF is compressed; deflate, which loses nothing, where that is not to be had. */
export function tiffCompression(bytes: Uint8Array): TiffCompression {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 8) return 'deflate';
  const little = view.getUint16(0) === 0x4949;
  // The larger variant of TIFF has other offsets.
  if (view.getUint16(2, little) !== 42) return 'deflate';
  const compression = readDirectory(view, view.getUint32(4, little), little).get(COMPRESSION_TAG);
  return COMPRESSIONS[compression ?? 0] ?? 'deflate';
}
