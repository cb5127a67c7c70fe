import type { Raster } from '../../pixels/raster.ts';
import type { Size } from '../sizes.ts';

/** Scales a picture to exactly this size, without alpha: transparent parts are laid on white. Bilinear, after a mean over whole blocks when shrinking a lot. */
export function scaleTo(source: Raster, size: Size): Raster {
  const shrink = Math.max(1, Math.floor(Math.min(source.width / size.width, source.height / size.height)));
  const small = shrink > 1 ? shrunkBy(flat(source), shrink) : flat(source);
  if (small.width === size.width && small.height === size.height) return { ...small, data: small.data.slice() };
  const data = new Uint8Array(size.width * size.height * 3);
  const columns = positions(small.width, size.width);
  const rows = positions(small.height, size.height);
  for (let row = 0, at = 0; row < size.height; row += 1) {
    const upper = (rows.first[row] ?? 0) * small.width;
    const lower = (rows.second[row] ?? 0) * small.width;
    const down = rows.share[row] ?? 0;
    for (let column = 0; column < size.width; column += 1) {
      const left = columns.first[column] ?? 0;
      const right = columns.second[column] ?? 0;
      const across = columns.share[column] ?? 0;
      for (let channel = 0; channel < 3; channel += 1, at += 1) {
        const a = small.data[(upper + left) * 3 + channel] ?? 0;
        const b = small.data[(upper + right) * 3 + channel] ?? 0;
        const c = small.data[(lower + left) * 3 + channel] ?? 0;
        const d = small.data[(lower + right) * 3 + channel] ?? 0;
        const top = a + (b - a) * across;
        data[at] = top + (c + (d - c) * across - top) * down + 0.5;
      }
    }
  }
  return { ...size, channels: 3, data };
}

/** For each target pixel: the two source pixels it lies between, and how near it is to the second. */
function positions(source: number, target: number): { first: Int32Array; second: Int32Array; share: Float32Array } {
  const first = new Int32Array(target);
  const second = new Int32Array(target);
  const share = new Float32Array(target);
  for (let index = 0; index < target; index += 1) {
    const place = Math.min(source - 1, Math.max(0, ((index + 0.5) * source) / target - 0.5));
    first[index] = Math.floor(place);
    second[index] = Math.min(source - 1, Math.floor(place) + 1);
    share[index] = place - Math.floor(place);
  }
  return { first, second, share };
}

function flat(source: Raster): Raster {
  if (source.channels === 3) return source;
  const pixels = source.width * source.height;
  const data = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const alpha = (source.data[pixel * 4 + 3] ?? 255) / 255;
    for (let channel = 0; channel < 3; channel += 1)
      data[pixel * 3 + channel] = 255 + ((source.data[pixel * 4 + channel] ?? 0) - 255) * alpha + 0.5;
  }
  return { width: source.width, height: source.height, channels: 3, data };
}

function shrunkBy(source: Raster, factor: number): Raster {
  const width = Math.floor(source.width / factor);
  const height = Math.floor(source.height / factor);
  const data = new Uint8Array(width * height * 3);
  for (let row = 0, at = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      for (let channel = 0; channel < 3; channel += 1, at += 1) {
        let sum = 0;
        for (let y = row * factor; y < (row + 1) * factor; y += 1) {
          for (let x = column * factor; x < (column + 1) * factor; x += 1)
            sum += source.data[(y * source.width + x) * 3 + channel] ?? 0;
        }
        data[at] = sum / (factor * factor) + 0.5;
      }
    }
  }
  return { width, height, channels: 3, data };
}
