import type { ProfileAlertRule } from "../devices/profile.ts";
import type { FieldFile } from "../devices/profile-schema.ts";
import type { RuleFields } from "./compiled-rule.ts";
import type { RuleSpec, Signal } from "./rule.ts";

/** What alerting needs of a profile. */
export interface AlertProfile {
  readonly name: string;
  readonly reports: readonly { readonly fields: readonly ProfileFieldLike[] }[];
  readonly alertRules?: readonly ProfileAlertRule[] | undefined;
  readonly positionFields?: { readonly latitude: string; readonly longitude: string } | undefined;
}

interface ProfileFieldLike {
  readonly name: string;
  readonly kind: FieldFile["kind"];
  readonly values?: readonly string[] | undefined;
}

/** Every field that any report of the profile brings: one name means one thing in all of them. */
export function ruleFieldsOf({ reports }: Pick<AlertProfile, "reports">): RuleFields {
  const fields = reports.flatMap((report) => report.fields);
  return new Map(fields.map(({ name, kind, values }) => [name, { name, kind, values }]));
}

/** The rules that a profile brings, under ids that stay. */
export function defaultRules(profile: AlertProfile): readonly { id: string; spec: RuleSpec }[] {
  return (profile.alertRules ?? []).map((rule) => ({
    id: `${profile.name}.${rule.key}`,
    spec: specOf(profile.name, rule),
  }));
}

function specOf(profile: string, rule: ProfileAlertRule): RuleSpec {
  const { label, severity, holdS, clearHoldS, hours, respondS, opensCase } = rule;
  return {
    title: label,
    severity,
    scope: { profiles: [profile] },
    signal: signalOf(rule),
    holdS,
    ...(clearHoldS === undefined ? {} : { clearHoldS }),
    ...(hours === undefined ? {} : { hours }),
    ...(respondS === undefined ? {} : { respondS }),
    ...(opensCase === undefined ? {} : { opensCase }),
  };
}

/** The profile's rules were checked when it was loaded: each kind has what it needs. */
function signalOf(rule: ProfileAlertRule): Signal {
  const { condition = "false", clear } = rule;
  switch (rule.kind) {
    case "condition":
      return { kind: "condition", condition, ...(clear === undefined ? {} : { clear }) };
    case "silence":
      return { kind: "silence" };
    case "rate-of-change": {
      const { field = "", change = 1, withinS = 1, direction } = rule;
      const way = direction === undefined ? {} : { direction };
      return { kind: "rate-of-change", field, change, withinS, ...way };
    }
    case "guard": {
      const { parked = "false", disarmed = "false", armAfterS = 0, radiusM = 100 } = rule;
      return { kind: "guard", parked, disarmed, armAfterS, radiusM };
    }
  }
}

