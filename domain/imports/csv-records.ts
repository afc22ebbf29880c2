/** One record of a CSV file (RFC 4180) and the line on which it begins, counted from 1. */
export type CsvRecord =
  | { readonly ok: true; readonly line: number; readonly fields: readonly string[] }
  | { readonly ok: false; readonly line: number; readonly fault: CsvFault };
/** `quote`: text after a closing quote, or a quote that is never closed. */
export type CsvFault = "quote" | "too-long";

export const RECORD_CHARACTERS_MAX = 16_384;

type Taken =
  | { readonly end: number; readonly fields: readonly string[] }
  | { readonly fault: CsvFault }
  | "more";

/**
 * Cuts text into records however it arrives. A quote that goes wrong costs its own line and no other: reading goes on
 * behind that line, where a parser that trusts the quote would swallow what follows. Memory is bounded by
 * RECORD_CHARACTERS_MAX and what is pushed.
 */
export class CsvRecords {
  #rest = "";
  #line = 1;
  #isSkipping = false;

  push(text: string): readonly CsvRecord[] {
    this.#rest += text;
    return this.#take(false);
  }

  /** What stood behind the last line break. */
  end(): readonly CsvRecord[] {
    return this.#take(true);
  }

  #take(isLast: boolean): readonly CsvRecord[] {
    const text = this.#rest;
    const records: CsvRecord[] = [];
    let at = 0;
    while (at < text.length) {
      const lineEnd = text.indexOf("\n", at);
      if (this.#isSkipping) {
        if (lineEnd < 0) {
          at = text.length;
          break;
        }
        at = lineEnd + 1;
        this.#line += 1;
        this.#isSkipping = false;
        continue;
      }
      const taken = take(text, at, lineEnd, isLast);
      if (taken === "more") break;
      if ("fault" in taken) {
        records.push({ ok: false, line: this.#line, fault: taken.fault });
        this.#isSkipping = true;
        continue;
      }
      records.push({ ok: true, line: this.#line, fields: taken.fields });
      this.#line += lineBreaks(text, at, taken.end);
      at = taken.end;
    }
    this.#rest = text.slice(at);
    return records;
  }
}

function take(text: string, at: number, lineEnd: number, isLast: boolean): Taken {
  const end = lineEnd < 0 ? text.length : lineEnd;
  const line = text.slice(at, end);
  if (line.includes('"')) return takeQuoted(text, at, isLast);
  if (line.length > RECORD_CHARACTERS_MAX) return { fault: "too-long" };
  if (lineEnd < 0 && !isLast) return "more";
  return { end: lineEnd < 0 ? end : end + 1, fields: withoutReturn(line).split(",") };
}

const withoutReturn = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);

/** With a quoted field in it, which may hold commas, quotes and line breaks. */
function takeQuoted(text: string, start: number, isLast: boolean): Taken {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    if (at - start > RECORD_CHARACTERS_MAX) return { fault: "too-long" };
    const field = text[at] === '"' ? quotedField(text, at, start) : plainField(text, at);
    if (field === "open")
      return isLast || text.length - start > RECORD_CHARACTERS_MAX ? { fault: "quote" } : "more";
    fields.push(field.value);
    const end = endBehind(text, field.end, isLast);
    if (end !== "comma") return typeof end === "number" ? { end, fields } : end;
    at = field.end + 1;
  }
}

/** What follows a field: a comma, the record's end, nothing yet, or what must not be there. */
function endBehind(
  text: string,
  at: number,
  isLast: boolean,
): number | "comma" | "more" | { readonly fault: CsvFault } {
  if (!isLast && (at >= text.length || (at + 1 >= text.length && text[at] !== "\n"))) return "more";
  if (at >= text.length) return at;
  if (text[at] === ",") return "comma";
  if (text[at] === "\n") return at + 1;
  if (text.startsWith("\r\n", at)) return at + 2;
  return text[at] === "\r" && at + 1 >= text.length ? at + 1 : { fault: "quote" };
}

interface Field {
  readonly value: string;
  readonly end: number;
}

function quotedField(text: string, at: number, start: number): Field | "open" {
  let value = "";
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0 || quote - start > RECORD_CHARACTERS_MAX) return "open";
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    from = quote + 2;
  }
}

/** A quote inside it stands for itself. */
function plainField(text: string, at: number): Field {
  let end = at;
  while (end < text.length && text[end] !== "," && text[end] !== "\n") end += 1;
  if (text[end - 1] === "\r" && end > at && text[end] !== ",") end -= 1;
  return { value: text.slice(at, end), end };
}

function lineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1))
    count += 1;
  return count;
}
