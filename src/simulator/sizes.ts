import type { NormalisedJob } from './job.ts';

export interface Size {
  width: number;
  height: number;
}

/**
 * The pixels a request asks for. A tier keeps its area whatever the ratio (1K 1024², 2K 2048², 4K 4096²).
 * Without a ratio, text-to-image is 16:9 and an edit follows the last input image.
 */
export function outputSize(job: Pick<NormalisedJob, 'customSize' | 'aspectRatio' | 'resolution' | 'images'>): Size {
  if (job.customSize !== undefined) return job.customSize;
  const side = sideOfTier[job.resolution];
  const ratio = ratioOf(job);
  return { width: Math.round(side * Math.sqrt(ratio)), height: Math.round(side / Math.sqrt(ratio)) };
}

/** An image of which only the address is known counts as this big. */
export const unseenImageSize: Size = { width: 1024, height: 1024 };

const sideOfTier = { '1K': 1024, '2K': 2048, '4K': 4096 } as const;

function ratioOf({ aspectRatio, images }: Pick<NormalisedJob, 'aspectRatio' | 'images'>): number {
  if (aspectRatio !== undefined) {
    const [across = 1, down = 1] = aspectRatio.split(':').map(Number);
    return across / down;
  }
  const last = images.at(-1);
  if (last === undefined) return 16 / 9;
  const { width, height } = last.facts ?? unseenImageSize;
  return width / height;
}
