import { type CompiledRule, compileRule } from "./compiled-rule.ts";
import type { ConditionField, Value, Values } from "./condition.ts";
import type { Rule } from "./rule.ts";
import type { Effect, EffectKind, RuleState, RuleStep } from "./rule-state.ts";
import { type RuleDevice, takeDue, takeReport } from "./rule-step.ts";
import { judgeSignal, type Moment } from "./signal.ts";

/** A change of one value that would have turned the decision. */
export interface NearestChange {
  readonly field: string;
  readonly now: Value;
  readonly would: Value;
}

/**
 * Why a rule did what it did, kept as it was decided: enough to decide it again in another process, without the database.
 * All times are ms since the Unix epoch.
 */
export interface Card {
  readonly rule: Rule;
  /** Fields that the rule reads, as it was compiled with them. */
  readonly fields: readonly ConditionField[];
  readonly device: RuleDevice;
  /** Hold, hysteresis and memory before the decision. */
  readonly before: RuleState;
  readonly input:
    | { readonly kind: "report"; readonly packetId: string; readonly moment: Moment }
    | { readonly kind: "time"; readonly atMs: number };
  /** The readings that it looked at and when each was measured. */
  readonly values: Readonly<Record<string, { readonly value: Value; readonly atMs: number }>>;
  readonly decision: { readonly kind: EffectKind; readonly atMs: number };
  readonly nearest: NearestChange | null;
}

export interface Decided {
  readonly was: RuleState;
  readonly step: RuleStep;
  readonly input: Card["input"];
  readonly measuredMs: Readonly<Record<string, number>>;
  readonly effect: Effect;
}

export function makeCard(rule: CompiledRule, device: RuleDevice, decided: Decided): Card {
  const { was, input, measuredMs, effect } = decided;
  const narrow = input.kind === "report" ? narrowed(rule, input.moment) : undefined;
  const moment = narrow ?? undefined;
  const { id, version, spec } = rule;
  const values = moment ? moment.values : {};
  return {
    rule: { id, version, spec },
    fields: [...rule.reads].flatMap((name) => rule.fields.get(name) ?? []),
    device,
    before: was,
    input: input.kind === "report" && moment ? { ...input, moment } : input,
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        { value, atMs: measuredMs[name] ?? effect.atMs },
      ]),
    ),
    decision: { kind: effect.kind, atMs: effect.atMs },
    nearest: moment ? nearestChange(rule, device, was, moment) : null,
  };
}

/** Only what the rule reads: the rest has no part in it. */
function narrowed(rule: CompiledRule, moment: Moment): Moment {
  const only = (values: Values): Values =>
    Object.fromEntries(Object.entries(values).filter(([name]) => rule.reads.has(name)));
  return { ...moment, values: only(moment.values), previous: only(moment.previous) };
}

export type Replayed =
  | { readonly ok: true; readonly decisions: readonly Card["decision"][]; readonly isSame: boolean }
  | { readonly ok: false; readonly problem: string };

/** Decides again from the card alone. */
export function replay(card: Card): Replayed {
  const fields = new Map(card.fields.map((field) => [field.name, field]));
  const compiled = compileRule(card.rule, fields);
  if (!compiled.ok) return { ok: false, problem: compiled.problems[0]?.message ?? "" };
  const { rule } = compiled;
  const step =
    card.input.kind === "report"
      ? takeReport(rule, card.device, card.before, card.input.moment)
      : takeDue(rule, card.device, card.before, card.input.atMs);
  const decisions = step.effects.map(({ kind, atMs }) => ({ kind, atMs }));
  const isSame = decisions.some(
    ({ kind, atMs }) => kind === card.decision.kind && atMs === card.decision.atMs,
  );
  return { ok: true, decisions, isSame };
}

/** The smallest change of one reading that turns what the rule says; null where none does, as for time and place. */
export function nearestChange(
  rule: CompiledRule,
  device: RuleDevice,
  state: RuleState,
  moment: Moment,
): NearestChange | null {
  const saysOf = (values: Values): string => {
    const { truth, isOver } = judgeSignal(
      rule,
      state.memory ?? undefined,
      { ...moment, values },
      device.timeZone,
    );
    return state.alarm?.isActive ? `${isOver}` : `${truth}`;
  };
  const now = saysOf(moment.values);
  const conditions = [rule.condition, rule.clear].filter((one) => one !== undefined);
  const steps = conditions.reduce((sum, one) => sum + one.steps, 1);
  const thresholds = conditions.flatMap((one) => one.thresholds);
  return (
    changesOf(rule, moment.values, thresholds)
      .slice(0, NEAREST_STEPS_MAX / steps)
      .find(({ field, would }) => {
        const says = saysOf({ ...moment.values, [field]: would });
        return says !== now && says !== "unknown";
      }) ?? null
  );
}

/** What looking for the nearest change may cost in steps of conditions; it costs more for texts that nobody writes. */
const NEAREST_STEPS_MAX = 20_000;

/** What may be tried, the smallest change first. */
function changesOf(
  { reads, fields }: CompiledRule,
  values: Values,
  thresholds: readonly number[],
): readonly NearestChange[] {
  const changes: NearestChange[] = [];
  for (const name of reads) {
    const [now, field] = [values[name], fields.get(name)];
    if (now === undefined || field === undefined) continue;
    for (const would of candidates(field, now, thresholds))
      changes.push({ field: name, now, would });
  }
  return changes.sort((a, b) => distance(a.now, a.would) - distance(b.now, b.would));
}

function candidates(
  field: ConditionField,
  value: Value,
  thresholds: readonly number[],
): readonly Value[] {
  if (typeof value === "boolean") return [!value];
  if (typeof value === "string") return (field.values ?? []).filter((other) => other !== value);
  return thresholds.flatMap((at) => [at, above(at), -above(-at)]);
}

/** The next number that a terminal might say. */
const above = (value: number): number => value + Math.max(0.01, Math.abs(value) * 1e-6);

function distance(value: Value, would: Value): number {
  if (typeof value !== "number" || typeof would !== "number") return 1;
  return Math.abs(would - value) / Math.max(1, Math.abs(value));
}
