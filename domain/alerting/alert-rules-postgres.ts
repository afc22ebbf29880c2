import { randomUUID } from "node:crypto";
import { createBreather } from "../../base/breather.ts";
import { NotFoundError, StaleError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { isWithin, type Reach } from "../identity/policy.ts";
import { loadLanes } from "./alert-rows-postgres.ts";
import { backtest } from "./backtest-postgres.ts";
import { compileRule, type RuleFields, type RuleProblem, ruleProblems } from "./compiled-rule.ts";
import { type AlertProfile, ruleFieldsOf } from "./default-rules.ts";
import { OPERATOR } from "./operator-names.ts";
import type { Rule, RuleSpec } from "./rule.ts";
import { requireRoom } from "./rule-limits-postgres.ts";
import { listRules } from "./rule-list-postgres.ts";
import { createRuleReader } from "./rule-reader.ts";
import type { AlertRules, ReadRule, RuleChange, RuleDetail, StoredRule } from "./rules.ts";
import { clearOutOfForce, toRule } from "./rules-postgres.ts";
import { type WhyNot, whyNot } from "./why-not.ts";

export interface AlertRulesDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly profiles: ReadonlyMap<string, AlertProfile>;
  readonly now: () => number;
}

export function createAlertRules(deps: AlertRulesDeps): AlertRules {
  const { db, audit, profiles } = deps;
  const fields = new Map([...profiles].map(([name, profile]) => [name, ruleFieldsOf(profile)]));
  const check = (spec: RuleSpec): readonly RuleProblem[] =>
    ruleProblems(spec, (profile) => fields.get(profile));
  const read = createRuleReader(check);

  return {
    check,
    async find(id, reach) {
      const rule = await find(db, id, reach);
      return rule && read(rule);
    },

    async list(query) {
      const page = await listRules(db, query);
      const breathe = createBreather(); // a polygon of many corners takes some milliseconds
      const items: ReadRule[] = [];
      for (const rule of page.items) {
        const pause = breathe();
        if (pause) await pause;
        items.push(read(rule));
      }
      return { ...page, items };
    },

    async create(spec, act, reach, customerId) {
      const problems = check(spec);
      if (problems.length > 0) return { ok: false, problems };
      requireScope(spec, reach);
      const rule = await inTransaction(db, async (tx) => {
        const made = await insertRule(tx, spec, act, { customerId, reach });
        const subject = { kind: "alert-rule", id: made.id };
        const after = audited({ spec }, customerId);
        await audit.record(tx, act, { action: "alert-rule.created", subject, customerId, after });
        return made;
      });
      return { ok: true, rule: read(rule, problems) };
    },

    async change(id, change, act, reach) {
      const problems = change.spec && check(change.spec);
      if (problems && problems.length > 0) return { ok: false, problems };
      if (change.spec) requireScope(change.spec, reach);
      const rule = await inTransaction(db, async (tx) => {
        const before = await lock(tx, id, { reach, asked: change.version });
        return changeRule(tx, before, change, { act, audit, reach });
      });
      if (change.isEnabled === false)
        await clearOutOfForce(db, { atMs: act.atMs, actorId: act.actor.id, ruleId: id });
      return { ok: true, rule: read(rule, problems) };
    },

    async retire(id, act, reach) {
      await inTransaction(db, async (tx) => {
        const { version, customerId } = await lock(tx, id, { reach, asked: undefined });
        const at = new Date(act.atMs);
        await tx
          .updateTable("alert_rules")
          .set({ retired_at: at, version: version + 1, is_edited: true })
          .where("id", "=", id)
          .execute();
        const deed = { action: "alert-rule.retired", subject: { kind: "alert-rule", id } };
        await audit.record(tx, act, { ...deed, customerId });
      });
      await clearOutOfForce(db, { atMs: act.atMs, actorId: act.actor.id, ruleId: id });
    },

    async backtest(query, reach) {
      const problems = check(query.spec);
      if (problems.length > 0) return { ok: false, problems };
      return { ok: true, backtest: await backtest(db, profiles, query, reach) };
    },

    whyNot: (id, address, reach) => whyNotNow(deps, fields, { id, address, reach }),
  };
}

async function insertRule(
  tx: Db,
  spec: RuleSpec,
  act: Act,
  { customerId, reach }: { readonly customerId: string | null; readonly reach: Reach },
): Promise<StoredRule> {
  await requireRoom(tx, { customerId, spec, before: undefined, reach });
  const rule: StoredRule = {
    ...{ id: randomUUID(), version: 1, spec, origin: "operator", customerId },
    ...{ isEnabled: true, isEdited: true, changedAt: new Date(act.atMs), retiredAt: null },
  };
  const { id, version, origin } = rule;
  await tx
    .insertInto("alert_rules")
    .values({
      ...{ id, version, origin, customer_id: customerId, enabled: true },
      ...{ is_edited: true, retired_at: null, ...columnsOf(spec, act) },
    })
    .execute();
  await addVersion(tx, rule, act);
  return rule;
}

async function changeRule(
  tx: Db,
  before: StoredRule,
  change: RuleChange,
  { act, audit, reach }: { readonly act: Act; readonly audit: Audit; readonly reach: Reach },
): Promise<StoredRule> {
  const { id, customerId } = before;
  if (change.spec)
    await requireRoom(tx, { customerId, spec: change.spec, before: before.spec, reach });
  const rule = await update(tx, before, change, act);
  await audit.record(tx, act, {
    ...{ action: "alert-rule.changed", subject: { kind: "alert-rule", id }, customerId },
    before: audited(before, customerId),
    after: audited(change, customerId),
  });
  return rule;
}

