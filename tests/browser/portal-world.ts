import { randomUUID } from "node:crypto";
import { alertJudgePostgres } from "../../domain/alerting/judge-postgres.ts";
import { incidentAlarmId } from "../../domain/alerting/outages.ts";
import { createRulesInForce, installDefaultRules } from "../../domain/alerting/rules-postgres.ts";
import type { Db } from "../../domain/db/database.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { DEMO_CUSTOMER } from "../../domain/identity/first-users.ts";
import { telemetryPostgres } from "../../domain/telemetry/telemetry-postgres.ts";
import { seedTerminals } from "../api-fixture.ts";
import { fleetOf, msToNs } from "../fleet-of-customers.ts";
import { seedCustomer } from "../notifications-fixture.ts";

const PROFILES = loadProfiles("profiles").byName;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const LAMPS = 500;
const FIRST_LAMP = 1_000;
/** Lamps that stayed dark after the gateway was back. */
const DEAD = 2;
export const VAN = 5;
export const OTHERS_VAN = 6;
export const INCIDENT = "gateway-deaf-gw-north-1";

/** A van of the demonstration's subscriber and one of somebody else, both in need of help; 500 lamps that a gateway silenced. */
export async function seedPortalWorld(db: Db, nowMs: number): Promise<void> {
  const { id: mine } = await db
    .selectFrom("customer")
    .select("id")
    .where("number", "=", DEMO_CUSTOMER.number)
    .executeTakeFirstOrThrow();
  await seedCustomer(db, "stranger");
  const lamps = Array.from({ length: LAMPS }, (_, at) => FIRST_LAMP + at);
  await seedTerminals(db, [
    { address: VAN, name: "Blue van" },
    { address: OTHERS_VAN, name: "Stranger's van" },
    ...lamps.map((address) => ({
      ...{ address, name: `Lamp ${address - FIRST_LAMP + 1}`, profile: "streetlight" },
    })),
  ]);
  const fleet = fleetOf(db, nowMs);
  await fleet.give(VAN, mine, nowMs - 3 * DAY_MS);
  await fleet.give(OTHERS_VAN, "stranger", nowMs - 3 * DAY_MS);
  await db
    .insertInto("contact")
    .values({
      ...{ id: "li", customer_id: mine, name: "Li Wei", role: "driver", language: "zh-CN" },
      ...{ email: "li@example.org", created_at: new Date(nowMs), version: 1 },
    })
    .execute();
  await callForHelp(db, nowMs);
  await seedDay(db, nowMs);
  await seedFound(db, nowMs);
  await seedIncident(db, lamps, nowMs);
}

/** As the network process judges them. */
async function callForHelp(db: Db, nowMs: number): Promise<void> {
  await installDefaultRules(db, PROFILES, nowMs);
  const judge = alertJudgePostgres(createRulesInForce(PROFILES, () => undefined));
  for (const [at, address] of [VAN, OTHERS_VAN].entries()) {
    const readings = { panic: true, latitude: 31.22 + at / 100, longitude: 121.47, faultCode: 769 };
    const report = { packetId: BigInt(at + 1), address, isDrill: false, readings };
    const measuredAtNs = msToNs(nowMs - MINUTE_MS + at);
    await (await judge.judge(db, [{ ...report, measuredAtNs }], nowMs)).write(db);
    await db
      .insertInto("device_state")
      .values({
        ...{ address, values: "{}", latitude: 31.23, longitude: 121.475, packet_id: at + 1 },
        ...{ position_source: "terminal", position_measured_at_ns: measuredAtNs },
        ...{ measured_at_ns: measuredAtNs, received_at_ns: measuredAtNs },
      })
      .execute();
  }
}

/** The day before, on which its whole drive lies wherever one looks at it from. */
export const dayOfDrive = (nowMs: number): string =>
  new Date(nowMs - DAY_MS).toISOString().slice(0, 10);

