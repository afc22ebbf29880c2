import { describe, expect, it } from "vitest";
import { ruleSetOf } from "../domain/alerting/compiled-rule.ts";
import { NEW_DEVICE, stepReport } from "../domain/alerting/engine.ts";
import type { HoursWindow } from "../domain/alerting/rule.ts";
import type { EffectKind } from "../domain/alerting/rule-state.ts";
import { DEVICE, rule } from "../domain/alerting/test-rules.ts";
import { planDeliveries, type Recipient } from "../domain/notifications/planner.ts";
import { SILENT } from "../domain/notifications/preferences.ts";
import { occasion } from "./notifications-fixture.ts";

// A year of quarters of an hour in zones that change their clocks by an hour, at other dates, and by half an hour. What
// the clocks on the wall show is asked of the runtime alone, which knows nothing of how hours are worked out.

const ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"] as const;
const START_MS = Date.UTC(2026, 0, 1);
const QUARTER_MS = 900_000;
const QUARTERS = 365 * 96;
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

interface Wall {
  readonly atMs: number;
  readonly weekday: number;
  readonly minute: number;
}

const walls = new Map(ZONES.map((zone) => [zone, yearIn(zone)] as const));
const wallsOf = (zone: (typeof ZONES)[number]): readonly Wall[] => walls.get(zone) ?? [];

function yearIn(timeZone: string): readonly Wall[] {
  const format = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  });
  return Array.from({ length: QUARTERS }, (_, at) => {
    const atMs = START_MS + at * QUARTER_MS;
    const [, day = "", hour, minute] = /^(\w+)\D+(\d+):(\d+)$/.exec(format.format(atMs)) ?? [];
    const weekday = DAYS.indexOf(day) + 1;
    return { atMs, weekday, minute: Number(hour) * 60 + Number(minute) };
  });
}

const NIGHT = { fromMinute: 22 * 60, toMinute: 6 * 60 };
const isNight = ({ minute }: Wall): boolean =>
  minute >= NIGHT.fromMinute || minute < NIGHT.toMinute;
const nightOn = (days: readonly number[]): readonly HoursWindow[] => [
  { days: [...days], from: "22:00", to: "06:00" },
];
const WORKDAYS = [1, 2, 3, 4, 5];
/** A night belongs to the day on which it begins. */
const isWorknight = (wall: Wall): boolean =>
  isNight(wall) &&
  WORKDAYS.includes(wall.minute < NIGHT.toMinute ? ((wall.weekday + 5) % 7) + 1 : wall.weekday);

type Signal = Parameters<typeof rule>[1];
interface Tried {
  readonly signal: Signal;
  readonly hours?: readonly HoursWindow[];
  readonly holdS?: number;
  readonly isOn: (wall: Wall) => boolean;
}

/** When a rule began and ended to tell over that year, as a report a quarter of an hour has it. */
function tried(zone: (typeof ZONES)[number], { signal, hours, holdS = 0, isOn }: Tried) {
  const over = { holdS, ...(hours && { hours: [...hours] }) };
  const set = ruleSetOf([rule("r", signal, over)]);
  const device = { ...DEVICE, context: { ...DEVICE.context, timeZone: zone } };
  const done: { readonly kind: EffectKind; readonly atMs: number }[] = [];
  let state = NEW_DEVICE;
  for (const [at, wall] of wallsOf(zone).entries()) {
    const readings = { ignition: isOn(wall) };
    const report = { packetId: `${at}`, atMs: wall.atMs, tailNs: 0, readings, fix: undefined };
    const step = stepReport(set, device, state, report);
    state = step.state;
    done.push(...step.effects.map(({ kind, atMs }) => ({ kind, atMs })));
  }
  const at = (kinds: readonly EffectKind[]) =>
    done.filter(({ kind }) => kinds.includes(kind)).map(({ atMs }) => atMs);
  return { begun: at(["raised", "repeated"]), ended: at(["cleared"]) };
}

/** Moments at which something becomes so, the first of the year included. */
const beginnings = (zone: (typeof ZONES)[number], isSo: (wall: Wall) => boolean) =>
  wallsOf(zone).flatMap((wall, at, all) => {
    const before = all[at - 1];
    return isSo(wall) && !(before && isSo(before)) ? [wall.atMs] : [];
  });

describe.each(ZONES)("a year in %s", (zone) => {
  it("has nights that are longer and shorter by a change of the clocks", () => {
    const lengths = new Set(
      beginnings(zone, isNight)
        .slice(1, -1)
        .map(
          (from) =>
            wallsOf(zone).filter(
              (w) => w.atMs >= from && w.atMs < from + 12 * 3_600_000 && isNight(w),
            ).length,
        ),
    );
    expect(lengths.size).toBe(3);
  });

  it("raises within active hours alone, from their first minute on", () => {
    const isOn = (wall: Wall): boolean => wall.minute >= 21 * 60 || wall.minute < 7 * 60;
    const signal = { kind: "condition", condition: "ignition" } as const;
    const { begun } = tried(zone, { signal, hours: nightOn(WORKDAYS), isOn });
    expect(begun).toEqual(beginnings(zone, isWorknight));
    expect(begun.length).toBeGreaterThanOrEqual(261);
  });

  it("has a lamp that follows the clock on the wall never out of its plan", () => {
    const signal = {
      ...({ kind: "schedule", condition: "ignition", strict: true } as const),
      hours: [...nightOn([...WORKDAYS, 6, 7])],
    };
    const holdS = 60; // at the very minute the lamp has not told yet
    expect(tried(zone, { signal, holdS, isOn: isNight })).toEqual({ begun: [], ended: [] });
    const stuck = tried(zone, { signal, holdS, isOn: () => true });
    const due = beginnings(zone, (wall) => !isNight(wall)).map((atMs) => atMs + holdS * 1_000);
    expect(stuck.begun).toEqual(due);
    expect(stuck.ended).toEqual(beginnings(zone, isNight).filter((atMs) => atMs > START_MS));
  });

  it("ends quiet hours when the clock on the wall shows their end", () => {
    const recipient: Recipient = {
      ...{ kind: "user", id: "a", language: "en", timeZone: zone, refused: new Set() },
      addresses: { email: "a@b" },
      preferences: { ...SILENT, channels: { ...SILENT.channels, minor: ["email"] }, quiet: NIGHT },
    };
    const ends = beginnings(zone, (wall) => !isNight(wall));
    for (const wall of wallsOf(zone).slice(0, -96)) {
      if (wall.minute % 60 !== 30) continue;
      const context = { nowMs: wall.atMs, isSetUp: () => true, left: () => 99 };
      const minor = occasion("n", { severity: "minor" });
      const [planned] = planDeliveries(minor, [recipient], new Set(), context);
      const end = isNight(wall) ? ends.find((atMs) => atMs > wall.atMs) : wall.atMs;
      expect(planned?.notBeforeMs).toBe(end);
    }
  });
});
