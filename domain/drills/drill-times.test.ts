import fc from "fast-check";
import { expect, it } from "vitest";
import { type DrillDelivery, HOPS, isInTime, type MemberFacts, timesOf } from "./drill-times.ts";

const T0 = 1_800_000_000_000;
const CLOCK = { startedAtMs: T0, answerMs: 300_000, nowMs: T0 + 1_000, isOver: false };

const EMAIL: DrillDelivery = {
  ...{ kind: "contact", id: "c1", isOfOperator: false, channel: "email", state: "sent" },
  ...{ reason: null, queuedAtMs: T0 + 9_000, nextAtMs: T0 + 9_000 },
  ...{ sentAtMs: T0 + 10_000, deliveredAtMs: null },
};
const SMOOTH: MemberFacts = {
  ...{ isAsked: true, orderedAtMs: T0, pageSentAtMs: T0 + 2_000, obeyedAtMs: T0 + 4_000 },
  packet: {
    ...{ id: "7", measuredAtMs: T0 + 5_000, receivedAtMs: T0 + 7_000, storedAtMs: T0 + 7_100 },
  },
  alarms: [
    {
      ...{ id: "a1", raisedAtMs: T0 + 7_100, queuedAtMs: T0 + 7_400 },
      ...{ acknowledgedAtMs: T0 + 60_000, acknowledgedBy: "contact:c1" },
    },
  ],
  deliveries: [EMAIL],
};

it("says of each hop when it was, how long it took and whether that was in time", () => {
  const told = timesOf(SMOOTH, { ...CLOCK, nowMs: T0 + 90_000 });
  expect(told.hops.map(({ hop, tookMs, verdict }) => [hop, tookMs, verdict])).toEqual([
    ["ordered", 0, "in-time"],
    ["page-sent", 2_000, "in-time"],
    ["obeyed", 2_000, "in-time"],
    ["measured", 3_000, "in-time"],
    ["gateway", 2_000, "in-time"],
    ["network", 100, "in-time"],
    ["alarm", 0, "in-time"],
    ["queued", 300, "in-time"],
    ["delivered", 2_600, "in-time"],
    ["acknowledged", 52_600, "in-time"],
  ]);
  expect(told.contacts).toMatchObject([
    { verdict: "reached", reachedAtMs: T0 + 10_000, acknowledgedAtMs: T0 + 60_000 },
  ]);
  expect(isInTime(told)).toBe(true);
});

const times = (count: number, verdict: string): readonly string[] =>
  Array.from({ length: count }, () => verdict);

it("tells what did not happen within its limit while it runs, and everything that did not once it is over", () => {
  const silent: MemberFacts = { ...SMOOTH, packet: null, alarms: [], deliveries: [] };
  const verdicts = (nowMs: number, isOver: boolean) =>
    timesOf(silent, { ...CLOCK, nowMs, isOver }).hops.map(({ verdict }) => verdict);
  const done = ["in-time", "in-time", "in-time"];
  expect(verdicts(T0 + 30_000, false)).toEqual([...done, ...times(7, "waiting")]);
  expect(verdicts(T0 + 90_000, false)).toEqual([...done, "missing", ...times(6, "waiting")]);
  expect(verdicts(T0 + 90_000, true)).toEqual([...done, ...times(7, "missing")]);
});

it("has no page to wait for where somebody on the spot calls", () => {
  const byHand = {
    ...SMOOTH,
    isAsked: false,
    orderedAtMs: null,
    pageSentAtMs: null,
    obeyedAtMs: null,
  };
  expect(timesOf(byHand, CLOCK).hops.map(({ hop }) => hop)).toEqual(HOPS.slice(3));
});

it("tells an SMS without receipt, quiet hours and a dead letter apart", () => {
  const verdictOf = (over: Partial<DrillDelivery>, isOver = false) =>
    timesOf(
      { ...SMOOTH, alarms: [], deliveries: [{ ...EMAIL, sentAtMs: null, ...over }] },
      { ...CLOCK, isOver },
    ).contacts[0]?.verdict;
  expect(verdictOf({ channel: "sms", state: "sent", sentAtMs: T0 })).toBe("waiting");
  expect(verdictOf({ channel: "sms", state: "sent", sentAtMs: T0 }, true)).toBe("not-reached");
  expect(verdictOf({ channel: "sms", state: "delivered", deliveredAtMs: T0 })).toBe("reached");
  expect(verdictOf({ state: "waiting", nextAtMs: T0 + 3_600_000 })).toBe("held-back");
  expect(verdictOf({ state: "dead" })).toBe("not-reached");
});

it("never calls in time what is missing, and only gets more certain with time", () => {
  const time = fc.option(fc.integer({ min: T0, max: T0 + 600_000 }));
  const facts = fc.record({
    ...{ isAsked: fc.boolean(), orderedAtMs: time, pageSentAtMs: time, obeyedAtMs: time },
    packet: fc.constant(null),
    alarms: fc.array(
      fc.record({
        ...{ id: fc.string(), raisedAtMs: fc.constant(T0 + 1), queuedAtMs: time },
        ...{ acknowledgedAtMs: time, acknowledgedBy: fc.constant(null) },
      }),
      { maxLength: 2 },
    ),
    deliveries: fc.constant([]),
  });
  fc.assert(
    fc.property(facts, fc.nat(600_000), (given, afterMs) => {
      const now = timesOf(given, { ...CLOCK, nowMs: T0 + afterMs }).hops;
      const over = timesOf(given, { ...CLOCK, nowMs: T0 + afterMs, isOver: true }).hops;
      for (const [at, hop] of now.entries()) {
        expect(hop.verdict === "in-time" || hop.verdict === "late").toBe(hop.atMs !== null);
        if (hop.verdict !== "waiting") expect(over[at]?.verdict).toBe(hop.verdict);
        else expect(over[at]?.verdict).toBe("missing");
      }
    }),
  );
});
