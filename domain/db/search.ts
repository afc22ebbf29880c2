import { type RawBuilder, sql } from "kysely";

/** Text in which `like` finds itself alone. */
export const literally = (text: string): string => text.replaceAll(/[\\%_]/g, "\\$&");

/** Whether a column `search` holds this text, whatever its case: lowered by the database, as the column is. */
export const contains = (search: RawBuilder<unknown>, text: string): RawBuilder<boolean> =>
  sql`${search} like lower(${`%${literally(text)}%`})`;
