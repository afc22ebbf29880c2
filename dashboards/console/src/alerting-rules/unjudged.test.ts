import { expect, it } from "vitest";
import type { Rule } from "./rule-queries.ts";
import { unjudgedFor } from "./unjudged.ts";

const SPEC: Rule["spec"] = {
  ...{ title: { en: "Too fast", "zh-CN": "超速" }, severity: "minor", holdS: 0 },
  scope: { profiles: ["vehicle", "bus"] },
  signal: { kind: "condition", condition: "speed > 80.0" },
};

const wrongFor = (...profiles: readonly string[]): Pick<Rule, "spec" | "problems"> => ({
  spec: SPEC,
  problems: profiles.map((profile) => ({
    ...{ path: "signal.condition", code: "unknown-field", about: ["speed"] },
    ...{ profile, message: "no report has speed" },
  })),
});

it("says for which device types a rule is not judged", () => {
  expect(unjudgedFor(wrongFor())).toEqual([]);
  expect(unjudgedFor(wrongFor("bus"))).toEqual(["bus"]);
  expect(unjudgedFor(wrongFor("bus", "bus"))).toEqual(["bus"]);
  expect(unjudgedFor(wrongFor("bus", "vehicle"))).toBe("all");
});
