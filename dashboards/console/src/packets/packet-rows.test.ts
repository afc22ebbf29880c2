import fc from "fast-check";
import { expect, it } from "vitest";
import type { PacketSummary } from "../api/types.ts";
import { withPackets, withReceptions } from "./packet-rows.ts";

const packet = (id: number, over: Partial<PacketSummary> = {}): PacketSummary => ({
  id: String(id),
  address: 7,
  terminalName: "Bus 7",
  profile: "bus",
  type: "report",
  verdict: "new",
  report: "position",
  counter: id,
  measuredAt: null,
  receivedAt: new Date(id * 1000).toISOString(),
  storedAt: new Date(id * 1000).toISOString(),
  gateways: ["gw-1"],
  bestRssiDbm: -110,
  bestSnrDb: -4,
  bytes: 31,
  fields: {},
  drill: false,
  ...over,
});

it("keeps each packet once, newest first, within the limit, however they arrive", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(40))), (batches) => {
      let rows: readonly PacketSummary[] = [];
      for (const batch of batches)
        rows = withPackets(
          rows,
          batch.map((id) => packet(id)),
          20,
        );
      const newest = [...new Set(batches.flat())].toSorted((one, other) => other - one);
      expect(rows.map(({ id }) => Number(id))).toEqual(newest.slice(0, 20));
    }),
  );
});

it("adds a gateway once and keeps the best signal", () => {
  const weaker = { packetId: "1", gatewayId: "gw-2", rssiDbm: -125, snrDb: -12 };
  const better = { packetId: "1", gatewayId: "gw-3", rssiDbm: -90, snrDb: 9 };
  const [row] = withReceptions([packet(1)], [weaker, better, better]);
  expect(row).toMatchObject({
    gateways: ["gw-1", "gw-2", "gw-3"],
    bestRssiDbm: -90,
    bestSnrDb: 9,
  });
});

it("leaves packets alone that the reception is not about", () => {
  const rows = [packet(1)];
  expect(
    withReceptions(rows, [{ packetId: "9", gatewayId: "gw-2", rssiDbm: null, snrDb: 1 }]),
  ).toEqual(rows);
});
