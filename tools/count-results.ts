import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Type } from "typebox";
import { Value } from "typebox/value";

const Report = Type.Object({
  numPassedTests: Type.Integer(),
  numFailedTests: Type.Integer(),
  testResults: Type.Array(
    Type.Object({
      name: Type.String(),
      status: Type.String(),
      assertionResults: Type.Array(
        Type.Object({
          fullName: Type.String(),
          status: Type.String(),
          failureMessages: Type.Array(Type.String()),
        }),
      ),
    }),
  ),
});

interface Count {
  readonly passed: number;
  readonly failed: number;
}

const MESSAGE_LENGTH_MAX = 600;

/** Counts one run of the test runner and names what failed; a file that could not even be loaded is one failure. */
function countRun(folder: string, run: string): Count {
  const file = path.join(folder, `${run}.json`);
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const report = Value.Parse(Report, JSON.parse(readFileSync(file, "utf8")));
  const unloaded = report.testResults.filter(
    (result) => result.status === "failed" && result.assertionResults.length === 0,
  );
  for (const result of unloaded) console.log(`could not be run: ${result.name}`);
  for (const { name, assertionResults } of report.testResults) {
    for (const { fullName, status, failureMessages } of assertionResults) {
      if (status !== "failed") continue;
      console.log(`failed: ${name}: ${fullName}`);
      console.log(failureMessages.join("\n").slice(0, MESSAGE_LENGTH_MAX));
    }
  }
  const failed = report.numFailedTests + unloaded.length;
  // an error outside any test fails the run, though every test in it passed
  const silent = failed === 0 && existsSync(path.join(folder, `${run}.exit`)) ? 1 : 0;
  return { passed: report.numPassedTests, failed: failed + silent };
}

const folder = process.argv[2];
if (folder === undefined) {
  console.error("Usage: node tools/count-results.ts FOLDER (the results that .ci/run collected)");
  process.exit(2);
}
const checks = readdirSync(folder).filter((name) => /\.(passed|failed)$/.test(name));
for (const name of checks.filter((check) => check.endsWith(".failed"))) {
  console.log(`npm run ${name.replace(".failed", "")} failed`);
}
const counts = [
  ...checks.map((name) => ({
    passed: +name.endsWith(".passed"),
    failed: +name.endsWith(".failed"),
  })),
  countRun(folder, "npm"),
  countRun(folder, "servers"),
];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
