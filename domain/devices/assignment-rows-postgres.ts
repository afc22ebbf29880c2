import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database, Db } from "../db/database.ts";
import { int8List } from "../db/json-rows.ts";
import type { Reach } from "../identity/policy.ts";
import { customersWithin } from "../identity/reach-postgres.ts";
import type { Assignment, AssignmentDetail } from "./assignments.ts";

const LISTED_MAX = 500;

type Row = {
  readonly id: string;
  readonly address: bigint;
  readonly asset_id: string;
  readonly customer_id: string;
  readonly from_ns: bigint;
  readonly to_ns: bigint | null;
  readonly reason: string;
};

const toAssignment = (row: Row): Assignment => ({
  id: row.id,
  address: Number(row.address),
  assetId: row.asset_id,
  customerId: row.customer_id,
  fromNs: row.from_ns,
  toNs: row.to_ns,
  reason: row.reason,
});

export async function ofTerminals(
  tx: Db,
  addresses: readonly number[],
): Promise<readonly Assignment[]> {
  const rows = await tx
    .selectFrom("assignment")
    .selectAll()
    .where(sql<boolean>`address in ${int8List(addresses)}`)
    .orderBy("from_ns")
    .execute();
  return rows.map(toAssignment);
}

export async function ofAsset(tx: Db, assetId: string): Promise<readonly Assignment[]> {
  const rows = await tx
    .selectFrom("assignment")
    .selectAll()
    .where("asset_id", "=", assetId)
    .orderBy("from_ns")
    .execute();
  return rows.map(toAssignment);
}

/** What a list shows of them, the last first. A name out of reach is not told. */
export async function assignmentDetails(
  db: Kysely<Database>,
  which: RawBuilder<unknown>,
  reach: Reach,
): Promise<readonly AssignmentDetail[]> {
  const within = reach === "all" ? sql`true` : sql`a.customer_id in ${customersWithin(reach)}`;
  const { rows } = await sql<
    Row & {
      readonly serial: string;
      readonly customer_name: string | null;
      readonly asset_name: string;
      readonly asset_customer_id: string;
    }
  >`
    select a.*, t.serial, c.name as customer_name, s.name as asset_name,
      s.customer_id as asset_customer_id
    from assignment a join terminal t on t.address = a.address join asset s on s.id = a.asset_id
      left join customer c on c.id = a.customer_id
    where ${which} and ${within}
    order by a.from_ns desc, a.id limit ${LISTED_MAX}::int`.execute(db);
  return rows.map((row) => ({
    ...toAssignment(row),
    serial: row.serial,
    customerName: row.customer_name,
    assetName: reach === "all" || reach.has(row.asset_customer_id) ? row.asset_name : null,
  }));
}
