/** Bodies and image headers for the simulator's tests; the headers carry no pixels, for the validator looks at nothing else. */

export function text(extra: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: 'wan2-7-image', prompt: 'a misty forest at dawn', ...extra };
}

export function edit(extra: Record<string, unknown> = {}): Record<string, unknown> {
  return text({ image: [png()], ...extra });
}

export function set(extra: Record<string, unknown> = {}): Record<string, unknown> {
  return text({ enable_sequential: true, num_images_set: 4, ...extra });
}

export function palette(...entries: readonly (readonly [string, string])[]): string {
  return JSON.stringify(entries.map(([hex, ratio]) => ({ hex, ratio })));
}

export const threeColours = palette(['#C2D1E6', '50.00%'], ['#636574', '30.00%'], ['#DAE0EC', '20.00%']);

/** A PNG that ends after its header; `padding` makes the file larger. */
export function png({ width = 1000, height = 800, colourType = 2, padding = 0 } = {}): string {
  const bytes = Buffer.alloc(33 + padding);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  bytes.write('IHDR', 12, 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.set([8, colourType], 24);
  return dataUri('image/png', bytes);
}

export function bmp(width = 1000, height = 800): string {
  const bytes = Buffer.alloc(54);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(-height, 22);
  return dataUri('image/bmp', bytes);
}

export function dataUri(mediaType: string, bytes: Uint8Array): string {
  return `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
}
