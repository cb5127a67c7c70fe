import type { FileHandle } from 'node:fs/promises';

/** Bytes that can be read in places, so that a header costs a few KB of a large file. */
export interface ByteSource {
  /** Length of the whole in bytes. */
  readonly size: number;
  /** Reads `length` bytes from `offset`; answers fewer only where the source ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A source over bytes in memory; reads are views, not copies. */
export function sourceOfBytes(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/** A source over an open file; the caller closes the handle. The size is the one at the time of the call. */
export async function sourceOfFile(handle: Pick<FileHandle, 'read' | 'stat'>): Promise<ByteSource> {
  const { size } = await handle.stat();
  return {
    size,
    async read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const buffer = new Uint8Array(wanted);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await handle.read(buffer, filled, wanted - filled, offset + filled);
        if (bytesRead === 0) break; // the file shrank meanwhile
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
  };
}
