import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { sql } from "kysely";
import { ConflictError, NotFoundError } from "../../base/errors.ts";
import { toHex } from "../../protocol/hex.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { SecretSeal } from "../devices/secret-seal.ts";
import type { Audit } from "../identity/audit.ts";
import { ensureSecret } from "../notifications/notification-secrets-postgres.ts";
import { fingerprintOf, pemOf, sha256Of, signEvidence } from "./evidence.ts";
import type { EvidencePdf } from "./evidence-pdf.ts";
import { type EvidencePacks, PACKS_MAX, type RecoverySummary } from "./recoveries.ts";
import { findRecovery, isReadablePack, withinReach } from "./recovery-reads-postgres.ts";
import { lockRecovery, required, writeEntry } from "./recovery-rows-postgres.ts";
import { type RecoveryTrack, toldFromMs } from "./track.ts";
import type { Streets } from "./track-picture.ts";

export interface EvidencePacksDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly makeId: () => string;
  readonly secrets: SecretSeal;
  readonly pdf: EvidencePdf;
  readonly streets: Streets;
  readonly trackOf: (one: RecoverySummary, nowMs: number) => Promise<RecoveryTrack>;
}

export function createEvidencePacks(deps: EvidencePacksDeps): EvidencePacks {
  const { db, audit, makeId } = deps;
  return {
    async make(id, language, act, reach) {
      const nowMs = act.atMs;
      const one = required(await findRecovery(db, id, { reach, nowMs }), id);
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
        ...{ recoveryId: id, packId, madeAt: iso(nowMs), from: iso(toldFromMs(one, track)) },
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
      const { rows } = await sql<{ pdf: Uint8Array; signature_file: string }>`
        select p.pdf, p.signature_file from recovery_packs p join recoveries r on r.id = p.recovery_id
        where p.id = ${packId} and r.id = ${id} and ${withinReach(reach)} and ${isReadablePack(reach)}`.execute(
        db,
      );
      const [row] = rows;
      if (row === undefined) throw new NotFoundError("pack", packId);
      return { pdf: row.pdf, signatureFile: row.signature_file };
    },

    async publicKey() {
      const row = await db
        .selectFrom("notification_secret")
        .select("public_part")
        .where("name", "=", SECRET)
        .executeTakeFirst();
      const key = createPublicKey(row?.public_part ?? (await signingKey(deps)));
      return { pem: pemOf(key), fingerprint: fingerprintOf(key) };
    },
  };
}

const SECRET = "evidence";
const iso = (ms: number): string => new Date(ms).toISOString();

/** The operator's own, made once and sealed; what other parts keep sealed stands in the same table and is rotated with it. */
async function signingKey({ db, secrets }: EvidencePacksDeps): Promise<KeyObject> {
  const { secret } = await ensureSecret(db, secrets, SECRET, () => {
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
