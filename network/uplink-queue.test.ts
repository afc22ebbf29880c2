import { expect, it } from "vitest";
import { fakeClock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import { decodeStored, type Uplink } from "../protocol/messages.ts";
import { until } from "../tests/until.ts";
import { newCounters } from "./counters.ts";
import { createUplinkQueue } from "./uplink-queue.ts";

const uplink = (sequence: bigint) => ({ gatewayId: "gw", outboxId: "ab".repeat(16), sequence });

it("tells a gateway of several batches in one message", async () => {
  const clock = fakeClock();
  const counters = newCounters();
  const told: unknown[] = [];
  const queue = createUplinkQueue({
    clock,
    counters,
    log: silentLog,
    uplinks: { store: async (uplinks) => uplinks },
    link: {
      publish: async (_topic, payload) => {
        const decoded = decodeStored(payload);
        told.push(decoded.ok && decoded.message.ranges);
      },
    },
  });
  for (const sequence of [1n, 2n, 3n]) {
    queue.push(uplink(sequence) as Uplink); // the queue looks at nothing else
    await until(() => counters.batches === Number(sequence));
  }
  expect(told).toEqual([[{ first: 1n, last: 1n }]]);
  clock.advance(200);
  await until(() => told.length === 2);
  expect(told[1]).toEqual([{ first: 2n, last: 3n }]);
  await queue.stop();
});

it("tries again and tells again when its clock is set back", async () => {
  const clock = fakeClock();
  const counters = newCounters();
  let isAway = true;
  let tries = 0;
  const told: unknown[] = [];
  const queue = createUplinkQueue({
    clock,
    counters,
    log: silentLog,
    uplinks: {
      async store(uplinks) {
        tries += 1;
        if (isAway) throw new Error("the database is away");
        return uplinks;
      },
    },
    link: { publish: async (topic) => void told.push(topic) },
  });
  queue.push(uplink(1n) as Uplink); // the queue looks at nothing else
  await until(() => tries === 1);
  isAway = false;
  clock.set(clock.now() - 3_600_000);
  clock.advance(10_000);
  await until(() => told.length === 1);
  queue.push(uplink(2n) as Uplink);
  await until(() => counters.batches === 2);
  clock.set(clock.now() - 3_600_000);
  clock.advance(200);
  await until(() => told.length === 2);
  await queue.stop();
});
