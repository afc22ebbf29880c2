import { sql } from "kysely";
import { expect } from "vitest";
import { UnavailableError } from "../base/errors.ts";
import type { Db } from "../domain/db/database.ts";
import { createPacketLog } from "../domain/packets/packet-log-postgres.ts";
import { COMMIT_STEPS, type CommitStep } from "../domain/packets/uplink-store.ts";
import type { Uplink } from "../protocol/messages.ts";
import { test as base } from "../tests/fixtures.ts";
import {
  positionReport,
  SECOND_NS,
  sealed,
  stateReport,
  uplinkBench,
} from "../tests/uplink-bench.ts";
import { CAR, everything, mixture, withoutIds } from "../tests/uplink-cases.ts";

const test = base.extend("network", async ({ emptied }) => {
  const network = uplinkBench(emptied);
  await network.enrol(CAR);
  await network.attached(CAR);
  return network;
});

const verdicts = async (db: Db) =>
  (await db.selectFrom("packet").select(["verdict", "accepted"]).orderBy("id").execute()).map(
    ({ verdict, accepted }) => (accepted ? verdict : `(${verdict})`),
  );
const count = async (
  db: Db,
  table:
    | "packet"
    | "reception"
    | "usage_record"
    | "telemetry_point"
    | "page_request"
    | "event_outbox",
) =>
  Number((await db.selectFrom(table).select(db.fn.countAll().as("n")).executeTakeFirstOrThrow()).n);

test("stores a report once with its reading, state, usage and receptions", async ({
  emptied: db,
  network,
}) => {
  const bytes = sealed(CAR, 0, { plaintext: positionReport(31.2, 121.5, 40) });
  const copies = ["gateway-1", "gateway-2", "gateway-3"].map((gatewayId, at) =>
    network.uplink(bytes, {
      gatewayId,
      snrDb: at,
      rssiDbm: -100 + at,
      receivedAtNs: network.nowNs() + BigInt(at) * 1000n,
    }),
  );
  const [first, ...later] = copies;
  expect(await network.uplinks.store([first as Uplink])).toEqual([first]);
  await network.uplinks.store(later);

  const { items } = await createPacketLog(db).search({ reach: "all", limit: 10 });
  expect(items).toMatchObject([
    {
      address: CAR,
      verdict: "new",
      report: "position",
      counter: 0,
      gateways: ["gateway-1", "gateway-2", "gateway-3"],
      bestRssiDbm: -98,
      bestSnrDb: 2,
      measuredAtNs: network.nowNs(),
    },
  ]);
  expect(items[0]?.fields?.["speed"]).toBe(40);
  const detail = await createPacketLog(db).find(items[0]?.id ?? 0n, "all");
  expect(detail?.receptions.map(({ verdict }) => verdict)).toEqual(["new", "copy", "copy"]);
  expect(detail?.usage).toMatchObject({ kind: "report", bytes: bytes.length, late: false });
  expect(await count(db, "usage_record")).toBe(1);
  const points = await db.selectFrom("telemetry_point").selectAll().execute();
  expect(points).toMatchObject([
    { measurement: "vehicle", terminal: String(CAR), report: "position", time_ns: network.nowNs() },
  ]);
  const state = await db.selectFrom("device_state").selectAll().executeTakeFirstOrThrow();
  expect(state.latitude).toBeCloseTo(31.2, 4);
  expect(state.position_source).toBe("terminal");
});

