import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldJob, isAccepted, missingFor } from "./job.ts";
import { parseStep, STEP_KINDS, type Step } from "./steps.ts";

const step = (kind: Step["kind"], atMs: number, data: unknown, id = `${kind}-${atMs}`): Step => {
  const parsed = parseStep(id, kind, atMs, data);
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.step;
};

const WHOLE: readonly Step[] = [
  step("claim", 1, { serial: "HL-1" }),
  step("bind", 2, { customerId: "c1", asset: { kind: "vehicle", name: "沪A·1" } }),
  step("place", 3, { latitude: 31.2, longitude: 121.4 }),
  step("attach", 4, {}),
  step("walk-test", 5, {}),
  step("result", 6, { verdict: "pass" }),
  step("note", 7, { text: "behind the glovebox" }),
  step("signature", 8, { photoId: "p1", name: "Ann" }),
  step("accept", 9, { serviceFrom: "2026-01-01" }),
];

const anySteps = fc
  .array(fc.record({ pick: fc.nat(), atMs: fc.integer({ min: 0, max: 30 }), serial: fc.nat(2) }), {
    maxLength: 30,
  })
  .map((picks): readonly Step[] =>
    picks.map(({ pick, atMs, serial }, i) => {
      const kind = STEP_KINDS[pick % STEP_KINDS.length] ?? "note";
      const data = {
        claim: { serial: `HL-${serial}` },
        bind: { customerId: `c${serial}`, asset: { id: "a1" } },
        place: { latitude: serial, longitude: 2 },
        attach: {},
        "walk-test": {},
        result: { verdict: serial === 0 ? "fail" : "pass" },
        photo: { photoId: `p${i}` },
        note: { text: "n" },
        signature: { photoId: "p", name: "Ann" },
        accept: { serviceFrom: "2026-01-01" },
        undo: { reason: "wrong car" },
      }[kind];
      return step(kind, atMs, data, `s${i}`);
    }),
  );

describe("a job", () => {
  it("is accepted once everything is there", () => {
    const job = foldJob(WHOLE);
    expect(isAccepted(job)).toBe(true);
    expect([...job.outcomes.values()].map(({ outcome }) => outcome)).toEqual(
      WHOLE.map(() => "applied"),
    );
  });

  it.each(["claim", "bind", "place", "attach", "result"] as const)("waits without %s", (kind) => {
    const job = foldJob(WHOLE.filter((one) => one.kind !== kind));
    expect(isAccepted(job)).toBe(false);
    expect(missingFor(job)).toEqual([kind]);
    expect(job.outcomes.get("accept-9")).toEqual({
      outcome: "waiting",
      reason: `it needs ${kind} first`,
    });
  });

  it("is not accepted on a failed walk test", () => {
    const failed = [...WHOLE, step("result", 6.5, { verdict: "fail", reason: "basement" })];
    expect(isAccepted(foldJob(failed))).toBe(false);
  });

  it("forgets what was measured with another terminal", () => {
    const job = foldJob([...WHOLE.slice(0, 6), step("claim", 6.5, { serial: "HL-2" })]);
    expect(missingFor(job)).toEqual(["attach", "result"]);
    expect(job.outcomes.get("claim-1")).toEqual({ outcome: "superseded" });
  });

  it("knows the same terminal by its serial in small letters", () => {
    const job = foldJob([...WHOLE.slice(0, 6), step("claim", 6.5, { serial: "hl-1" })]);
    expect(missingFor(job)).toEqual(missingFor(foldJob(WHOLE.slice(0, 6))));
  });

  it("takes no change after it was accepted, but a photo, a note and its undoing", () => {
    const job = foldJob([
      ...WHOLE,
      step("place", 10, { latitude: 1, longitude: 1 }),
      step("note", 11, { text: "later" }),
      step("undo", 12, { reason: "wrong car" }),
      step("note", 13, { text: "too late" }),
    ]);
    expect(job.outcomes.get("place-10")).toMatchObject({ outcome: "refused" });
    expect(job.outcomes.get("note-11")).toEqual({ outcome: "applied" });
    expect(job.undo?.reason).toBe("wrong car");
    expect(job.outcomes.get("note-13")).toMatchObject({ outcome: "refused" });
  });

  it("is the same whatever order its steps arrive in", () => {
    fc.assert(
      fc.property(
        anySteps.chain((steps) =>
          fc.tuple(
            fc.constant(steps),
            fc.shuffledSubarray([...steps], { minLength: steps.length }),
          ),
        ),
        ([steps, shuffled]) => {
          expect(plain(foldJob(shuffled))).toEqual(plain(foldJob(steps)));
        },
      ),
    );
  });

  it("says of every step what became of it", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { outcomes } = foldJob(steps);
        expect([...outcomes.keys()].toSorted()).toEqual(steps.map(({ id }) => id).toSorted());
      }),
    );
  });
});

const plain = (job: ReturnType<typeof foldJob>) => ({
  ...job,
  outcomes: [...job.outcomes].toSorted(([a], [b]) => (a < b ? -1 : 1)),
});

describe("a step", () => {
  it.each([
    ["claim", {}, /claim/],
    ["claim", { serial: "" }, /claim\.serial/],
    ["place", { latitude: 91, longitude: 0 }, /place\.latitude/],
    ["accept", { serviceFrom: "soon" }, /accept\.serviceFrom/],
    ["dance", {}, /kind must be one of claim, bind/],
  ])("%s %j is refused with its reason", (kind, data, fault) => {
    const parsed = parseStep("s1", kind, 1, data);
    expect(parsed.ok ? "" : parsed.fault).toMatch(fault);
  });
});
