import { describe, expect, it } from "vitest";
import { CONDITION_LIMITS, type ConditionField, compileCondition } from "./condition.ts";

const FIELDS: ReadonlyMap<string, ConditionField> = new Map(
  (
    [
      { name: "speed", kind: "uint" },
      { name: "ignition", kind: "bool" },
      { name: "mode", kind: "enum", values: ["eco", "sport"] },
    ] as const
  ).map((field) => [field.name, field]),
);

function compiled(text: string) {
  const result = compileCondition(text, FIELDS);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join());
  return result.condition;
}

const problemsOf = (text: string) => {
  const result = compileCondition(text, FIELDS);
  return result.ok ? [] : result.problems;
};

const LIST = `[${Array.from({ length: CONDITION_LIMITS.listElements }, () => "1.0").join()}]`;

describe("a condition", () => {
  it("says yes, no, or that it does not know", () => {
    const { evaluate } = compiled('speed > 80.0 && mode == "sport"');
    expect(evaluate({ speed: 90, mode: "sport" }, {}, 10)).toBe(true);
    expect(evaluate({ speed: 90, mode: "eco" }, {}, 10)).toBe(false);
    expect(evaluate({ speed: 90 }, {}, 10)).toBe("unknown");
    expect(evaluate({ mode: "eco" }, {}, 10)).toBe(false); // whatever the speed
  });

  it("goes through lists that are written out in it", () => {
    const { evaluate } = compiled('[1.0, 5.0].exists(x, x == speed) && ["eco"].all(m, m == mode)');
    expect(evaluate({ speed: 5, mode: "eco" }, {}, 10)).toBe(true);
    expect(compiled("[speed, previous.speed].filter(x, x > 9.0).size() == 2").steps).toBe(16);
  });

  it("looks at the state before the report and at the time since", () => {
    const { evaluate } = compiled("speed - previous.speed > 20.0 && sinceS < 5.0");
    expect(evaluate({ speed: 50 }, { speed: 20 }, 4)).toBe(true);
    expect(evaluate({ speed: 50 }, { speed: 20 }, 6)).toBe(false);
    expect(evaluate({ speed: 50 }, {}, 4)).toBe("unknown");
    expect(evaluate({ speed: 50 }, { speed: 20 }, undefined)).toBe("unknown");
  });

  it("tells what it reads and where its decision may turn", () => {
    const { reads, thresholds } = compiled("speed > 80.0 || previous.ignition == true");
    expect([...reads].sort()).toEqual(["ignition", "speed"]);
    expect(thresholds).toEqual([80]);
  });

  it.each([
    ["speed >", "Unexpected token: EOF", 7, 7],
    ["speed > 1.0 && height > 2.0", "no report has height", 15, 21],
    ["previous.height > 2.0", "no report has height", 9, 15],
    ['mode == "off"', '"off" is no value of mode', 0, 13],
    ['ignition && mode in ["eco", "off"]', '"off" is no value of mode', 12, 34],
    ["speed", "is a double, and must be a bool", 0, 5],
    [
      "speed == 80",
      "no such overload: double == int: numbers are written with a point, as 80.0",
      0,
      11,
    ],
    ['mode.matches("(a+)+$")', "matches is not allowed: compare with == or in", 0, 22],
  ])("is refused with its place: %s", (text, message, start, end) => {
    expect(problemsOf(text)).toMatchObject([{ message, start, end }]);
    expect(problemsOf(text)).toHaveLength(1);
  });

  it.each([
    ["speed >", "syntax", ["Unexpected token: EOF"]],
    ["height > 2.0", "unknown-field", ["height"]],
    ['mode == "off"', "no-such-value", ["off", "mode"]],
    ["speed", "not-a-bool", ["double"]],
    ["speed == 80", "integer", []],
    ["ignition > 1.0", "type", ["no such overload: bool > double"]],
    ['mode.matches("a")', "not-allowed", ["matches"]],
    [`speed in [${"1.0,".repeat(40)}1.0]`, "too-costly", ["maxListElements", "32"]],
    [`${"(".repeat(40)}ignition${")".repeat(40)}`, "too-costly", ["maxDepth", "24"]],
    [`1.0${"+1.0".repeat(110)} > 3.0`, "too-costly", ["maxAstNodes", "200"]],
    [`"${"x".repeat(100)}" == "y"`, "text-too-long", ["80"]],
    ["x".repeat(501), "too-long", ["500"]],
    [`${LIST}.all(x, ${LIST}.all(y, x + y > 0.0))`, "too-costly", ["steps", "1000"]],
    [
      "[[1.0]].all(a, [a + a].all(b, [b + b].all(c, size(c) > 0)))",
      "too-costly",
      ["macroDepth", "2"],
    ],
    ["[].all(x, (true ? [1.0] : [1.0]).all(y, y > speed))", "too-costly", ["steps", "1000"]],
    ["[[1.0]].all(x, x.all(y, y > speed))", "too-costly", ["steps", "1000"]],
    ['cel.bind(a, "x", a + a == a)', "not-allowed", ["bind"]],
    ['"a,b".split(",").size() > 1', "not-allowed", ["split"]],
    ['timestamp("2026-01-01T00:00:00Z").getHours("nowhere") > 1', "not-allowed", ["getHours"]],
    ['bytes("x").json().size() > 1', "not-allowed", ["json"]],
  ])("says what is wrong by a name that stays: %s", (text, code, about) => {
    expect(problemsOf(text)[0]).toMatchObject({ code, about });
  });

  it("is refused when it would cost too much", () => {
    const longer = `[1.0,${LIST.slice(1)}`;
    expect(problemsOf(`${longer}.all(x, x > speed)`)).toHaveLength(1);
    const sum = Array.from({ length: 110 }, () => "1").join("+");
    expect(problemsOf(`${sum} > 3`)).toHaveLength(1);
    expect(problemsOf(`speed > ${"1".repeat(600)}.0`)[0]?.message).toContain("500 characters");
    expect(problemsOf(`"${"x".repeat(100)}" == "y"`)[0]?.message).toContain("80 characters");
  });
});
