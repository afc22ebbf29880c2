import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { ImportProblem } from "../imports/import-lines.ts";
import type { ImportHold, ImportTarget } from "../imports/imports.ts";
import { keysOf } from "./customer-keys.ts";
import { CUSTOMER_COLUMNS, type CustomerLine, checkCustomerLine } from "./customer-lines.ts";
import { nextNumbers } from "./customer-rows-postgres.ts";
import { TREE_DEPTH_MAX } from "./customer-rules.ts";

/** Customers from a file, parents by their number: those of the same file may stand in any order. */
export function customerImport(makeId: () => string): ImportTarget<CustomerLine> {
  return {
    kind: "customers",
    columns: CUSTOMER_COLUMNS,
    keys: ["number"],
    check: checkCustomerLine,

    stage: ({ number, parentNumber, fields }) => {
      const id = makeId();
      const key = number ?? `\u0001${id}`; // without a number of its own it shares none
      return { keys: [key], data: { ...fields, ...keysOf(fields), id, number, parentNumber } };
    },

    async taken(db, importId, most) {
      const { rows } = await sql<{ line: number }>`
        select s.line from import_staged s join customer c on c.number = s.first_key
        where s.import_id = ${importId} order by s.line limit ${most}::int`.execute(db);
      return [
        ...rows.map(({ line }) =>
          problem(line, "number", "number-taken", "a customer has this number"),
        ),
        ...(await misplaced(db, importId, most)),
      ].slice(0, most);
    },

    async add(tx, importId, fromLine, lines) {
      // a parent may stand behind its child in the file
      await sql`set constraints customer_parent deferred`.execute(tx);
      return await addLines(tx, importId, { from: fromLine, to: fromLine + lines });
    },

    holds,

    async remove(tx, importId) {
      await sql`update customer set parent_id = null where import_id = ${importId}`.execute(tx);
      const { numDeletedRows } = await tx
        .deleteFrom("customer")
        .where("import_id", "=", importId)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

const problem = (line: number, column: string, code: string, reason: string): ImportProblem => ({
  ...{ line, column, code, reason },
});

const REASONS: Readonly<Record<string, string>> = {
  parent: "no customer of this file or of the database has this number",
  person: "that customer is a person: only an organisation can have customers below it",
  ring: "the customers would stand below themselves",
  depth: `the tree would be deeper than ${TREE_DEPTH_MAX} levels`,
};

/** Lines whose parent is unknown, a person, or above itself, or too far down. */
async function misplaced(
  db: Db,
  importId: string,
  most: number,
): Promise<readonly ImportProblem[]> {
  const { rows } = await sql<{ line: number; why: string }>`
    with recursive staged as materialized (
      select line, first_key as number, data ->> 'kind' as kind, data ->> 'parentNumber' as parent
      from import_staged where import_id = ${importId}),
    up as (
      select line, parent, 1 as level, false as is_ring from staged where parent is not null
      union all
      select up.line, coalesce(s.parent, above.number), up.level + 1,
        coalesce(s.line = up.line, false)
      from up
      left join staged s on s.number = up.parent
      left join customer c on c.number = up.parent and s.line is null
      left join customer above on above.id = c.parent_id
      where not up.is_ring and up.level <= ${TREE_DEPTH_MAX}::int
        and coalesce(s.parent, above.number) is not null)
    select line, min(why) as why from (
      select s.line, 'parent' as why from staged s
        where s.parent is not null
          and not exists (select from staged o where o.number = s.parent)
          and not exists (select from customer c where c.number = s.parent
            and c.merged_into is null and c.erased_at is null)
      union all select s.line, 'person' from staged s
        where exists (select from staged o where o.number = s.parent and o.kind = 'person')
          or exists (select from customer c where c.number = s.parent and c.kind = 'person')
      union all select line, 'ring' from up where is_ring
      union all select line, 'depth' from up where level > ${TREE_DEPTH_MAX - 1}::int and not is_ring
    ) w group by line order by line limit ${most}::int`.execute(db);
  return rows.map(({ line, why }) =>
    problem(line, "parent_number", why, REASONS[why] ?? "cannot stand there"),
  );
}

interface Lines {
  readonly from: number;
  readonly to: number;
}

async function addLines(tx: Db, importId: string, { from, to }: Lines): Promise<number> {
  const where = sql`s.import_id = ${importId} and s.line >= ${from}::int and s.line < ${to}::int`;
  const { rows: unnumbered } = await sql<{ line: number }>`
    select s.line from import_staged s where ${where} and s.data ->> 'number' is null
    order by s.line`.execute(tx);
  const numbers = await nextNumbers(tx, unnumbered.length);
  const given = unnumbered.map(({ line }, at) => ({ line, number: numbers[at] }));
  const { numAffectedRows } = await sql`
    insert into customer (id, number, kind, name, parent_id, email, phone, address, tax_id, language,
      time_zone, tags, name_key, phone_key, email_key, import_id, merged_into, erased_at,
      created_at, version)
    select r.id, n.number, r.kind, r.name, coalesce(p.data ->> 'id', c.id), r.email, r.phone,
      r.address, r."taxId", r.language, r."timeZone", r.tags, r.name_key, r.phone_key, r.email_key,
      s.import_id, null, null, i.started_at, 1
    from import_staged s
    join import_run i on i.id = s.import_id
    cross join jsonb_to_record(s.data) as r (id text, number text, kind text, name text, email text,
      phone text, address text, "taxId" text, language text, "timeZone" text, tags jsonb,
      "parentNumber" text, name_key text, phone_key text, email_key text)
    left join json_to_recordset(${JSON.stringify(given)}::text::json) as g (line int, number text)
      on g.line = s.line
    cross join lateral (select coalesce(r.number, g.number) as number) n
    left join import_staged p on p.import_id = s.import_id and p.first_key = r."parentNumber"
    left join customer c on c.number = r."parentNumber" and p.line is null
    where ${where}`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

async function holds(tx: Db, importId: string, most: number): Promise<readonly ImportHold[]> {
  await sql`select from customer where import_id = ${importId} for update`.execute(tx);
  const of = sql`of.customer_id = c.id`;
  const { rows } = await sql<{ number: string; why: string }>`
    select number, why from (
      select c.number, case
        when c.version > 1 then 'was changed'
        when exists (select from customer k where k.parent_id = c.id
          and k.import_id is distinct from c.import_id) then 'has other customers below it'
        when exists (select from contact of where ${of}) then 'has contacts'
        when exists (select from site of where ${of}) then 'has sites'
        when exists (select from customer_note of where ${of}) then 'has notes'
        when exists (select from consent of where ${of}) then 'has consents'
        when exists (select from asset of where ${of}) then 'has assets'
        when exists (select from assignment of where ${of}) then 'has or had terminals'
        when exists (select from app_user of where ${of}) then 'has users'
        when exists (select from api_key of where ${of}) then 'has API keys'
        when exists (select from provisioning_job of where ${of}) then 'is part of a job'
        when exists (select from customer_merge m where c.id in (m.from_id, m.into_id))
          then 'was merged'
      end as why
      from customer c where c.import_id = ${importId}) held
    where why is not null order by number limit ${most}::int`.execute(tx);
  return rows.map(({ number, why }) => ({ name: number, reason: why }));
}
