import { expect } from "vitest";
import type { Db } from "../domain/db/database.ts";
import { test as base } from "../tests/fixtures.ts";
import { sealed, sealedAttach, uplinkBench } from "../tests/uplink-bench.ts";
import { CAR } from "../tests/uplink-cases.ts";

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

test("answers an attach once, and proves the session by the first packet under it", async ({
  emptied: db,
  network,
}) => {
  const { uplinks, uplink } = network;
  await uplinks.store([uplink(sealed(CAR, 0))]);
  const attach = sealedAttach(CAR, 2, 7);
  await uplinks.store([uplink(attach), uplink(attach, { gatewayId: "gateway-2" })]);
  const answers = await db.selectFrom("attach_answer").selectAll().execute();
  expect(answers).toMatchObject([{ attach_nonce: 2n, network_nonce: 1001n }]);
  expect(await db.selectFrom("page_request").select(["kind", "status"]).execute()).toEqual([
    { kind: "attach-accept", status: "waiting" },
  ]);
  // while the answer is on its way nothing else is paged, and the old session still counts
  await uplinks.store([uplink(sealed(CAR, 1, { confirm: true }))]);
  expect(await count(db, "page_request")).toBe(1);

  await uplinks.store([
    uplink(sealed(CAR, 0, { type: "link-test", networkNonce: 1001, attachNonce: 2 })),
  ]);
  const sessions = await db
    .selectFrom("session")
    .select(["network_nonce", "state"])
    .orderBy("network_nonce")
    .execute();
  expect(sessions).toEqual([
    { network_nonce: 77n, state: "former" },
    { network_nonce: 1001n, state: "proven" },
  ]);
  expect(await db.selectFrom("page_request").select("status").execute()).toEqual([
    { status: "superseded" },
  ]);
  await uplinks.store([uplink(sealed(CAR, 2))]); // a backlog under the former session
  await uplinks.store([uplink(sealedAttach(CAR, 1))]);
  await uplinks.store([uplink(sealedAttach(CAR, 2, 8))]);
  expect(await verdicts(db)).toEqual([
    "new",
    "new",
    "new",
    "new",
    "late",
    "(replay)",
    "(reset-suspected)",
  ]);
  const terminal = await db.selectFrom("terminal").selectAll().executeTakeFirstOrThrow();
  expect(terminal).toMatchObject({
    firmware_version: 7,
    hardware_version: 2,
    battery_percent: 80,
    last_attach_nonce: 2n,
  });
});

test("keeps one pending session when attaches follow each other in a batch", async ({
  emptied: db,
  network,
}) => {
  await network.uplinks.store([2, 3, 4].map((nonce) => network.uplink(sealedAttach(CAR, nonce))));
  const sessions = await db
    .selectFrom("session")
    .select(["attach_nonce", "state"])
    .orderBy("attach_nonce")
    .execute();
  expect(sessions.map(({ state }) => state)).toEqual(["proven", "former", "former", "pending"]);
  const under = { type: "link-test", networkNonce: 1003, attachNonce: 4 } as const;
  await network.uplinks.store(
    [sealed(CAR, 0, under), sealed(CAR, 1, { ...under, confirm: true })].map((bytes) =>
      network.uplink(bytes),
    ),
  );
  const waiting = await db
    .selectFrom("page_request")
    .select(["kind", "session", "down_counter"])
    .where("status", "=", "waiting")
    .execute();
  expect(waiting).toEqual([{ kind: "acknowledgement", session: 1003n, down_counter: 0n }]);
});

test("takes what waited under a session that was never proved, however many attempts followed", async ({
  emptied: db,
  network,
}) => {
  const { uplinks, uplink } = network;
  const attempts = (from: number, count: number) =>
    uplinks.store(
      Array.from({ length: count }, (_, i) => uplink(sealedAttach(CAR, from + i))), // network nonces from 1001
    );
  const waited = { networkNonce: 1001, attachNonce: 2 };
  const stored = (bytes: Uint8Array) =>
    uplinks.store([uplink(bytes, { backfilled: true })]).then(() => verdicts(db));
  await attempts(2, 40);
  expect((await stored(sealed(CAR, 0, waited))).at(-1)).toBe("late");
  await attempts(42, 100); // more than are tried: but this one a packet has proved
  expect((await stored(sealed(CAR, 1, waited))).at(-1)).toBe("late");
});

test("makes another network nonce when the terminal has had the first one", async ({
  emptied: db,
  network,
}) => {
  const answer = {
    address: CAR,
    attach_nonce: 1,
    network_nonce: 1001,
    page: new Uint8Array(),
    made_at: new Date(0),
  };
  await db.insertInto("attach_answer").values(answer).execute();
  await network.uplinks.store([network.uplink(sealedAttach(CAR, 2))]);
  const latest = await db
    .selectFrom("session")
    .select("network_nonce")
    .where("state", "=", "pending")
    .executeTakeFirst();
  expect(latest?.network_nonce).toBe(1002n);
});

test("takes another gateway's copy of an attach for one even after a later attach", async ({
  emptied: db,
  network,
}) => {
  const { uplinks, uplink, clock, nowNs } = network;
  const [attach, receivedAtNs] = [sealedAttach(CAR, 2), nowNs()];
  await uplinks.store([uplink(attach)]);
  clock.advance(30_000);
  await uplinks.store([uplink(sealedAttach(CAR, 3))]);
  const late = { gatewayId: "gateway-2", backfilled: true };
  await network.restart().store([uplink(attach, { ...late, receivedAtNs: receivedAtNs + 300n })]);
  expect(await verdicts(db)).toEqual(["new", "new"]);
  await uplinks.store([uplink(attach, late)]); // on the air again
  expect(await verdicts(db)).toEqual(["new", "new", "(replay)"]);
});
