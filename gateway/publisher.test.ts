import { beforeEach, describe, expect, it } from "vitest";
import { decodeUplink, encodeUplink, type Uplink } from "../protocol/messages.ts";
import type { BackhaulConnection } from "./backhaul.ts";
import { Counters } from "./counters.ts";
import type { Outbox } from "./outbox.ts";
import { outboxMemory } from "./outbox-memory.ts";
import { BACKLOG_MAX, FRESH_MAX, Publisher, STORED_WAIT_MS } from "./publisher.ts";

const OUTBOX_ID = "ab".repeat(16);
let outbox: Outbox;
let publisher: Publisher;
let sent: Uplink[];
const counters = new Counters();
const connection: BackhaulConnection = {
  async uplink(_partition, message) {
    const decoded = decodeUplink(message);
    if (decoded.ok) sent.push(decoded.message);
  },
  async paged() {},
  async state() {},
  async close() {},
};

beforeEach(() => {
  outbox = outboxMemory(OUTBOX_ID, 10_000);
  publisher = new Publisher(outbox, counters, () => {});
  sent = [];
});

function add(nowMs = 0): bigint {
  const uplink: Uplink = {
    ...{ gatewayId: "gw", modemId: "0".repeat(16), outboxId: OUTBOX_ID, sequence: 0n },
    ...{ backfilled: false, receivedAtNs: 5n, phyPayload: new Uint8Array(12), carrierHz: 868e6 },
    ...{ rssiDbm: -100, snrDb: 3, codingRate: 3, hopSequenceId: 1, fragmentsTotal: 9 },
    ...{ fragmentsLost: 0, clockState: 2, clockErrorNs: 40 },
  };
  const sequence = outbox.add(encodeUplink(uplink)) ?? 0n;
  publisher.added(sequence, uplink, nowMs);
  return sequence;
}
const taken = () => sent.splice(0).map(({ sequence, backfilled }) => [sequence, backfilled]);

describe("publisher", () => {
  it("sends a packet at once while connected, with its outbox and sequence", () => {
    publisher.connected(connection, 0);
    const sequence = add();
    expect(sent).toMatchObject([{ outboxId: OUTBOX_ID, sequence, backfilled: false }]);
  });

  it("sends what came without a connection later, marked backfilled, oldest first", () => {
    const sequences = [add(), add()];
    expect(taken()).toEqual([]);
    publisher.connected(connection, 0);
    expect(taken()).toEqual(sequences.map((sequence) => [sequence, true]));
  });

  it("forgets a packet when it is stored, not when the broker has it", () => {
    publisher.connected(connection, 0);
    const [first, second] = [add(), add()];
    expect(outbox.count()).toBe(2);
    publisher.stored([{ first, last: first }], 0);
    expect(outbox.after(0n, 9).map(({ sequence }) => sequence)).toEqual([second]);
  });

  it("sends everything not stored again after a lost connection", () => {
    publisher.connected(connection, 0);
    const [first, second, third] = [add(), add(), add()];
    publisher.stored([{ first: second, last: second }], 0);
    publisher.disconnected();
    taken();
    publisher.connected(connection, 0);
    expect(taken()).toEqual([
      [first, true],
      [third, true],
    ]);
  });

  it("sends a packet again when it is not stored in time", () => {
    publisher.connected(connection, 0);
    const sequence = add(0);
    taken();
    publisher.tick(STORED_WAIT_MS - 1);
    expect(taken()).toEqual([]);
    publisher.tick(STORED_WAIT_MS);
    expect(taken()).toEqual([[sequence, true]]);
    publisher.tick(STORED_WAIT_MS + 1);
    expect(taken()).toEqual([]);
  });

  it("keeps a bounded number under way, and works through a backlog as it is stored", () => {
    for (let i = 0; i < 2 * BACKLOG_MAX + 7; i++) add();
    publisher.connected(connection, 0);
    const all: unknown[] = [];
    while (sent.length > 0) {
      expect(publisher.underWay).toBeLessThanOrEqual(BACKLOG_MAX);
      const batch = taken();
      all.push(...batch);
      const [first] = batch[0] ?? [];
      const [last] = batch.at(-1) ?? [];
      publisher.stored([{ first: first as bigint, last: last as bigint }], 0);
    }
    expect(all).toHaveLength(2 * BACKLOG_MAX + 7);
    expect(outbox.count()).toBe(0);
  });

  it("lets a fresh packet past a backlog that waits", () => {
    for (let i = 0; i < 2 * BACKLOG_MAX; i++) add();
    publisher.connected(connection, 0);
    taken();
    const sequence = add();
    expect(taken()).toEqual([[sequence, false]]);
  });

  it("leaves fresh packets beyond the bound to the backlog, and loses none", () => {
    publisher.connected(connection, 0);
    const sequences = Array.from({ length: FRESH_MAX + 3 }, () => add());
    publisher.tick(1);
    expect(sent).toHaveLength(FRESH_MAX + 3);
    expect(new Set(sent.map(({ sequence }) => sequence))).toEqual(new Set(sequences));
  });

  it("drops a damaged record instead of stopping at it", () => {
    const damaged = outbox.add(Uint8Array.of(255, 255)) ?? 0n;
    const sequence = add();
    publisher.connected(connection, 0);
    expect(taken()).toEqual([[sequence, true]]);
    expect(outbox.get(damaged)).toBeUndefined();
  });
});
