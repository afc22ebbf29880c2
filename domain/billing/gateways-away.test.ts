import fc from "fast-check";
import { expect, it } from "vitest";
import { awayWith, type GatewayOutage, overlapping } from "./gateways-away.ts";

const outage = (
  gatewayId: string,
  [fromMs, toMs]: readonly [number, number],
  what: GatewayOutage["what"] = "backhaul-down",
): GatewayOutage => ({ gatewayId, fromMs, toMs, what });
const heard = (by: Readonly<Record<string, number>>) => new Map(Object.entries(by));
const SILENCE = { fromMs: 0, toMs: 100 };
const BOTH = heard({ a: 10, b: 10 });

it("loses a terminal with the gateway that hears nearly all of it, and with none that hears a half", () => {
  const mostlyA = heard({ a: 18, b: 2 });
  expect(awayWith(SILENCE, [outage("a", [10, 20])], mostlyA)).toEqual([
    { what: "backhaul-down", fromMs: 10, toMs: 20 },
  ]);
  expect(awayWith(SILENCE, [outage("a", [10, 20])], BOTH)).toEqual([]);
  expect(awayWith(SILENCE, [outage("b", [10, 20])], mostlyA)).toEqual([]);
  expect(awayWith(SILENCE, [outage("a", [10, 20])], new Map())).toEqual([]);
});

it("loses it while all that hear it are away at once", () => {
  expect(awayWith(SILENCE, [outage("a", [10, 30]), outage("b", [20, 40])], BOTH)).toEqual([
    { what: "backhaul-down", fromMs: 20, toMs: 30 },
  ]);
});

it("says nothing of what was before the silence or after it, however long an outage goes on", () => {
  const gone = outage("a", [-1_000, Infinity], "gateway-deaf");
  expect(awayWith(SILENCE, [gone], heard({ a: 20 }))).toEqual([
    { what: "gateway-deaf", ...SILENCE },
  ]);
  expect(awayWith(SILENCE, [outage("a", [100, 200])], heard({ a: 20 }))).toEqual([]);
});

const time = fc.nat(60);
const anyStretch = fc
  .tuple(time, time)
  .filter(([a, b]) => a !== b)
  .map(([a, b]): readonly [number, number] => [Math.min(a, b), Math.max(a, b)]);
const anyHearing = fc.record({ a: fc.nat(20), b: fc.nat(20), c: fc.nat(20) });
const anyOutage = fc
  .tuple(fc.constantFrom("a", "b", "c"), anyStretch, fc.boolean())
  .map(([id, stretch, isDeaf]) => outage(id, stretch, isDeaf ? "gateway-deaf" : "backhaul-down"));

it("says the same of each moment as one look at it alone, whoever heard the terminal", () => {
  fc.assert(
    fc.property(
      fc.array(anyOutage, { maxLength: 12 }),
      anyHearing,
      anyStretch,
      (outages, by, [fromMs, toMs]) => {
        const away = awayWith({ fromMs, toMs }, outages, heard(by));
        const all = by.a + by.b + by.c;
        for (let at = 0; at < 60; at += 1) {
          const under = outages.filter((one) => one.fromMs <= at && at < one.toMs);
          const ids = new Set(under.map(({ gatewayId }) => gatewayId));
          const gone = [...ids].reduce((sum, id) => sum + (heard(by).get(id) ?? 0), 0);
          const isLost = at >= fromMs && at < toMs && gone > 0 && gone * 4 >= all * 3;
          const isDeaf = under.some(({ what }) => what === "gateway-deaf");
          expect(away.find((one) => one.fromMs <= at && at < one.toMs)?.what).toBe(
            isLost ? (isDeaf ? "gateway-deaf" : "backhaul-down") : undefined,
          );
        }
      },
    ),
  );
});

it("finds what overlaps a stretch as a look at each does", () => {
  fc.assert(
    fc.property(fc.uniqueArray(time, { maxLength: 20 }), anyStretch, (ends, [fromMs, toMs]) => {
      const edges = ends.toSorted((a, b) => a - b);
      const inOrder = edges.flatMap((at, n) => {
        const next = edges[n + 1];
        return n % 2 === 1 || next === undefined ? [] : [{ fromMs: at, toMs: next }];
      });
      expect(overlapping(inOrder, { fromMs, toMs })).toEqual(
        inOrder.filter((one) => one.fromMs < toMs && one.toMs > fromMs),
      );
    }),
  );
});
