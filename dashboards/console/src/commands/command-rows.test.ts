import { expect, it } from "vitest";
import type { Command } from "../api/types.ts";
import { approvableBy, mergedCommands } from "./command-rows.ts";

const command = (id: string, more: Partial<Command> = {}): Command => ({
  ...{ id, address: 5, terminalName: "Car 5", customerId: null, customerName: null },
  ...{ profile: "vehicle", name: "locate", arguments: {}, isDrill: false, note: "" },
  ...{ safetyClass: "information", secondPerson: false, priority: 1, state: "queued" },
  ...{ reason: null, attempts: 0, expiryS: 60, createdById: "ann", createdByName: "Ann" },
  ...{ approvedByName: null, approveBy: "2026-01-01T00:15:00Z", expiresAt: null, endedAt: null },
  createdAt: `2026-01-01T00:00:0${id}Z`,
  ...more,
});
const idsOf = (rows: readonly Command[]) => rows.map(({ id }) => id);
const changes = (...all: readonly Command[]) => new Map(all.map((one) => [one.id, one]));

it("puts new commands on top, and takes out what no longer fits", () => {
  const rows = [command("3"), command("2"), command("1")];
  const over = command("2", { state: "done", endedAt: "2026-01-01T00:00:09Z" });
  const changed = changes(over, command("5"), command("4"), command("0"));
  expect(idsOf(mergedCommands(rows, changed, {}))).toEqual(["5", "4", "3", "2", "1"]);
  expect(idsOf(mergedCommands(rows, changed, { show: "open" }))).toEqual(["5", "4", "3", "1"]);
  expect(idsOf(mergedCommands(rows, changed, { show: "over" }))).toEqual(["2"]);
  expect(mergedCommands(rows, changed, { terminal: 6 })).toEqual([]);
  expect(idsOf(mergedCommands([], changes(command("1")), { who: "an" }))).toEqual(["1"]);
});

it("has nobody approve what they asked for themselves", () => {
  const mine = command("1", { state: "drafted" });
  const later = command("2", { state: "drafted", createdById: "bob", approveBy: "2026-01-02" });
  const first = command("3", { state: "drafted", createdById: "bob", approveBy: "2026-01-01" });
  const gone = command("4", { state: "queued", createdById: "bob" });
  expect(idsOf(approvableBy([mine, later, first, gone], "ann"))).toEqual(["3", "2"]);
});
