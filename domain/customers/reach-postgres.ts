import { type RawBuilder, sql } from "kysely";
import type { Reach } from "../identity/policy.ts";

/** Texts as one parameter, for `in`: one statement whatever their number. */
export const textList = (values: Iterable<string>): RawBuilder<unknown> =>
  sql`(select json_array_elements_text(${JSON.stringify([...values])}::text::json))`;

/** Whether the customer of a row is within reach, decided by the database so that counts do not tell of others. */
export const withinReach = (reach: Reach, column: RawBuilder<unknown>): RawBuilder<boolean> =>
  reach === "all" ? sql`true` : sql`${column} in ${textList(reach)}`;
