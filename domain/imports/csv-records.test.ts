import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type CsvRecord, CsvRecords, RECORD_CHARACTERS_MAX } from "./csv-records.ts";

function read(text: string, cuts: readonly number[] = []): readonly CsvRecord[] {
  const records = new CsvRecords();
  const all: CsvRecord[] = [];
  let from = 0;
  for (const cut of cuts.map((n) => n % (text.length + 1)).toSorted((a, b) => a - b)) {
    all.push(...records.push(text.slice(from, cut)));
    from = cut;
  }
  return [...all, ...records.push(text.slice(from)), ...records.end()];
}

const anyField = fc.string({
  unit: fc.constantFrom("a", "ü", "水", ",", '"', "\n", "\r\n", " ", ";"),
  maxLength: 6,
});
const anyRows = fc.array(fc.array(anyField, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
const written = (rows: readonly (readonly string[])[], lineEnd: string): string =>
  rows.map((row) => row.map(quoted).join(",") + lineEnd).join("");

it("reads what was written, wherever the text is cut", () => {
  fc.assert(
    fc.property(
      anyRows,
      fc.constantFrom("\n", "\r\n"),
      fc.array(fc.nat(), { maxLength: 5 }),
      (rows, lineEnd, cuts) => {
        const text = written(rows, lineEnd);
        expect(read(text, cuts).map((record) => record.ok && record.fields)).toEqual(rows);
      },
    ),
  );
});

// csv-parse is another's work: a bug shared by our writer and reader cannot hide here
it("agrees with csv-parse wherever that takes the file", () => {
  const anyText = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r\n"), maxLength: 12 });
  fc.assert(
    fc.property(anyText, (text) => {
      let theirs: string[][];
      try {
        theirs = parse(text, { relax_column_count: true, record_delimiter: ["\r\n", "\n"] });
      } catch {
        return; // a fault there may be a single line here
      }
      const ours = read(text).map((record) => (record.ok ? [...record.fields] : []));
      expect(ours).toEqual(theirs);
    }),
    { numRuns: 2_000 },
  );
});

it("names the line on which each record begins", () => {
  expect(read('a,b\n"x\ny",3\r\n\r\n4,5')).toEqual([
    { ok: true, line: 1, fields: ["a", "b"] },
    { ok: true, line: 2, fields: ["x\ny", "3"] },
    { ok: true, line: 4, fields: [""] },
    { ok: true, line: 5, fields: ["4", "5"] },
  ]);
});

it("loses one line to a wrong quote and none behind it", () => {
  expect(read('1,"q"z,8\n2,"open\n3,4\n')).toEqual([
    { ok: false, line: 1, fault: "quote" },
    { ok: false, line: 2, fault: "quote" },
    { ok: true, line: 3, fields: ["3", "4"] },
  ]);
});

it("keeps no more of a line without end than its limit", () => {
  const records = new CsvRecords();
  const found = Array.from({ length: 50 }, () => records.push("x".repeat(1_000))).flat();
  expect(found).toEqual([{ ok: false, line: 1, fault: "too-long" }]);
  expect(records.push(`\n${"y,".repeat(3)}\n`)).toEqual([
    { ok: true, line: 2, fields: ["y", "y", "y", ""] },
  ]);
  const open = new CsvRecords();
  expect(open.push(`"${"\n".repeat(RECORD_CHARACTERS_MAX + 2)}`)[0]).toEqual({
    ...{ ok: false, line: 1, fault: "quote" },
  });
});

it("never throws and never loses count, whatever arrives", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.nat(), { maxLength: 4 }), (text, cuts) => {
      const records = read(text, cuts);
      expect(records).toEqual(read(text));
      for (const { line } of records) expect(line).toBeLessThanOrEqual(text.split("\n").length);
    }),
  );
});
