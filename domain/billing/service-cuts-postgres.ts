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

/** What holds on that day of terms or placements. */
const inForce = (list: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (select x from jsonb_array_elements(${list}) x where x ->> 'from' <= c.today
    order by x ->> 'from' desc limit 1)`;

/** A customer's terminals with the class of the plan that each is under then: its own, else the account's. */
export const servedTerminals = (customerId: string, at: Date): RawBuilder<unknown> => sql`(
  with c as (
    select id, to_char(${at}::timestamptz at time zone time_zone, 'YYYY-MM-DD') as today
    from customer where id = ${customerId}),
  held as (
    select (${inForce(sql`s.terminals`)} ->> 'address')::int8 as address,
      p.spec ->> 'serviceClass' as service_class
    from c join subscription s on s.customer_id = c.id and (s.ends_on is null or s.ends_on > c.today)
      join plan_version p on p.id = ${inForce(sql`s.terms`)} ->> 'planId')
  select address, service_class from held where address is not null
  union all
  select a.address, h.service_class from assignment a join held h on h.address is null
  where a.customer_id = ${customerId} and a.to_ns is null
    and not exists (select from held o where o.address = a.address))`;

/** Makes what one reason takes from a customer's terminals what it is now. The same again changes nothing. */
export async function setCuts(tx: Db, order: CutOrder): Promise<void> {
  const { customerId, reason, at, cutOf } = order;
  const cuts = SERVICE_CLASSES.map((of, rank) => ({ of, cut: cutOf(of), rank }));
  // under two plans of the account the gentler one holds
  await sql`
    with wanted as (
      select address, cut from (
        select distinct on (t.address) t.address, k.cut
        from ${servedTerminals(customerId, at)} t
        join ${jsonRows(cuts)} as k ("of" text, cut text, rank int) on k."of" = t.service_class
        order by t.address, k.rank) w where cut <> 'nothing'),
    gone as (
      delete from service_cut where customer_id = ${customerId} and reason = ${reason}
        and address not in (select address from wanted) returning address, since),
    past as (
      insert into service_cut_past (address, customer_id, from_at, to_at)
      select address, ${customerId}, since, ${at}::timestamptz from gone
      where since < ${at}::timestamptz)
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
