/** Decoded pixels: row-major from the top left, 8 bits a sample, sRGB, straight (not premultiplied) alpha, no padding between rows. */
export interface Raster {
  width: number;
  height: number;
  channels: 3 | 4;
  /** Exactly width × height × channels bytes. */
  data: Uint8Array;
}
