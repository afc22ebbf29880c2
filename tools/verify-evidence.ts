import { readFileSync } from "node:fs";
import { type EvidenceVerdict, verifyEvidence } from "../domain/recovery/evidence.ts";

/**
 * `npm run verify-evidence -- FILE.pdf FILE.sig [PUBLICKEY]`: whether an evidence pack is what was signed. PUBLICKEY is the
 * operator's key as a PEM file, fetched from GET /api/evidence-key and not from whoever brings the pack. Ends with 0 for
 * valid, 1 for changed, 2 for a wrong key, 3 where it could not be checked.
 */
const CODES = { valid: 0, changed: 1, "wrong-key": 2, "no-key": 3 } as const;

const USAGE = "npm run verify-evidence -- FILE.pdf FILE.sig [PUBLICKEY]";

function told(verdict: EvidenceVerdict, hasKey: boolean): string {
  switch (verdict.verdict) {
    case "valid": {
      const { recoveryId, madeAt, from, to, positions, keyFingerprint } = verdict.manifest;
      const { auditEntries, auditHash } = verdict.manifest;
      const by = hasKey
        ? "It was signed with the key given."
        : "WHO signed it was not checked: give the operator's public key as well.";
      return [
        "VALID: the PDF is bit by bit what was signed.",
        by,
        `Case ${recoveryId}, made at ${madeAt}, ${positions} positions from ${from} to ${to}.`,
        `Audit log at that moment: ${auditEntries} entries, end ${auditHash}.`,
        `Key ${keyFingerprint}.`,
      ].join("\n");
    }
    case "changed":
      return "CHANGED: the PDF or its signature is not what was signed.";
    case "wrong-key":
      return `WRONG KEY: unchanged since it was signed, but by another key: ${verdict.fingerprint}.`;
    case "no-key":
      return "The public key cannot be read: it must be an Ed25519 key as PEM.";
  }
}

function verifyFiles([pdf, signature, key]: readonly string[]): number {
  if (pdf === undefined || signature === undefined) {
    console.error(USAGE);
    return 3;
  }
  try {
    const verdict = verifyEvidence(
      new Uint8Array(readFileSync(pdf)),
      readFileSync(signature, "utf8"),
      key === undefined ? undefined : readFileSync(key, "utf8"),
    );
    console.log(told(verdict, key !== undefined));
    return CODES[verdict.verdict];
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 3;
  }
}

process.exitCode = verifyFiles(process.argv.slice(2));
