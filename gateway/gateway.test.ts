import { expect, it } from "vitest";
import { fakeClock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import { seededRandom } from "../base/random.ts";
import { decodeUplink, encodeStored, type Uplink } from "../protocol/messages.ts";
import type { BackhaulConnection, BackhaulEvents } from "./backhaul.ts";
import { Counters } from "./counters.ts";
import { Gateway } from "./gateway.ts";
import type { Outbox } from "./outbox.ts";
import { outboxMemory } from "./outbox-memory.ts";
import { PageQueue } from "./page-queue.ts";
import { STORED_WAIT_MS } from "./publisher.ts";

const HOUR_MS = 3_600_000;
const BACKOFF_MS_MAX = 60_000;
const OUTBOX_ID = "ab".repeat(16);
const PACKET = {
  ...{ phyPayload: new Uint8Array(20), receivedAtNs: 5n, carrierHz: 868_130_000, rssiDbm: -100 },
  ...{ snrDb: 3, codingRate: 3, hopSequenceId: 1, fragmentsTotal: 12, fragmentsLost: 0 },
};
const BY = { modemId: "00".repeat(8), clockState: 2, clockErrorNs: undefined };

/** A gateway on a disk that fails while `disk.isBad`, and the other end of its connections. */
function onABadDisk() {
  const disk = { isBad: false };
  const failing =
    <A extends unknown[], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      if (disk.isBad) throw new Error("disk I/O error");
      return act(...args);
    };
  const memory = outboxMemory(OUTBOX_ID, 10);
  const outbox: Outbox = {
    ...memory,
    add: failing((record: Uint8Array) => memory.add(record)),
    get: failing((sequence: bigint) => memory.get(sequence)),
    after: failing((sequence: bigint, limit: number) => memory.after(sequence, limit)),
    remove: failing((first: bigint, last: bigint) => memory.remove(first, last)),
  };
  const uplinks: Uplink[] = [];
  const lines: BackhaulEvents[] = [];
  const connection: BackhaulConnection = {
    async uplink(_partition, message) {
      const decoded = decodeUplink(message);
      if (decoded.ok) uplinks.push(decoded.message);
    },
    paged: async () => undefined,
    state: async () => undefined,
    close: async () => undefined,
  };
  const clock = fakeClock();
  const gateway = new Gateway({
    ...{ gatewayId: "gw-1", latitude: undefined, longitude: undefined, outboxRowsMax: 10 },
    ...{ outbox, clock, pages: new PageQueue(), counters: new Counters(), log: silentLog },
    random: seededRandom("gateway"),
    backhaul: {
      async connect(events) {
        lines.push(events);
        return connection;
      },
    },
  });
  return { gateway, disk, outbox, uplinks, lines, clock };
}

it("outlives a disk that fails, and forgets nothing that is not surely forgotten", async () => {
  const { gateway, disk, outbox, uplinks, lines, clock } = onABadDisk();
  disk.isBad = true;
  gateway.begin([]);
  await Promise.resolve(); // connected, with an outbox that cannot be read
  gateway.heard(PACKET, BY); // cannot be kept: counted
  expect(outbox.count()).toBe(0);

  disk.isBad = false;
  gateway.heard(PACKET, BY);
  gateway.heard({ ...PACKET, receivedAtNs: 6n }, BY);
  disk.isBad = true;
  const ranges = uplinks.map(({ sequence }) => ({ first: sequence, last: sequence }));
  const stored = encodeStored({ outboxId: OUTBOX_ID, ranges });
  lines[0]?.stored(stored);
  gateway.tick();
  expect(outbox.count()).toBe(2);

  disk.isBad = false;
  clock.advance(STORED_WAIT_MS);
  gateway.tick();
  expect(uplinks.map(({ receivedAtNs }) => receivedAtNs)).toEqual([5n, 6n, 5n, 6n]);
  lines[0]?.stored(stored);
  expect(outbox.count()).toBe(0);
  expect(lines).toHaveLength(1); // and the connection was kept
});

it("waits no longer when its clock is set back", async () => {
  const { gateway, uplinks, lines, clock } = onABadDisk();
  gateway.begin([]);
  await Promise.resolve();
  gateway.heard(PACKET, BY);
  clock.set(clock.now() - HOUR_MS);
  clock.advance(STORED_WAIT_MS);
  gateway.tick();
  expect(uplinks).toHaveLength(2); // sent again: it was not stored

  lines[0]?.closed("the broker went");
  clock.set(clock.now() - HOUR_MS);
  clock.advance(BACKOFF_MS_MAX);
  gateway.tick();
  expect(lines).toHaveLength(2);
});
