import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdir, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { countLineBreaks, type Spool } from "./spool.ts";

const KEY_BYTES = 32;
const IV_BYTES = 16;

/**
 * In a folder, encrypted under a key that this process alone holds and never writes down: the file from the factory
 * has root keys in it, and what lies on a disk is not gone when it is deleted. The file has no name from the moment it
 * is open, so a killed process leaves nothing behind.
 */
export const spoolFile = (folder: string): Spool => ({
  async keep(file) {
    await mkdir(folder, { recursive: true });
    const key = randomBytes(KEY_BYTES);
    const iv = randomBytes(IV_BYTES);
    const path = join(folder, `${randomBytes(12).toString("hex")}.spool`);
    const handle = await open(path, "wx+", 0o600);
    await unlink(path);
    let bytes = 0;
    let lineBreaks = 0;
    try {
      const cipher = createCipheriv("aes-256-ctr", key, iv);
      for await (const chunk of file) {
        bytes += chunk.length;
        lineBreaks += countLineBreaks(chunk);
        await handle.write(cipher.update(chunk));
      }
    } catch (error) {
      await handle.close();
      throw error;
    }
    return {
      bytes,
      lineBreaks,
      async *read() {
        const decipher = createDecipheriv("aes-256-ctr", key, iv);
        for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) {
          if (chunk instanceof Uint8Array) yield decipher.update(chunk);
        }
      },
      close: () => handle.close(),
    };
  },
});
