import fc from "fast-check";
import { expect, it } from "vitest";
import { type Drill, type DrillInput, endsAtMs, LATE_MAX_MS, stepDrill } from "./drill.ts";

const START_MS = 1_000_000;
const PLANNED: Drill = {
  ...{ state: "planned", startsAtMs: START_MS, lastsS: 600 },
  ...{ startedAtMs: null, endedAtMs: null, endedWhy: null },
};

const inputs = fc.array(
  fc.record({
    type: fc.constantFrom<DrillInput["type"]>("tick", "tick", "tick", "end", "cancel"),
    afterMs: fc.integer({ min: 0, max: 400_000 }),
  }),
  { maxLength: 30 },
);

it("begins once, at its time and not long after it, ends once, and never goes back", () => {
  fc.assert(
    fc.property(inputs, (given) => {
      let drill = PLANNED;
      let nowMs = START_MS - 600_000;
      const effects: string[] = [];
      for (const { type, afterMs } of given) {
        nowMs += afterMs;
        const step = stepDrill(drill, { type }, nowMs);
        if (!step.ok) continue;
        if (step.effect !== undefined) effects.push(step.effect);
        if (step.effect === "start") {
          expect(nowMs).toBeGreaterThanOrEqual(START_MS);
          expect(nowMs).toBeLessThanOrEqual(START_MS + LATE_MAX_MS);
        }
        if (drill.endedAtMs !== null) expect(step.drill).toEqual(drill);
        drill = step.drill;
      }
      expect(["", "start", "start,finish"]).toContain(effects.join(","));
      expect(drill.state === "ended").toBe(effects.length === 2);
      expect(drill.endedAtMs !== null).toBe(drill.state === "ended" || drill.state === "cancelled");
    }),
  );
});

it("is called off when its hour passed while nothing ran", () => {
  const step = stepDrill(PLANNED, { type: "tick" }, START_MS + LATE_MAX_MS + 1);
  expect(step).toMatchObject({
    ...{ ok: true, effect: undefined },
    drill: { state: "cancelled", endedWhy: "missed" },
  });
});

it("ends by itself as long after its beginning as was planned", () => {
  const begun = stepDrill(PLANNED, { type: "tick" }, START_MS + 5_000);
  if (!begun.ok) throw new Error("it begins");
  expect(endsAtMs(begun.drill)).toBe(START_MS + 605_000);
  expect(stepDrill(begun.drill, { type: "tick" }, START_MS + 604_999)).toMatchObject({
    drill: { state: "running" },
  });
  expect(stepDrill(begun.drill, { type: "tick" }, START_MS + 605_000)).toMatchObject({
    ...{ effect: "finish", drill: { state: "ended", endedWhy: "time" } },
  });
});
