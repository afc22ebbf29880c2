import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const cli = path.dirname(createRequire(import.meta.url).resolve("protobufjs-cli/package.json"));

/** Writes telematics.js and telematics.d.ts into `folder` from protocol/telematics.proto. */
export function generateProtobuf(folder: string): void {
  const module = path.join(folder, "telematics.js");
  // --force-long: the types then say what messages.ts gives; a BigInt given straight is encoded as 0
  const shape = ["-t", "static-module", "-w", "es6", "--es6", "--no-service", "--force-long"];
  const less = ["--no-convert", "--no-delimited", "--no-typeurl", "--no-verify"];
  run("pbjs", [...shape, ...less, "-o", module, path.join(root, "protocol", "telematics.proto")]);
  const types = path.join(folder, "telematics.d.ts");
  run("pbts", ["-o", types, module]);
  // pbts writes for CommonJS, whose Long is another class to the type checker
  const commonJs = 'import Long = require("long");';
  const text = readFileSync(types, "utf8");
  assert(text.includes(commonJs), "pbts no longer writes what is corrected here");
  writeFileSync(types, text.replace(commonJs, 'import Long from "long";'));
}

function run(program: "pbjs" | "pbts", given: readonly string[]): void {
  execFileSync(process.execPath, [path.join(cli, "bin", program), ...given], { stdio: "inherit" });
}

if (import.meta.main) generateProtobuf(path.join(root, "protocol"));
