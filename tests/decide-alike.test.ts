import { createHash } from "node:crypto";
import fc from "fast-check";
import { sql } from "kysely";
import { expect } from "vitest";
import { eventsFor } from "../api/live-reach.ts";
import { grantsOf, mayReceive } from "../broker/acl.ts";
import { keysOf } from "../broker/keys.ts";
import type { Db } from "../domain/db/database.ts";
import { holderAt } from "../domain/devices/assignments.ts";
import { createMqttAccess } from "../domain/identity/mqtt-access-postgres.ts";
import { type Caller, mayDo, reachOf } from "../domain/identity/policy.ts";
import type { Action, Role } from "../domain/identity/roles.ts";
import { NOW_MS, openApi, seedPacket, seedTerminals } from "./api-fixture.ts";
import { test } from "./fixtures.ts";
import {
  callersByHeader,
  fleetOf,
  msToNs,
  seedCustomers,
  seedReading,
} from "./fleet-of-customers.ts";

/** A world small enough to be judged by hand. Time is in minutes. */
interface World {
  /** Each customer's parent is one before it, or none. */
  readonly parents: readonly (number | null)[];
  /** Of each terminal: cuts in time and who held it between them. */
  readonly stretches: readonly (readonly { at: number; holder: number | null }[])[];
  readonly packets: readonly { terminal: number; at: number; verdict: string }[];
  readonly people: readonly Person[];
}

interface Person {
  readonly role: Role | "key";
  readonly customer: number | null;
  readonly scopes: readonly Action[];
}

const SPAN = 100;
const SCOPES: readonly Action[] = [
  "packets:read",
  "positions:read",
  "live:read",
  "mqtt:read",
  "terminals:read",
];
const anyCustomer = (count: number) => fc.nat({ max: count - 1 });

