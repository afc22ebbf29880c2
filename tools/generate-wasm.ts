import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import wabt from "wabt";

const root = path.resolve(import.meta.dirname, "..");
const source = path.join(root, "protocol", "air", "lr-fhss-payload-trellis.wat");
export const WASM_FILE = path.join(root, "protocol", "air", "lr-fhss-payload-trellis-wasm.ts");
const CHARACTERS_PER_LINE = 92;

/** The module that holds the assembled payload trellis, as it stands in the tree. */
export async function wasmModule(): Promise<string> {
  // a copy: the assembler reads the whole buffer behind a view, and file reads may share one
  const module = (await wabt()).parseWat(source, Uint8Array.from(readFileSync(source)));
  try {
    module.validate();
    const base64 = btoa(String.fromCharCode(...module.toBinary({}).buffer));
    const lines = base64.match(new RegExp(`.{1,${CHARACTERS_PER_LINE}}`, "g")) ?? [];
    return [
      "// Generated from lr-fhss-payload-trellis.wat by tools/generate-wasm.ts: do not edit.",
      "export const PAYLOAD_TRELLIS_WASM = [",
      ...lines.map((line) => `  "${line}",`),
      '].join("");\n',
    ].join("\n");
  } finally {
    module.destroy();
  }
}

if (import.meta.main) writeFileSync(WASM_FILE, await wasmModule());
