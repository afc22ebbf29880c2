import fc from "fast-check";
import { expect, it } from "vitest";
import { LIFE_CYCLES } from "../db/database.ts";
import {
  LIFE_CYCLE_EVENTS,
  type LifeCycleEvent,
  type LifeState,
  step,
  stepTerminal,
} from "./life-cycle.ts";

const anyEvent = fc.constantFrom(...LIFE_CYCLE_EVENTS, "quarantine" as const, "release" as const);
const STOCKED: LifeState = { lifeCycle: "stocked", quarantineReason: null };

it("goes the whole way from stock into service and back", () => {
  const way: readonly LifeCycleEvent[] = [
    ...(["assign", "install", "accept", "activate", "suspend", "resume", "return"] as const),
    ...(["assign", "free", "retire"] as const),
  ];
  let lifeCycle: (typeof LIFE_CYCLES)[number] = "stocked";
  const seen = way.map((event) => {
    const next = step(lifeCycle, event);
    if (next.ok) lifeCycle = next.to;
    return next.ok ? next.to : next.reason;
  });
  expect(seen).toEqual([
    ...["assigned", "installed", "accepted", "active", "suspended", "active", "stocked"],
    ...["assigned", "stocked", "retired"],
  ]);
});

it("says what a terminal is when something cannot be done to it", () => {
  expect(step("stocked", "activate")).toEqual({
    ok: false,
    reason: "it is stocked, and only one that is accepted can do this",
  });
});

it("never leaves retirement, whatever happens", () => {
  fc.assert(
    fc.property(fc.array(anyEvent), (events) => {
      let state: LifeState = { ...STOCKED, lifeCycle: "retired" };
      for (const event of events) {
        const next = stepTerminal(state, event, "why");
        if (next.ok) state = next.to;
      }
      expect(state.lifeCycle).toBe("retired");
    }),
  );
});

it("gives nobody a terminal in quarantine, and a quarantine leaves the life cycle alone", () => {
  fc.assert(
    fc.property(fc.array(anyEvent), fc.constantFrom(...LIFE_CYCLES), (events, lifeCycle) => {
      let state: LifeState = { lifeCycle, quarantineReason: null };
      for (const event of events) {
        const next = stepTerminal(state, event, "water inside");
        if (!next.ok) continue;
        if (event === "assign") expect(state.quarantineReason).toBeNull();
        if (event === "quarantine" || event === "release")
          expect(next.to.lifeCycle).toBe(state.lifeCycle);
        else expect(next.to.quarantineReason).toBe(state.quarantineReason);
        state = next.to;
      }
    }),
  );
});

it("keeps no quarantine without its reason", () => {
  expect(stepTerminal(STOCKED, "quarantine", " ")).toMatchObject({ ok: false });
  expect(stepTerminal(STOCKED, "release")).toMatchObject({ ok: false });
});
