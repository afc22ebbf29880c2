import { expect, it } from "vitest";
import { draftOf, NEW_DRAFT, specOf } from "./draft.ts";
import type { RuleSpec } from "./rule-queries.ts";
import { unitOf } from "./seconds.ts";
import { specChanges } from "./spec-changes.ts";

const DRAFT = { ...NEW_DRAFT, titleEn: "Fast", profiles: ["vehicle"], condition: "speed > 80.0" };

function ruled(draft: typeof NEW_DRAFT): RuleSpec {
  const { spec } = specOf(draft);
  if (!spec) throw new Error("the draft is no rule");
  return spec;
}

it("tells what changed by where it stands in the rule", () => {
  const before = ruled(DRAFT);
  const after = ruled({ ...DRAFT, condition: "speed > 90.0", respondS: 60, groups: [4] });
  expect(specChanges(before, after)).toEqual([
    { path: "scope.groups", before: undefined, after: "[4]" },
    { path: "signal.condition", before: "speed > 80.0", after: "speed > 90.0" },
    { path: "respondS", before: undefined, after: "60" },
  ]);
  expect(specChanges(after, before)).toHaveLength(3);
});

it("does not take another order of the same for a change", () => {
  const hours = [{ days: [1], from: "08:00", to: "09:00" }];
  const before = ruled({ ...DRAFT, hours });
  const after = { ...before, hours: [{ to: "09:00", from: "08:00", days: [1] }] };
  expect(specChanges(before, after)).toEqual([]);
  expect(specChanges(before, ruled(draftOf(before)))).toEqual([]);
});

it("shows a time in the largest unit in which it is whole", () => {
  expect([null, 0, 45, 60, 90, 7_200, 86_400].map(unitOf)).toEqual([
    ...["s", "s", "s", "min", "s", "h", "d"],
  ]);
});
