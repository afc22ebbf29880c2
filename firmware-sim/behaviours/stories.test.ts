import { describe, expect, it } from "vitest";
import { seededRandom } from "../../base/random.ts";
import { createCity, createFleet } from "../fleet.ts";
import { NOON_NS, profiles } from "../test-simulation.ts";
import { perform } from "./behaviour.ts";
import { playsFor } from "./play.ts";

const START_MS = Number(NOON_NS / 1_000_000n);
const HOUR_MS = 3_600_000;
const SEED = "stories";
const city = createCity(SEED, 200);
const PLAYS = playsFor(30);
const fleet = createFleet(SEED, 200, city);

/** What a profile's events say of one terminal's hour: which were raised, and which are still when it ends. */
function hourOf(profile: string, seat: number) {
  const terminal = fleet.find((one) => one.profile === profile && one.seat === seat);
  const known = profiles.byName.get(profile);
  if (!terminal || !known) throw new Error(`${profile} ${seat} does not exist`);
  const random = seededRandom(`${SEED} ${profile} ${seat}`);
  const setting = { ...city, terminal, random, memory: {}, startMs: START_MS };
  const told = perform(PLAYS[terminal.profile], setting).liveTo(START_MS + HOUR_MS);
  const raised = new Set<string>();
  const latest = new Map<string, unknown>();
  for (const { report } of told) {
    const layout = known.reports.find(({ name }) => name === report.name)?.fields ?? [];
    for (const { name } of layout) latest.set(name, report.values[name]);
    for (const { name, field, equals, report: of } of known.events)
      if (of === report.name && report.values[field] === equals) raised.add(name);
  }
  const still = known.events.filter(({ field, equals }) => latest.get(field) === equals);
  return { raised: [...raised], still: still.map(({ name }) => name) };
}

describe("a story of the demonstration", () => {
  it.each([
    ["vehicle", 0, "assistance"],
    ["vehicle", 1, "tow"],
    ["vehicle", 2, "panic"],
    ["elevator", 0, "trapped"],
    ["home-alarm", 0, "intrusion"],
    ["home-alarm", 1, "duress"],
    ["streetlight", 0, "lamp-fault"],
    ["siren", 1, "self-test-failed"],
  ])("of %s %i is told within an hour and taken back", (profile, seat, event) => {
    const { raised, still } = hourOf(profile, seat);
    expect(raised).toContain(event);
    expect(still).toEqual([]);
  });
});
