import { createHash } from 'node:crypto';
import { encodePng } from '../../src/simulator/draw/png.ts';
import type { PictureRequest } from '../../src/simulator/pictures.ts';

export const side = 48;

/** The picture of a request in this campaign: noise that no other request has, drawn in no time. A PNG. */
export function noise({ prompt, seed, index }: Pick<PictureRequest, 'prompt' | 'seed' | 'index'>): Buffer {
  const data = Buffer.alloc(side * side * 3);
  for (let at = 0; at < data.length; at += 32)
    createHash('sha256').update(`${prompt} ${seed} ${index} ${at}`).digest().copy(data, at);
  return encodePng({ width: side, height: side, channels: 3, data });
}
