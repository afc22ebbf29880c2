import { describe, expect, it } from "vitest";
import { expandInfluxql, expandSql } from "./macros.ts";

const scope = {
  fromMs: Date.UTC(2026, 0, 1),
  toMs: Date.UTC(2026, 0, 1, 1),
  intervalMs: 120_000,
  variables: { terminal: "(7|8)" },
};

// Beside what Grafana's documentation gives for each macro.
describe("SQL macros", () => {
  it.each([
    [
      "$__timeFilter(due_at)",
      "due_at BETWEEN '2026-01-01T00:00:00.000Z' AND '2026-01-01T01:00:00.000Z'",
    ],
    ["$__timeGroup(due_at, '5m')", "floor(extract(epoch from due_at)/300)*300"],
    ["$__timeGroupAlias(due_at, '1h')", `floor(extract(epoch from due_at)/3600)*3600 AS "time"`],
    ["$__unixEpochNanoFilter(ns)", "ns >= 1767225600000000000 AND ns <= 1767229200000000000"],
    ["$__unixEpochGroup(s, '$__interval')", "floor((s)/120)*120"],
    ["$__unixEpochGroupAlias(ns / 10, '$__interval')", `floor((ns / 10)/120)*120 AS "time"`],
    ["x / $__interval_ms", "x / 120000"],
    [`a ~ '^(\${terminal:regex})$'`, "a ~ '^((7|8))$'"],
  ])("%s", (given, expanded) => {
    expect(expandSql(given, scope)).toBe(expanded);
  });

  it("refuses what it does not know instead of leaving it to the database", () => {
    expect(() => expandSql("$__unknown(x)", scope)).toThrow("$__unknown");
    expect(() => expandSql("${other:regex}", scope)).toThrow("other");
    expect(() => expandSql("$__timeGroup(x, 'soon')", scope)).toThrow("soon");
  });
});

it("InfluxQL macros", () => {
  const query = `SELECT x FROM m WHERE $timeFilter AND "terminal" =~ /^\${terminal:regex}$/ GROUP BY time($__interval)`;
  expect(expandInfluxql(query, scope)).toBe(
    `SELECT x FROM m WHERE time >= 1767225600000ms and time <= 1767229200000ms AND "terminal" =~ /^(7|8)$/ GROUP BY time(120s)`,
  );
});
