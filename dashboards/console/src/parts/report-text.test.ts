import { expect, it } from "vitest";
import type { PacketSummary, Profile } from "../api/types.ts";
import { reportText } from "./report-text.ts";

const words = (en: string) => ({ en, "zh-CN": en });
const alarm = { number: 3, name: "alarm", label: words("Alarm"), fields: [] };
const event = (field: string, text: string, severity: string, equals: boolean | string = true) => ({
  name: field,
  label: words(text),
  report: "alarm",
  field,
  equals,
  severity,
});
const vehicle: Profile = {
  number: 1,
  name: "vehicle",
  label: words("Vehicle"),
  icon: "vehicle",
  reports: [alarm],
  commands: [],
  events: [
    event("tow", "Towed away", "major"),
    event("panic", "Panic", "critical"),
    event("fix", "No fix", "minor", "none"),
  ],
  panels: [],
};
const profiles = {
  find: (name: string | null) => (name === "vehicle" ? vehicle : undefined),
  report: (_profile: string | null, name: string) => (name === "alarm" ? alarm : undefined),
};
const speech = {
  label: ({ en }: { readonly en: string }) => en,
  named: (group: string, name: string) => `${group} ${name}`,
};

type Given = readonly [string | null, string | null, PacketSummary["fields"]];

it.each<[string, Given, string]>([
  ["an event by its name", ["vehicle", "alarm", { panic: true, tow: false }], "Panic"],
  [
    "all events, the worst first",
    ["vehicle", "alarm", { tow: true, panic: true }],
    "Panic, Towed away",
  ],
  ["an event told by an enum", ["vehicle", "alarm", { fix: "none" }], "No fix"],
  ["a report without an event", ["vehicle", "alarm", { panic: false }], "Alarm"],
  ["no event of another report", ["vehicle", "status", { panic: true }], "type emergency"],
  ["a packet that nobody could read", [null, null, {}], "type emergency"],
])("says %s", (_name, [profile, report, fields], text) => {
  expect(reportText({ profile, report, fields, type: "emergency" }, profiles, speech)).toBe(text);
});
