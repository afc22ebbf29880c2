/** SLIP (RFC 1055): frames end with C0, and start with one too so that noise before them is cut off. */
const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;

export function slipEncode(bytes: Uint8Array): Uint8Array {
  let size = bytes.length + 2;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === END || bytes[i] === ESCAPE) size++;

  const wire = new Uint8Array(size);
  let at = 0;
  wire[at++] = END;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === END || byte === ESCAPE) {
      wire[at++] = ESCAPE;
      wire[at++] = byte === END ? ESCAPED_END : ESCAPED_ESCAPE;
    } else {
      wire[at++] = byte;
    }
  }
  wire[at] = END;
  return wire;
}

export type SlipFrame =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly fault: "escape" | "long" };

type SlipState = "plain" | "escaped" | "escape" | "long"; // the last two wait for the next END

/** Cuts a byte stream at each C0, in one pass and in one buffer of fixed size. */
export class SlipDeframer {
  readonly #buffer: Uint8Array;
  #size = 0;
  #state: SlipState = "plain";

  constructor(frameBytesMax: number) {
    this.#buffer = new Uint8Array(frameBytesMax);
  }

  push(chunk: Uint8Array): SlipFrame[] {
    const frames: SlipFrame[] = [];
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#state === "plain" && byte !== END && byte !== ESCAPE) this.#keep(byte);
      else this.#special(byte, frames);
    }
    return frames;
  }

  #special(byte: number, frames: SlipFrame[]): void {
    if (byte === END) {
      const frame = this.#end();
      if (frame !== undefined) frames.push(frame);
    } else if (this.#state === "escaped") this.#unescape(byte);
    else if (this.#state === "plain") this.#state = "escaped";
  }

  #unescape(byte: number): void {
    this.#state = "plain";
    if (byte === ESCAPED_END) this.#keep(END);
    else if (byte === ESCAPED_ESCAPE) this.#keep(ESCAPE);
    else this.#state = "escape";
  }

  #keep(byte: number): void {
    if (this.#size === this.#buffer.length) this.#state = "long";
    else this.#buffer[this.#size++] = byte;
  }

  #end(): SlipFrame | undefined {
    const [state, size] = [this.#state, this.#size];
    this.#state = "plain";
    this.#size = 0;
    if (state === "long") return { ok: false, fault: "long" };
    if (state !== "plain") return { ok: false, fault: "escape" }; // also when cut inside one
    return size > 0 ? { ok: true, bytes: this.#buffer.slice(0, size) } : undefined;
  }
}
