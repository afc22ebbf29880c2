import { sql } from "kysely";
import type { CommandProfile } from "../commands/command-of-profile.ts";
import type { Db } from "../db/database.ts";

export interface DisplayAsked {
  readonly profiles: ReadonlyMap<string, CommandProfile>;
  readonly address: number;
  /** A user or a contact. */
  readonly personId: string;
  readonly nowMs: number;
}

/**
 * The device type of a terminal that may show somebody something: it has a display, and it is in the hands of the
 * person's customer now, or in nobody's and the person is the operator's. Undefined: none.
 */
export async function displayOf(
  db: Db,
  { profiles, address, personId, nowMs }: DisplayAsked,
): Promise<CommandProfile | undefined> {
  const nowNs = BigInt(nowMs) * 1_000_000n;
  const { rows } = await sql<{ profile: string }>`
    select t.profile from terminal t left join assignment a on a.address = t.address
      and a.from_ns <= ${nowNs}::int8 and (a.to_ns is null or a.to_ns > ${nowNs}::int8)
    where t.address = ${address}::int8 and t.life_cycle <> 'retired' and exists (
      select from (select id, customer_id from app_user
        union all select id, customer_id from contact) p
      where p.id = ${personId} and p.customer_id is not distinct from a.customer_id)`.execute(db);
  const profile = profiles.get(rows[0]?.profile ?? "");
  return profile?.display === undefined ? undefined : profile;
}
