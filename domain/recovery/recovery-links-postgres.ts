import { sql } from "kysely";
import { ConflictError, NotFoundError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { makeToken, type RandomBytes, sha256Hex } from "../identity/secrets.ts";
import type { RecoveryLinks, RecoverySummary } from "./recoveries.ts";
import { LINKS_MAX, linkState, READING_PAUSE_MS, stepRecovery } from "./recovery.ts";
import { linksOf, recoveriesWhere } from "./recovery-reads-postgres.ts";
import { lockRecovery, required, writeEntry } from "./recovery-rows-postgres.ts";
import type { RecoveryTrack } from "./track.ts";

export interface RecoveryLinksDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly makeId: () => string;
  readonly random: RandomBytes;
  readonly trackOf: (one: RecoverySummary, nowMs: number) => Promise<RecoveryTrack>;
}

const HOUR_MS = 3_600_000;

export function createRecoveryLinks(deps: RecoveryLinksDeps): RecoveryLinks {
  const { db, audit, makeId, random, trackOf } = deps;
  return {
    make: (id, { label, hours }, act, reach) =>
      inTransaction(db, async (tx) => {
        const one = await lockRecovery(tx, id, reach);
        if (!stepRecovery(one, { type: "share" }, act.atMs).ok)
          throw new ConflictError(`recovery ${id} is closed`, { id });
        const before = await linksOf(tx, one, act.atMs);
        if (before.filter(({ state }) => state === "valid").length >= LINKS_MAX)
          throw new ConflictError(`${LINKS_MAX} links lead to recovery ${id}: revoke one first`);
        const [token, linkId] = [makeToken(random), makeId()];
        await tx
          .insertInto("recovery_links")
          .values({
            ...{ id: linkId, recovery_id: id, token_sha256: sha256Hex(token), label },
            made_at: new Date(act.atMs),
            expires_at: new Date(act.atMs + hours * HOUR_MS),
          })
          .execute();
        await writeEntry(tx, id, { kind: "link-made", text: label }, act);
        await audit.record(tx, act, {
          ...{ action: "recovery.link-made", subject: { kind: "recovery", id } },
          ...{ customerId: one.customerId, after: { link: linkId, hours } },
        });
        const link = (await linksOf(tx, one, act.atMs)).find((each) => each.id === linkId);
        return { token, link: required(link, id) };
      }),

    revoke: (id, linkId, act, reach) =>
      inTransaction(db, async (tx) => {
        const one = await lockRecovery(tx, id, reach);
        const link = (await linksOf(tx, one, act.atMs)).find((each) => each.id === linkId);
        if (link === undefined) throw new NotFoundError("link", linkId);
        if (link.revokedAt !== null) return;
        await tx
          .updateTable("recovery_links")
          .set({ revoked_at: new Date(act.atMs) })
          .where("id", "=", linkId)
          .execute();
        await writeEntry(tx, id, { kind: "link-revoked", text: link.label }, act);
        await audit.record(tx, act, {
          ...{ action: "recovery.link-revoked", subject: { kind: "recovery", id } },
          ...{ customerId: one.customerId, after: { link: linkId } },
        });
      }),

    async look(token, { ip, atMs }) {
      const looked = await inTransaction(db, (tx) => countReading(tx, audit, { token, ip, atMs }));
      if (looked === undefined) return undefined;
      const { one, expiresAtMs } = looked;
      return {
        ...{ id: one.id, vehicle: one.vehicle, expiresAtMs },
        isRecovered: one.state === "recovered",
        track: await trackOf(one, atMs),
      };
    },
  };
}

interface Look {
  readonly token: string;
  readonly ip: string;
  readonly atMs: number;
}

/** The case of a link that is valid; this look is kept, and the first of an address is in the audit log. */
async function countReading(
  tx: Db,
  audit: Audit,
  { token, ip, atMs }: Look,
): Promise<{ readonly one: RecoverySummary; readonly expiresAtMs: number } | undefined> {
  const link = await tx
    .selectFrom("recovery_links")
    .selectAll()
    .where("token_sha256", "=", sha256Hex(token))
    .forUpdate()
    .executeTakeFirst();
  if (link === undefined) return undefined;
  const [one] = await recoveriesWhere(tx, sql`r.id = ${link.recovery_id}`, 1);
  if (one === undefined) return undefined;
  const expiresAtMs = link.expires_at.getTime();
  const times = {
    ...{ madeAtMs: link.made_at.getTime(), expiresAtMs },
    revokedAtMs: link.revoked_at?.getTime() ?? null,
  };
  if (linkState(times, one.state, atMs) !== "valid") return undefined;
  const { numAffectedRows } = await sql`
    update recovery_link_reads set last_at = ${new Date(atMs)}::timestamptz, requests = requests + 1
    where id = (select max(id) from recovery_link_reads where link_id = ${link.id} and ip = ${ip})
      and last_at > ${new Date(atMs - READING_PAUSE_MS)}::timestamptz`.execute(tx);
  if (numAffectedRows !== undefined && numAffectedRows > 0n) return { one, expiresAtMs };
  const at = new Date(atMs);
  await tx
    .insertInto("recovery_link_reads")
    .values({ link_id: link.id, ip, first_at: at, last_at: at, requests: 1 })
    .execute();
  const act: Act = {
    actor: { kind: "system", id: `link ${link.id}`, name: "Share link" },
    atMs,
    ip,
  };
  await audit.record(tx, act, {
    ...{ action: "recovery.link-read", subject: { kind: "recovery", id: one.id } },
    ...{ customerId: one.customerId, after: { link: link.id } },
  });
  return { one, expiresAtMs };
}
