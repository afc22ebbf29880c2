import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { int8List, nestedParts } from "../db/json-rows.ts";
import type { MaintenanceWindowsTable } from "../db/tables-incidents.ts";
import { caseIdOf } from "./cases.ts";
import { heldAt, type LoadedLane } from "./lane-rows.ts";
import type { AlarmChange, Transition } from "./ledger.ts";

export interface RaisedAlarm {
  readonly change: AlarmChange;
  readonly lane: LoadedLane;
}

/**
 * New alarms: part of an open incident, shelved while there is maintenance, with a case where the rule opens one. Answers
 * that some were folded into an incident, which is to be written once it is written that they were raised.
 */
export async function insertAlarms(
  tx: Db,
  raised: readonly RaisedAlarm[],
  nowMs: number,
): Promise<readonly Transition[]> {
  if (raised.length === 0) return [];
  const incidents = await incidentsOf(tx, raised);
  const windows = await windowsNow(tx, nowMs);
  const rows = raised.flatMap((one) => rowOf(one, incidents, windows));
  for (const part of nestedParts(rows))
    await sql`
    insert into alarms (id, rule_id, rule_version, address, asset_id, customer_id, severity, state,
      is_drill, opened_at, cleared_at, repeats, marks, title_en, title_zh, incident_id, shelved_until,
      case_id)
    select id, rule_id, rule_version, address, asset_id, customer_id, severity,
      case when cleared_at is null then 'active' else 'cleared' end, is_drill, opened_at, cleared_at,
      repeats, marks, title_en, title_zh, incident_id, shelved_until, case_id
    from ${part} as row (id text, rule_id text, rule_version integer, address bigint,
      asset_id text, customer_id text, severity text, is_drill boolean, opened_at timestamptz,
      cleared_at timestamptz, repeats integer, marks jsonb, title_en text, title_zh text,
      incident_id text, shelved_until timestamptz, case_id text)`.execute(tx);
  await openCases(tx, raised);
  return rows.flatMap(({ id, incident_id: incident }) =>
    incident === undefined ? [] : [foldedInto(incident, id, nowMs)],
  );
}

type Window = Pick<MaintenanceWindowsTable, "profile" | "customer_id" | "to_at"> & {
  readonly group_id: bigint | null;
  readonly address: bigint | null;
};

function rowOf(
  { change, lane }: RaisedAlarm,
  incidents: ReadonlyMap<number, string>,
  windows: readonly Window[],
) {
  const { effect, marks, ...facts } = change;
  if (!effect) return [];
  const { id, version, spec } = effect.rule;
  const { address, isDrill } = lane.working.engine;
  const held = heldAt(lane.held, facts.openedMs);
  const shelvedUntil = shelvedBy(lane, windows);
  return [
    {
      ...{ id: facts.id, rule_id: id, rule_version: version, address, is_drill: isDrill },
      ...{ asset_id: held?.assetId, customer_id: held?.customerId, severity: spec.severity },
      opened_at: new Date(facts.openedMs),
      cleared_at: facts.clearedMs === null ? undefined : new Date(facts.clearedMs),
      repeats: facts.repeats,
      marks: shelvedUntil ? [...marks, "maintenance"] : marks,
      title_en: spec.title.en,
      title_zh: spec.title["zh-CN"],
      incident_id: spec.signal.kind === "silence" && !isDrill ? incidents.get(address) : undefined,
      shelved_until: shelvedUntil,
      case_id: spec.opensCase === undefined ? undefined : caseIdOf(facts.id),
    },
  ];
}

async function incidentsOf(
  tx: Db,
  raised: readonly RaisedAlarm[],
): Promise<ReadonlyMap<number, string>> {
  const silent = raised.filter(({ change }) => change.effect?.rule.spec.signal.kind === "silence");
  if (silent.length === 0) return new Map();
  const addresses = silent.map(({ lane }) => lane.working.engine.address);
  const { rows } = await sql<{ address: bigint; incident_id: string }>`
    select m.address, m.incident_id from incident_members m join incidents i on i.id = m.incident_id
    where i.closed_at is null and m.back_at is null and m.address in ${int8List(addresses)}`.execute(
    tx,
  );
  return new Map(rows.map((row) => [Number(row.address), row.incident_id]));
}

/** Windows that are open now. */
async function windowsNow(tx: Db, nowMs: number): Promise<readonly Window[]> {
  const now = new Date(nowMs);
  return tx
    .selectFrom("maintenance_windows")
    .select(["profile", "customer_id", "group_id", "address", "to_at"])
    .where("from_at", "<=", now)
    .where("to_at", ">", now)
    .where("cancelled_at", "is", null)
    .execute();
}

function shelvedBy({ working }: LoadedLane, windows: readonly Window[]): Date | undefined {
  const { address, context } = working.engine;
  return windows
    .filter(
      (window) =>
        (window.profile === null || window.profile === context.profile) &&
        (window.customer_id === null || window.customer_id === context.customerId) &&
        (window.group_id === null || context.groups.includes(Number(window.group_id))) &&
        (window.address === null || Number(window.address) === address),
    )
    .map(({ to_at: to }) => to)
    .sort((a, b) => b.getTime() - a.getTime())[0];
}

/** Whoever tells people of alarms tells of the incident instead. */
const foldedInto = (incident: string, alarmId: string, atMs: number): Transition => ({
  ...{ alarmId, atMs, kind: "folded", why: incident, card: null },
});

async function openCases(tx: Db, raised: readonly RaisedAlarm[]): Promise<void> {
  const cases = raised.flatMap(({ change, lane }) => {
    const kind = change.effect?.rule.spec.opensCase;
    return kind === undefined ? [] : [{ ...placeOf(lane), ...caseOf(change, lane), kind }];
  });
  if (cases.length === 0) return;
  await tx.insertInto("alarm_cases").values(cases).execute();
  await tx
    .insertInto("alarm_case_entries")
    .values(
      cases.map(({ id, alarm_id: text, opened_at: at }) => ({
        ...{ case_id: id, at, kind: "opened" as const, text },
      })),
    )
    .execute();
}

function caseOf(change: AlarmChange, { working, held }: LoadedLane) {
  const { address, isDrill } = working.engine;
  const holder = heldAt(held, change.openedMs);
  return {
    id: caseIdOf(change.id),
    state: "open" as const,
    alarm_id: change.id,
    address,
    asset_id: holder?.assetId ?? null,
    customer_id: holder?.customerId ?? null,
    is_drill: isDrill,
    opened_at: new Date(change.openedMs),
    version: 1,
  };
}

/** Where it is and what its controller says, as last known. */
function placeOf({ working: { kept } }: LoadedLane) {
  const { place = null, values = {} } = kept?.device ?? {};
  const fault = values["faultCode"] ?? 0;
  return {
    latitude: place?.point.latitude ?? null,
    longitude: place?.point.longitude ?? null,
    fault: fault === 0 ? null : String(fault),
  };
}
