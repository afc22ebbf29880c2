import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { int8List, jsonRows } from "../db/json-rows.ts";
import { type Hearing, type Silence, silenceCauses, type WatchedTerminal } from "./outage.ts";
import { evidenceOf, type OutageEvidence } from "./outage-evidence.ts";
import { incidentAlarmId, type Outages } from "./outages.ts";

/** More at once are not told apart; the rest follow in the next look. */
const WATCHED_MAX = 20_000;
const MEMBERS_MIN = 3;
/** So long after the first are heard again the others have had their chance. */
const SETTLED_MS = 180_000;
const FADES_S = 3 * 86_400;
const FIRST_LOOK_BACK_MS = 3_600_000;

export function outagesPostgres(db: Db): Outages {
  let lookedNs: bigint | undefined;
  return {
    async review(nowMs) {
      const nowNs = BigInt(nowMs) * 1_000_000n;
      const fromNs = lookedNs ?? nowNs - BigInt(FIRST_LOOK_BACK_MS) * 1_000_000n;
      await db.transaction().execute((tx) => noteHearing(tx, fromNs, nowNs));
      lookedNs = nowNs;
      const terminals = await watched(db, nowMs);
      const gateways = await db.selectFrom("gateway").select(["id", "online"]).execute();
      const silences = silenceCauses(
        terminals,
        gateways.map(({ id, online }) => ({ id, isConnected: online })),
        nowMs,
      );
      await db.transaction().execute((tx) => fold(tx, { silences, terminals, nowMs }));
    },
  };
}

/** Which gateways heard whom since the last look. What comes late from an outbox says nothing of the present and is left out. */
async function noteHearing(tx: Db, fromNs: bigint, toNs: bigint): Promise<void> {
  await sql`
    insert into terminal_hearing as h (address, gateway_id, weight, heard_at)
    select p.address, r.gateway_id, count(*), to_timestamp(max(r.received_at_ns) / 1e9)
    from packet p join reception r on r.packet_id = p.id
    where p.received_at_ns > ${fromNs}::int8 and p.received_at_ns <= ${toNs}::int8
      and p.accepted and p.address is not null
    group by p.address, r.gateway_id
    on conflict (address, gateway_id) do update set heard_at = greatest(h.heard_at, excluded.heard_at),
      weight = h.weight * exp(-greatest(0, extract(epoch from excluded.heard_at - h.heard_at)) / ${FADES_S}::float8)
        + excluded.weight`.execute(tx);
}

interface WatchedRow {
  readonly address: bigint;
  readonly heard_ms: number;
  readonly is_quiet: boolean;
  readonly is_planned: boolean;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly hearing:
    | readonly { readonly gateway: string; readonly weight: number; readonly ms: number }[]
    | null;
}

/** Quiet terminals, and all that their gateways usually hear. Nothing where nobody is quiet. */
async function watched(db: Db, nowMs: number): Promise<readonly WatchedTerminal[]> {
  const now = sql`${new Date(nowMs)}::timestamptz`;
  const { rows } = await sql<WatchedRow>`
    with quiet as (select address from alert_states where quiet_at <= ${now} and not is_drill limit ${WATCHED_MAX}::int),
      near as (select distinct gateway_id from terminal_hearing where address in (select address from quiet)),
      around as (select address from quiet union
        select address from terminal_hearing where gateway_id in (select gateway_id from near))
    select t.address, coalesce(d.latitude, t.latitude) as latitude,
      coalesce(d.longitude, t.longitude) as longitude,
      floor(d.received_at_ns / 1000000)::float8 as heard_ms,
      coalesce(s.quiet_at <= ${now}, false) as is_quiet,
      exists (select from maintenance_windows w where w.from_at <= ${now} and w.to_at > ${now}
        and w.cancelled_at is null and (w.profile is null or w.profile = t.profile)
        and (w.address is null or w.address = t.address) and w.customer_id is null
        and (w.group_id is null or exists (select from device_group_member m
          where m.group_id = w.group_id and m.address = t.address))) as is_planned,
      (select json_agg(json_build_object('gateway', h.gateway_id, 'weight', h.weight,
          'ms', floor(extract(epoch from h.heard_at) * 1000)))
        from terminal_hearing h where h.address = t.address) as hearing
    from terminal t join device_state d on d.address = t.address
      join alert_states s on s.address = t.address and not s.is_drill
    where t.address in (select address from around limit ${WATCHED_MAX}::int)
      and t.life_cycle not in ('retired', 'suspended', 'stocked')
      and not exists (select from service_cut k join assignment a on a.address = k.address
        and a.customer_id = k.customer_id and a.to_ns is null where k.address = t.address)`.execute(
    db,
  );
  return rows.map((row) => ({
    address: Number(row.address),
    heardMs: row.heard_ms,
    isQuiet: row.is_quiet,
    isQuietByPlan: row.is_planned,
    place:
      row.latitude === null || row.longitude === null
        ? undefined
        : { latitude: row.latitude, longitude: row.longitude },
    hearing: new Map(
      (row.hearing ?? []).map(({ gateway, weight, ms }): [string, Hearing] => [
        gateway,
        { weight, heardMs: ms },
      ]),
    ),
  }));
}

