import fc from "fast-check";
import { expect, it } from "vitest";
import { awayWith, type GatewayOutage } from "./gateways-away.ts";

const outage = (
  gatewayId: string,
  [fromMs, toMs]: readonly [number, number],
  shares: Readonly<Record<string, number>>,
): GatewayOutage => ({
  ...{ gatewayId, fromMs, toMs, what: "backhaul-down" },
  shares: new Map(Object.entries(shares)),
});
const BOTH = { a: 0.5, b: 0.5 };

it("loses a terminal with the gateway that hears nearly all of it, and with none that hears a half", () => {
  expect(awayWith([outage("a", [10, 20], { a: 0.9, b: 0.1 })])).toEqual([
    { what: "backhaul-down", fromMs: 10, toMs: 20 },
  ]);
  expect(awayWith([outage("a", [10, 20], BOTH)])).toEqual([]);
  expect(awayWith([outage("b", [10, 20], { a: 0.9, b: 0.1 })])).toEqual([]);
});

it("loses it while all that hear it are away at once", () => {
  expect(awayWith([outage("a", [10, 30], BOTH), outage("b", [20, 40], BOTH)])).toEqual([
    { what: "backhaul-down", fromMs: 20, toMs: 30 },
  ]);
});

it("goes by who heard it when the last outage began, not by who hears it today", () => {
  const outages = [outage("a", [10, 20], { a: 1 }), outage("a", [50, 60], { b: 1 })];
  expect(awayWith(outages)).toEqual([{ what: "backhaul-down", fromMs: 10, toMs: 20 }]);
});

it("says the same of each moment as one look at it alone", () => {
  const time = fc.nat(60);
  const any = fc.tuple(fc.constantFrom("a", "b", "c"), time, time).filter(([, a, b]) => a !== b);
  const shares = { a: 0.4, b: 0.4, c: 0.2 };
  fc.assert(
    fc.property(fc.array(any, { maxLength: 12 }), (given) => {
      const outages = given.map(([id, a, b]) =>
        outage(id, [Math.min(a, b), Math.max(a, b)], shares),
      );
      const away = awayWith(outages);
      for (let at = 0; at < 60; at += 1) {
        const gone = new Set(
          outages.filter((one) => one.fromMs <= at && at < one.toMs).map((one) => one.gatewayId),
        );
        const isLost = gone.has("a") && gone.has("b");
        expect(away.some((one) => one.fromMs <= at && at < one.toMs)).toBe(isLost);
      }
    }),
  );
});
