import { type RawBuilder, sql } from "kysely";
import { stepSeenBy } from "../alerting/operator-names.ts";
import { commandsWhere } from "../commands/command-reads-postgres.ts";
import type { Db } from "../db/database.ts";
import type { Reach } from "../identity/policy.ts";
import type { Language } from "../notifications/occasion.ts";
import type {
  RecoveryDetail,
  RecoveryEntry,
  RecoveryEntryKind,
  RecoveryLink,
  RecoveryPack,
  RecoverySummary,
} from "./recoveries.ts";
import { linkState, type RecoveryState } from "./recovery.ts";

const ENTRIES_MAX = 1_000;
/** Of one link; the newest are told. */
const READINGS_MAX = 200;
const COMMANDS_MAX = 200;

export const withinReach = (reach: Reach): RawBuilder<unknown> =>
  reach === "all"
    ? sql`true`
    : sql`r.customer_id in (select json_array_elements_text(${JSON.stringify([...reach])}::text::json))`;

interface RecoveryRow {
  readonly id: string;
  readonly state: RecoveryState;
  readonly address: bigint;
  readonly serial: string;
  readonly profile: string;
  readonly asset_id: string;
  readonly vehicle_name: string;
  readonly plate: string | null;
  readonly vin: string | null;
  readonly customer_id: string;
  readonly customer_name: string | null;
  readonly is_held: boolean;
  readonly stolen_at: Date;
  readonly opened_at: Date;
  readonly recovered_at: Date | null;
  readonly closed_at: Date | null;
  readonly result: string | null;
  readonly interval_before_s: number | null;
  readonly interval_short_s: number | null;
  readonly interval_command_id: string | null;
  readonly interval_problem: string | null;
  readonly version: number;
}

export async function recoveriesWhere(
  db: Db,
  condition: RawBuilder<unknown>,
  limit: number,
): Promise<readonly RecoverySummary[]> {
  const { rows } = await sql<RecoveryRow>`
    select r.*, t.serial, t.profile, c.name as customer_name,
      exists (select from assignment a where a.address = r.address and a.customer_id = r.customer_id
        and a.asset_id = r.asset_id and a.to_ns is null) as is_held
    from recoveries r join terminal t on t.address = r.address
      left join customer c on c.id = r.customer_id
    where ${condition} order by r.opened_at desc, r.id limit ${limit}::int`.execute(db);
  return rows.map(toSummary);
}

function toSummary(row: RecoveryRow): RecoverySummary {
  const { interval_before_s: beforeS, interval_short_s: shortS } = row;
  return {
    ...{ id: row.id, state: row.state, address: Number(row.address), serial: row.serial },
    ...{ profile: row.profile, assetId: row.asset_id, customerId: row.customer_id },
    ...{ customerName: row.customer_name, isHeld: row.is_held, result: row.result },
    vehicle: { name: row.vehicle_name, plate: row.plate, vin: row.vin },
    stolenAtMs: row.stolen_at.getTime(),
    openedAtMs: row.opened_at.getTime(),
    recoveredAtMs: row.recovered_at?.getTime() ?? null,
    closedAtMs: row.closed_at?.getTime() ?? null,
    interval: beforeS === null || shortS === null ? null : { beforeS, shortS },
    intervalCommandId: row.interval_command_id,
    intervalProblem: row.interval_problem,
    version: row.version,
  };
}

export interface DetailAsked {
  readonly reach: Reach;
  readonly nowMs: number;
}

export async function findRecovery(
  db: Db,
  id: string,
  { reach, nowMs }: DetailAsked,
): Promise<RecoveryDetail | undefined> {
  const [summary] = await recoveriesWhere(db, sql`r.id = ${id} and ${withinReach(reach)}`, 1);
  if (summary === undefined) return undefined;
  return {
    ...summary,
    entries: await entriesOf(db, id, reach),
    links: await linksOf(db, summary, nowMs),
    packs: await packsOf(db, id, reach),
    ...(await commandsOf(db, summary, reach)),
  };
}

