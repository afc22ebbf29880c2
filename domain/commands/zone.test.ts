import fc from "fast-check";
import { expect, it } from "vitest";
import { type ZoneGateway, zoneOf } from "./zone.ts";

const anyGateways = fc.uniqueArray(
  fc
    .record({
      gatewayId: fc.constantFrom("a", "b", "c", "d", "e"),
      isOnline: fc.boolean(),
      lastPacketDbm: fc.option(fc.integer({ min: -140, max: -60 })),
      heardAtMs: fc.option(fc.nat(1_000)),
    })
    .map((one): ZoneGateway => (one.lastPacketDbm === null ? one : { ...one, heardAtMs: 1_000 })),
  { selector: ({ gatewayId }) => gatewayId },
);

const gateway = (gatewayId: string, more: Partial<ZoneGateway> = {}): ZoneGateway => ({
  ...{ gatewayId, isOnline: true, lastPacketDbm: null, heardAtMs: null },
  ...more,
});

it("begins where the terminal was heard best and ends everywhere", () => {
  const gateways = [
    gateway("far", { lastPacketDbm: -120, heardAtMs: 9 }),
    gateway("near", { lastPacketDbm: -80, heardAtMs: 9 }),
    gateway("yesterday", { heardAtMs: 5 }),
    gateway("never"),
    gateway("away", { lastPacketDbm: -60, heardAtMs: 9, isOnline: false }),
  ];
  expect([0, 1, 2, 3, 9].map((attempt) => zoneOf(gateways, attempt))).toEqual([
    ["near"],
    ["near", "far"],
    ["near", "far", "yesterday"],
    ["near", "far", "yesterday", "never"],
    ["near", "far", "yesterday", "never"],
  ]);
});

it("asks the others when those that heard the terminal are away", () => {
  const gateways = [gateway("away", { lastPacketDbm: -60, isOnline: false }), gateway("other")];
  expect(zoneOf(gateways, 0)).toEqual(["other"]);
});

it("widens with each attempt, never to a gateway that is away, and never leaves out one that is there", () => {
  fc.assert(
    fc.property(anyGateways, (gateways) => {
      const zones = [0, 1, 2, 3, 4].map((attempt) => zoneOf(gateways, attempt));
      const online = gateways.filter(({ isOnline }) => isOnline).map(({ gatewayId }) => gatewayId);
      for (const [at, zone] of zones.entries()) {
        expect(online).toEqual(expect.arrayContaining([...zone]));
        expect(new Set(zone).size).toBe(zone.length);
        expect(zone).toEqual(expect.arrayContaining([...(zones[at - 1] ?? [])]));
      }
      expect(new Set(zones.at(-1))).toEqual(new Set(online));
    }),
  );
});
