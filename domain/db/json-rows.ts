import { type RawBuilder, sql } from "kysely";

/** Many rows as one parameter, read by `json_to_recordset`: one statement a batch whatever its size. */
export const jsonRows = (rows: readonly unknown[]): RawBuilder<unknown> =>
  sql`json_to_recordset(${JSON.stringify(rows)}::text::json)`;

/**
 * The same for rows with a jsonb column. `json_to_recordset` reads what is nested again and again: a transition with its
 * card took 173 µs of the database's time that way, and takes 40.
 */
export const nestedRows = (rows: readonly unknown[]): RawBuilder<unknown> =>
  nestedText(JSON.stringify(rows));

const nestedText = (text: string): RawBuilder<unknown> =>
  sql`jsonb_to_recordset(${text}::text::jsonb)`;

/** As text, which the database reads at once and the embedded one in this thread: a rule with its shape has 30 kB. */
const PART_CHARACTERS = 100_000;

/** The same in parts, one statement each, for rows that may be large: all of them at once would hold the process. */
export function* nestedParts(rows: Iterable<unknown>): Generator<RawBuilder<unknown>> {
  let texts: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    texts.push(text);
    characters += text.length;
    if (characters < PART_CHARACTERS) continue;
    yield nestedText(`[${texts.join(",")}]`);
    [texts, characters] = [[], 0];
  }
  if (texts.length > 0) yield nestedText(`[${texts.join(",")}]`);
}

/**
 * A list of whole numbers as one parameter, for `in`. A subquery, because `= any(parameter::int8[])` reads the text
 * again for every row that it looks at.
 */
export const int8List = (values: Iterable<number | bigint>): RawBuilder<unknown> =>
  sql`(select unnest(${int8Array(values)}))`;

/** The same list as an array. */
export const int8Array = (values: Iterable<number | bigint>): RawBuilder<unknown> =>
  sql`${`{${[...values].join(",")}}`}::text::int8[]`;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** What `decode(…, 'hex')` makes bytes of again. */
export function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte] ?? "";
  return text;
}
