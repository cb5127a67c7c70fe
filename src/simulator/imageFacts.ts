/** What the service can see of an input image without decoding it. Width and height are those of the upright picture. */
export interface ImageFacts {
  format: 'png' | 'jpeg' | 'webp' | 'bmp';
  width: number;
  height: number;
  hasAlpha: boolean;
  /** Size of the file in bytes. */
  bytes: number;
}

/** Reads the header of a PNG, JPEG, WebP or BMP; undefined for anything else and for headers that are cut off. */
export function imageFacts(bytes: Uint8Array): ImageFacts | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const look = lookAtPng(view) ?? lookAtJpeg(view) ?? lookAtWebp(view) ?? lookAtBmp(view);
    if (look === undefined || look.width < 1 || look.height < 1) return undefined;
    const { orientation, ...facts } = look;
    const isTurned = orientation >= 5 && orientation <= 8;
    return {
      ...facts,
      width: isTurned ? facts.height : facts.width,
      height: isTurned ? facts.width : facts.height,
      bytes: bytes.byteLength,
    };
  } catch (error) {
    // A header that points past its end makes DataView throw this; such a file is not a readable image.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

type Look = Omit<ImageFacts, 'bytes'> & { orientation: number };

function lookAtPng(view: DataView): Look | undefined {
  if (view.byteLength < 33 || view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) return undefined;
  if (tag(view, 12) !== 'IHDR') return undefined;
  const colourType = view.getUint8(25);
  let hasAlpha = colourType === 4 || colourType === 6;
  let orientation = 1;
  for (let at = 33; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const name = tag(view, at + 4);
    if (name === 'IDAT' || name === 'IEND') break;
    if (name === 'tRNS') hasAlpha = true;
    if (name === 'eXIf') orientation = orientationIn(view, at + 8);
  }
  return { format: 'png', width: view.getUint32(16), height: view.getUint32(20), hasAlpha, orientation };
}

function lookAtJpeg(view: DataView): Look | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  let orientation = 1;
  let at = 2;
  while (at + 4 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // SOF0 to SOF15 without the three markers of that range which are not frames.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return {
        format: 'jpeg',
        width: view.getUint16(at + 7),
        height: view.getUint16(at + 5),
        hasAlpha: false,
        orientation,
      };
    }
    if (marker === 0xe1 && tag(view, at + 4) === 'Exif') orientation = orientationIn(view, at + 10);
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function lookAtWebp(view: DataView): Look | undefined {
  if (view.byteLength < 30 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WEBP') return undefined;
  const kind = tag(view, 12);
  if (kind === 'VP8 ') {
    const width = view.getUint16(26, true) & 0x3fff;
    return { format: 'webp', width, height: view.getUint16(28, true) & 0x3fff, hasAlpha: false, orientation: 1 };
  }
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true);
    const width = (bits & 0x3fff) + 1;
    return {
      format: 'webp',
      width,
      height: ((bits >>> 14) & 0x3fff) + 1,
      hasAlpha: (bits & (1 << 28)) !== 0,
      orientation: 1,
    };
  }
  if (kind !== 'VP8X') return undefined;
  const width = 1 + view.getUint16(24, true) + (view.getUint8(26) << 16);
  const height = 1 + view.getUint16(27, true) + (view.getUint8(29) << 16);
  return {
    format: 'webp',
    width,
    height,
    hasAlpha: (view.getUint8(20) & 0x10) !== 0,
    orientation: orientationOfWebp(view),
  };
}

function orientationOfWebp(view: DataView): number {
  for (let at = 30; at + 8 <= view.byteLength;) {
    const length = view.getUint32(at + 4, true);
    if (tag(view, at) === 'EXIF') {
      const hasPrefix = tag(view, at + 8) === 'Exif';
      return orientationIn(view, at + 8 + (hasPrefix ? 6 : 0));
    }
    at += 8 + length + (length & 1);
  }
  return 1;
}

function lookAtBmp(view: DataView): Look | undefined {
  if (view.byteLength < 26 || view.getUint16(0) !== 0x424d) return undefined;
  const isOldHeader = view.getUint32(14, true) === 12;
  const width = isOldHeader ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = isOldHeader ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  return { format: 'bmp', width, height, hasAlpha: false, orientation: 1 };
}

/** The orientation in a TIFF block, 1 to 8; 1 where it is absent or broken. */
function orientationIn(view: DataView, start: number): number {
  if (start + 8 > view.byteLength) return 1;
  const order = view.getUint16(start);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  const directory = start + view.getUint32(start + 4, little);
  if (directory + 2 > view.byteLength) return 1;
  const entries = view.getUint16(directory, little);
  for (let index = 0; index < entries; index += 1) {
    const entry = directory + 2 + index * 12;
    if (entry + 12 > view.byteLength) return 1;
    if (view.getUint16(entry, little) === 0x0112) return view.getUint16(entry + 8, little);
  }
  return 1;
}

function tag(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return '';
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
