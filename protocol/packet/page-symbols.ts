import { FILLER_SYMBOL, type PocsagPage, SYMBOLS_PER_CODEWORD } from "../air/pocsag.ts";
import { PAGE_BYTES_MIN } from "./page.ts";

export type SymbolsFault = "function" | "truncated" | "filler";
export type PageBytes =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly fault: SymbolsFault };

/** A page as POCSAG symbols: high nibble first, filler to the end of the last codeword. */
export function pageToPocsag(page: Uint8Array, ric: number): PocsagPage {
  const used = page.length * 2;
  const symbols = new Uint8Array(Math.ceil(used / SYMBOLS_PER_CODEWORD) * SYMBOLS_PER_CODEWORD);
  symbols.fill(FILLER_SYMBOL, used);
  page.forEach((byte, index) => {
    symbols[index * 2] = byte >> 4;
    symbols[index * 2 + 1] = byte & 0xf;
  });
  return { ric, function: 0, symbols };
}

/**
 * The page's bytes. The decoder ends a message before a codeword that it cannot repair, so one
 * within the page makes it "truncated" and one behind it does no harm.
 */
export function pageFromPocsag(message: PocsagPage): PageBytes {
  const { symbols } = message;
  if (message.function !== 0) return fault("function");
  if (symbols.length < 2 * PAGE_BYTES_MIN) return fault("truncated");
  const used = (PAGE_BYTES_MIN + byteAt(symbols, 1)) * 2;
  if (used > symbols.length) return fault("truncated");
  const filler = symbols.subarray(used);
  if (filler.length >= SYMBOLS_PER_CODEWORD || filler.some((symbol) => symbol !== FILLER_SYMBOL)) {
    return fault("filler");
  }
  return {
    ok: true,
    bytes: Uint8Array.from({ length: used / 2 }, (_, index) => byteAt(symbols, index)),
  };
}

function byteAt(symbols: Uint8Array, index: number): number {
  return ((symbols[index * 2] ?? 0) << 4) | (symbols[index * 2 + 1] ?? 0);
}

function fault(reason: SymbolsFault): PageBytes {
  return { ok: false, fault: reason };
}