test("gives every packet its verdict", async ({ emptied: db, network }) => {
  const { uplinks, uplink, clock } = network;
  const store = async (bytes: Uint8Array, rest: Partial<Uplink> = {}) =>
    uplinks.store([uplink(bytes, rest)]);
  const old = sealed(CAR, 3);
  await store(sealed(CAR, 5)); // new
  await store(old); // late: unseen and older
  await store(sealed(CAR, 70), { backfilled: true }); // late: waited in an outbox
  await store(sealed(CAR, 4)); // late, below the window
  clock.advance(120_000);
  await store(old); // replay
  await store(sealed(CAR, 5, { plaintext: stateReport(true, 1) })); // other bytes
  await store(sealed(CAR, 71, { networkNonce: 78 })); // no such session
  await store(sealed(4711, 0)); // no such terminal
  await store(Uint8Array.of(0x40, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)); // version 1
  await store(sealed(CAR, 72, { plaintext: Uint8Array.of(99) })); // no such report
  await store(sealed(CAR, 73, { type: "link-test" }));

  expect(await verdicts(db)).toEqual([
    "new",
    "late",
    "late",
    "late",
    "(replay)",
    "(reset-suspected)",
    "(bad-tag)",
    "(unknown-terminal)",
    "(undecodable)",
    "undecodable",
    "new",
  ]);
  const below = await db.selectFrom("packet").select("below_window").orderBy("id").execute();
  expect(below.map((row) => row.below_window)).toEqual([
    false,
    false,
    false,
    true,
    ...Array<boolean>(7).fill(false),
  ]);
  expect(await count(db, "usage_record")).toBe(5); // not the undecodable one
  expect(await count(db, "telemetry_point")).toBe(4);
  const refusals = await db
    .selectFrom("refusal_count")
    .select(["verdict", "count"])
    .orderBy("verdict")
    .execute();
  expect(refusals).toEqual(
    ["bad-tag", "replay", "reset-suspected", "undecodable", "unknown-terminal"].map((verdict) => ({
      verdict,
      count: 1n,
    })),
  );
  const session = await db
    .selectFrom("session")
    .select("highest_counter")
    .executeTakeFirstOrThrow();
  expect(session.highest_counter).toBe(73n);
});

test("keeps a suspended terminal's reports aside and lets its emergencies pass", async ({
  emptied: db,
  network,
}) => {
  await network.enrol(9, "suspended");
  await network.attached(9);
  await network.uplinks.store([
    network.uplink(sealed(9, 0)),
    network.uplink(sealed(9, 1, { type: "emergency" })),
  ]);
  expect(await verdicts(db)).toEqual(["suspended", "new"]);
  expect(await count(db, "usage_record")).toBe(1);
  expect(await count(db, "telemetry_point")).toBe(1);
  expect(await count(db, "page_request")).toBe(1);
});

test("keeps reports aside while they are not paid for, lets emergencies pass, and takes them again at once", async ({
  emptied: db,
  network,
}) => {
  await network.enrol(9, "active", "c9");
  await network.attached(9);
  await sql`insert into service_cut (address, customer_id, reason, cut, since)
    values (9, 'c9', 'dunning', 'reports', now()), (9, 'c8', 'wallet', 'commands', now())`.execute(
    db,
  );
  await network.uplinks.store([
    network.uplink(sealed(9, 0)),
    network.uplink(sealed(9, 1, { type: "emergency" })),
  ]);
  await sql`delete from service_cut where customer_id = 'c9'`.execute(db); // the former holder's is left
  await network.uplinks.store([network.uplink(sealed(9, 2))]);
  expect(await verdicts(db)).toEqual(["suspended", "new", "new"]);
  expect(await count(db, "usage_record")).toBe(2);
});

test("changes nothing when an uplink is delivered again, even after a restart", async ({
  emptied: db,
  network,
}) => {
  const batch = [
    network.uplink(sealed(CAR, 0)),
    network.uplink(sealed(CAR, 0), { gatewayId: "gateway-2" }),
    network.uplink(sealed(4711, 0)),
  ];
  await network.uplinks.store(batch);
  const before = await everything(db);
  expect(await network.uplinks.store(batch)).toEqual(batch);
  network.clock.advance(3_600_000);
  expect(await network.restart().store([...batch, ...batch])).toEqual([...batch, ...batch]);
  expect(await everything(db)).toEqual(before);
});

