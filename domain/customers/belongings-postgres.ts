import { type Kysely, sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { CustomerAsset, CustomerBelongings, CustomerTerminal } from "./belongings.ts";

export function createBelongings(db: Kysely<Database>): CustomerBelongings {
  return {
    async assets(customerId, limit) {
      const { rows } = await sql<Row>`
        select s.id, s.kind, s.name as asset_name, s.plate, t.address, t.serial, t.name, t.profile,
          t.life_cycle, t.battery_percent, a.from_ns,
          case when d.received_at_ns >= a.from_ns then d.received_at_ns end as received_at_ns
        from (select * from asset where customer_id = ${customerId} and retired_at is null
          order by name, id limit ${limit}::int) s
        left join assignment a on a.asset_id = s.id and a.customer_id = s.customer_id
          and a.to_ns is null
        left join terminal t on t.address = a.address
        left join device_state d on d.address = t.address
        order by s.name, s.id, t.address`.execute(db);
      const assets = new Map<string, CustomerAsset & { terminals: CustomerTerminal[] }>();
      for (const row of rows) {
        const { id, kind, asset_name: name, plate } = row;
        const asset = assets.get(id) ?? { id, kind, name, plate, terminals: [] };
        if (row.address !== null) asset.terminals.push(terminalOf(row, row.address));
        assets.set(id, asset);
      }
      return [...assets.values()];
    },

    async users(customerId) {
      const rows = await db
        .selectFrom("app_user as u")
        .select(["u.id", "u.name", "u.email", "u.role", "u.disabled_at"])
        .select((eb) =>
          eb
            .selectFrom("user_session as s")
            .select((max) => max.fn.max("s.last_seen_at").as("at"))
            .whereRef("s.user_id", "=", "u.id")
            .as("last_seen_at"),
        )
        .where("u.customer_id", "=", customerId)
        .orderBy("u.name")
        .execute();
      return rows.map(({ id, name, email, role, disabled_at, last_seen_at }) => ({
        ...{ id, name, email, role },
        isDisabled: disabled_at !== null,
        lastSeenAtMs: last_seen_at?.getTime() ?? null,
      }));
    },
  };
}

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly asset_name: string;
  readonly plate: string | null;
  readonly address: bigint | null;
  readonly serial: string;
  readonly name: string;
  readonly profile: string;
  readonly life_cycle: string;
  readonly battery_percent: number | null;
  readonly from_ns: bigint;
  readonly received_at_ns: bigint | null;
}

const terminalOf = (row: Row, address: bigint): CustomerTerminal => ({
  address: Number(address),
  serial: row.serial,
  name: row.name,
  profile: row.profile,
  lifeCycle: row.life_cycle,
  fromNs: row.from_ns,
  receivedAtNs: row.received_at_ns,
  batteryPercent: row.battery_percent,
});
