import { sql } from "kysely";
import { textList } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { inRepeatedTransaction, inTransaction } from "../db/in-transaction.ts";
import type { AlertRulesTable } from "../db/tables-alarms.ts";
import { type AlertProfile, defaultRules } from "./default-rules.ts";
import type { RuleSpec } from "./rule.ts";
import { createRuleCompiler, type RuleHead, type RuleSets } from "./rule-sets.ts";
import type { StoredRule } from "./rules.ts";

/** Held until the transaction ends: until then no change of the rules is acknowledged to anybody. */
async function holdRevision(tx: Db): Promise<bigint> {
  const { rows } = await sql<{ revision: bigint | null }>`
    select hold_alert_revision() as revision`.execute(tx);
  return rows[0]?.revision ?? 0n;
}

/** So many at once hold the process for no more than some milliseconds. */
const HEADS_AT_ONCE = 2_000;

/** Those that are enabled, in the order of their ids. While the revision is held they do not change between two parts. */
async function loadHeads(tx: Db): Promise<readonly RuleHead[]> {
  const heads: RuleHead[] = [];
  for (;;) {
    const rows = await tx
      .selectFrom("alert_rules")
      .select(["id", "version"])
      .where("retired_at", "is", null)
      .where("enabled", "=", true)
      .where("id", ">", heads.at(-1)?.id ?? "")
      .orderBy("id")
      .limit(HEADS_AT_ONCE)
      .execute();
    heads.push(...rows);
    if (rows.length < HEADS_AT_ONCE) return heads;
  }
}

async function loadRules(tx: Db, ids: readonly string[]): Promise<readonly StoredRule[]> {
  const rows = await tx
    .selectFrom("alert_rules")
    .selectAll()
    .where(sql<boolean>`id in ${textList(ids)}`)
    .execute();
  return rows.map(toRule);
}

export type RuleRow = Pick<
  AlertRulesTable,
  | "id"
  | "version"
  | "origin"
  | "customer_id"
  | "enabled"
  | "is_edited"
  | "changed_at"
  | "retired_at"
> & {
  readonly spec: unknown;
};

export const toRule = (row: RuleRow): StoredRule => ({
  id: row.id,
  version: row.version,
  spec: row.spec as RuleSpec, // checked when it was saved
  origin: row.origin,
  customerId: row.customer_id,
  isEnabled: row.enabled,
  isEdited: row.is_edited,
  changedAt: row.changed_at,
  retiredAt: row.retired_at,
});

/**
 * Brings the profiles' own rules up to date: new ones are added, changed ones get a version, those that a person has edited
 * stay as they are, and those that no profile has any more are retired. Safe to do by several processes at once.
 */
export async function installDefaultRules(
  db: Db,
  profiles: ReadonlyMap<string, AlertProfile>,
  nowMs: number,
): Promise<void> {
  const defaults = [...profiles.values()].flatMap(defaultRules);
  await inTransaction(db, async (tx) => {
    await sql`select pg_advisory_xact_lock(7461001)`.execute(tx); // two processes start at once
    const rows = await tx
      .selectFrom("alert_rules")
      .selectAll()
      .where("origin", "=", "profile")
      .execute();
    const known = new Map(rows.map((row) => [row.id, row]));
    for (const { id, spec } of defaults) {
      const row = known.get(id);
      known.delete(id);
      const isSame = row && canonical(row.spec) === canonical(spec) && row.retired_at === null;
      if (isSame || row?.is_edited === true) continue;
      await putRule(tx, { id, spec, version: (row?.version ?? 0) + 1 }, nowMs);
    }
    for (const row of known.values()) {
      if (row.retired_at !== null) continue;
      await tx
        .updateTable("alert_rules")
        .set({ retired_at: new Date(nowMs), version: row.version + 1 })
        .where("id", "=", row.id)
        .execute();
    }
  });
}

/**
 * Alarms of rules that are in force no more, which nothing else would ever clear, and what devices remember of those rules.
 * In a transaction of its own after the one that took the rule out of force: nobody waits for it who judges.
 */
