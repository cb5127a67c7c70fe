/** The formats whose headers are read here, by their bytes and never by a file's name. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'bmp' | 'gif';

const EXTENSIONS: Readonly<Record<ImageFormat, string>> = {
  png: 'png',
  jpeg: 'jpg',
  webp: 'webp',
  bmp: 'bmp',
  gif: 'gif',
};
const MIMES: Readonly<Record<ImageFormat, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  bmp: 'image/bmp',
  gif: 'image/gif',
};

/** The usual file extension, without the dot. */
export function extensionFor(format: ImageFormat): string {
  return EXTENSIONS[format];
}

/** The registered media type. */
export function mimeFor(format: ImageFormat): string {
  return MIMES[format];
}
