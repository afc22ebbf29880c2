import { expect, it } from "vitest";
import type { Alarm } from "../api/types.ts";
import { compareAlarms, isWanted, mergedRows } from "./alarm-rows.ts";

const NOW_MS = Date.UTC(2026, 10, 20, 8);

const alarm = (id: string, more: Partial<Alarm> = {}): Alarm => ({
  ...{ id, ruleId: "vehicle.panic", ruleVersion: 1, title: { en: "Panic", "zh-CN": "紧急" } },
  ...{ severity: "critical", state: "active", isDrill: false, address: 5, terminalName: "Car" },
  ...{ profile: "vehicle", assetId: null, assetName: null, customerId: null, customerName: null },
  ...{ openedAt: new Date(NOW_MS).toISOString(), clearedAt: null, acknowledgedAt: null },
  ...{ acknowledgedBy: null, acknowledgedByName: null, assignee: null, assigneeName: null },
  ...{ shelvedUntil: null, repeats: 0, marks: [], caseId: null, incidentId: null },
  ...more,
});

const earlier = new Date(NOW_MS - 60_000).toISOString();

it("puts the worst above the newest", () => {
  const rows = [
    alarm("a", { severity: "minor" }),
    alarm("b", { openedAt: earlier }),
    alarm("c", { severity: "major" }),
    alarm("d"),
  ];
  expect(rows.sort(compareAlarms).map(({ id }) => id)).toEqual(["d", "b", "c", "a"]);
});

it("leaves drills and shelved ones out unless they are asked for", () => {
  const later = new Date(NOW_MS + 1).toISOString();
  const shelved = alarm("a", { shelvedUntil: later });
  expect(isWanted(shelved, { myId: "u" }, NOW_MS)).toBe(false);
  expect(isWanted(shelved, { myId: "u" }, NOW_MS + 1)).toBe(true);
  expect(isWanted(shelved, { myId: "u", show: "shelved" }, NOW_MS)).toBe(true);
  expect(isWanted(alarm("a", { isDrill: true }), { myId: "u" }, NOW_MS)).toBe(false);
  expect(isWanted(alarm("a", { isDrill: true }), { myId: "u", show: "drills" }, NOW_MS)).toBe(true);
});

it("keeps whose they are apart", () => {
  const mine = alarm("a", { assignee: "u" });
  expect(isWanted(mine, { myId: "u", assignee: "me" }, NOW_MS)).toBe(true);
  expect(isWanted(mine, { myId: "v", assignee: "me" }, NOW_MS)).toBe(false);
  expect(isWanted(mine, { myId: "u", assignee: "nobody" }, NOW_MS)).toBe(false);
});

it("takes what changed into its place, and leaves to the next page what belongs there", () => {
  const rows = [alarm("b"), alarm("a", { severity: "major" })];
  const seen = alarm("b", { acknowledgedAt: earlier });
  const changed = new Map(
    [seen, alarm("c"), alarm("d", { severity: "minor" })].map((each) => [each.id, each]),
  );
  const wants = (each: Alarm): boolean =>
    isWanted(each, { myId: "u", state: "unacknowledged" }, NOW_MS);
  const ids = (hasMore: boolean): readonly string[] =>
    mergedRows({ rows, hasMore }, changed, wants).map(({ id }) => id);
  expect(ids(true)).toEqual(["c", "a"]);
  expect(ids(false)).toEqual(["c", "a", "d"]);
});
