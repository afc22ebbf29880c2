import { countLineBreaks, type Spool } from "./spool.ts";

/** For small files. */
export const spoolMemory = (): Spool => ({
  async keep(file) {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    let lineBreaks = 0;
    for await (const chunk of file) {
      chunks.push(chunk);
      bytes += chunk.length;
      lineBreaks += countLineBreaks(chunk);
    }
    return {
      bytes,
      lineBreaks,
      async *read() {
        yield* chunks;
      },
      async close() {
        chunks.length = 0;
      },
    };
  },
});
