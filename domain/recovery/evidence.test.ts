import { createPublicKey, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pemOf, signEvidence, verifyEvidence } from "./evidence.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const other = generateKeyPairSync("ed25519");
const PDF = new TextEncoder().encode("%PDF-1.7 a track and who approved what");
const ABOUT = {
  ...{ recoveryId: "r1", packId: "p1", madeAt: "2026-10-01T08:00:00.000Z", positions: 12 },
  ...{ from: "2026-10-01T07:00:00.000Z", to: "2026-10-01T08:00:00.000Z", commands: 2 },
  ...{ auditEntries: "17", auditHash: "ab".repeat(32) },
};
const FILE = signEvidence(PDF, ABOUT, privateKey);
const KEY = pemOf(publicKey);

function flipped(bytes: Uint8Array, n: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const bit = n % (bytes.length * 8);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
  return changed;
}

describe("an evidence pack", () => {
  it("is what was signed, by the key that is in it or given", () => {
    for (const key of [undefined, KEY])
      expect(verifyEvidence(PDF, FILE, key)).toMatchObject({
        verdict: "valid",
        manifest: { ...ABOUT, pdfBytes: PDF.length },
      });
  });

  it("is found changed by any one bit of the PDF", () => {
    for (let bit = 0; bit < PDF.length * 8; bit++)
      expect(verifyEvidence(flipped(PDF, bit), FILE, KEY).verdict).toBe("changed");
  });

  it("is found changed by any one bit of its signature file", () => {
    const bytes = new TextEncoder().encode(FILE);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length * 8 - 1 }), (bit) => {
        const text = new TextDecoder().decode(flipped(bytes, bit));
        expect(verifyEvidence(PDF, text, KEY).verdict).toBe("changed");
      }),
      { numRuns: 500 },
    );
  });

  it("is found changed when it is longer, shorter or has another case's manifest", () => {
    const longer = Uint8Array.of(...PDF, 10);
    expect(verifyEvidence(longer, FILE, KEY).verdict).toBe("changed");
    expect(verifyEvidence(PDF.subarray(1), FILE, KEY).verdict).toBe("changed");
    const otherCase = signEvidence(longer, { ...ABOUT, recoveryId: "r2" }, privateKey);
    expect(verifyEvidence(PDF, otherCase, KEY).verdict).toBe("changed");
  });

  it("says when somebody else has signed it, and names whose key that was", () => {
    const forged = signEvidence(PDF, ABOUT, other.privateKey);
    expect(verifyEvidence(PDF, forged).verdict).toBe("valid"); // by whom nobody has asked
    expect(verifyEvidence(PDF, forged, KEY)).toMatchObject({ verdict: "wrong-key" });
  });

  it("takes no other kind of key, and no private one, for the operator's", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 });
    expect(verifyEvidence(PDF, FILE, pemOf(rsa.publicKey)).verdict).toBe("no-key");
    expect(verifyEvidence(PDF, FILE, "no key").verdict).toBe("no-key");
    const own = String(privateKey.export({ type: "pkcs8", format: "pem" }));
    expect(pemOf(createPublicKey(own))).toBe(KEY);
    expect(verifyEvidence(PDF, FILE, own).verdict).toBe("no-key");
  });

  it("throws at no noise", () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), (text, bytes) => {
        expect(verifyEvidence(bytes, text).verdict).toBe("changed");
      }),
    );
  });
});
