import { type Static, type TSchema, Type } from "typebox";
import { RuleSpec } from "../domain/alerting/rule.ts";
import type { Backtest, RuleDetail, StoredRule } from "../domain/alerting/rules.ts";
import { WHY_NOT_REASONS, type WhyNot } from "../domain/alerting/why-not.ts";
import { CardView, cardView, NearestView, nearestView } from "./alarm-views.ts";
import { Address } from "./views.ts";

const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const RuleId = Type.String({ minLength: 1, maxLength: 80 });

export const RuleView = Type.Object({
  id: RuleId,
  version: Type.Integer(),
  origin: Type.Enum(["profile", "operator"]),
  customerId: nullable(Type.String({ description: "whose own rule it is; null: the operator's" })),
  isEnabled: Type.Boolean(),
  isEdited: Type.Boolean({ description: "a newer profile does not overwrite it" }),
  changedAt: Time,
  spec: RuleSpec,
});
export const RuleList = Type.Object({ items: Type.Array(RuleView) });
export const RuleDetailView = Type.Object({
  ...RuleView.properties,
  versions: Type.Array(
    Type.Object({ version: Type.Integer(), at: Time, byName: Type.String(), spec: RuleSpec }),
  ),
});

export function ruleView(rule: StoredRule): Static<typeof RuleView> {
  const { id, version, origin, customerId, isEnabled, isEdited, changedAt, spec } = rule;
  return {
    ...{ id, version, origin, customerId, isEnabled, isEdited, spec },
    changedAt: changedAt.toISOString(),
  };
}

export const ruleDetailView = (rule: RuleDetail): Static<typeof RuleDetailView> => ({
  ...ruleView(rule),
  versions: rule.versions.map(({ at, ...version }) => ({ ...version, at: at.toISOString() })),
});

export const ProblemsView = Type.Object({
  problems: Type.Array(
    Type.Object({
      path: Type.String({ description: "where in the rule: signal.condition" }),
      message: Type.String(),
      start: Type.Optional(Type.Integer({ description: "in the condition's text, from 0" })),
      end: Type.Optional(Type.Integer()),
    }),
  ),
});

export const BacktestView = Type.Object({
  ...{ terminals: Type.Integer(), reports: Type.Integer(), raised: Type.Integer() },
  isCut: Type.Boolean({ description: "there was more past than is looked at in one go" }),
  alarms: Type.Array(
    Type.Object({
      address: Address,
      terminalName: Type.String(),
      openedAt: Time,
      clearedAt: nullable(Time),
      repeats: Type.Integer(),
      card: CardView,
    }),
    { description: "the newest of them" },
  ),
});

export const backtestView = ({ alarms, ...rest }: Backtest): Static<typeof BacktestView> => ({
  ...rest,
  alarms: alarms.map(({ openedMs, clearedMs, card, ...alarm }) => ({
    ...alarm,
    openedAt: new Date(openedMs).toISOString(),
    clearedAt: clearedMs === null ? null : new Date(clearedMs).toISOString(),
    card: cardView(card),
  })),
});

export const WhyNotView = Type.Object({
  reason: Type.Enum([...WHY_NOT_REASONS]),
  truth: Type.Enum(["yes", "no", "unknown"]),
  alarmId: nullable(Type.String()),
  values: Type.Array(
    Type.Object({
      name: Type.String(),
      value: nullable(Type.Union([Type.Number(), Type.Boolean(), Type.String()])),
      measuredAt: nullable(Time),
    }),
  ),
  dueAt: nullable(Time),
  nearest: NearestView,
});

export function whyNotView(why: WhyNot): Static<typeof WhyNotView> {
  const { truth, values, dueMs, nearest, ...rest } = why;
  return {
    ...rest,
    truth: truth === "unknown" ? truth : truth ? "yes" : "no",
    values: Object.entries(values).map(([name, known]) => ({
      name,
      value: known?.value ?? null,
      measuredAt: known ? new Date(known.atMs).toISOString() : null,
    })),
    dueAt: dueMs === null ? null : new Date(dueMs).toISOString(),
    nearest: nearestView(nearest),
  };
}
