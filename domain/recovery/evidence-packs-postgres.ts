import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { ConflictError, NotFoundError } from "../../base/errors.ts";
import { toHex } from "../../protocol/hex.ts";
import type { Commands } from "../commands/commands.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { SecretSeal } from "../devices/secret-seal.ts";
import type { Audit } from "../identity/audit.ts";
import { ensureSecret } from "../notifications/notification-secrets-postgres.ts";
import { fingerprintOf, pemOf, sha256Of, signEvidence } from "./evidence.ts";
import type { EvidencePdf } from "./evidence-pdf.ts";
import { type EvidencePacks, PACKS_MAX, type RecoverySummary } from "./recoveries.ts";
import { findRecovery } from "./recovery-reads-postgres.ts";
import { lockRecovery, required, writeEntry } from "./recovery-rows-postgres.ts";
import type { RecoveryTrack } from "./track.ts";
import type { Streets } from "./track-picture.ts";

export interface EvidencePacksDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly makeId: () => string;
  readonly secrets: SecretSeal;
  readonly commands: Commands;
  readonly pdf: EvidencePdf;
  readonly streets: Streets;
  readonly trackOf: (one: RecoverySummary, nowMs: number) => Promise<RecoveryTrack>;
}

export function createEvidencePacks(deps: EvidencePacksDeps): EvidencePacks {
  const { db, audit, makeId } = deps;
  return {
    async make(id, language, act, reach) {
      const nowMs = act.atMs;
      const one = required(await findRecovery(db, deps.commands, id, { reach, nowMs }), id);
      const privateKey = await signingKey(deps);
      const track = await deps.trackOf(one, nowMs);
      const [packId, head] = [makeId(), await auditHead(db)];
      const keyFingerprint = fingerprintOf(createPublicKey(privateKey));
      const pdf = await deps.pdf(
        {
          ...{ one, track, packId, madeAtMs: nowMs, keyFingerprint, streets: deps.streets },
          audit: head,
        },
        language,
      );
      const about = {
        ...{ recoveryId: id, packId, madeAt: iso(nowMs), from: iso(one.stolenAtMs) },
        to: iso(one.closedAtMs ?? nowMs),
        ...{ positions: track.points.length, commands: one.commands.length },
        ...{ auditEntries: head.entries, auditHash: head.hash },
      };
      const signatureFile = signEvidence(pdf, about, privateKey);
      await inTransaction(db, async (tx) => {
        await lockRecovery(tx, id, reach);
        await requireRoom(tx, id);
        await tx
          .insertInto("recovery_packs")
          .values({
            ...{ id: packId, recovery_id: id, made_at: new Date(nowMs), made_by: act.actor.id },
            ...{ names_operator: reach === "all", language, pdf, signature_file: signatureFile },
          })
          .execute();
        await writeEntry(tx, id, { kind: "pack-made", text: packId }, act);
        await audit.record(tx, act, {
          ...{ action: "recovery.pack-made", subject: { kind: "recovery", id } },
          ...{ customerId: one.customerId, after: { pack: packId, pdfSha256: sha256Of(pdf) } },
        });
      });
      return { id: packId, madeAt: new Date(nowMs), language, bytes: pdf.length };
    },

    async read(id, packId, reach) {
      const one = required(await findRecovery(db, deps.commands, id, { reach, nowMs: 0 }), id);
      if (!one.packs.some((pack) => pack.id === packId)) throw new NotFoundError("pack", packId);
      const row = await db
        .selectFrom("recovery_packs")
        .select(["pdf", "signature_file"])
        .where("id", "=", packId)
        .executeTakeFirstOrThrow();
      return { pdf: row.pdf, signatureFile: row.signature_file };
    },

    async publicKey() {
      const key = createPublicKey(await signingKey(deps));
      return { pem: pemOf(key), fingerprint: fingerprintOf(key) };
    },
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** The operator's own, made once and sealed; what other parts keep sealed stands in the same table and is rotated with it. */
async function signingKey({ db, secrets }: EvidencePacksDeps): Promise<KeyObject> {
  const { secret } = await ensureSecret(db, secrets, "evidence", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const der = privateKey.export({ type: "pkcs8", format: "der" });
    return { secret: new Uint8Array(der), publicPart: pemOf(publicKey) };
  });
  const pem = `-----BEGIN PRIVATE KEY-----\n${btoa(String.fromCharCode(...secret))}\n-----END PRIVATE KEY-----\n`;
  return createPrivateKey(pem);
}

async function auditHead(db: Db): Promise<{ readonly entries: string; readonly hash: string }> {
  const head = await db.selectFrom("audit_head").select(["number", "hash"]).executeTakeFirst();
  return { entries: String(head?.number ?? 0n), hash: toHex(head?.hash ?? new Uint8Array()) };
}

async function requireRoom(tx: Db, id: string): Promise<void> {
  const { count } = await tx
    .selectFrom("recovery_packs")
    .select(tx.fn.countAll().as("count"))
    .where("recovery_id", "=", id)
    .executeTakeFirstOrThrow();
  if (Number(count) >= PACKS_MAX)
    throw new ConflictError(`recovery ${id} has ${PACKS_MAX} evidence packs already`, { id });
}
