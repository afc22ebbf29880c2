import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { prepareZXingModule, writeBarcode } from "zxing-wasm/writer";

const WIDTH = 640;
const HEIGHT = 480;
const MODULE_PX = 8;
const FRAMES = 10;
const DARK = 16;
const LIGHT = 235;
const GREY = 128;

/** What a camera sees that is held to a QR label: an uncompressed Y4M video, which Chromium plays in place of a camera. */
export async function qrVideo(label: string): Promise<Uint8Array> {
  const wasm = createRequire(import.meta.url).resolve("zxing-wasm/writer/zxing_writer.wasm");
  const wasmBinary = new Uint8Array(await readFile(wasm)).buffer; // else it is fetched from elsewhere
  prepareZXingModule({ overrides: { wasmBinary } });
  const { symbol, error } = await writeBarcode(label, { format: "QRCode" });
  if (error !== "") throw new Error(error);
  const luma = new Uint8Array(WIDTH * HEIGHT).fill(LIGHT);
  const left = Math.floor((WIDTH - symbol.width * MODULE_PX) / 2);
  const top = Math.floor((HEIGHT - symbol.height * MODULE_PX) / 2);
  for (let y = 0; y < symbol.height * MODULE_PX; y += 1)
    for (let x = 0; x < symbol.width * MODULE_PX; x += 1) {
      const at = Math.floor(y / MODULE_PX) * symbol.width + Math.floor(x / MODULE_PX);
      if (symbol.data[at] === 0) luma[(top + y) * WIDTH + left + x] = DARK;
    }
  const chroma = new Uint8Array((WIDTH * HEIGHT) / 2).fill(GREY);
  const text = new TextEncoder();
  const frame = [text.encode("FRAME\n"), luma, chroma];
  const head = text.encode(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  return new Uint8Array(
    await new Blob([head, ...Array.from({ length: FRAMES }, () => frame).flat()]).arrayBuffer(),
  );
}
