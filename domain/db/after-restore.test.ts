import { expect } from "vitest";
import { test } from "../../tests/fixtures.ts";
import { sealed, sealedAttach, uplinkBench } from "../../tests/uplink-bench.ts";
import { SKIPS, skipAhead } from "./after-restore.ts";

const CAR = 3_478_009_551;
const OTHER = 9;

test("after a restore no page counter is used twice, and no attach that may have been answered is answered", async ({
  emptied: db,
}) => {
  const network = uplinkBench(db);
  await network.enrol(CAR);
  await network.attached(CAR);
  await network.enrol(OTHER); // it has never attached as far as the backup knows
  const pageOf = async () =>
    db.selectFrom("page_request").select(["down_counter", "status"]).orderBy("id").execute();
  await network.uplinks.store([network.uplink(sealed(CAR, 0, { confirm: true }))]);
  expect(await pageOf()).toEqual([{ down_counter: 0n, status: "waiting" }]);

  expect(await skipAhead(db, SKIPS)).toEqual({ sessions: 1, terminals: 2, pages: 1 });
  const after = network.restart();
  network.clock.advance(60_000);
  await after.store([network.uplink(sealed(CAR, 1, { confirm: true }))]);
  expect(await pageOf()).toEqual([
    { down_counter: 0n, status: "expired" },
    { down_counter: BigInt(1 + SKIPS.downCounters), status: "waiting" },
  ]);

  for (const address of [CAR, OTHER])
    for (let nonce = 1; nonce <= SKIPS.attachNonces; nonce++)
      await after.store([network.uplink(sealedAttach(address, nonce))]);
  expect(await db.selectFrom("attach_answer").selectAll().execute()).toEqual([]);
  await after.store([network.uplink(sealedAttach(OTHER, SKIPS.attachNonces + 1))]);
  expect(await db.selectFrom("attach_answer").selectAll().execute()).toHaveLength(1);
});