// On PGlite a transaction that awaits any handle but its own hangs for ever: the limit is what proves that none does.
test("judges a batch exactly as one uplink after another", async ({ emptied: db, network }) => {
  const uplinks = mixture(network);
  for (const uplink of uplinks) await network.uplinks.store([uplink]);
  const singly = await everything(db);

  await sql`truncate packet, reception, usage_record, telemetry_point, device_state, page_request,
    refusal_count, event_outbox, attach_answer, session, terminal restart identity cascade`.execute(
    db,
  );
  const again = uplinkBench(db, { clock: network.clock });
  await again.enrol(CAR);
  await again.attached(CAR);
  await again.uplinks.store(uplinks);
  expect(withoutIds(await everything(db))).toEqual(withoutIds(singly));
});

test("goes on after a stop at any step of the commit: all of the batch is stored once", async ({
  emptied: db,
}) => {
  const hit = new Set<CommitStep>();
  let stopAt: CommitStep | undefined;
  const network = uplinkBench(db, {
    faultPoint(step) {
      if (step !== stopAt) return;
      hit.add(step);
      stopAt = undefined;
      throw new UnavailableError(
        "stopped",
        {},
        { cause: Object.assign(new Error("stop"), { code: "57P01" }) },
      );
    },
  });
  await network.enrol(CAR);
  await network.attached(CAR);
  let counter = 0;
  for (const step of COMMIT_STEPS) {
    const before = await everything(db);
    const batch = [0, 1, 2].map((at) =>
      network.uplink(sealed(CAR, counter + at, { confirm: at === 1 })),
    );
    counter += 3;
    stopAt = step;
    await expect(network.uplinks.store(batch)).rejects.toThrow("stopped");
    if (step !== "committed") expect(await everything(db)).toEqual(before);
    expect(await network.restart().store(batch)).toEqual(batch);
    expect(await count(db, "packet")).toBe(counter);
    expect(await count(db, "usage_record")).toBe(counter);
    expect(await count(db, "reception")).toBe(counter);
    expect(await count(db, "telemetry_point")).toBe(counter);
    expect(await count(db, "page_request")).toBe(counter / 3);
  }
  expect([...hit]).toEqual([...COMMIT_STEPS]);
});

test("stores the rest when one uplink of a batch cannot be stored", async ({
  emptied: db,
  network,
}) => {
  const poisoned = network.uplink(sealed(CAR, 1), { fragmentsTotal: 2 ** 40 }); // beyond its column
  const batch = [network.uplink(sealed(CAR, 0)), poisoned, network.uplink(sealed(CAR, 2))];
  expect(await network.uplinks.store(batch)).toEqual([batch[0], batch[2]]);
  expect(await verdicts(db)).toEqual(["new", "new"]);
});

test("acknowledges again what the terminal sends again, each time under a new counter", async ({
  emptied: db,
  network,
}) => {
  const bytes = sealed(CAR, 0, { confirm: true });
  await network.uplinks.store([network.uplink(bytes)]);
  network.clock.advance(20_000);
  await network.uplinks.store([
    network.uplink(bytes),
    network.uplink(bytes, { gatewayId: "gateway-2" }),
  ]);
  network.clock.advance(20_000);
  await network.restart().store([network.uplink(bytes)]);
  const pages = await db
    .selectFrom("page_request")
    .select(["down_counter", "page_sequence"])
    .orderBy("down_counter")
    .execute();
  expect(pages).toEqual([0, 1, 2].map((n) => ({ down_counter: BigInt(n), page_sequence: n })));
  expect(await verdicts(db)).toEqual(["new"]);
});

test("keeps of each field what was measured last", async ({ emptied: db, network }) => {
  const { uplinks, uplink, nowNs } = network;
  const at = nowNs();
  await uplinks.store([
    uplink(sealed(CAR, 5, { plaintext: positionReport(31.2, 121.5, 50) }), { receivedAtNs: at }),
  ]);
  await uplinks.store([
    uplink(sealed(CAR, 6, { plaintext: positionReport(31.1, 121.4, 10, 600) }), {
      receivedAtNs: at + SECOND_NS,
    }),
    uplink(sealed(CAR, 7, { plaintext: stateReport(true, 1, 300) }), {
      receivedAtNs: at + 2n * SECOND_NS,
    }),
  ]);
  const state = await db.selectFrom("device_state").selectAll().executeTakeFirstOrThrow();
  expect(state.values).toMatchObject({
    speed: { value: 50 },
    ignition: { value: true },
    door: { value: "shut" },
  });
  expect(state.latitude).toBeCloseTo(31.2, 4);
  expect(state.measured_at_ns).toBe(at + 5n);
  expect(state.received_at_ns).toBe(at + 2n * SECOND_NS);
});

