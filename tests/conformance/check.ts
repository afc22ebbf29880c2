import { readFile } from "node:fs/promises";
import { checkVectors, type VectorsResult } from "./check-vectors.ts";

/** `node tests/conformance/check.ts FILE…`: does this code agree with the vectors in these files? */
const files = process.argv.slice(2);
if (files.length === 0) console.error("usage: node tests/conformance/check.ts FILE…");

let passed = 0;
let failed = 0;
for (const file of files) {
  const result = await checkFile(file);
  console.log(`${file}: ${result.passed} passed, ${result.failures.length} failed`);
  for (const failure of result.failures) console.log(`  ${failure}`);
  passed += result.passed;
  failed += result.failures.length;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

async function checkFile(file: string): Promise<VectorsResult> {
  try {
    return checkVectors(await readFile(file, "utf8"));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { passed: 0, failures: [`cannot be read: ${message}`] };
  }
}
