const ROW_BYTES = 16;

export interface HexRow {
  readonly offset: string;
  readonly hex: string;
  readonly text: string;
}

/** Sixteen bytes a row, with what is printable in them. */
export function hexDump(hex: string): readonly HexRow[] {
  const bytes = hex.match(/../g) ?? [];
  return Array.from({ length: Math.ceil(bytes.length / ROW_BYTES) }, (_, row) => {
    const part = bytes.slice(row * ROW_BYTES, (row + 1) * ROW_BYTES);
    return {
      offset: (row * ROW_BYTES).toString(16).padStart(4, "0"),
      hex: [part.slice(0, 8).join(" "), part.slice(8).join(" ")].filter(Boolean).join("  "),
      text: part.map(printable).join(""),
    };
  });
}

function printable(pair: string): string {
  const code = Number.parseInt(pair, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : "·";
}
