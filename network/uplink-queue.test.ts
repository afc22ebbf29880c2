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
