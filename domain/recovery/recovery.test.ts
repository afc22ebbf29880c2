import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  intervalWanted,
  linkState,
  type Recovery,
  type RecoveryInput,
  shortened,
  stepRecovery,
} from "./recovery.ts";

const OPENED_MS = 1_790_000_000_000;
const opened: Recovery = {
  ...{ state: "open", stolenAtMs: OPENED_MS - 60_000, openedAtMs: OPENED_MS },
  ...{ recoveredAtMs: null, closedAtMs: null, result: null },
  interval: { beforeS: 30, shortS: 10 },
};

const anyInput: fc.Arbitrary<RecoveryInput> = fc.oneof(
  fc.constantFrom({ type: "note" } as const, { type: "share" } as const),
  fc.record({ type: fc.constantFrom("recovered", "closed"), result: fc.string() }),
);
/** Clocks may be set back. */
const anyHistory = fc.array(
  fc.tuple(anyInput, fc.integer({ min: -86_400_000, max: 30 * 86_400_000 })),
);

describe("a stolen vehicle's case", () => {
  it("ends once, whatever is done to it, and its times stand in order", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        let recovery = opened;
        let ends = 0;
        for (const [input, afterMs] of history) {
          const before = recovery;
          const step = stepRecovery(before, input, OPENED_MS + afterMs);
          expect(step.ok).toBe(
            before.state !== "closed" &&
              !(before.state === "recovered" && input.type === "recovered"),
          );
          if (!step.ok) continue;
          recovery = step.recovery;
          if (step.isEnd) ends += 1;
          expect(step.isEnd).toBe(recovery.state === "closed");
        }
        expect(ends).toBe(recovery.state === "closed" ? 1 : 0);
        const { openedAtMs, recoveredAtMs, closedAtMs } = recovery;
        const times = [openedAtMs, recoveredAtMs, closedAtMs].filter((ms) => ms !== null);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(recovery.closedAtMs === null).toBe(recovery.state !== "closed");
        expect(recovery.result === null).toBe(recovery.state === "open");
      }),
    );
  });

  it("has the terminal report often until it is closed, and then as before", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 65_535 }),
        fc.integer({ min: 5, max: 600 }),
        (beforeS, shortS) => {
          const interval = shortened(beforeS, shortS) ?? null;
          const one = { ...opened, interval };
          expect(interval === null).toBe(shortS >= beforeS);
          expect(intervalWanted(one)).toBe(interval && shortS);
          expect(intervalWanted({ ...one, state: "recovered" })).toBe(interval && shortS);
          expect(intervalWanted({ ...one, state: "closed" })).toBe(interval && beforeS);
        },
      ),
    );
  });
});

describe("a link", () => {
  const ms = fc.integer({ min: OPENED_MS, max: OPENED_MS + 86_400_000 });

  it("leads to a case only before its end, unless it is revoked or the case is closed", () => {
    fc.assert(
      fc.property(ms, fc.option(ms), ms, (expiresAtMs, revokedAtMs, nowMs) => {
        const link = { madeAtMs: OPENED_MS, expiresAtMs, revokedAtMs };
        const isValid = revokedAtMs === null && nowMs < expiresAtMs;
        expect(linkState(link, "open", nowMs) === "valid").toBe(isValid);
        expect(linkState(link, "recovered", nowMs) === "valid").toBe(isValid);
        expect(linkState(link, "closed", nowMs)).toBe("revoked");
      }),
    );
  });

  it("that does not lead there leads there at no later time", () => {
    fc.assert(
      fc.property(ms, fc.option(ms), ms, fc.nat(), (expiresAtMs, revokedAtMs, nowMs, later) => {
        const link = { madeAtMs: OPENED_MS, expiresAtMs, revokedAtMs };
        fc.pre(linkState(link, "open", nowMs) !== "valid");
        expect(linkState(link, "open", nowMs + later)).not.toBe("valid");
      }),
    );
  });
});
