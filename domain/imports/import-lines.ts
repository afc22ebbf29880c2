import { CsvRecords } from "./csv-records.ts";

/** What is wrong, where. `code` is for programs and other languages, `reason` says it in English; neither holds the cell. */
export interface ImportProblem {
  readonly line: number;
  readonly column: string;
  readonly code: string;
  readonly reason: string;
}

export interface ImportColumn {
  readonly name: string;
  /** The header must have it; whether a cell may be empty is for the line's own check. */
  readonly required: boolean;
}

/** Cells by their column's name; a column that the file does not have is an empty text. */
export type Cells = Readonly<Record<string, string>>;

export type FileLine =
  | { readonly line: number; readonly cells: Cells }
  | {
      readonly line: number;
      readonly problems: readonly ImportProblem[];
      readonly isFatal: boolean;
    };

export const CELL_CHARACTERS_MAX = 1_000;

/** The lines of a CSV file under a header whose names may stand in any order. Empty lines are left out. */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  columns: readonly ImportColumn[],
): AsyncGenerator<FileLine> {
  const decoder = new TextDecoder(); // takes a byte order mark away
  const records = new CsvRecords();
  let header: readonly string[] | undefined;
  let isFirst = true;
  const lines = function* (found: ReturnType<CsvRecords["push"]>): Generator<FileLine> {
    for (const record of found) {
      const { line } = record;
      if (!record.ok) yield bad(line, record.fault, FAULTS[record.fault], header === undefined);
      else if (record.fields.every((field) => field.trim() === "")) continue;
      else if (header === undefined) {
        header = record.fields.map((field) => field.trim().toLowerCase());
        const problems = headerProblems(line, header, columns);
        if (problems.length > 0) yield { line, problems, isFatal: true };
      } else yield lineOf(line, header, record.fields, columns);
    }
  };
  for await (const chunk of bytes) {
    if (isFirst && chunk.length > 1 && isUtf16(chunk)) {
      yield bad(1, "encoding", "the file is UTF-16; save it as CSV UTF-8", true);
      return;
    }
    isFirst = false;
    yield* lines(records.push(decoder.decode(chunk, { stream: true })));
  }
  yield* lines(records.push(decoder.decode()));
  yield* lines(records.end());
  if (header === undefined) yield bad(1, "empty", "the file is empty", true);
}

const FAULTS = {
  quote: "a quote is opened and not closed, or closed and followed by text",
  "too-long": "the line is too long",
} as const;

/** Something wrong with a line as a whole. */
const bad = (line: number, code: string, reason: string, isFatal = false): FileLine => ({
  line,
  problems: [{ line, column: "", code, reason }],
  isFatal,
});

const isUtf16 = ([a, b]: Uint8Array): boolean =>
  (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || b === 0;

function headerProblems(
  line: number,
  header: readonly string[],
  columns: readonly ImportColumn[],
): readonly ImportProblem[] {
  const known = columns.map(({ name }) => name);
  const list = known.join(", ");
  if (header.length === 1 && /[;\t]/.test(header[0] ?? "")) {
    const reason = "the columns must be separated by commas, and a point must mark decimals";
    return [{ line, column: "", code: "separator", reason }];
  }
  const unknown = header.filter((name) => name !== "" && !known.includes(name));
  const twice = header.filter((name, at) => name !== "" && header.indexOf(name) !== at);
  const missing = columns.filter(({ name, required }) => required && !header.includes(name));
  return [
    ...missing.map(({ name }) => ({
      ...{ line, column: name, code: "missing-column" },
      reason: `the first line does not name this column; it names columns from: ${list}`,
    })),
    ...[...new Set(unknown)].map((name) => ({
      ...{ line, column: toldName(name, header), code: "unknown-column" },
      reason: `there is no such column; there are: ${list}`,
    })),
    ...[...new Set(twice)].map((name) => ({
      ...{ line, column: toldName(name, header), code: "repeated-column" },
      reason: "the first line names this column twice",
    })),
  ];
}

/** A file that begins with its first terminal has a root key here, which is longer than any name. */
const toldName = (name: string, header: readonly string[]): string =>
  name.length > NAME_CHARACTERS_MAX ? `column ${header.indexOf(name) + 1}` : name;
const NAME_CHARACTERS_MAX = 20;

function lineOf(
  line: number,
  header: readonly string[],
  fields: readonly string[],
  columns: readonly ImportColumn[],
): FileLine {
  if (fields.length !== header.length)
    return bad(
      line,
      "cells",
      `the line has ${fields.length} cells and the first line names ${header.length} columns`,
    );
  const cells: Record<string, string> = Object.fromEntries(columns.map(({ name }) => [name, ""]));
  const problems: ImportProblem[] = [];
  for (const [at, column] of header.entries()) {
    const cell = (fields[at] ?? "").trim();
    if (column === "") continue; // a spreadsheet's empty last column
    const wrong = wrongText(cell);
    if (wrong !== undefined) problems.push({ line, column, ...wrong });
    cells[column] = cell;
  }
  return problems.length > 0 ? { line, problems, isFatal: false } : { line, cells };
}

function wrongText(cell: string): Pick<ImportProblem, "code" | "reason"> | undefined {
  if (cell.length > CELL_CHARACTERS_MAX)
    return { code: "too-long", reason: `more than ${CELL_CHARACTERS_MAX} characters` };
  if (cell.includes("\ufffd"))
    return { code: "encoding", reason: "the text is not UTF-8; save the file as CSV UTF-8" };
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(cell))
    return { code: "control", reason: "the text has control characters in it" };
  return undefined;
}
