import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

// Every property again, with inputs that no run has drawn before. What is found names its seed and path.
//   PROPERTY_SEED=1 PROPERTY_RUNS=1000 npm run test:long properties

const SEED = process.env["PROPERTY_SEED"] ?? String(Date.now() % 2 ** 31);
const RUNS = process.env["PROPERTY_RUNS"] ?? "1000";
const ROOT = path.dirname(path.dirname(import.meta.dirname));
const WITHOUT_END = "3600000";

it(`properties hold (PROPERTY_SEED=${SEED}, ${RUNS} inputs each)`, async () => {
  const files: string[] = [];
  const exclude = ["**/node_modules/**", "**/*.{servers,long}.test.ts"];
  for await (const file of glob("**/*.test.ts", { cwd: ROOT, exclude })) {
    const text = readFileSync(path.join(ROOT, file), "utf8");
    if (text.includes('from "fast-check"')) files.push(file);
  }
  expect(files.length).toBeGreaterThan(0);
  const args = [
    "run",
    "--project",
    "npm",
    "--maxWorkers",
    "2",
    "--testTimeout",
    WITHOUT_END,
    ...files,
  ];
  const env = { ...process.env, PROPERTY_SEED: SEED, PROPERTY_RUNS: RUNS };
  const vitest = path.join(ROOT, "node_modules/vitest/vitest.mjs");
  await promisify(execFile)(process.execPath, [vitest, ...args], {
    cwd: ROOT,
    env,
    maxBuffer: 2 ** 26,
  });
});