/** It stands, drives, is lost for an hour, and drives again; one place of it is nowhere. */
async function seedDay(db: Db, nowMs: number): Promise<void> {
  const startMs = Date.parse(`${dayOfDrive(nowMs)}T10:00:00Z`);
  const driven = (from: number, minutes: number, start: number) =>
    Array.from({ length: minutes }, (_, step) => ({
      minute: from + step,
      latitude: start + step * 0.002,
      speed: 45,
    }));
  const day = [
    ...Array.from({ length: 20 }, (_, step) => ({ minute: step, latitude: 31.18, speed: 0 })),
    ...driven(20, 20, 31.18),
    { minute: 40, latitude: 0, speed: 45 },
    ...driven(100, 10, 31.26),
  ];
  await telemetryPostgres(db).record(
    db,
    day.map(({ minute, latitude, speed }) => ({
      measurement: "vehicle",
      tags: { terminal: String(VAN), report: "position" },
      timeNs: msToNs(startMs + minute * MINUTE_MS),
      fields: {
        ...{ latitude, longitude: latitude === 0 ? 0 : 121.47, speed, heading: 0 },
        ...{ ignition: speed > 0, hdop: 0.8, fix: "three-dimensional" },
      },
    })),
  );
}

/** While it was lost a packet without a fix was heard by four gateways. */
async function seedFound(db: Db, nowMs: number): Promise<void> {
  const startMs = Date.parse(`${dayOfDrive(nowMs)}T10:00:00Z`);
  await db
    .insertInto("network_position")
    .values({
      ...{ packet_id: 3, address: VAN, measured_at_ns: msToNs(startMs + 70 * MINUTE_MS) },
      ...{ method: "arrival-times", latitude: 31.235, longitude: 121.485, gateways: 4 },
      ...{ major_m: 620, minor_m: 210, bearing_deg: 40 },
    })
    .execute();
}

/** As the look for outages keeps it: over after half an hour, two lamps dead. */
async function seedIncident(db: Db, lamps: readonly number[], nowMs: number): Promise<void> {
  const at = (minute: number): Date => new Date(nowMs - (60 - minute) * MINUTE_MS);
  await db
    .insertInto("gateway")
    .values({ id: "gw-north", name: "North", online: true, modems: "[]", counters: "{}" })
    .execute();
  await db
    .insertInto("incidents")
    .values({
      ...{ id: INCIDENT, cause: "gateway-deaf", gateway_id: "gw-north", version: 1 },
      ...{ opened_at: at(4), closed_at: at(34) },
      evidence: JSON.stringify({
        ...{ usual: LAMPS, silent: LAMPS, lastHeardMs: at(0).getTime(), radiusM: null },
      }),
    })
    .execute();
  await db
    .insertInto("incident_members")
    .values(
      lamps.map((address, nth) => ({
        ...{ incident_id: INCIDENT, address, heard_at: at(0) },
        ...(nth < DEAD ? { dead_at: at(34) } : { back_at: at(30 + (nth % 3)) }),
      })),
    )
    .execute();
  const id = incidentAlarmId(INCIDENT);
  await db
    .insertInto("alarms")
    .values({
      ...{ id, rule_id: "network.gateway-deaf.gw-north", rule_version: 1, address: 0 },
      ...{ severity: "major", state: "cleared", is_drill: false, repeats: 0, marks: "[]" },
      ...{ opened_at: at(4), cleared_at: at(34), incident_id: INCIDENT },
      title_en: "Gateway hears nobody: gw-north (500 terminals silent)",
      title_zh: "网关接收不到终端：gw-north（500 台终端失联）",
    })
    .execute();
  await db
    .insertInto("alarm_transitions")
    .values({ alarm_id: id, at: at(4), stored_at: at(4), kind: "raised", why: "gateway-deaf" })
    .execute();
}

/** So many alarms of the subscriber's van, for a list that is long. */
export async function seedManyAlarms(db: Db, count: number, nowMs: number): Promise<void> {
  const found = await db
    .selectFrom("alarms")
    .select(["customer_id", "asset_id"])
    .where("address", "=", BigInt(VAN))
    .executeTakeFirstOrThrow();
  const at = (nth: number): Date => new Date(nowMs - nth * 1_000);
  for (let from = 0; from < count; from += 1_000)
    await db
      .insertInto("alarms")
      .values(
        Array.from({ length: Math.min(1_000, count - from) }, (_, step) => ({
          ...{ id: randomUUID(), rule_id: `many-${from + step}`, rule_version: 1, address: VAN },
          ...{ severity: "minor" as const, state: "active" as const, is_drill: false },
          ...{ repeats: 0, marks: "[]", opened_at: at(from + step), ...found },
          ...{ title_en: "Low battery", title_zh: "电量低" },
        })),
      )
      .execute();
}