interface Look {
  readonly silences: readonly Silence[];
  readonly terminals: readonly WatchedTerminal[];
  readonly nowMs: number;
}

async function fold(tx: Db, look: Look): Promise<void> {
  await noteBack(tx, look.nowMs);
  const found = Map.groupBy(
    look.silences.filter(({ cause }) => cause !== "terminal-dead" && cause !== "by-schedule"),
    ({ cause, gatewayId }) => `${cause} ${gatewayId ?? ""}`,
  );
  const going = new Set<string>();
  for (const own of found.values()) {
    const id = await openOrFind(tx, own, look);
    if (id === undefined) continue;
    going.add(id);
    await addMembers(tx, id, own, look);
  }
  await closeOver(tx, going, look.nowMs);
}

/** Those of open incidents that have been heard since. */
async function noteBack(tx: Db, nowMs: number): Promise<void> {
  await sql`
    update incident_members m set back_at = ${new Date(nowMs)}::timestamptz
    from incidents i, device_state d
    where i.id = m.incident_id and i.closed_at is null and m.back_at is null and d.address = m.address
      and to_timestamp(d.received_at_ns / 1e9) > m.heard_at + interval '1 second'`.execute(tx);
}

const TITLES = {
  "gateway-deaf": ["Gateway hears nobody", "网关接收不到终端"],
  "backhaul-down": ["Gateway has lost its connection", "网关回传中断"],
  jammed: ["Area jammed", "区域受干扰"],
} as const;

/** Undefined where too few are silent to speak of an outage. */
async function openOrFind(
  tx: Db,
  own: readonly Silence[],
  look: Look,
): Promise<string | undefined> {
  const [first] = own;
  const cause = first && outageOf(first.cause);
  if (!cause) return undefined;
  const { gatewayId = null, address } = first;
  const open = await tx
    .selectFrom("incidents")
    .select("id")
    .where("cause", "=", cause)
    .where("gateway_id", gatewayId === null ? "is" : "=", gatewayId)
    .where("closed_at", "is", null)
    .executeTakeFirst();
  if (open || own.length < MEMBERS_MIN) return open?.id;
  const evidence = evidenceOf(own, gatewayId, look.terminals);
  return openIncident(tx, { cause, gatewayId, address, members: own.length, evidence }, look);
}

const outageOf = (cause: Silence["cause"]): keyof typeof TITLES | undefined =>
  cause === "terminal-dead" || cause === "by-schedule" ? undefined : cause;

interface NewIncident {
  readonly cause: keyof typeof TITLES;
  readonly gatewayId: string | null;
  /** One of its terminals, for the place. */
  readonly address: number;
  readonly members: number;
  readonly evidence: OutageEvidence;
}

async function openIncident(tx: Db, incident: NewIncident, look: Look): Promise<string> {
  const { cause, gatewayId, address, members } = incident;
  const at = new Date(look.nowMs);
  const id = `${cause}-${gatewayId ?? "area"}-${look.nowMs.toString(36)}`;
  const place = look.terminals.find((terminal) => terminal.address === address)?.place;
  const { latitude = null, longitude = null } = place ?? {};
  await tx
    .insertInto("incidents")
    .values({
      ...{ id, cause, gateway_id: gatewayId, opened_at: at, version: 1, latitude, longitude },
      evidence: JSON.stringify(incident.evidence),
    })
    .execute();
  await raiseIncident(tx, { id, cause, gatewayId, members }, at);
  return id;
}

