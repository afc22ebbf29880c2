import { sql } from "kysely";
import {
  type FactsRow,
  NOISE_DBM,
  SUSPENDED_IF_CUT,
  toFacts,
} from "../commands/command-facts-postgres.ts";
import { type CommandProfile, commandOf, envelopeOf } from "../commands/command-of-profile.ts";
import { type Judgement, judgeEnvelope, type PlaceLimit, refused } from "../commands/envelope.ts";
import { HEARD_WITHIN_MS } from "../commands/zone.ts";
import type { Db } from "../db/database.ts";
import type { Judged } from "./group-command.ts";
import type { Hearing } from "./roll-call.ts";

const NS_PER_MS = 1_000_000n;

/** Members of a group that are in service: the others are told nothing. */
export const IN_SERVICE = sql`t.life_cycle not in ('stocked', 'retired')`;

export interface ToJudge {
  readonly groupId: bigint | null;
  readonly profile: string;
  readonly name: string;
  readonly place: PlaceLimit | null;
}

export interface GroupJudgement extends Judged {
  /** The first member that it fails on, and how many more. */
  readonly address: number | null;
  readonly failing: number;
}

/** The envelope for every member: a page reaches all of them or none, so that one refusal keeps it from everybody. */
export async function judgeMembers(
  tx: Db,
  profiles: ReadonlyMap<string, CommandProfile>,
  { groupId, profile: profileName, name, place }: ToJudge,
  nowMs: number,
): Promise<GroupJudgement> {
  const profile = profiles.get(profileName);
  const command = commandOf(profile, name);
  // its profile has lost it since, or its group is gone: nobody knows any more what it was bound by
  if (profile === undefined || command === undefined || groupId === null)
    return { judgement: refused("no-data"), address: null, failing: 0, passing: 0 };
  const envelope = envelopeOf(profile, command, place);
  const asksData = envelope.preconditions.length > 0 || place !== null;
  const { rows } = await sql<FactsRow & { address: bigint }>`
    select t.address, t.profile, ${SUSPENDED_IF_CUT} as life_cycle, ${asksData ? sql`d.values` : sql`null as values`},
      d.latitude, d.longitude, d.position_measured_at_ns
    from device_group_member m join terminal t on t.address = m.address
      left join device_state d on d.address = t.address
    where m.group_id = ${groupId}::int8 and ${IN_SERVICE} order by t.address`.execute(tx);
  return together(
    rows.map((row) => {
      const facts = toFacts(row);
      const judgement =
        facts.profile === profileName
          ? judgeEnvelope(envelope, facts, nowMs)
          : refused("terminal-not-in-service"); // of another type, that would take it for something else
      return { address: Number(row.address), judgement };
    }),
  );
}

function together(
  members: readonly { readonly address: number; readonly judgement: Judgement }[],
): GroupJudgement {
  let holdsUntilMs = Infinity;
  for (const { judgement } of members)
    if (judgement.ok) holdsUntilMs = Math.min(holdsUntilMs, judgement.holdsUntilMs);
  const failing = members.filter(({ judgement }) => !judgement.ok);
  const passing = members.length - failing.length;
  const [first] = failing;
  if (first) return { ...first, failing: failing.length, passing };
  return { judgement: { ok: true, holdsUntilMs }, address: null, failing: 0, passing };
}

export interface Member extends Hearing {
  /** Of the group's present key. */
  readonly hasKey: boolean;
  /** Or it is on its way: a page to the group may be heard. */
  readonly mayHaveKey: boolean;
}

/** Members in service, with the gateways that heard their last report within a day. */
export async function loadMembers(
  tx: Db,
  groupId: bigint,
  nowMs: number,
): Promise<readonly Member[]> {
  const sinceNs = BigInt(nowMs - HEARD_WITHIN_MS) * NS_PER_MS;
  const { rows } = await sql<{
    address: bigint;
    key_state: "joining" | "held" | null;
    gateways: readonly string[] | null;
  }>`
    select t.address, (select h.state from group_key k join group_key_holder h on h.key_id = k.id
        where k.group_id = m.group_id and k.retired_at is null and h.address = t.address
          and h.state in ('joining', 'held')) as key_state,
      (select json_agg(gateway_id order by level desc) from (
        select r.gateway_id, max(coalesce(r.rssi_dbm, r.snr_db + ${NOISE_DBM}::float8)) as level
        from reception r where r.packet_id = d.packet_id group by r.gateway_id) heard) as gateways
    from device_group_member m join terminal t on t.address = m.address
      left join device_state d on d.address = t.address and d.received_at_ns >= ${sinceNs}::int8
    where m.group_id = ${groupId}::int8 and ${IN_SERVICE} order by t.address`.execute(tx);
  return rows.map((row) => ({
    address: Number(row.address),
    ...{ hasKey: row.key_state === "held", mayHaveKey: row.key_state !== null },
    gateways: row.gateways ?? [],
  }));
}

/** Somebody may know the present key who is no member in service any more: it is not the one to page under, and its turn is next. */
export async function mustRekey(tx: Db, groupId: bigint): Promise<boolean> {
  const { rows } = await sql`
    select from group_key k join group_key_holder h on h.key_id = k.id
    where k.group_id = ${groupId}::int8 and k.retired_at is null and h.state <> 'wanted' and not exists (
      select from device_group_member m join terminal t on t.address = m.address
      where m.group_id = k.group_id and m.address = h.address and ${IN_SERVICE}) limit 1`.execute(
    tx,
  );
  if (rows.length === 0) return false;
  await sql`
    update device_group set keys_due_at = 'epoch' where id in (
      select id from device_group where id = ${groupId}::int8 for update skip locked)`.execute(tx);
  return true;
}

export async function onlineGateways(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("gateway")
    .select("id")
    .where("online", "=", true)
    .where("retired_at", "is", null)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Of which types the members in service are, and how many of each. */
export async function profilesOf(
  db: Db,
  groupId: bigint,
): Promise<readonly { readonly profile: string; readonly count: number }[]> {
  const { rows } = await sql<{ profile: string; count: number }>`
    select t.profile, count(*)::int as count from device_group_member m join terminal t on t.address = m.address
    where m.group_id = ${groupId}::int8 and ${IN_SERVICE} group by t.profile order by t.profile`.execute(
    db,
  );
  return rows;
}
