import { expect, it } from "vitest";
import { checkTerminalLine, TERMINAL_COLUMNS } from "../../../../domain/devices/terminal-lines.ts";
import { type ImportProblem, readLines } from "../../../../domain/imports/import-lines.ts";
import { speechOf } from "../i18n/speech.ts";
import { importReason } from "./import-reason.ts";

const CHINESE = speechOf("zh-CN", "Asia/Shanghai");
type Told = Pick<ImportProblem, "column" | "code" | "reason">;
const inChinese = (problems: readonly Told[]): readonly (readonly [string, string])[] =>
  problems.map((problem) => [problem.column, importReason(CHINESE, problem)]);

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

async function problemsOf(text: string): Promise<readonly Told[]> {
  const found: Told[] = [];
  for await (const line of readLines(bytesOf(text), TERMINAL_COLUMNS))
    if ("problems" in line) found.push(...line.problems);
  return found;
}

it("says in Chinese what a cell must be", () => {
  const cells = { address: "1", serial: "HL-1", root_key: "0123456789abcdef0123456789abcdef" };
  const bad = { profile: "lamp", name: "x".repeat(201), latitude: "131", longitude: "121" };
  const checked = checkTerminalLine({ ...cells, ...bad }, new Set(["bus", "siren"]));
  expect(checked.ok ? [] : inChinese(checked.problems)).toEqual([
    ["profile", "必须是以下设备类型之一：bus, siren"],
    ["name", "过长"],
    ["latitude", "必须是 -90 到 90 的度数，例如 31.2304"],
  ]);
});

it("says in Chinese which columns there are, and how many cells a line has", async () => {
  const known = TERMINAL_COLUMNS.map(({ name }) => name).join(", ");
  const required = TERMINAL_COLUMNS.filter((column) => column.required).map(({ name }) => name);
  const missing = required.slice(1).map((name) => [name, `首行中缺少此列；可用的列：${known}`]);
  const header = `${required[0] ?? ""},colour\n`;
  expect(inChinese(await problemsOf(header))).toEqual([
    ...missing,
    ["colour", `不是已知的列；可用的列：${known}`],
  ]);
  expect(inChinese(await problemsOf(`${required.join(",")}\n1,2\n`))).toEqual([
    ["", `有 2 个单元格，而首行有 ${required.length} 列`],
  ]);
});

it("says in Chinese which line has the same, and keeps a sentence that it does not know", () => {
  expect(
    inChinese([
      { column: "serial", code: "repeated", reason: "line 2 has the same" },
      { column: "serial", code: "repeated", reason: "another has the same" },
      { column: "", code: "new-code", reason: "is new" },
    ]).map(([, reason]) => reason),
  ).toEqual(["与第 2 行相同", "another has the same", "is new"]);
});
