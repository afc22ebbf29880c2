import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { occasion as anOccasion } from "../../tests/notifications-fixture.ts";
import { bundle, MESSAGES_PER_MINUTE_MAX, type ToBundle } from "./bundling.ts";
import {
  cleanLadder,
  DEFAULT_LADDER,
  firstPlace,
  type Ladder,
  nextPlace,
  REPEATS_MAX,
} from "./ladder.ts";
import { OCCASION_KINDS, type Occasion } from "./occasion.ts";
import { type PlanContext, planDeliveries, type Recipient, recipientKey } from "./planner.ts";
import { PERSON_CHANNELS, type PersonChannel } from "./preferences.ts";
import { isQuiet } from "./quiet-hours.ts";
import { rankOf, SEVERITIES } from "./severity.ts";

const channels = fc.subarray([...PERSON_CHANNELS]);
const minute = fc.integer({ min: 0, max: 1439 });
const quiet = fc.option(
  fc.record({ fromMinute: minute, toMinute: minute }).filter((q) => q.fromMinute !== q.toMinute),
);

const recipients: fc.Arbitrary<readonly Recipient[]> = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom("user" as const, "contact" as const),
    id: fc.constantFrom("a", "b", "c"),
    language: fc.constantFrom("en" as const, "zh-CN" as const),
    timeZone: fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Shanghai"),
    addresses: fc.record(
      {
        email: fc.constantFrom("x@a", "y@a"),
        sms: fc.constantFrom("1", "2"),
        push: fc.constant("p"),
        display: fc.constant("42"),
      },
      { requiredKeys: [] },
    ),
    preferences: fc.record({
      channels: fc.record({
        critical: channels,
        major: channels,
        minor: channels,
        warning: channels,
      }),
      fallback: fc.option(fc.constantFrom(...PERSON_CHANNELS)),
      quiet,
      tellCleared: fc.boolean(),
      language: fc.option(fc.constantFrom("en" as const, "zh-CN" as const)),
    }),
    refused: channels.map((list): ReadonlySet<PersonChannel> => new Set(list)),
  }),
  { selector: recipientKey, maxLength: 6 },
);

const occasions: fc.Arbitrary<Occasion> = fc
  .record({
    kind: fc.constantFrom(...OCCASION_KINDS),
    severity: fc.constantFrom(...SEVERITIES),
    isLifeSafety: fc.boolean(),
    isDrill: fc.boolean(),
  })
  .map((over) => anOccasion("n", over));

const NOW_MS = Date.UTC(2026, 2, 29, 0, 30);
const context = (left: number): PlanContext => ({
  nowMs: NOW_MS,
  isSetUp: () => true,
  left: () => left,
});

