import assert from "node:assert/strict";
import { informationBits } from "./lr-fhss.ts";
import { PAYLOAD_TRELLIS_WASM } from "./lr-fhss-payload-trellis-wasm.ts";

/*
 * The payload's trellis as the gateway runs it: lr-fhss-payload-trellis.wat, assembled by
 * tools/generate-wasm.ts. lr-fhss-payload-viterbi.ts says the same in TypeScript, and the tests hold
 * one against the other. Without WebAssembly SIMD this module does not load; Node always has it.
 */

const STEPS_MAX = informationBits(255);

/** Of the global, which TypeScript knows in browsers only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** What the source exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly softAt: { readonly value: number };
  readonly bytesAt: { readonly value: number };
  readonly advance: (steps: number) => void;
  readonly traceBack: (steps: number) => void;
}

const binary = Uint8Array.from(atob(PAYLOAD_TRELLIS_WASM), (letter) => letter.charCodeAt(0));
// The source is ours, so its exports are known.
const trellis = new WebAssembly.Instance(new WebAssembly.Module(binary)).exports as Exports;
const { memory, softAt, bytesAt, advance, traceBack } = trellis;
const bytes = new Uint8Array(memory.buffer, bytesAt.value, Math.ceil(STEPS_MAX / 8));

/**
 * Soft values of the mother code, three a bit, −127..127 and 0 where nothing is known: to be filled
 * before `decodeTrellis`.
 */
export const trellisSoft = new Int8Array(memory.buffer, softAt.value, 3 * STEPS_MAX);

/**
 * Most likely information bits, eight a byte, for the soft values of so many steps. The tail's six
 * zeros are in the last byte. A view: it holds until the next call.
 */
export function decodeTrellis(steps: number): Uint8Array {
  assert(steps > 0 && steps <= STEPS_MAX);
  advance(steps);
  traceBack(steps);
  return bytes.subarray(0, (steps + 7) >> 3);
}
