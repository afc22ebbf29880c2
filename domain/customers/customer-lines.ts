import { InvalidInputError } from "../../base/errors.ts";
import type { Cells, ImportColumn } from "../imports/import-lines.ts";
import type { CheckedLine } from "../imports/imports.ts";
import { type CustomerFields, cleanCustomer } from "./customer-input.ts";
import { CUSTOMER_KINDS, CUSTOMER_LANGUAGES, cleanNumber } from "./customer-rules.ts";

/** A customer as a file describes it; its parent by number, in the file or in the database. */
export interface CustomerLine {
  readonly number: string | null;
  readonly parentNumber: string | null;
  readonly fields: CustomerFields;
}

const REQUIRED = ["kind", "name"] as const;
const OPTIONAL = [
  "number",
  "parent_number",
  "email",
  "phone",
  "address",
  "tax_id",
  "language",
  "time_zone",
  "tags",
] as const;
type Name = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/** The names of the file's columns, also in the export: what one system gives the other takes. */
export const CUSTOMER_COLUMNS: readonly ImportColumn[] = [
  ...REQUIRED.map((name) => ({ name, required: true })),
  ...OPTIONAL.map((name) => ({ name, required: false })),
];

const NAME_CHARACTERS_MAX = 200;
/** Which column holds what the shell calls by another name. */
const COLUMN_OF: Readonly<Record<string, Name>> = { taxId: "tax_id", timeZone: "time_zone" };
const isName = (text: string): text is Name => CUSTOMER_COLUMNS.some(({ name }) => name === text);

interface Problem {
  readonly column: string;
  readonly code: string;
  readonly reason: string;
}

type CellOf = (name: Name) => string;

/** One line alone. The reasons tell what a cell must be and never what it is: they are kept, and the cell may be personal. */
export function checkCustomerLine(cells: Cells): CheckedLine<CustomerLine> {
  const problems: Problem[] = [];
  const cell: CellOf = (name) => unguarded(cells[name] ?? "");
  const base = baseOf(cell, problems);
  const numbers = numbersOf(cell, problems);
  // each cell by itself, so that a line with three faults says all three
  const given = {
    email: cell("email"),
    phone: cell("phone"),
    address: cell("address"),
    taxId: cell("tax_id"),
    timeZone: cell("time_zone") || "UTC",
    tags: cell("tags")
      .split(/[;,]/)
      .filter((tag) => tag.trim() !== ""),
  };
  for (const [field, value] of Object.entries(given))
    checked(() => cleanCustomer({ ...base, [field]: value }), problems);
  const fields =
    problems.length > 0 ? undefined : checked(() => cleanCustomer({ ...base, ...given }), problems);
  if (fields === undefined || problems.length > 0)
    return { ok: false, problems: distinct(problems) };
  return { ok: true, row: { ...numbers, fields } };
}

/** What every customer has; where the cell is at fault something good, so that the other cells can be looked at. */
function baseOf(cell: CellOf, problems: Problem[]) {
  const wrong = (column: Name, code: string, reason: string): void => {
    problems.push({ column, code, reason });
  };
  const kind = CUSTOMER_KINDS.find((one) => one === cell("kind").toLowerCase());
  if (kind === undefined) wrong("kind", "kind", `must be ${CUSTOMER_KINDS.join(" or ")}`);
  const language = CUSTOMER_LANGUAGES.find(
    (one) => one.toLowerCase() === (cell("language") || "en").toLowerCase(),
  );
  if (language === undefined)
    wrong("language", "language", `must be ${CUSTOMER_LANGUAGES.join(" or ")}`);
  const name = cell("name");
  if (name === "") wrong("name", "missing", "is empty");
  if (name.length > NAME_CHARACTERS_MAX)
    wrong("name", "too-long", `must have at most ${NAME_CHARACTERS_MAX} characters`);
  return { kind: kind ?? "person", name: name || "?", language: language ?? "en" };
}

function numbersOf(
  cell: CellOf,
  problems: Problem[],
): Pick<CustomerLine, "number" | "parentNumber"> {
  const clean = (column: "number" | "parent_number"): string | null =>
    checked(() => numberOf(column, cell(column)), problems) ?? null;
  const number = clean("number");
  const parentNumber = clean("parent_number");
  if (number !== null && number === parentNumber)
    problems.push({
      column: "parent_number",
      code: "ring",
      reason: "a customer cannot stand below itself",
    });
  return { number, parentNumber };
}

/** Spreadsheets and our own export put a quote before what could be a formula, such as +86 …. */
const unguarded = (cell: string): string => (/^'[=+\-@]/.test(cell) ? cell.slice(1) : cell).trim();

const numberOf = (column: Name, cell: string): string | null =>
  cell === "" ? null : cleanNumber(column, cell);

function checked<T>(clean: () => T, problems: Problem[]): T | undefined {
  try {
    return clean();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const field = String(error.details["field"]);
    const column = COLUMN_OF[field] ?? (isName(field) ? field : "name");
    problems.push({ column, code: column.replaceAll("_", "-"), reason: error.message });
    return undefined;
  }
}

const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [problem.column, problem])).values(),
];
