import { InvalidInputError } from "../../base/errors.ts";
import type { Cells, ImportColumn } from "../imports/import-lines.ts";
import type { CheckedLine } from "../imports/imports.ts";
import { requireDay } from "./calendar.ts";
import { parseAmount, requireCurrency } from "./money.ts";

/** One line of a bank's file. */
export interface PaymentLine {
  readonly receivedOn: string;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
  readonly text: string;
  /** Prefix of the legal entity's numbers; empty where there is one alone. */
  readonly entity: string;
}

export const PAYMENT_COLUMNS: readonly ImportColumn[] = [
  { name: "date", required: true },
  { name: "amount", required: true },
  { name: "currency", required: true },
  { name: "reference", required: true },
  { name: "text", required: false },
  { name: "entity", required: false },
];

const REFERENCE_CHARACTERS_MAX = 200;

/** Looks at one line alone; a reason never repeats a cell. */
export function checkPaymentLine(cells: Cells): CheckedLine<PaymentLine> {
  const problems: { column: string; code: string; reason: string }[] = [];
  const cell = (name: string): string => (cells[name] ?? "").trim();
  const good = (column: string, check: () => unknown): boolean => {
    try {
      check();
      return true;
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      problems.push({ column, code: column, reason: error.message });
      return false;
    }
  };
  good("date", () => requireDay("date", cell("date")));
  const hasCurrency = good("currency", () => requireCurrency("currency", cell("currency")));
  const amount = hasCurrency ? parseAmount(cell("currency"), cell("amount")) : 0;
  if (hasCurrency && (amount === undefined || amount <= 0))
    problems.push({
      ...{ column: "amount", code: "amount" },
      reason: "must be an amount above zero such as 1234.50, without a mark for thousands",
    });
  const reference = cell("reference");
  if (reference === "" || reference.length > REFERENCE_CHARACTERS_MAX)
    problems.push({
      ...{ column: "reference", code: "reference" },
      reason: `must have 1 to ${REFERENCE_CHARACTERS_MAX} characters: by it no payment is booked twice`,
    });
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    row: {
      ...{ receivedOn: cell("date"), amount: amount ?? 0, currency: cell("currency"), reference },
      ...{ text: cell("text"), entity: cell("entity") },
    },
  };
}

const WORD = /[\p{L}\p{N}][\p{L}\p{N}_-]*/gu;
const WORDS_MAX = 50;

/** What in a payer's own words may be the number of an invoice or a customer. */
export const wordsOf = (text: string): readonly string[] =>
  [...new Set(text.match(WORD) ?? [])].slice(0, WORDS_MAX);
