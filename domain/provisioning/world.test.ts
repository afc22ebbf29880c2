import { describe, expect, it } from "vitest";
import { foldJob } from "./job.ts";
import { parseStep, type Step } from "./steps.ts";
import { lifeCycleBy, standingOf, type World } from "./world.ts";

const step = (kind: string, atMs: number, data: unknown): Step => {
  const parsed = parseStep(kind, kind, atMs, data);
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.step;
};
const PRESSED_MS = 1_000_000_000;
const STEPS = [
  step("claim", 1, { serial: "HL-1" }),
  step("bind", 2, { customerId: "c1", asset: { id: "a1" } }),
  step("place", 3, { latitude: 31, longitude: 121 }),
  step("attach", PRESSED_MS, {}),
  step("result", PRESSED_MS + 1, { verdict: "weak", reason: "garage" }),
  step("accept", PRESSED_MS + 2, { serviceFrom: "2026-01-01" }),
];
const TERMINAL = {
  address: 7,
  serial: "HL-1",
  lifeCycle: "stocked",
  quarantineReason: null,
  heldByAnother: false,
  attachedAtMs: PRESSED_MS + 500,
} as const;
const WORLD: World = {
  terminal: TERMINAL,
  customerExists: true,
  asset: { customerId: "c1", isRetired: false },
};
const stand = (world: World, steps: readonly Step[] = STEPS, ours = false) =>
  standingOf(foldJob(steps), steps, world, ours);

describe("a job in the world", () => {
  it("is accepted when the world has what it names", () => {
    const standing = stand(WORLD);
    expect(standing).toMatchObject({ accepted: true, missing: [] });
    expect(lifeCycleBy(standing)).toBe("active");
  });

  it.each([
    ["an unknown serial", { terminal: undefined }, "claim", /no terminal in stock/],
    [
      "an active terminal",
      { terminal: { ...TERMINAL, lifeCycle: "active" } },
      "claim",
      /is active/,
    ],
    ["a quarantine", { terminal: { ...TERMINAL, quarantineReason: "wet" } }, "claim", /wet/],
    [
      "another job",
      { terminal: { ...TERMINAL, heldByAnother: true } },
      "claim",
      /another open job/,
    ],
    ["no customer", { customerExists: false }, "bind", /no such customer/],
    ["another's asset", { asset: { customerId: "c2", isRetired: false } }, "bind", /no such asset/],
    ["a retired asset", { asset: { customerId: "c1", isRetired: true } }, "bind", /retired/],
  ] as const)("is not with %s", (_name, change, kind, reason) => {
    const standing = stand({ ...WORLD, ...change });
    expect(standing.accepted).toBe(false);
    expect(standing.missing).toContain(kind);
    expect(standing.outcomes.get(kind)).toMatchObject({ outcome: "refused" });
    expect(JSON.stringify(standing.outcomes.get(kind))).toMatch(reason);
    expect(standing.outcomes.get("accept")).toMatchObject({ outcome: "waiting" });
  });

  it("waits for an attach that was heard after the button was pressed", () => {
    const before = { ...TERMINAL, attachedAtMs: PRESSED_MS - 600_000 };
    const standing = stand({ ...WORLD, terminal: before });
    expect(standing.outcomes.get("attach")).toMatchObject({ outcome: "waiting" });
    expect(lifeCycleBy(standing)).toBe("assigned");
  });

  it("keeps a terminal that it was given, whatever its life cycle has become by that", () => {
    const given = { ...WORLD, terminal: { ...TERMINAL, lifeCycle: "installed" } } as const;
    expect(stand(given, STEPS, true).accepted).toBe(true);
    expect(stand(given, STEPS, false).accepted).toBe(false);
  });

  it.each([
    [STEPS.slice(0, 1), "stocked"],
    [STEPS.slice(0, 2), "assigned"],
    [STEPS.slice(0, 4), "installed"],
    [STEPS, "active"],
  ] as const)("moves the terminal's life along with its steps", (steps, lifeCycle) => {
    expect(lifeCycleBy(stand(WORLD, steps))).toBe(lifeCycle);
  });
});
