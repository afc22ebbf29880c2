import { sql } from "kysely";
import { BAD_TAGS_COUNTED_MAX } from "./stock.ts";

/** Of `terminal t`: packets with a wrong tag that came under its address, as far as the packet log still has them. */
export const badTagsSql = sql`(select count(*) from (
  select from packet p where p.address = t.address and p.verdict = 'bad-tag'
  limit ${BAD_TAGS_COUNTED_MAX}::int) bad)`;

export const hasBadTagsSql = sql`t.address in (
  select p.address from packet p where p.verdict = 'bad-tag')`;
