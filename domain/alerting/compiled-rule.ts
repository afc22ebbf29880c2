import { type Condition, type ConditionField, compileCondition } from "./condition.ts";
import { shapeProblem } from "./geometry.ts";
import type { Rule, RuleSpec, Signal } from "./rule.ts";
import { type Complaint, complaint } from "./rule-problem.ts";

export type RuleFields = ReadonlyMap<string, ConditionField>;

/** A rule for one device type, ready to judge. */
export interface CompiledRule extends Rule {
  /** Fields whose report makes the rule look; empty for what only time or place decides. */
  readonly reads: ReadonlySet<string>;
  readonly fields: RuleFields;
  readonly condition: Condition | undefined;
  readonly clear: Condition | undefined;
  readonly parked: Condition | undefined;
  readonly disarmed: Condition | undefined;
}

export interface RuleProblem extends Complaint {
  /** Where in the spec: `signal.condition`. */
  readonly path: string;
  /** The device type for which it is wrong, where the scope says which. */
  readonly profile?: string;
  /** Within a condition's text, from 0. */
  readonly start?: number;
  readonly end?: number;
}

export type CompiledRuleResult =
  | { readonly ok: true; readonly rule: CompiledRule }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

const EXPRESSIONS = ["condition", "clear", "parked", "disarmed"] as const;

/** Compiles a rule against one profile's fields; every problem at once. */
export function compileRule(rule: Rule, fields: RuleFields): CompiledRuleResult {
  const { signal } = rule.spec;
  const problems: RuleProblem[] = [...signalProblems(signal, fields)];
  const compiled: Partial<Record<(typeof EXPRESSIONS)[number], Condition>> = {};
  for (const name of EXPRESSIONS) {
    const text = expressionOf(signal, name);
    if (text === undefined) continue;
    const result = compileCondition(text, fields);
    if (result.ok) compiled[name] = result.condition;
    else problems.push(...result.problems.map((one) => ({ path: `signal.${name}`, ...one })));
  }
  if (problems.length > 0) return { ok: false, problems };
  const { condition, clear, parked, disarmed } = compiled;
  const reads = new Set(
    [condition, clear, parked, disarmed].flatMap((one) => (one ? [...one.reads] : [])),
  );
  if (signal.kind === "rate-of-change") reads.add(signal.field);
  return { ok: true, rule: { ...rule, reads, fields, condition, clear, parked, disarmed } };
}

function expressionOf(signal: Signal, name: (typeof EXPRESSIONS)[number]): string | undefined {
  switch (signal.kind) {
    case "condition":
      return name === "condition" || name === "clear" ? signal[name] : undefined;
    case "schedule":
      return name === "condition" ? signal.condition : undefined;
    case "guard":
      return name === "parked" || name === "disarmed" ? signal[name] : undefined;
    case "geofence":
    case "silence":
    case "rate-of-change":
      return undefined;
  }
}

function signalProblems(signal: Signal, fields: RuleFields): readonly RuleProblem[] {
  if (signal.kind === "rate-of-change") {
    const field = fields.get(signal.field);
    const isNumber = field?.kind === "int" || field?.kind === "uint";
    if (isNumber) return [];
    const { field: name } = signal;
    const said = field
      ? complaint("not-a-number", `${name} is no number`, name)
      : complaint("unknown-field", `no report has ${name}`, name);
    return [{ path: "signal.field", ...said }];
  }
  if (signal.kind !== "geofence") return [];
  const said = shapeProblem(signal.area);
  return said === undefined ? [] : [{ path: "signal.area", ...said }];
}

/** The rules of one profile, and which fields must be remembered for them. */
export interface RuleSet {
  /** Those that may be about a customer's device, in the order of their ids. */
  of(customerId: string | null): readonly CompiledRule[];
  readonly kept: ReadonlySet<string>;
}

/** By customer: nobody's device looks at the rules of all other customers. */
export function ruleSetOf(rules: readonly CompiledRule[]): RuleSet {
  const kept = new Set(rules.flatMap(({ reads }) => [...reads]));
  const everybodys = rules.filter(({ spec }) => spec.scope.customers === undefined);
  const named = rules.flatMap((rule) =>
    [...new Set(rule.spec.scope.customers)].map((customerId) => ({ customerId, rule })),
  );
  const byCustomer = Map.groupBy(named, ({ customerId }) => customerId);
  return {
    kept,
    of(customerId) {
      const own = customerId === null ? [] : (byCustomer.get(customerId) ?? []);
      const all = [...everybodys, ...own.map(({ rule }) => rule)];
      return all.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
  };
}

/** What a scope of several profiles must fit: each of them. */
export function ruleProblems(
  spec: RuleSpec,
  fieldsOf: (profile: string) => RuleFields | undefined,
): readonly RuleProblem[] {
  return spec.scope.profiles.flatMap((profile): readonly RuleProblem[] => {
    const fields = fieldsOf(profile);
    if (!fields) {
      const said = complaint("unknown-profile", `there is no profile ${profile}`, profile);
      return [{ path: "scope.profiles", profile, ...said }];
    }
    const result = compileRule({ id: "", version: 0, spec }, fields);
    if (result.ok) return [];
    return result.problems.map((one) => ({
      ...one,
      profile,
      message: `${profile}: ${one.message}`,
    }));
  });
}