const anyWorld: fc.Arbitrary<World> = fc.integer({ min: 1, max: 5 }).chain((count) =>
  fc.record({
    parents: fc.tuple(
      ...Array.from({ length: count }, (_, i) =>
        i === 0 ? fc.constant(null) : fc.option(fc.nat({ max: i - 1 })),
      ),
    ),
    stretches: fc.array(
      fc.uniqueArray(
        fc.record({ at: fc.nat({ max: SPAN }), holder: fc.option(anyCustomer(count)) }),
        { selector: ({ at }) => at, maxLength: 4 },
      ),
      { minLength: 2, maxLength: 2 },
    ),
    packets: fc.array(
      fc.record({
        terminal: fc.nat({ max: 1 }),
        at: fc.nat({ max: SPAN }),
        verdict: fc.constantFrom("new", "new", "late", "suspended", "bad-tag", "replay"),
      }),
      { maxLength: 12 },
    ),
    people: fc.array(
      fc.oneof(
        fc.record({
          role: fc.constantFrom<Role>("owner", "member", "read-only"),
          customer: anyCustomer(count),
          scopes: fc.constant([]),
        }),
        fc.record({
          role: fc.constantFrom<Role>(
            "administrator",
            "operator",
            "billing",
            "engineer",
            "read-only",
          ),
          customer: fc.constant(null),
          scopes: fc.constant([]),
        }),
        fc.record({
          role: fc.constant("key" as const),
          customer: fc.option(anyCustomer(count), { freq: 5 }),
          scopes: fc.subarray([...SCOPES]),
        }),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  }),
);

// The oracle: as somebody would do it with pencil and paper. It shares nothing with what it judges.

const sorted = (world: World, terminal: number) =>
  (world.stretches[terminal] ?? []).toSorted((a, b) => a.at - b.at);

function holderOf(world: World, terminal: number, at: number): number | null {
  let holder: number | null = null;
  for (const stretch of sorted(world, terminal)) if (stretch.at <= at) holder = stretch.holder;
  return holder;
}

function isBelow(world: World, customer: number | null, top: number): boolean {
  for (let at = customer; at !== null; at = world.parents[at] ?? null) if (at === top) return true;
  return false;
}

const maySee = (world: World, person: Person, holder: number | null): boolean =>
  person.customer === null || isBelow(world, holder, person.customer);

/** By hand: everybody watches but whoever only makes out invoices; a key does what it was given. */
function does(person: Person, action: Action): boolean {
  if (person.role === "key") return person.scopes.includes(action);
  return person.role !== "billing" || action === "terminals:read";
}

const goodStanding = (verdict: string) => verdict === "new" || verdict === "late";

const seesPacket = (world: World, person: Person, i: number): boolean => {
  const packet = world.packets[i];
  if (packet === undefined) return false;
  if (person.customer === null) return true;
  const holder = holderOf(world, packet.terminal, packet.at);
  return goodStanding(packet.verdict) && maySee(world, person, holder);
};

// The world in a database.

const customerId = (i: number) => `customer-${i}`;
const addressOf = (terminal: number) => 100 + terminal;
const atMs = (at: number) => NOW_MS - (SPAN + 1 - at) * 60_000;
const secretOf = (i: number) => `hl_secret_${i}`;

function callerOf({ role, customer, scopes }: Person, i: number): Caller {
  const customer_ = customer === null ? null : customerId(customer);
  const base = { id: `p${i}`, name: `Person ${i}`, customerId: customer_ };
  return role === "key"
    ? { ...base, kind: "key", role: "read-only", scopes }
    : { ...base, kind: "user", role };
}

async function build(db: Db, world: World): Promise<void> {
  await sql`truncate asset, assignment, api_key, customer, packet, reception, terminal, device_state,
    telemetry_point, audit_entry, audit_head cascade`.execute(db);
  await seedCustomers(
    db,
    world.parents.map((parent, i) => ({
      id: customerId(i),
      parentId: parent === null ? null : customerId(parent),
    })),
  );
  await seedTerminals(
    db,
    [0, 1].map((terminal) => ({ address: addressOf(terminal), name: `T${terminal}` })),
  );
  const fleet = fleetOf(db);
  for (const terminal of [0, 1])
    for (const { at, holder } of sorted(world, terminal)) {
      const address = addressOf(terminal);
      const held = (await fleet.assignments.held([address])).get(address) ?? [];
      if (held.some(({ toNs }) => toNs === null))
        await fleet.assignments.end(db, { address, toNs: msToNs(atMs(at)), reason: "" }, fleet.act);
      if (holder !== null) await fleet.give(address, customerId(holder), atMs(at));
    }
  for (const [i, { terminal, at, verdict }] of world.packets.entries()) {
    const address = addressOf(terminal);
    await seedPacket(db, { id: i + 1, address, counter: i, verdict, receivedAtMs: atMs(at) });
    if (
      goodStanding(verdict) &&
      !world.packets
        .slice(0, i)
        .some((p) => p.terminal === terminal && p.at === at && goodStanding(p.verdict))
    )
      await seedReading(db, { id: i + 1, address, atMs: atMs(at), latitude: 31, speed: at });
  }
  for (const [i, { role, customer, scopes }] of world.people.entries())
    if (role === "key")
      await db
        .insertInto("api_key")
        .values({
          ...{ id: `p${i}`, name: `Person ${i}`, prefix: "hl_", created_by: "test" },
          secret_sha256: createHash("sha256").update(secretOf(i)).digest("hex"),
          customer_id: customer === null ? null : customerId(customer),
          scopes: JSON.stringify(scopes),
          created_at: new Date(NOW_MS),
        })
        .execute();
}

test("HTTP, live events and MQTT decide alike, and as somebody would by hand", async ({
  emptied: db,
  clock,
}) => {
  let people: Record<string, Caller> = {};
  let tree: { id: string; parentId: string | null }[] = [];
  const api = await openApi(
    db,
    callersByHeader(new Proxy({}, { get: (_, name: string) => people[name] }), () => tree),
  );
  clock.advance(NOW_MS - clock.now());
  const keys = keysOf(createMqttAccess({ db, clock }));
  const { assignments } = fleetOf(db);
  const get = async (who: string, url: string) => {
    const answer = await api.app.inject({ url, headers: { host: "localhost", "x-caller": who } });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
  const idsOf = (body: Record<string, unknown>, name = "items") =>
    body[name] as Record<string, unknown>[];

  await fc.assert(
    fc.asyncProperty(anyWorld, async (world) => {
      await build(db, world);
      people = Object.fromEntries(world.people.map((person, i) => [`p${i}`, callerOf(person, i)]));
      tree = world.parents.map((parent, i) => ({
        id: customerId(i),
        parentId: parent === null ? null : customerId(parent),
      }));
      const batch = await api.live.since(0n, false);
      const held = await assignments.held([0, 1].map(addressOf));
      for (const [i, person] of world.people.entries()) {
        const who = `p${i}`;
        const seen = world.packets.flatMap((_, at) =>
          seesPacket(world, person, at) ? [at + 1] : [],
        );

        const log = await get(who, "/api/packets?limit=100");
        if (!does(person, "packets:read")) expect(log.status).toBe(403);
        else {
          const ids = idsOf(log.body).map(({ id }) => Number(id));
          expect(ids.toSorted((a, b) => a - b)).toEqual(seen);
          for (const at of [...world.packets.keys()].slice(0, 3))
            expect((await get(who, `/api/packets/${at + 1}`)).status).toBe(
              seen.includes(at + 1) ? 200 : 404,
            );
        }

        const caller = callerOf(person, i);
        const none = {
          ...{ mayReadGateways: false, mayReadAlarms: false },
          ...{ mayReadCommands: false, mayReadGroups: false },
        };
        const reader = { reach: reachOf(caller, tree), ...none };
        const live = batch === undefined ? [] : eventsFor(batch.events, batch.bearings, reader);
        expect(mayDo(caller, "live:read")).toBe(does(person, "live:read"));
        expect(live.flatMap((e) => (e.kind === "packet" ? [Number(e.packet.id)] : []))).toEqual(
          seen,
        );
        expect(
          live
            .flatMap((e) => (e.kind === "reception" ? [Number(e.reception.packetId)] : []))
            .toSorted((a, b) => a - b),
        ).toEqual(seen);

        for (const terminal of [0, 1]) {
          const address = addressOf(terminal);
          const url = `/api/terminals/${address}/history?fields=speed&from=${new Date(atMs(-1)).toISOString()}`;
          const history = await get(who, url);
          const everTheirs = Array.from({ length: SPAN + 1 }, (_, at) => at).some((at) =>
            maySee(world, person, holderOf(world, terminal, at)),
          );
          if (!does(person, "positions:read")) expect(history.status).toBe(403);
          else if (!everTheirs) expect(history.status).toBe(404);
          else {
            const expected = new Set(
              world.packets
                .filter(
                  (packet, at) =>
                    packet.terminal === terminal &&
                    goodStanding(packet.verdict) &&
                    seesPacket(world, person, at),
                )
                .map(({ at }) => at),
            );
            expect(
              new Set(
                idsOf(history.body, "points").map(
                  ({ values }) => (values as { speed: number }).speed,
                ),
              ),
            ).toEqual(expected);
          }
          const lastHolder = holderOf(world, terminal, SPAN);
          const list = await get(who, "/api/terminals?limit=10");
          if (does(person, "terminals:read"))
            expect(idsOf(list.body).some((one) => one["address"] === address)).toBe(
              maySee(world, person, lastHolder),
            );
          const moved = live.some((e) => e.kind === "position" && e.position.address === address);
          if (moved) expect(maySee(world, person, lastHolder)).toBe(true);
        }

        if (person.role !== "key") continue;
        const identity = await keys.find(secretOf(i));
        expect(identity !== undefined).toBe(person.scopes.includes("mqtt:read"));
        if (identity === undefined) continue;
        const grants = grantsOf(identity);
        const heard = world.packets.flatMap(({ terminal, at, verdict }, n) => {
          const owner = holderAt(held.get(addressOf(terminal)) ?? [], msToNs(atMs(at)));
          const topic = `hopline/v1/customer/${owner ?? ""}/${addressOf(terminal)}/report`;
          return owner !== undefined && goodStanding(verdict) && mayReceive(grants, topic)
            ? [n + 1]
            : [];
        });
        // what nobody held is nobody's event; the operator alone reads it elsewhere
        const toldOf = seen.filter((id) => {
          const packet = world.packets[id - 1];
          return (
            packet !== undefined &&
            goodStanding(packet.verdict) &&
            holderOf(world, packet.terminal, packet.at) !== null
          );
        });
        expect(heard).toEqual(toldOf);
      }
    }),
    { numRuns: 12 },
  );
  await api.app.close();
}, 300_000);
