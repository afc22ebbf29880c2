import { expect, it } from "vitest";
import { createLiveEvents } from "./live-events.ts";

it("begins anew for a client that comes after all others left in the middle of a look", async () => {
  const asked: bigint[] = [];
  let now = 10n;
  let leave = (): void => undefined;
  const live = createLiveEvents({
    feed: {
      now: async () => now,
      async newPacketsSince(cursor) {
        asked.push(cursor);
        leave();
        return { packets: [], receptions: [], cursor: now };
      },
      packetsAbout: async () => new Map(),
    },
    devices: { positionsOf: async () => [], heldPositions: async () => [] },
    gateways: { list: async () => [] },
    alarms: { changed: async () => [] },
    commands: { changed: async () => [] },
    groupCommands: { changed: async () => [] },
    now: () => 0,
  });
  leave = live.subscribe(() => undefined, true);
  await live.tick();
  now = 5_000n; // hours later
  live.subscribe(() => undefined, true);
  await live.tick();
  expect(asked).toEqual([10n, 5_000n]);
});
