import { sql } from "kysely";
import type { FakeClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import { keysOf } from "../customers/customer-keys.ts";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import type { Act } from "../identity/audit.ts";
import type { PlanSpec } from "./plan.ts";
import { startBilling } from "./start-billing.ts";
import { PLAN, reportsCharge } from "./test-contract.ts";

/** 30.00 a month in advance, and 0.10 a report. */
export const METERED: PlanSpec = {
  ...PLAN,
  charges: [reportsCharge({ kind: "per-unit", price: "0.10" })],
};

const peopleOf = (count: number) =>
  Array.from({ length: count }, (_, at) => {
    const number = String(at + 1).padStart(4, "0");
    return { id: `c${number}`, number: `K${number}`, name: `Customer ${number}`, address: at + 1 };
  });

/** One issuer, and so many customers with a terminal each; terminal 1 is customer c0001's, and so on. */
export async function billingWorld(db: Db, clock: FakeClock, customers = 2) {
  const desk = startBilling({ db, clock, log: silentLog });
  const act = (): Act => ({
    actor: { kind: "user", id: "billing", name: "Bill" },
    atMs: clock.now(),
  });
  const rows = peopleOf(customers);
  await sql`
    insert into customer (id, number, kind, name, language, time_zone, tags, name_key, created_at,
      version)
    select r.id, r.number, 'organisation', r.name, 'en', 'Asia/Shanghai', '[]',
      ${keysOf({ name: "x", email: null, phone: null }).name_key}, now(), 1
    from ${jsonRows(rows)} as r (id text, number text, name text)`.execute(db);
  await sql`
    insert into terminal (address, serial, name, profile, life_cycle, root_key)
    select r.address, 'HL-' || r.address, 'T' || r.address, 'vehicle', 'active', ''
    from ${jsonRows(rows)} as r (address bigint)`.execute(db);
  const entity = await desk.accounts.addEntity(
    {
      ...{ name: "Hopline Ltd", address: "1 Mast Road", taxId: "T-1", bank: "IBAN 1" },
      ...{ numberPrefix: "HL", paymentDays: 30 },
      taxRates: [{ taxClass: "service", region: "CN", basisPoints: 600 }],
    },
    act(),
  );
  const open = (customerId: string, currency = "CNY") =>
    desk.accounts.put(
      customerId,
      {
        ...{ legalEntityId: entity.id, currency, taxRegion: "CN" },
        ...{ isTaxExempt: false, grossMax: 1_000_000 },
      },
      act(),
    );
  await sql`
    insert into billing_account (customer_id, legal_entity_id, currency, tax_region, is_tax_exempt,
      gross_max, version)
    select id, ${entity.id}, 'CNY', 'CN', false, 1000000, 1 from customer`.execute(db);
  const [plan] = await desk.plans.save([METERED], act());
  if (plan === undefined) throw new Error("no plan was saved");
  return {
    ...{ desk, act, entity, plan, open },
    customerIds: rows.map(({ id }) => id),
    subscribe: (address: number, startsOn: string) =>
      desk.subscriptions.add(
        {
          customerId: rows[address - 1]?.id ?? "",
          ...{ planId: plan.id, addOns: [], address, startsOn },
        },
        act(),
      ),
    /** Every terminal at once, without the audit log. */
    subscribeAll: (startsOn: string) =>
      sql`
        insert into subscription (id, customer_id, plan_id, address, starts_on, terms, pauses,
          terminals, created_at, version)
        select 's' || t.address, 'c' || lpad(t.address::text, 4, '0'), ${plan.id}, t.address,
          ${startsOn}, ${JSON.stringify([{ from: startsOn, planId: plan.id, addOns: [] }])}::jsonb,
          '[]', jsonb_build_array(jsonb_build_object('from', ${startsOn}::text, 'address', t.address)),
          now(), 1
        from terminal t`.execute(db),
    /** Closes a month and waits for its end. */
    close: async (month: string, dryRun = false) => {
      const run = await desk.closes.start({ legalEntityId: entity.id, month, dryRun }, act());
      await desk.closes.ended(run.id);
      return desk.closes.find(run.id);
    },
  };
}

let packets = 0;

/** Reports as the network process meters them, one a minute from then on. */
export async function seedReports(
  db: Db,
  address: number,
  at: string,
  count: number,
): Promise<readonly bigint[]> {
  const first = packets + 1;
  packets += count;
  await sql`
    insert into usage_record (packet_id, address, kind, bytes, measured_at_ns, received_at_ns, late)
    select n, ${address}::int8, 'report', 20, t.ns, t.ns, false
    from generate_series(${first}::int8, ${packets}::int8) n
    cross join lateral (select (extract(epoch from ${at}::timestamptz)::int8
      + (n - ${first}::int8) * 60) * 1000000000 as ns) t`.execute(db);
  return Array.from({ length: count }, (_, n) => BigInt(first + n));
}
