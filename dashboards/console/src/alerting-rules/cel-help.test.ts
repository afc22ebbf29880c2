import fc from "fast-check";
import { expect, it } from "vitest";
import { compileCondition } from "../../../../domain/alerting/condition.ts";
import { ruleFieldsOf } from "../../../../domain/alerting/default-rules.ts";
import { loadProfiles } from "../../../../domain/devices/profile-load.ts";
import { commonFields, distinct, examplesOf, marked } from "./cel-help.ts";

const wrong = (text: string, start: number, end: number): string =>
  marked(text, [{ start, end }])
    .map((piece) => (piece.isWrong ? `[${piece.text}]` : piece.text))
    .join("");

it.each([
  ["speed > 1.0 && height > 2.0", 15, 21, "speed > 1.0 && [height] > 2.0"],
  ["speed >", 7, 7, "speed [>]"], // the end is missing
  ["height", 0, 6, "[height]"],
  ["speed > x", 8, 99, "speed > [x]"],
  ["", 0, 0, ""],
])("marks %j from %i to %i", (text, start, end, expected) => {
  expect(wrong(text, start, end)).toBe(expected);
});

it("loses nothing of a text, whatever is marked", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.array(fc.record({ start: fc.nat(50), end: fc.nat(50) })),
      (text, places) => {
        expect(
          marked(text, places)
            .map((piece) => piece.text)
            .join(""),
        ).toBe(text);
      },
    ),
  );
});

it("says once what several device types say of the same text", () => {
  const one = {
    path: "signal.condition",
    code: "unknown-field" as const,
    about: ["x"],
    message: "",
  };
  const all = [
    { ...one, profile: "a", start: 0, end: 1 },
    { ...one, profile: "b", start: 0, end: 1 },
    { ...one, profile: "b", start: 5, end: 6 },
  ];
  expect(distinct(all)).toEqual([all[0], all[2]]);
});

const PROFILES = [...loadProfiles("profiles").byName.values()];
const shownOf = (profile: (typeof PROFILES)[number]) => ({
  ...profile,
  reports: profile.reports.map((report) => ({
    ...report,
    fields: report.fields.map(({ name, label, unit, kind, values }) => ({
      ...{ name, label, unit, kind },
      ...(values === undefined ? {} : { values: [...values] }),
    })),
  })),
  commands: [],
  events: [],
  panels: [],
});

it.each(PROFILES.map((profile) => [profile.name, profile] as const))(
  "gives examples that can be taken as they are, for %s",
  (_, profile) => {
    const examples = examplesOf(commonFields([shownOf(profile)]));
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples)
      expect(compileCondition(example, ruleFieldsOf(profile)), example).toMatchObject({ ok: true });
  },
);

it("offers for several device types what all of them report", () => {
  const [first, second] = PROFILES;
  if (!first || !second) throw new Error("there are no profiles");
  const both = commonFields([shownOf(first), shownOf(second)]).map(({ name }) => name);
  for (const name of both) {
    expect(ruleFieldsOf(first).has(name)).toBe(true);
    expect(ruleFieldsOf(second).has(name)).toBe(true);
  }
  expect(commonFields([])).toEqual([]);
});
