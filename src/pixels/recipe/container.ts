/** Where a file keeps its XMP packet, and what else of it has to be known before one is changed. */
export interface Container {
  /** The packet's own bytes; left out where there is none. */
  readonly packet?: Uint8Array;
  /** Signed by C2PA: any change would break the signature, and the file is left alone. */
  readonly isSigned: boolean;
  /**
   * The file with this packet instead, or with none: no other byte changes but lengths and flags that tell of it. Undefined
   * where the format has no room for a packet of this size.
   */
  readonly with: (packet: Uint8Array | undefined) => Uint8Array | undefined;
}

/** A file's parts with some bytes in the place of others. */
export function spliced(bytes: Uint8Array, from: number, until: number, put: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(until)]);
}

export function startsAs(bytes: Uint8Array, text: string): boolean {
  return bytes.length >= text.length && Buffer.from(text, 'latin1').equals(bytes.subarray(0, text.length));
}
