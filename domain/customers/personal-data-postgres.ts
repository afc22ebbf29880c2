import { type Kysely, type RawBuilder, sql } from "kysely";
import { NotFoundError } from "../../base/errors.ts";
import type { Database, Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Audit } from "../identity/audit.ts";
import { type ErasureDeps, erase, listErasures, survey } from "./erasure-postgres.ts";
import type { DataSection, PersonalDataDesk } from "./personal-data.ts";
import { textList } from "./reach-postgres.ts";

export interface PersonalDataDeps extends ErasureDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
}

const ROWS_MAX = 10_000; // of one section

export function createPersonalDataDesk(deps: PersonalDataDeps): PersonalDataDesk {
  const { db, audit } = deps;
  return {
    takeOut: (customerId, act) =>
      inTransaction(db, async (tx) => {
        const ids = await withMerged(tx, customerId);
        const sections: DataSection[] = [];
        for (const [name, query] of sectionsOf(textList(ids)))
          sections.push(await sectionOf(tx, name, query));
        await audit.record(tx, act, {
          action: "customer.personal-data-read",
          subject: { kind: "customer", id: customerId },
          customerId,
          after: Object.fromEntries(sections.map(({ name, rows }) => [name, rows.length])),
        });
        return { customerId, takenAtMs: act.atMs, sections };
      }),

    survey: async (customerId) => survey(db, await withMerged(db, customerId)),

    erase: (customerId, number, act) =>
      inTransaction(db, async (tx) => {
        const ids = await withMerged(tx, customerId);
        return await erase(tx, { customerId, ids, number, act }, deps);
      }),

    erasures: (customerId) => listErasures(db, customerId),
  };
}

