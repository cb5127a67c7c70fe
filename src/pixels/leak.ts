import { rasterOf } from './engine.ts';
import type { Engines } from './engines.ts';
import { isLossless } from './insideBoxes.ts';
import { COMPARED_SIDE, covers, differenceAt, MARGIN, PLAIN_DIFFERENCE, reduced, scaled } from './measureChange.ts';
import { flattenOn, loadPicture, openPicture, type Picture, turnImageUpright } from './picture.ts';
import { encodePng } from './png.ts';
import type { Edges, Leak, LeakOptions } from './protocol.ts';
import type { Raster } from './raster.ts';
import type { Size } from '../core/size.ts';

/**
 * What an answer has changed outside the boxes, as `Pixels.measureLeak` of client.ts says. It looks as `measurePictureChange`
 * does, so that what it finds never contradicts that one: both pictures small, where resampling, grain and the losses of
 * formats stay far below what counts as a plain difference. Throws PixelError.
 */
export async function measureLeakOutside(
  engines: Engines,
  sourceBytes: Uint8Array,
  answerBytes: Uint8Array,
  { boxes, background = '#ffffff', crop }: LeakOptions,
): Promise<Leak> {
  const source = await openPicture(engines, sourceBytes);
  const answer = await openPicture(engines, answerBytes);
  const part = crop ?? { x1: 0, y1: 0, x2: source.facts.width, y2: source.facts.height };
  const whole = { width: part.x2 - part.x1, height: part.y2 - part.y1 };
  const factor = Math.min(1, COMPARED_SIDE / Math.max(whole.width, whole.height));
  const size = {
    width: Math.max(1, Math.round(whole.width * factor)),
    height: Math.max(1, Math.round(whole.height * factor)),
  };
  const before = crop
    ? await reducedPart(engines, source, { crop, size, background })
    : await reduced(engines, source, size, background);
  const after = await reduced(engines, answer, size);
  const inPart = boxes.map(({ x1, y1, x2, y2 }) =>
    scaled({ x1: x1 - part.x1, y1: y1 - part.y1, x2: x2 - part.x1, y2: y2 - part.y1 }, whole, size),
  );
  return { ...leakOf(before, after, inPart), outside: isLossless(source) ? 'identical' : 'nearly' };
}

/** A part of a picture as seen, in a size. */
function reducedPart(
  engines: Engines,
  picture: Picture,
  { crop, size, background }: { readonly crop: Edges; readonly size: Size; readonly background: string },
): Promise<Raster> {
  const { format, orientation } = picture.facts;
  return engines.for(format).work(picture.bytes, (vips, keep) => {
    const loaded = flattenOn(loadPicture(vips, keep, picture), background, keep);
    const upright = turnImageUpright(loaded, orientation, keep);
    const part = keep(upright.crop(crop.x1, crop.y1, crop.x2 - crop.x1, crop.y2 - crop.y1));
    return rasterOf(keep(part.thumbnailImage(size.width, { height: size.height, size: 'force' })));
  });
}

function leakOf(before: Raster, after: Raster, boxes: readonly Edges[]): Pick<Leak, 'share' | 'map'> {
  const { width, height } = before;
  const map = new Uint8Array(width * height * 4);
  let [outside, changed] = [0, 0];
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      if (boxes.some((box) => covers(box, x + 0.5, y + 0.5, MARGIN))) continue;
      outside += 1;
      const difference = differenceAt(before.data, after.data, pixel * 3);
      if (difference <= PLAIN_DIFFERENCE) continue;
      changed += 1;
      map.set(heat(difference), pixel * 4);
    }
  }
  return {
    share: outside === 0 ? 0 : changed / outside,
    map: encodePng({ width, height, channels: 4, data: map }),
  };
}

/** Yellow where the difference is just plain, red where it could not be larger. */
function heat(difference: number): [number, number, number, number] {
  const part = (difference - PLAIN_DIFFERENCE) / (255 - PLAIN_DIFFERENCE);
  // Most differences are small ones: the root spreads them.
  const red = Math.sqrt(part);
  return [255, Math.round(220 * (1 - red)), 0, Math.round(150 + 90 * red)];
}