describe("a plan", () => {
  it("holds back nothing that is critical or life-safety, and nothing longer than a day", () => {
    fc.assert(
      fc.property(occasions, recipients, (occasion, given) => {
        for (const { notBeforeMs } of planDeliveries(occasion, given, new Set(), context(99))) {
          if (!occasion.isDrill && (occasion.severity === "critical" || occasion.isLifeSafety))
            expect(notBeforeMs).toBe(NOW_MS);
          expect(notBeforeMs - NOW_MS).toBeLessThanOrEqual(25 * 3_600_000);
        }
      }),
    );
  });

  it("sends nothing by a channel without address, without consent or over the plan", () => {
    fc.assert(
      fc.property(
        occasions,
        recipients,
        fc.integer({ min: 0, max: 3 }),
        (occasion, given, left) => {
          const sent = planDeliveries(occasion, given, new Set(), context(left)).filter(
            ({ suppressed }) => suppressed === undefined,
          );
          for (const { recipient, channel, target } of sent) {
            const of = given.find((each) => recipientKey(each) === recipientKey(recipient));
            expect(of?.addresses[channel]).toBe(target);
            expect(of?.refused.has(channel)).toBe(false);
          }
          for (const channel of PERSON_CHANNELS)
            if (!occasion.isLifeSafety)
              expect(sent.filter((each) => each.channel === channel).length).toBeLessThanOrEqual(
                left,
              );
          const places = sent.map(({ channel, target }) => `${channel} ${target}`);
          expect(new Set(places).size).toBe(places.length); // one telephone rings once
        },
      ),
    );
  });

  it("wakes nobody for a drill, and never tells whoever must not hear of one, named or not", () => {
    fc.assert(
      fc.property(occasions, recipients, (occasion, given) => {
        const drill: Occasion = { ...occasion, isDrill: true, kind: "raised" };
        const named = new Set(given.map(recipientKey));
        for (const { recipient, notBeforeMs } of planDeliveries(drill, given, named, context(99))) {
          const own = given.find((each) => recipientKey(each) === recipientKey(recipient));
          const hours = own?.preferences.quiet ?? null;
          if (hours !== null && own !== undefined)
            expect(isQuiet(hours, own.timeZone, notBeforeMs)).toBe(false);
        }
        const untold = given.map(
          (each): Recipient => ({
            ...each,
            preferences: { ...each.preferences, tellDrills: false },
          }),
        );
        expect(planDeliveries(drill, untold, named, context(99))).toEqual([]);
      }),
    );
  });

  it("never lets a plan's cap keep back what is life-safety", () => {
    fc.assert(
      fc.property(occasions, recipients, (occasion, given) => {
        const safe = { ...occasion, isLifeSafety: true };
        const capped = planDeliveries(safe, given, new Set(), context(0));
        expect(capped).toEqual(planDeliveries(safe, given, new Set(), context(99)));
      }),
    );
  });

  it("reaches everybody who is named and can be reached at all", () => {
    fc.assert(
      fc.property(occasions, recipients, (occasion, given) => {
        const open = given.map(
          (each): Recipient => ({
            ...each,
            refused: new Set(),
            addresses: {
              email: `${recipientKey(each)}@x`,
              sms: recipientKey(each),
              push: recipientKey(each),
              display: recipientKey(each),
            },
          }),
        );
        const named = new Set(open.map(recipientKey));
        const told = planDeliveries(occasion, open, named, context(99)).flatMap((each) =>
          each.suppressed === undefined ? [recipientKey(each.recipient)] : [],
        );
        expect(new Set(told)).toEqual(named);
      }),
    );
  });
});

describe("a storm", () => {
  it("becomes a bounded number of messages, critical ones first, and everything is in one of them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...SEVERITIES), { minLength: 1, maxLength: 2_000 }),
        (severities) => {
          const sorted = severities.map(rankOf).sort();
          const planned = sorted.map(
            (rank, at): ToBundle => ({
              ...{ place: "user:a sms en", notificationId: `n${at}`, rank, notBeforeMs: NOW_MS },
            }),
          );
          const messages = bundle(planned, () => 0, NOW_MS);
          expect(messages).toHaveLength(planned.length);
          expect(new Set(messages.map(({ id }) => id)).size).toBeLessThanOrEqual(
            MESSAGES_PER_MINUTE_MAX,
          );
          const alone = messages.filter(({ isBundle }) => !isBundle).map(({ of }) => of.rank);
          const critical = sorted.filter((rank) => rank === 0).length;
          expect(alone.filter((rank) => rank === 0)).toHaveLength(Math.min(critical, 10));
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("a ladder", () => {
  it("ends at a person", () => {
    const steps: Ladder["steps"] = [{ afterMinutes: 5, targets: [{ kind: "on-call" }] }];
    expect(() => cleanLadder({ ...DEFAULT_LADDER, steps })).toThrow(/ends at somebody/);
    expect(cleanLadder(DEFAULT_LADDER)).toEqual(DEFAULT_LADDER);
  });

  it("goes up and never down, in time as in steps, and repeats its last step until it gives up", () => {
    const opened = NOW_MS;
    let { place, dueMs } = firstPlace(DEFAULT_LADDER, opened);
    let places = 1;
    for (;;) {
      const next = nextPlace(DEFAULT_LADDER, opened, place, { toldMs: dueMs, isDrill: false });
      if (next === undefined) break;
      expect(next.dueMs).toBeGreaterThan(dueMs);
      expect(next.place.step).toBeGreaterThanOrEqual(place.step);
      ({ place, dueMs } = next);
      places++;
    }
    expect(places).toBe(DEFAULT_LADDER.steps.length + REPEATS_MAX);
  });

  it("goes up once for a drill and repeats nothing", () => {
    const place = { step: DEFAULT_LADDER.steps.length - 1, repeat: 0 };
    const told = { toldMs: NOW_MS, isDrill: true };
    expect(nextPlace(DEFAULT_LADDER, NOW_MS, place, told)).toBeUndefined();
  });
});
