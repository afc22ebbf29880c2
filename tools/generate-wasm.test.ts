import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { WASM_FILE, wasmModule } from "./generate-wasm.ts";

it("the trellis in the tree is what its source assembles to; else run `npm run generate`", async () => {
  expect(readFileSync(WASM_FILE, "utf8")).toBe(await wasmModule());
});
