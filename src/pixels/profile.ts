import type Vips from 'wasm-vips';
import { FAIL_ON, type Keep, type VipsModule } from './engine.ts';

const FIELD = 'icc-profile-data';

/** The colour profile that a picture carries, where it suits pixels of this kind; undefined where there is none or it is broken. */
export function readProfile(vips: VipsModule, keep: Keep, bytes: Uint8Array, isCmyk: boolean): Uint8Array | undefined {
  const image = keep(vips.Image.newFromBuffer(bytes, '', { access: 'sequential', fail_on: FAIL_ON }));
  if (image.getTypeof(FIELD) === 0) return undefined;
  const profile = new Uint8Array(image.getBlob(FIELD));
  // What kind of colours it is for stands at byte 16.
  return String.fromCharCode(...profile.subarray(16, 20)) === (isCmyk ? 'CMYK' : 'RGB ') ? profile : undefined;
}

/**
 * An sRGB image in the colours of a profile, which is attached to it; inks without a profile are those of the engine's own.
 * The very same image where there is nothing to do, or the profile turns out to be of no use.
 */
export function intoProfile(
  vips: VipsModule,
  keep: Keep,
  image: Vips.Image,
  profile: Uint8Array | undefined,
  isCmyk: boolean,
): Vips.Image {
  if (!profile && !isCmyk) return image;
  const alpha = image.bands === 4 ? keep(image.extractBand(3)) : undefined;
  const colours = alpha ? keep(image.extractBand(0, { n: 3 })) : image;
  try {
    const converted = profile
      ? transformed(vips, colours, profile, keep)
      : keep(colours.iccTransform('cmyk', { input_profile: 'srgb', depth: 8 }));
    return alpha ? keep(converted.bandjoin(alpha)) : converted;
  } catch (error) {
    // A profile that says how to see a picture, but not how to make one, or says nonsense: sRGB is what remains.
    if (error instanceof Error && error.name === 'RuntimeError') throw error;
    return image;
  }
}

/** The part of the engine's file system, in memory, that is used here; its types leave it out. */
interface WithFiles {
  readonly FS: { writeFile(path: string, bytes: Uint8Array): void; unlink(path: string): void };
}

/** Only by a file does the engine go from one profile to another in one step of whole numbers, many times as fast as in two. */
function transformed(vips: VipsModule, colours: Vips.Image, profile: Uint8Array, keep: Keep): Vips.Image {
  const { FS } = vips as VipsModule & WithFiles;
  FS.writeFile(PROFILE_FILE, profile);
  try {
    // Read at once, so that a profile of no use is found out here.
    return keep(keep(colours.iccTransform(PROFILE_FILE, { input_profile: 'srgb', depth: 8 })).copyMemory());
  } finally {
    FS.unlink(PROFILE_FILE);
  }
}

const PROFILE_FILE = '/source.icc';