/** One alarm for all of it: whoever is told of alarms is told of this one. Address 0 is nobody's. */
async function raiseIncident(
  tx: Db,
  incident: {
    readonly id: string;
    readonly cause: keyof typeof TITLES;
    readonly gatewayId: string | null;
    readonly members: number;
  },
  at: Date,
): Promise<void> {
  const { id, cause, gatewayId, members } = incident;
  const [en, zh] = TITLES[cause];
  const name = gatewayId === null ? "" : ` ${gatewayId}`;
  const alarmId = incidentAlarmId(id);
  await tx
    .insertInto("alarms")
    .values({
      ...{ id: alarmId, rule_id: `network.${cause}.${gatewayId ?? id}`, rule_version: 1 },
      ...{ address: 0, severity: "major", state: "active", is_drill: false, opened_at: at },
      ...{ repeats: 0, marks: "[]", incident_id: id },
      title_en: `${en}:${name} (${members} terminals silent)`,
      title_zh: `${zh}：${name}（${members} 台终端失联）`,
    })
    .execute();
  await tx
    .insertInto("alarm_transitions")
    .values({ alarm_id: alarmId, at, stored_at: at, kind: "raised", why: cause })
    .execute();
}

async function addMembers(
  tx: Db,
  incidentId: string,
  own: readonly Silence[],
  { terminals, nowMs }: Look,
): Promise<void> {
  const heard = new Map(terminals.map(({ address, heardMs }) => [address, heardMs]));
  const rows = own.map(({ address }) => ({
    ...{ incident_id: incidentId, address },
    heard_at: new Date(heard.get(address) ?? nowMs),
  }));
  await sql`
    insert into incident_members (incident_id, address, heard_at)
    select * from ${jsonRows(rows)} as row (incident_id text, address bigint, heard_at timestamptz)
    on conflict do nothing`.execute(tx);
  // what was raised before the outage was seen is part of it, too
  await sql`
    with folded as (update alarms a set incident_id = ${incidentId} from alert_rules r
      where r.id = a.rule_id and r.kind = 'silence' and a.state = 'active' and a.incident_id is null
        and a.address in ${int8List(own.map(({ address }) => address))} returning a.id)
    insert into alarm_transitions (alarm_id, at, stored_at, kind, why)
    select id, ${new Date(nowMs)}::timestamptz, ${new Date(nowMs)}::timestamptz, 'folded', ${incidentId}
    from folded`.execute(tx);
}

/** Over: it was not found again, and those who are heard have been for a while. Who still is not, is named. */
async function closeOver(tx: Db, going: ReadonlySet<string>, nowMs: number): Promise<void> {
  const open = await sql<{ id: string; opened_at: Date; back_at: Date | null; away: bigint }>`
    select i.id, i.opened_at, min(m.back_at) as back_at,
      count(*) filter (where m.address is not null and m.back_at is null) as away
    from incidents i left join incident_members m on m.incident_id = i.id
    where i.closed_at is null group by i.id`.execute(tx);
  const at = new Date(nowMs);
  for (const { id, opened_at: openedAt, back_at: backAt, away } of open.rows) {
    const sinceMs = nowMs - (backAt ?? openedAt).getTime();
    if (going.has(id) || (away > 0n && sinceMs < SETTLED_MS)) continue;
    await tx.updateTable("incidents").set({ closed_at: at }).where("id", "=", id).execute();
    await tx
      .updateTable("incident_members")
      .set({ dead_at: at })
      .where("incident_id", "=", id)
      .where("back_at", "is", null)
      .execute();
    await sql`
      insert into alarm_transitions (alarm_id, at, stored_at, kind, why)
      select a.id, ${at}::timestamptz, ${at}::timestamptz, 'named', ${id} from alarms a
        join incident_members m on m.address = a.address and m.incident_id = a.incident_id
      where a.incident_id = ${id} and a.state = 'active' and m.dead_at is not null`.execute(tx);
    await sql`
      with over as (update alarms set state = 'cleared', cleared_at = ${at}::timestamptz
        where id = ${incidentAlarmId(id)} and state = 'active' returning id)
      insert into alarm_transitions (alarm_id, at, stored_at, kind, why)
      select id, ${at}::timestamptz, ${at}::timestamptz, 'cleared', 'heard-again' from over`.execute(
      tx,
    );
  }
}
