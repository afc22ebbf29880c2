import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { AlertRulesTable } from "../db/tables-alarms.ts";
import { type AlertProfile, defaultRules } from "./default-rules.ts";
import type { RuleSpec } from "./rule.ts";
import { compileRuleSets, type RuleSets } from "./rule-sets.ts";
import type { StoredRule } from "./rules.ts";

/** Every change raises a version, so their sum tells one state of the rules from any other. */
export async function rulesRevision(db: Db): Promise<string> {
  const { rows } = await sql<{ revision: string }>`
    select count(*) || '.' || coalesce(sum(version), 0) as revision from alert_rules`.execute(db);
  return rows[0]?.revision ?? "";
}

export async function loadRules(db: Db): Promise<readonly StoredRule[]> {
  const rows = await db
    .selectFrom("alert_rules")
    .selectAll()
    .where("retired_at", "is", null)
    .orderBy("id")
    .execute();
  return rows.map(toRule);
}

type RuleRow = Pick<
  AlertRulesTable,
  "id" | "version" | "origin" | "customer_id" | "enabled" | "is_edited" | "changed_at"
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
  /** As of the last look; the first look is made when it is asked for. */
  current(db: Db): Promise<RuleSets>;
  /** Looks whether they have changed; `every` calls it. */
  refresh(): Promise<void>;
}

/** Compiled once a change. Inside a transaction it is given that transaction, and never touches another handle. */
export function createRulesInForce(
  db: Db,
  profiles: ReadonlyMap<string, AlertProfile>,
  refused: (ruleId: string, problem: string) => void,
): RulesInForce {
  let loaded: { readonly revision: string; readonly sets: RuleSets } | undefined;
  async function load(from: Db, revision: string): Promise<RuleSets> {
    const rules = (await loadRules(from)).filter(({ isEnabled }) => isEnabled);
    const sets = compileRuleSets(profiles, rules, refused);
    loaded = { revision, sets };
    return sets;
  }
  return {
    async current(from) {
      return loaded?.sets ?? load(from, await rulesRevision(from));
    },
    async refresh() {
      const revision = await rulesRevision(db);
      if (revision !== loaded?.revision) await load(db, revision);
    },
  };
}
