import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { parseHex, toHex } from "../../protocol/hex.ts";
import { canonicalJson } from "../identity/audit-chain.ts";

/** What is signed along with a pack's PDF: whose case it is of, and what it is bound to. */
export interface EvidenceManifest {
  readonly format: "hopline-evidence-1";
  readonly recoveryId: string;
  readonly packId: string;
  readonly madeAt: string;
  readonly from: string;
  readonly to: string;
  readonly positions: number;
  readonly commands: number;
  readonly pdfBytes: number;
  readonly pdfSha256: string;
  /** The end of the audit log at that moment: nothing before it can be changed without it. */
  readonly auditEntries: string;
  readonly auditHash: string;
  /** SHA-256 of the public key (SPKI, DER). */
  readonly keyFingerprint: string;
}

const SHA256 = "^[0-9a-f]{64}$";
const Manifest = Type.Object(
  {
    format: Type.Literal("hopline-evidence-1"),
    recoveryId: Type.String(),
    packId: Type.String(),
    madeAt: Type.String(),
    from: Type.String(),
    to: Type.String(),
    positions: Type.Integer(),
    commands: Type.Integer(),
    pdfBytes: Type.Integer(),
    pdfSha256: Type.String({ pattern: SHA256 }),
    auditEntries: Type.String(),
    auditHash: Type.String({ pattern: "^([0-9a-f]{64})?$" }),
    keyFingerprint: Type.String({ pattern: SHA256 }),
  },
  { additionalProperties: false },
);
const SignatureFile = Type.Object(
  {
    manifest: Type.String(),
    signature: Type.String({ pattern: "^[0-9a-f]{128}$" }),
    publicKey: Type.String(),
  },
  { additionalProperties: false },
);

export const sha256Of = (bytes: Uint8Array): string =>
  toHex(new Uint8Array(createHash("sha256").update(bytes).digest()));

export const fingerprintOf = (key: KeyObject): string =>
  sha256Of(new Uint8Array(key.export({ type: "spki", format: "der" })));

export const pemOf = (key: KeyObject): string =>
  String(key.export({ type: "spki", format: "pem" }));

/** The length of the manifest stands before it, so that no part of the one can become part of the other. */
function signedBytes(manifest: string, pdf: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(manifest);
  const head = new TextEncoder().encode(`hopline-evidence-1\n${text.length}\n`);
  const bytes = new Uint8Array(head.length + text.length + pdf.length);
  bytes.set(head);
  bytes.set(text, head.length);
  bytes.set(pdf, head.length + text.length);
  return bytes;
}

/** The detached signature over a PDF and its manifest, as the text of a file: Ed25519 (RFC 8032). */
export function signEvidence(
  pdf: Uint8Array,
  about: Omit<EvidenceManifest, "format" | "pdfBytes" | "pdfSha256" | "keyFingerprint">,
  privateKey: KeyObject,
): string {
  const publicKey = createPublicKey(privateKey);
  const manifest = canonicalJson({
    ...about,
    ...{ format: "hopline-evidence-1", pdfBytes: pdf.length, pdfSha256: sha256Of(pdf) },
    keyFingerprint: fingerprintOf(publicKey),
  } satisfies EvidenceManifest);
  const signature = toHex(new Uint8Array(sign(null, signedBytes(manifest, pdf), privateKey)));
  return JSON.stringify({ manifest, signature, publicKey: pemOf(publicKey) });
}

export type EvidenceVerdict =
  | { readonly verdict: "valid"; readonly manifest: EvidenceManifest }
  /** Not the bytes that were signed, or not the signature that was made. */
  | { readonly verdict: "changed" }
  /** Signed, and by somebody else. */
  | { readonly verdict: "wrong-key"; readonly fingerprint: string }
  | { readonly verdict: "no-key" };

/**
 * Whether a PDF is what was signed. Without a key of one's own it is held against the one in the signature, which proves
 * that nothing was changed and not by whom it was signed.
 */
export function verifyEvidence(
  pdf: Uint8Array,
  signatureFile: string,
  givenKey?: string,
): EvidenceVerdict {
  const given = givenKey === undefined ? undefined : keyOf(givenKey);
  if (givenKey !== undefined && given === undefined) return { verdict: "no-key" };
  const file = fileOf(signatureFile);
  if (file === undefined) return { verdict: "changed" };
  const { manifest, text, signature, key } = file;
  if (!verify(null, signedBytes(text, pdf), key, signature)) return { verdict: "changed" };
  if (manifest.pdfSha256 !== sha256Of(pdf) || manifest.keyFingerprint !== fingerprintOf(key))
    return { verdict: "changed" };
  return given === undefined || fingerprintOf(given) === manifest.keyFingerprint
    ? { verdict: "valid", manifest }
    : { verdict: "wrong-key", fingerprint: manifest.keyFingerprint };
}

const PUBLIC_PEM = /^\s*-----BEGIN PUBLIC KEY-----/;

/** A private key has its public one in it, and has no business where packs are checked. */
function keyOf(pem: string): KeyObject | undefined {
  if (!PUBLIC_PEM.test(pem)) return undefined;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    return undefined; // it is no key: that is the answer
  }
}

function fileOf(text: string) {
  const file = parsed(text);
  if (!Value.Check(SignatureFile, file)) return undefined;
  const manifest = parsed(file.manifest);
  const [key, signature] = [keyOf(file.publicKey), parseHex(file.signature)];
  if (!Value.Check(Manifest, manifest) || key === undefined || signature === undefined)
    return undefined;
  if (pemOf(key) !== file.publicKey) return undefined; // several texts may stand for one key, and one was signed with
  return { manifest, text: file.manifest, signature, key };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // whatever is no JSON is no signature of ours
  }
}
