/**
 * Follows MQTT's framing (3.1.1, 2.2: a type byte, then the length in 1 to 4 bytes of seven bits) far enough
 * to see a packet's declared length before anyone buffers it. The library's parser would take 256 MB.
 */
export class PacketSizeGuard {
  readonly #bytesMax: number;
  #skip = 0;
  #lengthBytes = -1; // −1: a type byte comes next
  #length = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether all packets so far stay within the limit. After a false, the connection is to be closed. */
  accepts(chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length; ) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at);
        this.#skip -= skipped;
        at += skipped;
      } else if (!this.#header(chunk[at++] ?? 0)) return false;
    }
    return true;
  }

  #header(byte: number): boolean {
    if (this.#lengthBytes < 0) {
      this.#lengthBytes = 0;
      this.#length = 0;
      return true;
    }
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    if (this.#length > this.#bytesMax) return false;
    if (byte < 0x80) {
      this.#skip = this.#length;
      this.#lengthBytes = -1;
      return true;
    }
    return this.#lengthBytes < 4;
  }
}
