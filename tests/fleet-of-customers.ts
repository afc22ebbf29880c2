import { randomUUID } from "node:crypto";
import type { Callers } from "../api/http/caller.ts";
import { keysOf } from "../domain/customers/customer-keys.ts";
import type { Db } from "../domain/db/database.ts";
import { createAssets } from "../domain/devices/assets-postgres.ts";
import { createAssignments } from "../domain/devices/assignments-postgres.ts";
import type { Act } from "../domain/identity/audit.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import { type Caller, type CustomerNode, reachOf } from "../domain/identity/policy.ts";
import type { Role } from "../domain/identity/roles.ts";
import { NOW_MS } from "./api-fixture.ts";

/** Customers, their people and what is theirs, through the same doors as anybody's. */

export const actAt = (atMs: number): Act => ({
  actor: { kind: "system", id: "test", name: "Test" },
  atMs,
});

export const msToNs = (ms: number): bigint => BigInt(ms) * 1_000_000n;

export const personOf = (customerId: string | null, role: Role = "member"): Caller => ({
  kind: "user",
  id: `${role} of ${customerId ?? "the operator"}`,
  name: role,
  role,
  customerId,
});

export async function seedCustomers(db: Db, nodes: readonly CustomerNode[]): Promise<void> {
  for (const { id, parentId } of nodes)
    await db
      .insertInto("customer")
      .values({
        id,
        number: `C-${id}`,
        kind: "organisation",
        name: `Customer ${id}`,
        ...keysOf({ name: `Customer ${id}`, email: null, phone: null }),
        parent_id: parentId,
        language: "en",
        time_zone: "UTC",
        tags: "[]",
        created_at: new Date(NOW_MS),
        version: 1,
      })
      .execute();
}

export function fleetOf(db: Db, atMs: number = NOW_MS) {
  const deps = { db, audit: createAudit(db), makeId: randomUUID };
  const assets = createAssets(deps);
  const assignments = createAssignments(deps);
  const act = actAt(atMs);
  return {
    assets,
    assignments,
    act,
    /** The terminal on an asset of its own, the customer's from then on. */
    async give(address: number, customerId: string, fromMs: number): Promise<string> {
      const name = `Asset of ${address}`;
      const place = { latitude: 30.5, longitude: 120.5 };
      const asset = await assets.create(db, { customerId, kind: "vehicle", name, ...place }, act);
      const fromNs = msToNs(fromMs);
      const wanted = { address, assetId: asset.id, customerId, fromNs, reason: "" };
      await assignments.assign(db, wanted, act);
      return asset.id;
    },
    async transfer(assetId: string, toCustomerId: string, atMs: number): Promise<void> {
      const transfer = { assetId, toCustomerId, atNs: msToNs(atMs), reason: "sold" };
      await assignments.transfer(db, transfer, act);
    },
  };
}

/** Whoever the header `x-caller` names; nobody without one. */
export const callersByHeader = (
  people: Readonly<Record<string, Caller>>,
  tree: () => readonly CustomerNode[],
): Callers => ({
  find: async ({ headers }) => people[String(headers["x-caller"])],
  reach: async (caller) => reachOf(caller, tree()),
});

/** What a report leaves behind: its packet, its reading, and the state if it is the newest. */
export async function seedReading(
  db: Db,
  reading: { id: number; address: number; atMs: number; latitude: number; speed: number },
): Promise<void> {
  const { id, address, atMs, latitude, speed } = reading;
  const ns = msToNs(atMs);
  const value = (of: number) => ({ value: of, measuredAtNs: String(ns), report: "position" });
  await db
    .insertInto("telemetry_point")
    .values({
      measurement: "vehicle",
      terminal: String(address),
      report: "position",
      time_ns: ns,
      fields: JSON.stringify({ latitude, longitude: 121.5, speed }),
    })
    .execute();
  const state = {
    values: JSON.stringify({ latitude: value(latitude), speed: value(speed) }),
    latitude,
    longitude: 121.5,
    position_source: "terminal",
    position_measured_at_ns: ns,
    measured_at_ns: ns,
    received_at_ns: ns,
    packet_id: id,
  };
  await db
    .insertInto("device_state")
    .values({ address, ...state })
    .onConflict((conflict) =>
      conflict.column("address").doUpdateSet(state).where("device_state.measured_at_ns", "<", ns),
    )
    .execute();
}