async function entriesOf(db: Db, id: string, reach: Reach): Promise<readonly RecoveryEntry[]> {
  const rows = await db
    .selectFrom("recovery_entries as e")
    .leftJoin("app_user as u", "u.id", "e.who")
    .select(["e.at", "e.kind", "e.who", "e.text"])
    .select(["u.name as who_name", "u.id as user_id", "u.customer_id as user_customer"])
    .where("e.recovery_id", "=", id)
    .orderBy("e.id", "desc")
    .limit(ENTRIES_MAX)
    .execute();
  return rows.reverse().map((row) => {
    const { at, who, who_name: whoName, text } = row;
    const kind = row.kind as RecoveryEntryKind; // written by writeEntry alone
    const isOfOperator = row.user_id !== null && row.user_customer === null;
    return stepSeenBy({ at, kind, who, whoName, text }, isOfOperator, reach);
  });
}

export async function linksOf(
  db: Db,
  { id, state }: Pick<RecoverySummary, "id" | "state">,
  nowMs: number,
): Promise<readonly RecoveryLink[]> {
  const links = await db
    .selectFrom("recovery_links")
    .selectAll()
    .where("recovery_id", "=", id)
    .orderBy("made_at")
    .orderBy("id")
    .execute();
  if (links.length === 0) return [];
  const reads = await sql<{
    link_id: string;
    ip: string;
    first_at: Date;
    last_at: Date;
    requests: number;
  }>`select * from (select e.*, row_number() over (partition by link_id order by e.id desc) as place
      from recovery_link_reads e join recovery_links l on l.id = e.link_id
      where l.recovery_id = ${id}) n where place <= ${READINGS_MAX}::int order by id desc`.execute(
    db,
  );
  const byLink = Map.groupBy(reads.rows, (row) => row.link_id);
  return links.map((row) => ({
    ...{ id: row.id, label: row.label, madeAt: row.made_at, expiresAt: row.expires_at },
    revokedAt: row.revoked_at,
    state: linkState(
      {
        madeAtMs: row.made_at.getTime(),
        expiresAtMs: row.expires_at.getTime(),
        revokedAtMs: row.revoked_at?.getTime() ?? null,
      },
      state,
      nowMs,
    ),
    readings: (byLink.get(row.id) ?? []).map((read) => ({
      ...{ ip: read.ip, firstAt: read.first_at, lastAt: read.last_at, requests: read.requests },
    })),
  }));
}

/** Those that name the operator's people are the operator's. */
export const isReadablePack = (reach: Reach): RawBuilder<unknown> =>
  reach === "all" ? sql`true` : sql`not names_operator`;

async function packsOf(db: Db, id: string, reach: Reach): Promise<readonly RecoveryPack[]> {
  const { rows } = await sql<{ id: string; made_at: Date; language: Language; bytes: number }>`
    select id, made_at, language, length(pdf) as bytes from recovery_packs
    where recovery_id = ${id} and ${isReadablePack(reach)}
    order by made_at, id`.execute(db);
  return rows.map((row) => ({
    ...{ id: row.id, madeAt: row.made_at, language: row.language, bytes: row.bytes },
  }));
}

/** Condition on `c`: told from the theft on up to the end of the case, while it was in the customer's vehicle. */
export function ofCase(one: RecoverySummary): RawBuilder<unknown> {
  const { address, customerId, assetId, stolenAtMs, closedAtMs, intervalCommandId } = one;
  const endAt = closedAtMs === null ? null : new Date(closedAtMs);
  const atNs = sql`(extract(epoch from c.created_at) * 1000000000)::int8`;
  return sql`c.address = ${address}::int8 and c.customer_id = ${customerId} and (
    c.id = ${intervalCommandId}
    or c.created_at >= ${new Date(stolenAtMs)}::timestamptz
      and c.created_at <= coalesce(${endAt}::timestamptz, 'infinity')
      and exists (select from assignment a where a.address = c.address and a.customer_id = c.customer_id
        and a.asset_id = ${assetId} and a.from_ns <= ${atNs} and (a.to_ns is null or a.to_ns > ${atNs})))`;
}

async function commandsOf(
  db: Db,
  summary: RecoverySummary,
  reach: Reach,
): Promise<Pick<RecoveryDetail, "commands" | "moreCommands" | "openStops">> {
  const found = await commandsWhere(db, ofCase(summary), { reach, limit: COMMANDS_MAX + 1 });
  return {
    commands: found.slice(0, COMMANDS_MAX).toReversed(),
    moreCommands: found.length > COMMANDS_MAX,
    openStops: found
      .filter((one) => one.safetyClass === "dangerous" && !one.isDrill && one.endedAt === null)
      .map(({ id }) => id),
  };
}
