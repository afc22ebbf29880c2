import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Cost } from "./watch.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

export interface Alone {
  readonly cost: Cost;
  readonly seen: object;
}

/** Runs an attack in a process of its own, by its name, a seed and perhaps a size. */
export async function runAlone(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Alone> {
  const script = path.join(import.meta.dirname, "attack-process.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], ...environment },
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  return JSON.parse(stdout) as Alone; // written by attack-process.ts
}