test("keeps a position that cannot be out of the state and says why", async ({
  emptied: db,
  network,
}) => {
  const store = (counter: number, latitude: number, longitude: number) =>
    network.uplinks.store([
      network.uplink(sealed(CAR, counter, { plaintext: positionReport(latitude, longitude) }), {
        receivedAtNs: network.nowNs() + BigInt(counter) * SECOND_NS,
      }),
    ]);
  await store(0, 31.2, 121.5);
  await store(1, 0, 0);
  await store(2, 30.2, 121.5);
  const triggered = await db.selectFrom("packet").select("triggered").orderBy("id").execute();
  expect(triggered.map((row) => row.triggered)).toEqual([
    null,
    ["position-zero"],
    ["position-jump"],
  ]);
  const state = await db.selectFrom("device_state").select("latitude").executeTakeFirstOrThrow();
  expect(state.latitude).toBeCloseTo(31.2, 4);
});

test("tells the customer's systems of a report, as protobuf and as JSON", async ({
  emptied: db,
  network,
}) => {
  await network.enrol(9, "active", "acme");
  await network.attached(9);
  await network.uplinks.store([network.uplink(sealed(9, 0)), network.uplink(sealed(CAR, 0))]);
  const events = await db.selectFrom("event_outbox").selectAll().orderBy("id").execute();
  expect(events.map(({ topic }) => topic)).toEqual([
    "hopline/v1/customer/acme/9/report",
    "hopline/v1/json/customer/acme/9/report",
  ]);
  const event: unknown = JSON.parse(new TextDecoder().decode(events[1]?.payload));
  expect(event).toMatchObject({
    deviceId: "9",
    fields: { speed: { value: 40, unit: "km/h" } },
    position: { source: "terminal" },
  });
});

test("tells of a report whoever held the terminal when it was measured, and nobody else", async ({
  emptied: db,
  network,
}) => {
  const heardNs = network.nowNs();
  const handedOverNs = heardNs - 600n * SECOND_NS;
  await network.enrol(9);
  await network.attached(9);
  await network.assigned(9, "before", heardNs - 3_600n * SECOND_NS, handedOverNs);
  await network.assigned(9, "after", handedOverNs, heardNs + 60n * SECOND_NS);
  const report = (counter: number, ageS: number) =>
    network.uplink(sealed(9, counter, { plaintext: positionReport(31.2, 121.5, 40, ageS) }));
  await network.uplinks.store([report(0, 7_200), report(1, 660), report(2, 600), report(3, 0)]);
  const events = await db.selectFrom("event_outbox").select("topic").orderBy("id").execute();
  expect(events.map(({ topic }) => topic).filter((topic) => !topic.includes("/json/"))).toEqual([
    "hopline/v1/customer/before/9/report",
    "hopline/v1/customer/after/9/report",
    "hopline/v1/customer/after/9/report",
  ]);
});

test("does not let one gateway's outbox hide another's packets", async ({
  emptied: db,
  network,
}) => {
  const liar = network.uplink(sealed(4711, 0), { gatewayId: "liar", sequence: 50n });
  await network.uplinks.store([liar]);
  await network.restart().store([network.uplink(sealed(CAR, 0), { sequence: 50n })]);
  expect(await verdicts(db)).toEqual(["(unknown-terminal)", "new"]);
});

test("does not take a time from a gateway whose clock is ahead", async ({
  emptied: db,
  network,
}) => {
  const receivedAtNs = 2n ** 64n - 1n;
  await network.uplinks.store([network.uplink(sealed(CAR, 0), { receivedAtNs })]);
  const packet = await db.selectFrom("packet").select("received_at_ns").executeTakeFirstOrThrow();
  expect(packet.received_at_ns).toBe(network.nowNs());
});
