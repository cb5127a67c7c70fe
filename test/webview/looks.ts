import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { resultsDirectory } from '../rig/places.ts';

/** What states looked like when somebody last looked at them and found them good: a third of the size, in WebP. */
const folder = join(import.meta.dirname, 'looks');
/** Levels of a channel by which a pixel may differ at a third of the size: the smoothing of letters differs by less. */
const near = 40;
/** The share of pixels that may differ by more. */
const allowedShare = 0.002;

/**
 * Holds a screenshot against the picture that is kept of this state. Returns a sentence where they differ, and leaves what
 * was seen in the folder of results. With WAN_LOOKS=write it is kept instead, to be looked at before it is committed.
 */
export async function differentLook(state: string, theme: string, screenshot: Buffer): Promise<string | undefined> {
  const name = `${state.replaceAll(/[^\p{L}\p{N}]+/gu, '-')}.${theme}.webp`;
  return heldAgainst(join(folder, name), await small(screenshot), (kept) => kept);
}

/** The pictures of the README, in the size in which they are shown there. */
export const readmeFolder = join(import.meta.dirname, '../../media/readme');

/** Holds a screenshot against the picture that the README shows, as `differentLook` does. */
export async function differentReadmePicture(name: string, screenshot: Buffer): Promise<string | undefined> {
  return heldAgainst(
    join(readmeFolder, `${name}.webp`),
    await sharp(screenshot).webp({ quality: 80 }).toBuffer(),
    small,
  );
}

/** @param compared what of a picture is compared */
async function heldAgainst(
  kept: string,
  seen: Buffer,
  compared: (picture: Buffer) => Buffer | Promise<Buffer>,
): Promise<string | undefined> {
  const name = basename(kept);
  if (process.env['WAN_LOOKS'] === 'write') {
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(kept, seen);
    return undefined;
  }
  const share = existsSync(kept) ? await differentShare(await compared(readFileSync(kept)), await compared(seen)) : 1;
  if (share <= allowedShare) return undefined;
  const aside = join(resultsDirectory, 'looks');
  mkdirSync(aside, { recursive: true });
  writeFileSync(join(aside, name), seen);
  return `${name} differs in ${(share * 100).toFixed(1)} % of its pixels. Look at it in .test-results/looks; if it is as it should be, run this again with WAN_LOOKS=write.`;
}

async function small(screenshot: Buffer): Promise<Buffer> {
  const { width } = await sharp(screenshot).metadata();
  return sharp(screenshot)
    .resize({ width: Math.round(width / 3) })
    .webp({ quality: 70 })
    .toBuffer();
}

async function differentShare(kept: Buffer, seen: Buffer): Promise<number> {
  const pixels = (of: Buffer) => sharp(of).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [one, other] = await Promise.all([pixels(kept), pixels(seen)]);
  if (one.info.width !== other.info.width || one.info.height !== other.info.height) return 1;
  let different = 0;
  for (let at = 0; at < one.data.length; at += 3) {
    const isNear = [0, 1, 2].every((channel) => Math.abs(one.data[at + channel]! - other.data[at + channel]!) <= near);
    if (!isNear) different++;
  }
  return different / (one.data.length / 3);
}
