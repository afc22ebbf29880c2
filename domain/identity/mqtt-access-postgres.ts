import { createHash } from "node:crypto";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Clock } from "../../base/clock.ts";
import type { Database } from "../db/database.ts";
import type { MqttAccess } from "./mqtt-access.ts";
import { type Caller, type CustomerNode, mayDo, type Reach, reachOf } from "./policy.ts";
import { ACTIONS, type Action } from "./roles.ts";

export interface MqttAccessDeps {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
}

const SECRET_CHARACTERS_MAX = 200;
const USED_EVERY_MS = 60_000;

/** The same policy as for a request with this key: `mayDo` and `reachOf` decide, this only fetches. */
export function createMqttAccess({ db, clock }: MqttAccessDeps): MqttAccess {
  return {
    async find(secret) {
      if (secret === "" || secret.length > SECRET_CHARACTERS_MAX) return undefined;
      const sha256 = createHash("sha256").update(secret, "utf8").digest("hex");
      const found = await reaches(sql`k.secret_sha256 = ${sha256}`);
      const [first] = found;
      if (first === undefined) return undefined;
      const [keyId, reach] = first;
      await db
        .updateTable("api_key")
        .set({ last_used_at: new Date(clock.now()) })
        .where("id", "=", keyId)
        .where((eb) =>
          eb.or([
            eb("last_used_at", "is", null),
            eb("last_used_at", "<", new Date(clock.now() - USED_EVERY_MS)),
          ]),
        )
        .execute();
      return { keyId, reach };
    },

    current: async (keyIds) =>
      keyIds.length === 0
        ? new Map()
        : await reaches(sql`k.id in (select unnest(${[...keyIds]}::text[]))`),
  };

  async function reaches(which: RawBuilder<unknown>): Promise<Map<string, Reach>> {
    const { rows } = await sql<Row>`
      select k.id, k.name, k.customer_id, k.scopes, (
        with recursive below as (
          select c.id, c.parent_id from customer c where c.id = k.customer_id
          union -- not all: a ring in the tree ends
          select c.id, c.parent_id from customer c join below b on c.parent_id = b.id)
        select json_agg(json_build_object('id', id, 'parentId', parent_id)) from below) as tree
      from api_key k
      where ${which} and k.revoked_at is null
        and (k.expires_at is null or k.expires_at > ${new Date(clock.now())}::timestamptz)`.execute(
      db,
    );
    const found = new Map<string, Reach>();
    for (const row of rows) {
      const caller: Caller = {
        kind: "key",
        id: row.id,
        name: row.name,
        role: "read-only",
        customerId: row.customer_id,
        scopes: row.scopes.filter((scope): scope is Action => ACTIONS.some((one) => one === scope)),
      };
      if (mayDo(caller, "mqtt:read")) found.set(row.id, reachOf(caller, row.tree ?? []));
    }
    return found;
  }
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly customer_id: string | null;
  readonly scopes: readonly string[];
  readonly tree: readonly CustomerNode[] | null;
}
