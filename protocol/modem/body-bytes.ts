import assert from "node:assert/strict";

/** Writes big-endian fields one after the other; a value that does not fit is a bug. */
export class BodyWriter {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  u8(value: number): this {
    this.#view.setUint8(this.#take(1), within(value, 0, 0xff));
    return this;
  }

  i8(value: number): this {
    this.#view.setInt8(this.#take(1), within(value, -0x80, 0x7f));
    return this;
  }

  u16(value: number): this {
    this.#view.setUint16(this.#take(2), within(value, 0, 0xffff));
    return this;
  }

  i16(value: number): this {
    this.#view.setInt16(this.#take(2), within(value, -0x8000, 0x7fff));
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#take(4), within(value, 0, 0xffff_ffff));
    return this;
  }

  u64(value: bigint): this {
    assert(value >= 0n && value < 1n << 64n, `${value.toString()} does not fit 64 bits`);
    this.#view.setBigUint64(this.#take(8), value);
    return this;
  }

  raw(value: Uint8Array): this {
    this.bytes.set(value, this.#take(value.length));
    return this;
  }

  #take(size: number): number {
    const at = this.#at;
    this.#at += size;
    return at;
  }
}

/** Reads what BodyWriter wrote. Whoever reads has checked the length first. */
export class BodyReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  u8(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  u16(): number {
    return (this.u8() << 8) | this.u8();
  }

  i16(): number {
    return (this.u16() << 16) >> 16;
  }

  u32(): number {
    return this.u16() * 0x1_0000 + this.u16();
  }

  u64(): bigint {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
  }

  /** A copy, so that what is read outlives the buffer it came in. */
  raw(size: number): Uint8Array {
    this.#at += size;
    return this.#bytes.slice(this.#at - size, this.#at);
  }
}

function within(value: number, lowest: number, highest: number): number {
  assert(
    Number.isInteger(value) && value >= lowest && value <= highest,
    `${value} is no integer in ${lowest}..${highest}`,
  );
  return value;
}
