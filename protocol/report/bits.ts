/** Most significant bit first, fields up to 32 bits, so no JavaScript shift ever sees a sign. */
export class BitWriter {
  readonly bytes: Uint8Array;
  #bitAt = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  write(bits: number, unsigned: number): void {
    for (let left = bits; left > 0; left--) {
      const bit = Math.floor(unsigned / 2 ** (left - 1)) % 2;
      const at = this.#bitAt >> 3;
      this.bytes[at] = (this.bytes[at] ?? 0) | (bit << (7 - (this.#bitAt & 7)));
      this.#bitAt++;
    }
  }
}

export class BitReader {
  readonly #bytes: Uint8Array;
  #bitAt = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(bits: number): number {
    let unsigned = 0;
    for (let left = bits; left > 0; left--) {
      const byte = this.#bytes[this.#bitAt >> 3] ?? 0;
      unsigned = unsigned * 2 + ((byte >> (7 - (this.#bitAt & 7))) & 1);
      this.#bitAt++;
    }
    return unsigned;
  }
}
