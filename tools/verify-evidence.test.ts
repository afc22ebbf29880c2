import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { pemOf, signEvidence } from "../domain/recovery/evidence.ts";

const TOOL = path.join(import.meta.dirname, "verify-evidence.ts");

/** Its exit code and what it says. */
const run = (...files: readonly string[]) =>
  new Promise<readonly [number, string]>((resolve) => {
    execFile(process.execPath, [TOOL, ...files], (error, stdout, stderr) => {
      resolve([typeof error?.code === "number" ? error.code : 0, stdout + stderr]);
    });
  });

it("says valid, changed or wrong key, and ends with a code of each", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "evidence-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = async (name: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const [own, other] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];
  const bytes = new TextEncoder().encode("%PDF-1.7 a track");
  const about = {
    ...{ recoveryId: "r1", packId: "p1", madeAt: "2026", from: "2026", to: "2026", positions: 1 },
    ...{ commands: 0, auditEntries: "1", auditHash: "" },
  };
  const pdf = await file("a.pdf", bytes);
  const spoiled = await file("b.pdf", bytes.with(9, 0));
  const signature = await file("a.sig", signEvidence(bytes, about, own.privateKey));
  const key = await file("own.pem", pemOf(own.publicKey));
  const wrong = await file("other.pem", pemOf(other.publicKey));
  const runs = await Promise.all([
    run(pdf, signature, key),
    run(pdf, signature),
    run(spoiled, signature, key),
    run(pdf, signature, wrong),
    run(pdf),
    run(pdf, path.join(folder, "none.sig")),
  ]);
  expect(runs.map(([code]) => code)).toEqual([0, 0, 1, 2, 3, 3]);
  const says = [
    "VALID",
    "WHO signed it was not checked",
    "CHANGED",
    "WRONG KEY",
    "npm run",
    "ENOENT",
  ];
  for (const [i, word] of says.entries()) expect(runs[i]?.[1]).toContain(word);
});
