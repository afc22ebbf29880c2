import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import { customersWithin } from "../identity/reach-postgres.ts";
import type { Cut } from "./dunning.ts";
import { SERVICE_CLASSES, type ServiceClass } from "./plan.ts";

export interface CutOrder {
  readonly customerId: string;
  readonly reason: "dunning" | "wallet" | "quota";
  readonly at: Date;
  readonly cutOf: (serviceClass: ServiceClass) => Cut;
}

/** A customer's terminals with the class of the plan that each is under: its own, else the account's. */
export const servedTerminals = (customerId: string): RawBuilder<unknown> => sql`(
  select s.address, p.spec ->> 'serviceClass' as service_class
  from subscription s join plan_version p on p.id = s.plan_id
  where s.customer_id = ${customerId} and s.address is not null and s.ends_on is null
  union all
  select a.address, p.spec ->> 'serviceClass' from assignment a
    join subscription s on s.customer_id = a.customer_id and s.address is null and s.ends_on is null
    join plan_version p on p.id = s.plan_id
  where a.customer_id = ${customerId} and a.to_ns is null and not exists (
    select from subscription o where o.customer_id = a.customer_id and o.address = a.address
      and o.ends_on is null))`;

/** Makes what one reason takes from a customer's terminals what it is now. The same again changes nothing. */
export async function setCuts(tx: Db, order: CutOrder): Promise<void> {
  const { customerId, reason, at, cutOf } = order;
  const cuts = SERVICE_CLASSES.map((of, rank) => ({ of, cut: cutOf(of), rank }));
  // under two plans of the account the gentler one holds
  await sql`
    with wanted as (
      select address, cut from (
        select distinct on (t.address) t.address, k.cut
        from ${servedTerminals(customerId)} t
        join ${jsonRows(cuts)} as k ("of" text, cut text, rank int) on k."of" = t.service_class
        order by t.address, k.rank) w where cut <> 'nothing'),
    gone as (
      delete from service_cut where customer_id = ${customerId} and reason = ${reason}
        and address not in (select address from wanted))
    insert into service_cut as c (address, customer_id, reason, cut, since)
    select address, ${customerId}, ${reason}, cut, ${at}::timestamptz from wanted
    on conflict (address, customer_id, reason) do update set cut = excluded.cut
      where c.cut <> excluded.cut`.execute(tx);
}

/** Whether one within reach who holds the terminal now goes without its history. */
export async function isHistoryCut(
  db: Db,
  address: number,
  reach: ReadonlySet<string>,
): Promise<boolean> {
  const { rows } = await sql`
    select from service_cut k join assignment a on a.address = k.address
      and a.customer_id = k.customer_id and a.to_ns is null
    where k.address = ${address}::int8 and k.cut in ('history', 'commands')
      and k.customer_id in ${customersWithin(reach)} limit 1`.execute(db);
  return rows.length > 0;
}
