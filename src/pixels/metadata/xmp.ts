/**
 * Whether an XMP packet carries or describes further pictures (a thumbnail, a gain map, a depth map, a motion photo), which no
 * longer fit once the picture has changed.
 */
export function holdsPictures(packet: Uint8Array): boolean {
  const text = Buffer.from(packet.buffer, packet.byteOffset, packet.length).toString('latin1');
  return /xmpGImg:|hdrgm:|GCamera:|GContainer:|Container:Directory|GDepth:|GImage:|MotionPhoto/.test(text);
}