/** A customer's own rule may say where somebody lives, and the audit log is for ever: it knows its kind alone. */
function audited(
  {
    spec,
    isEnabled,
  }: { readonly spec?: RuleSpec | undefined; readonly isEnabled?: boolean | undefined },
  customerId: string | null,
) {
  const { severity, signal } = spec ?? {};
  const said = customerId === null ? spec : spec && { severity, kind: signal?.kind };
  return { ...(said && { spec: said }), ...(isEnabled !== undefined && { isEnabled }) };
}

async function whyNotNow(
  { db, now }: AlertRulesDeps,
  fields: ReadonlyMap<string, RuleFields>,
  { id, address, reach }: { readonly id: string; readonly address: number; readonly reach: Reach },
): Promise<WhyNot> {
  const rule = await find(db, id, reach);
  if (!rule || rule.retiredAt !== null) throw new NotFoundError("rule", id);
  const lanes = await loadLanes(db, [{ address, isDrill: false }], now(), "read");
  const working = [...lanes.values()][0]?.working;
  if (!working || !isWithin(reach, working.engine.context.customerId))
    throw new NotFoundError("terminal", String(address));
  const own = fields.get(working.engine.context.profile);
  const compiled = own && compileRule(rule, own);
  if (!compiled?.ok) {
    const isFor = rule.spec.scope.profiles.includes(working.engine.context.profile);
    return {
      ...{ reason: isFor ? "not-judged" : "out-of-scope", truth: "unknown", alarmId: null },
      ...{ values: {}, dueMs: null, nearest: null },
    };
  }
  const { isEnabled } = rule;
  return whyNot(compiled.rule, working.engine, working.kept?.device, { atMs: now(), isEnabled });
}

/** The operator's rules concern everybody whom their scope does not leave out; a customer's own concern nobody else. */
function isReadable({ customerId, spec }: StoredRule, reach: Reach): boolean {
  if (reach === "all") return true;
  if (customerId !== null) return reach.has(customerId);
  const { customers } = spec.scope;
  return customers === undefined || customers.some((id) => reach.has(id));
}

/** A customer's people may only make rules for customers within their reach. */
function requireScope({ scope }: RuleSpec, reach: Reach): void {
  if (reach === "all") return;
  const out = (scope.customers ?? [""]).find((id) => !reach.has(id));
  if (out !== undefined) throw new NotFoundError("customer", out);
}

/** Retired ones, too: what an alarm was raised by can be read for as long as the alarm. */
async function find(
  db: Db,
  id: string,
  reach: Reach,
): Promise<Omit<RuleDetail, "problems"> | undefined> {
  const row = await db
    .selectFrom("alert_rules")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirst();
  const rule = row && toRule(row);
  if (!rule || !isReadable(rule, reach)) return undefined;
  const versions = await db
    .selectFrom("alert_rule_versions as v")
    .leftJoin("app_user as u", "u.id", "v.by_id")
    .select(["v.version", "v.spec", "v.at", "v.by_name", "u.id", "u.customer_id"])
    .where("v.rule_id", "=", id)
    .orderBy("v.version", "desc")
    .limit(100)
    .execute();
  return {
    ...rule,
    versions: versions.map(({ version, spec, at, by_name: name, id: userId, customer_id }) => ({
      ...{ version, at },
      byName: reach !== "all" && userId !== null && customer_id === null ? OPERATOR : name,
      spec: spec as RuleSpec, // checked when it was saved
    })),
  };
}

/** A customer's people change their own rules alone. */
async function lock(
  tx: Db,
  id: string,
  { reach, asked }: { readonly reach: Reach; readonly asked: number | undefined },
): Promise<StoredRule> {
  const row = await tx
    .selectFrom("alert_rules")
    .selectAll()
    .where("id", "=", id)
    .where("retired_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  const rule = row && toRule(row);
  if (!rule || !isWithin(reach, rule.customerId)) throw new NotFoundError("rule", id);
  if (asked !== undefined && asked !== rule.version)
    throw new StaleError("rule", asked, rule.version);
  return rule;
}

async function update(
  tx: Db,
  before: StoredRule,
  change: RuleChange,
  act: Act,
): Promise<StoredRule> {
  const rule: StoredRule = {
    ...{ ...before, version: before.version + 1, isEdited: true, changedAt: new Date(act.atMs) },
    ...{ spec: change.spec ?? before.spec, isEnabled: change.isEnabled ?? before.isEnabled },
  };
  const { id, version, spec, isEnabled: enabled } = rule;
  await tx
    .updateTable("alert_rules")
    .set({ version, is_edited: true, enabled, ...columnsOf(spec, act) })
    .where("id", "=", id)
    .execute();
  await addVersion(tx, rule, act);
  return rule;
}

const columnsOf = (spec: RuleSpec, { atMs }: Act) => ({
  title_en: spec.title.en,
  title_zh: spec.title["zh-CN"],
  severity: spec.severity,
  kind: spec.signal.kind,
  spec: JSON.stringify(spec),
  changed_at: new Date(atMs),
});

async function addVersion(
  tx: Db,
  { id, version, spec }: Rule,
  { actor, atMs }: Act,
): Promise<void> {
  await tx
    .insertInto("alert_rule_versions")
    .values({
      ...{ rule_id: id, version, spec: JSON.stringify(spec), at: new Date(atMs) },
      ...{ by_id: actor.id, by_name: actor.name },
    })
    .execute();
}
