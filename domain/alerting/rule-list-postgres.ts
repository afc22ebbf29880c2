import { type RawBuilder, sql } from "kysely";
import { InvalidInputError } from "../../base/errors.ts";
import { textList } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { contains } from "../db/search.ts";
import type { Reach } from "../identity/policy.ts";
import type { RuleFilter, RulePage, RuleQuery, RuleSort, StoredRule } from "./rules.ts";
import { type RuleRow, toRule } from "./rules-postgres.ts";

/** One page of the rules in force, or of the retired ones. Throws an InvalidInputError for a cursor that no list gave. */
export async function listRules(
  db: Db,
  query: RuleQuery,
): Promise<Omit<RulePage, "items"> & { readonly items: readonly StoredRule[] }> {
  const { reach, sort, cursor, limit } = query;
  const where = sql`where ${sql.join([ofReach(reach), ...matching(query)], sql` and `)}`;
  if (cursor !== undefined) await requireCursor(db, cursor, reach);
  const key = KEYS[sort];
  const after =
    cursor === undefined
      ? sql``
      : sql`and (${key}) > (select ${key} from alert_rules r where r.id = ${cursor})`;
  const { rows } = await sql<RuleRow>`select r.* from alert_rules r ${where} ${after}
    order by ${key} limit ${limit + 1}::int`.execute(db);
  const { rows: counts } = await sql<{ total: bigint }>`
    select count(*) as total from alert_rules r ${where}`.execute(db);
  const items = rows.slice(0, limit).map(toRule);
  return {
    items,
    next: rows.length > limit ? items.at(-1)?.id : undefined,
    total: Number(counts[0]?.total ?? 0n),
  };
}

/** Retired ones too: a list that is being read goes on from where one was. */
async function requireCursor(db: Db, id: string, reach: Reach): Promise<void> {
  const { rows } = await sql`
    select 1 from alert_rules r where r.id = ${id} and ${ofReach(reach)}`.execute(db);
  if (rows.length === 0)
    throw new InvalidInputError("cursor", "cursor must be a `nextCursor` that this list gave");
}

const TITLE = sql`lower(r.title_en) collate "C", r.id`;
const KEYS: Readonly<Record<RuleSort, RawBuilder<unknown>>> = {
  title: TITLE,
  severity: sql`array_position(array['critical', 'major', 'minor', 'warning'], r.severity), ${TITLE}`,
  changed: sql`-extract(epoch from r.changed_at), r.id`,
};

/** As `isReadable`: the operator's rules that concern whoever asks, and their own. */
function ofReach(reach: Reach): RawBuilder<unknown> {
  if (reach === "all") return sql`true`;
  const list = textList(reach);
  return sql`(r.customer_id in ${list} or (r.customer_id is null and (
    r.spec->'scope'->'customers' is null or exists (
      select 1 from jsonb_array_elements_text(r.spec->'scope'->'customers') one where one in ${list}))))`;
}

function matching(filter: RuleFilter): RawBuilder<unknown>[] {
  const { search = "", kind, severity, profile, enabled, origin, retired = false } = filter;
  const text = search.trim();
  return [
    retired ? sql`r.retired_at is not null` : sql`r.retired_at is null`,
    ...(text === ""
      ? []
      : [contains(sql`lower(r.title_en || chr(10) || r.title_zh || chr(10) || r.id)`, text)]),
    ...(kind === undefined ? [] : [sql`r.kind = ${kind}`]),
    ...(severity === undefined ? [] : [sql`r.severity = ${severity}`]),
    ...(enabled === undefined ? [] : [sql`r.enabled = ${enabled}::boolean`]),
    ...(origin === undefined ? [] : [sql`r.origin = ${origin}`]),
    ...(profile === undefined
      ? []
      : [sql`r.spec->'scope'->'profiles' @> ${JSON.stringify([profile])}::jsonb`]),
  ];
}
