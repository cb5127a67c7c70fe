import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  keep: Keep,
  image: Vips.Image,
  profile: Uint8Array | undefined,
  isCmyk: boolean,
): Vips.Image {
  if (!profile && !isCmyk) return image;
  const alpha = image.bands === 4 ? keep(image.extractBand(3)) : undefined;
  const colours = alpha ? keep(image.extractBand(0, { n: 3 })) : image;
  const converted = profile
    ? withProfileFile(profile, (file) => transformed(colours, file, keep))
    : transformed(colours, 'cmyk', keep);
  if (!converted) return image;
  return alpha ? keep(converted.bandjoin(alpha)) : converted;
}

/** Undefined for a profile that says how to see a picture, but not how to make one, or says nonsense: sRGB is what remains. */
function transformed(colours: Vips.Image, profile: string, keep: Keep): Vips.Image | undefined {
  try {
    // Read at once, so that a profile of no use is found out here, and its file is not needed any more.
    return keep(keep(colours.iccTransform(profile, { input_profile: 'srgb', depth: 8 })).copyMemory());
  } catch (error) {
    if (error instanceof Error && error.name === 'RuntimeError') throw error;
    return undefined;
  }
}

/**
 * Only by a file does the engine go from one profile to another in one step of whole numbers, many times as fast as in two.
 * Its files are those of the machine, where several processes may do this at once.
 */
function withProfileFile<T>(profile: Uint8Array, use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'wan-image-'));
  try {
    const file = join(folder, 'source.icc');
    writeFileSync(file, profile);
    return use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
