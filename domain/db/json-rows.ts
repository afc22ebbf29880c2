import { type RawBuilder, sql } from "kysely";

/** Many rows as one parameter, read by `json_to_recordset`: one statement a batch whatever its size. */
export const jsonRows = (rows: readonly unknown[]): RawBuilder<unknown> =>
  sql`json_to_recordset(${JSON.stringify(rows)}::text::json)`;

/**
 * The same for rows with a jsonb column. `json_to_recordset` reads what is nested again and again: a transition with its
 * card took 173 µs of the database's time that way, and takes 40.
 */
export const nestedRows = (rows: readonly unknown[]): RawBuilder<unknown> =>
  sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)`;

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
