import { expect, it } from "vitest";
import type { WatchedTerminal } from "./outage.ts";
import { evidenceOf } from "./outage-evidence.ts";

const terminal = (address: number, more: Partial<WatchedTerminal> = {}): WatchedTerminal => ({
  ...{ address, heardMs: 1_000, isQuiet: true, isQuietByPlan: false },
  place: { latitude: 31.2 + address / 1_000, longitude: 121.4 },
  hearing: new Map([["gw-1", { weight: 10, heardMs: 1_000 + address }]]),
  ...more,
});

it("counts those that a gateway usually hears, and says when it last heard one", () => {
  const terminals = [
    ...[terminal(1), terminal(2), terminal(3, { isQuiet: false })],
    terminal(4, { isQuietByPlan: true }),
    terminal(5, { hearing: new Map([["gw-2", { weight: 1, heardMs: 9_000 }]]) }),
  ];
  const own = [1, 2].map((address) => ({
    ...{ address, cause: "gateway-deaf" as const, gatewayId: "gw-1" },
  }));
  expect(evidenceOf(own, "gw-1", terminals)).toEqual({
    ...{ usual: 3, silent: 2, lastHeardMs: 1_003, radiusM: null },
  });
});

it("counts those that stand in a jammed area", () => {
  const terminals = [
    ...[terminal(0), terminal(1, { isQuiet: false }), terminal(2)],
    terminal(50), // kilometres away
    terminal(3, { place: undefined }),
  ];
  const own = [0, 2].map((address) => ({
    ...{ address, cause: "jammed" as const, gatewayId: undefined },
  }));
  const { radiusM, ...counts } = evidenceOf(own, null, terminals);
  expect(counts).toEqual({ usual: 3, silent: 2, lastHeardMs: null });
  expect(radiusM).toBeCloseTo(111, 0);
});