/** A customer and all that were merged into it: they are one. */
async function withMerged(db: Db, id: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive one as (
      select id from customer where id = ${id} and merged_into is null
      union select c.id from one join customer c on c.merged_into = one.id)
    select id from one`.execute(db);
  if (rows.length === 0) throw new NotFoundError("customer", id);
  return rows.map((row) => row.id);
}

type Query = ReturnType<typeof sql<Record<string, unknown>>>;

/** Times are shown as they are stored, in UTC; never a password, a key or a secret. */
function sectionsOf(ids: ReturnType<typeof textList>): readonly (readonly [string, Query])[] {
  const of = sql`customer_id in ${ids}`;
  return [
    [
      "customer",
      sql`select id, number, kind, name, email, phone, address, tax_id, language, time_zone,
        tags::text as tags, created_at, erased_at, merged_into from customer where id in ${ids}
        order by created_at`,
    ],
    [
      "contacts",
      sql`select id, name, role, email, phone, language, created_at from contact where ${of}`,
    ],
    ["sites", sql`select id, name, address, latitude, longitude, created_at from site where ${of}`],
    ["notes", sql`select at, by_name, text from customer_note where ${of} order by at`],
    [
      "consents",
      sql`select at, channel, granted, contact_id, source, by_name from consent where ${of}
        order by at`,
    ],
    [
      "users",
      sql`select id, name, email, role, language, time_zone, created_at, disabled_at
        from app_user where ${of}`,
    ],
    [
      "sessions",
      sql`select s.created_at, s.last_seen_at, s.ip, s.user_agent, u.name as user_name
        from user_session s join app_user u on u.id = s.user_id where u.customer_id in ${ids}
        order by s.created_at`,
    ],
    [
      "keys",
      sql`select name, prefix, created_at, expires_at, last_used_at, revoked_at
        from api_key where ${of}`,
    ],
    [
      "assets",
      sql`select id, kind, name, plate, vin, latitude, longitude, note, created_at, retired_at
        from asset where ${of}`,
    ],
    [
      "assignments",
      sql`select a.address, t.serial, a.asset_id, to_timestamp(a.from_ns / 1e9) as from_time,
          to_timestamp(a.to_ns / 1e9) as to_time, a.reason,
          (select count(*) from packet p where p.address = a.address
            and p.measured_at_ns >= a.from_ns
            and (a.to_ns is null or p.measured_at_ns < a.to_ns)) as packets
        from assignment a join terminal t on t.address = a.address where a.customer_id in ${ids}
        order by a.from_ns`,
    ],
    [
      "installations",
      sql`select id, state, address, opened_at, ended_at from provisioning_job where ${of}`,
    ],
    ...alertSections(ids, of),
    ...billingSections(of),
    ["erasures", sql`select at, by_name, kept::text as kept from erasure where ${of}`],
    [
      "audit",
      sql`select number, at, actor_name, action, subject_kind, subject_id, before::text as before,
        after::text as after, reason from audit_entry where ${of} order by number desc`,
    ],
  ];
}

/** What was agreed, invoiced and paid. */
const billingSections = (of: RawBuilder<unknown>): readonly (readonly [string, Query])[] => [
  [
    "subscriptions",
    sql`select s.id, p.code as plan, s.address, s.starts_on, s.ends_on, s.terms::text as terms,
        s.pauses::text as pauses
      from subscription s join plan_version p on p.id = s.plan_id where ${of}`,
  ],
  [
    "invoices",
    sql`select id, number, kind, state, month, currency, gross, open, issued_at, due_on, document
      from invoice where ${of} order by created_at`,
  ],
  [
    "invoice-mails",
    sql`select m.invoice_id, m.target, m.state, m.sent_at from invoice_mail m
      join invoice i on i.id = m.invoice_id where ${of}`,
  ],
  [
    "service-credits",
    sql`select id, month, currency, net, created_at, rejected_at, reason from service_credit
      where ${of} order by created_at`,
  ],
  [
    "payments",
    sql`select id, amount, currency, received_on, method, reference, text from payment where ${of}
      order by created_at`,
  ],
  [
    "dunning",
    sql`select at, kind, step, overdue, reason from dunning_event where ${of} order by id`,
  ],
];

/** Rules, alarms and what was told of them. */
function alertSections(
  ids: ReturnType<typeof textList>,
  of: RawBuilder<unknown>,
): readonly (readonly [string, Query])[] {
  return [
    [
      "preferences",
      sql`select p.person_kind, p.person_id, coalesce(u.name, c.name) as person, p.phone,
          p.preferences::text as preferences
        from notification_preference p
        left join app_user u on p.person_kind = 'user' and u.id = p.person_id
        left join contact c on p.person_kind = 'contact' and c.id = p.person_id
        where u.customer_id in ${ids} or c.customer_id in ${ids}`,
    ],
    [
      "browsers",
      sql`select u.name as user_name, s.user_agent, s.created_at, s.last_used_at
        from push_subscription s join app_user u on u.id = s.user_id where u.customer_id in ${ids}`,
    ],
    [
      "webhooks",
      sql`select id, name, url, severities::text as severities, created_at, disabled_at from webhook where ${of}`,
    ],
    ["escalation", sql`select id, name, ladder::text as ladder from escalation_ladder where ${of}`],
    [
      "alert-rules",
      sql`select id, title_en, title_zh, severity, spec::text as spec, changed_at, retired_at
        from alert_rules where ${of}`,
    ],
    [
      "alarms",
      sql`select id, rule_id, address, asset_id, severity, title_en, title_zh, state, opened_at, cleared_at,
          acknowledged_at, repeats, case_id from alarms where ${of} order by opened_at desc`,
    ],
    [
      "alarm-comments",
      sql`select t.at, t.alarm_id, t.who, t.why as text from alarm_transitions t
        join alarms a on a.id = t.alarm_id
        where a.customer_id in ${ids} and t.kind = 'commented' order by t.at desc`,
    ],
    [
      "cases",
      sql`select id, kind, state, alarm_id, address, caller, latitude, longitude, fault, helper, opened_at,
          closed_at, result from alarm_cases where ${of} order by opened_at desc`,
    ],
    [
      "case-entries",
      sql`select e.case_id, e.at, e.kind, e.who, e.text from alarm_case_entries e
        join alarm_cases k on k.id = e.case_id where k.customer_id in ${ids} order by e.id desc`,
    ],
    ...stolenSections(ids, of),
    [
      "messages",
      sql`select d.id, d.channel, d.recipient_kind, d.recipient_id, d.target, d.template, d.severity, d.state,
          d.reason, d.created_at, d.sent_at, d.delivered_at, d.units, d.cost_micros
        from delivery d where d.customer_id in ${ids}
          or (d.recipient_kind = 'user' and d.recipient_id in (select id from app_user where customer_id in ${ids}))
        order by d.seq desc`,
    ],
    [
      "message-usage",
      sql`select delivery_id, channel, units, at from message_usage where ${of} order by at desc`,
    ],
  ];
}

const stolenSections = (
  ids: ReturnType<typeof textList>,
  of: RawBuilder<unknown>,
): readonly (readonly [string, Query])[] => [
  [
    "stolen-vehicles",
    sql`select id, state, address, asset_id, stolen_at, opened_at, recovered_at, closed_at, result
      from recoveries where ${of} order by opened_at desc`,
  ],
  [
    "stolen-vehicle-entries",
    sql`select e.recovery_id, e.at, e.kind, e.who, e.text from recovery_entries e
      join recoveries k on k.id = e.recovery_id where k.customer_id in ${ids} order by e.id desc`,
  ],
  [
    "stolen-vehicle-links",
    sql`select l.recovery_id, l.label, l.made_at, l.expires_at, l.revoked_at, n.ip, n.first_at, n.last_at, n.requests
      from recovery_links l join recoveries k on k.id = l.recovery_id
        left join recovery_link_reads n on n.link_id = l.id where k.customer_id in ${ids}
      order by l.made_at desc, n.id desc`,
  ],
];

async function sectionOf(db: Db, name: string, query: Query): Promise<DataSection> {
  const { rows } = await sql<Record<string, unknown>>`
    select * from (${query}) q limit ${ROWS_MAX + 1}::int`.execute(db);
  const columns = Object.keys(rows[0] ?? {});
  return {
    name,
    columns,
    rows: rows.slice(0, ROWS_MAX).map((row) => columns.map((column) => cellOf(row[column]))),
    truncated: rows.length > ROWS_MAX,
  };
}

function cellOf(value: unknown): string | number | boolean | null {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  return null;
}
