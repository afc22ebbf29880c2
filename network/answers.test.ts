import { expect } from "vitest";
import type { Db } from "../domain/db/database.ts";
import { test as base } from "../tests/fixtures.ts";
import { SECOND_NS, sealed, sealedAttach, uplinkBench } from "../tests/uplink-bench.ts";
import { CAR } from "../tests/uplink-cases.ts";

const test = base.extend("network", async ({ emptied }) => {
  const network = uplinkBench(emptied);
  await network.enrol(CAR);
  await network.attached(CAR);
  return network;
});

const UNREADABLE = Uint8Array.of(99);

/** Of each packet, oldest first: its verdict and whether it was answered. */
const answers = async (db: Db) =>
  (await db.selectFrom("packet").select(["verdict", "triggered"]).orderBy("id").execute()).map(
    ({ verdict, triggered }) => [verdict, triggered?.includes("acknowledgement") ?? false],
  );
const pages = async (db: Db) =>
  (await db.selectFrom("page_request").select("kind").execute()).map(({ kind }) => kind);

test("answers every emergency: unreadable, below the window, by a slow clock or from a backlog", async ({
  emptied: db,
  network,
}) => {
  const { uplinks, uplink, nowNs } = network;
  const emergency = (counter: number, plaintext?: Uint8Array) =>
    sealed(CAR, counter, { type: "emergency", ...(plaintext && { plaintext }) });
  const longAgo = nowNs() - 3600n * SECOND_NS;
  await uplinks.store([uplink(emergency(200, UNREADABLE))]);
  await uplinks.store([uplink(emergency(3))]);
  await uplinks.store([uplink(emergency(201), { receivedAtNs: nowNs() - 30n * SECOND_NS })]);
  await uplinks.store([uplink(emergency(202), { receivedAtNs: longAgo, backfilled: true })]);
  expect(await answers(db)).toEqual([
    ["undecodable", true],
    ["late", true],
    ["new", true],
    ["late", true],
  ]);
  expect(await pages(db)).toEqual(Array<string>(4).fill("acknowledgement"));
});

test("answers what asks for it whatever its verdict, so that it is not sent again", async ({
  emptied: db,
  network,
}) => {
  await network.enrol(9, "suspended");
  await network.attached(9);
  await network.uplinks.store([
    network.uplink(sealed(9, 0, { confirm: true })),
    network.uplink(sealed(CAR, 0, { confirm: true, plaintext: UNREADABLE })),
  ]);
  expect(await answers(db)).toEqual([
    ["suspended", true],
    ["undecodable", true],
  ]);
});

test("answers no report below the window, nor one that waited too long", async ({
  emptied: db,
  network,
}) => {
  const { uplinks, uplink, nowNs } = network;
  await uplinks.store([uplink(sealed(CAR, 200))]);
  await uplinks.store([
    uplink(sealed(CAR, 3, { confirm: true })),
    uplink(sealed(CAR, 201, { confirm: true }), { receivedAtNs: nowNs() - 21n * SECOND_NS }),
  ]);
  expect(await pages(db)).toEqual([]);
});

test("reads a backlog of the session before, however many attaches failed since", async ({
  emptied: db,
  network,
}) => {
  const { uplinks, uplink, clock } = network;
  await uplinks.store([uplink(sealedAttach(CAR, 2))]);
  await uplinks.store([
    uplink(sealed(CAR, 0, { type: "link-test", networkNonce: 1001, attachNonce: 2 })),
  ]);
  for (let attachNonce = 3; attachNonce < 15; attachNonce++) {
    clock.advance(60_000);
    await uplinks.store([uplink(sealedAttach(CAR, attachNonce))]);
  }
  await uplinks.store([uplink(sealed(CAR, 0), { backfilled: true })]);
  expect((await answers(db)).at(-1)).toEqual(["late", false]);
});
