import { expect, it } from "vitest";
import type { Alarm } from "../api/types.ts";
import { alarmsByDevice } from "./device-alarms.ts";

const alarm = (
  id: string,
  address: number,
  severity: Alarm["severity"],
  minute: number,
): Alarm => ({
  ...{ id, ruleId: "r", ruleVersion: 1, title: { en: id, "zh-CN": id }, severity, address },
  ...{ state: "active", isDrill: false, terminalName: null, profile: null, assetId: null },
  ...{ assetName: null, customerId: null, customerName: null, clearedAt: null },
  ...{ openedAt: new Date(Date.UTC(2026, 10, 20, 8, minute)).toISOString(), repeats: 0, marks: [] },
  ...{ acknowledgedAt: null, acknowledgedBy: null, acknowledgedByName: null, assignee: null },
  ...{ assigneeName: null, shelvedUntil: null, caseId: null, incidentId: null },
});

it("lets the worst alarm stand for a device, and of the same severity the newest", () => {
  const found = alarmsByDevice([
    alarm("low", 5, "minor", 9),
    alarm("panic", 5, "critical", 1),
    alarm("crash", 5, "critical", 2),
    alarm("other", 6, "warning", 3),
  ]);
  expect([...found].map(([address, { worst, count }]) => [address, worst.id, count])).toEqual([
    [5, "crash", 3],
    [6, "other", 1],
  ]);
});