export const clearOutOfForce = (
  db: Db,
  {
    atMs,
    actorId,
    ruleId,
  }: { readonly atMs: number; readonly actorId?: string; readonly ruleId?: string },
): Promise<void> =>
  inRepeatedTransaction(db, async (tx) => {
    const at = sql`${new Date(atMs)}::timestamptz`;
    const { rows } = await sql<{ rule_id: string }>`
      with ended as (update alarms a set state = 'cleared', cleared_at = greatest(${at}, a.opened_at)
        from alert_rules r where r.id = a.rule_id and (r.retired_at is not null or not r.enabled)
        and a.state = 'active' returning a.id, a.rule_id, a.cleared_at),
      told as (insert into alarm_transitions (alarm_id, at, stored_at, kind, who, why)
        select id, cleared_at, ${at}, 'cleared', ${actorId ?? null}::text, 'rule-retired' from ended)
      select distinct rule_id from ended`.execute(tx);
    const ids = new Set(rows.map(({ rule_id: id }) => id));
    if (ruleId !== undefined) ids.add(ruleId); // it may hold, or wait to be acknowledged
    for (const id of ids) await forgetRule(tx, id);
  });

async function forgetRule(tx: Db, ruleId: string): Promise<void> {
  const path = sql`${`{device,rules,${ruleId}}`}::text::text[]`;
  await sql`update alert_states set state = state #- ${path} where state #> ${path} is not null`.execute(
    tx,
  );
}

async function putRule(
  tx: Db,
  { id, spec, version }: { id: string; spec: RuleSpec; version: number },
  nowMs: number,
): Promise<void> {
  const at = new Date(nowMs);
  const values = {
    version,
    title_en: spec.title.en,
    title_zh: spec.title["zh-CN"],
    severity: spec.severity,
    kind: spec.signal.kind,
    spec: JSON.stringify(spec),
    retired_at: null,
    changed_at: at,
  };
  await tx
    .insertInto("alert_rules")
    .values({
      ...values,
      id,
      origin: "profile",
      customer_id: null,
      enabled: true,
      is_edited: false,
    })
    .onConflict((on) => on.column("id").doUpdateSet(values))
    .execute();
  await tx
    .insertInto("alert_rule_versions")
    .values({
      rule_id: id,
      version,
      spec: JSON.stringify(spec),
      at,
      by_id: null,
      by_name: "profile",
    })
    .execute();
}

/** jsonb gives keys in an order of its own. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

export interface RulesInForce {
  /**
   * Those that hold until this transaction ends. Asked for before any row is locked: whoever changes a rule waits for
   * the transaction, and may have locked rows.
   */
  current(tx: Db): Promise<RuleSets>;
}

/**
 * Read and compiled once a change, by whoever asks first: who asks meanwhile waits for the same. It is given the transaction
 * that it is for, and never touches another handle.
 */
export function createRulesInForce(
  profiles: ReadonlyMap<string, AlertProfile>,
  refused: (ruleId: string, problem: string) => void,
): RulesInForce {
  const compile = createRuleCompiler(profiles, refused);
  let loaded: Loaded | undefined;
  const load = (tx: Db, revision: bigint): Promise<RuleSets> => {
    const sets = loadHeads(tx).then((heads) => compile(heads, (ids) => loadRules(tx, ids)));
    const own: Loaded = {
      revision,
      sets: sets.catch(() => {
        if (loaded === own) loaded = undefined;
        return undefined;
      }),
    };
    loaded = own;
    return sets;
  };
  return {
    async current(tx) {
      const revision = await holdRevision(tx);
      while (loaded?.revision === revision) {
        const sets = await loaded.sets;
        if (sets) return sets;
      }
      return load(tx, revision);
    },
  };
}

interface Loaded {
  readonly revision: bigint;
  /** undefined: the transaction that read them has failed, which is told there; another one reads them. */
  readonly sets: Promise<RuleSets | undefined>;
}
