import { type Static, type TSchema, Type } from "typebox";
import type { RuleProblem } from "../domain/alerting/compiled-rule.ts";
import { RuleSpec } from "../domain/alerting/rule.ts";
import { RULE_PROBLEM_CODES } from "../domain/alerting/rule-problem.ts";
import type { Backtest, ReadRule, RuleDetail, TrialPlace } from "../domain/alerting/rules.ts";
import { WHY_NOT_REASONS, type WhyNot } from "../domain/alerting/why-not.ts";
import { DecisionView, decisionView, NearestView, nearestView } from "./alarm-views.ts";
import { Address, page } from "./views.ts";

const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const RuleId = Type.String({ minLength: 1, maxLength: 80 });

const ProblemView = Type.Object({
  path: Type.String({ description: "where in the rule: signal.condition" }),
  profile: Type.Optional(Type.String({ description: "the device type for which it is wrong" })),
  code: Type.Enum([...RULE_PROBLEM_CODES], { description: "a name that stays, for programs" }),
  about: Type.Array(Type.String(), { description: "what the message names, in its order" }),
  message: Type.String(),
  start: Type.Optional(Type.Integer({ description: "in the condition's text, from 0" })),
  end: Type.Optional(Type.Integer()),
});
export const ProblemsView = Type.Object({ problems: Type.Array(ProblemView) });

export const problemsView = (problems: readonly RuleProblem[]): Static<typeof ProblemView>[] =>
  problems.map(({ about, ...rest }) => ({ ...rest, about: [...about] }));

export const RuleView = Type.Object({
  id: RuleId,
  version: Type.Integer(),
  origin: Type.Enum(["profile", "operator"]),
  customerId: nullable(Type.String({ description: "whose own rule it is; null: the operator's" })),
  isEnabled: Type.Boolean(),
  isEdited: Type.Boolean({ description: "a newer profile does not overwrite it" }),
  changedAt: Time,
  retiredAt: nullable(Time),
  problems: Type.Array(ProblemView, {
    description:
      "why it is not judged for these device types although it is enabled: change the rule, or retire it; empty: it is judged",
  }),
  spec: RuleSpec,
});
export const RuleList = Type.Object({
  ...page(RuleView).properties,
  total: Type.Integer({ description: "how many match, over all pages" }),
});
export const RuleDetailView = Type.Object({
  ...RuleView.properties,
  versions: Type.Array(
    Type.Object({ version: Type.Integer(), at: Time, byName: Type.String(), spec: RuleSpec }),
  ),
});

export function ruleView(rule: ReadRule): Static<typeof RuleView> {
  const { id, version, origin, customerId, isEnabled, isEdited, changedAt, retiredAt, spec } = rule;
  return {
    ...{ id, version, origin, customerId, isEnabled, isEdited, spec },
    changedAt: changedAt.toISOString(),
    retiredAt: retiredAt?.toISOString() ?? null,
    problems: problemsView(rule.problems),
  };
}

export const ruleDetailView = (rule: RuleDetail): Static<typeof RuleDetailView> => ({
  ...ruleView(rule),
  versions: rule.versions.map(({ at, ...version }) => ({ ...version, at: at.toISOString() })),
});

export const BacktestView = Type.Object({
  looked: Type.Integer({
    description: "terminals gone through in this call, with or without reports",
  }),
  ofTerminals: Type.Integer({ description: "how many there are, over all calls" }),
  terminals: Type.Integer({ description: "those that reported" }),
  reports: Type.Integer(),
  raised: Type.Integer({
    description:
      "alarms; nobody acknowledges in a trial, so what comes back on a device is the same alarm",
  }),
  told: Type.Integer({ description: "how often an alarm was raised or came back" }),
  isCut: Type.Boolean({ description: "a terminal had more past than is looked at" }),
  byTerminal: Type.Array(
    Type.Object({ address: Address, terminalName: Type.String(), told: Type.Integer() }),
  ),
  byHour: Type.Array(Type.Object({ at: Time, told: Type.Integer() }), {
    description: "by full hours of UTC; hours without any are left out",
  }),
  alarms: Type.Array(
    Type.Object({
      address: Address,
      terminalName: Type.String(),
      openedAt: Time,
      clearedAt: nullable(Time),
      repeats: Type.Integer(),
      card: DecisionView,
    }),
    { description: "the newest of them; the rule is the one that is tried" },
  ),
  nextCursor: nullable(
    Type.String({ description: "Give it as `cursor` to go on; null when all were looked at" }),
  ),
});

const formatTrialPlace = ({ profile, address }: TrialPlace): string => `${address}.${profile}`;

export function parseTrialPlace(text: string): TrialPlace | undefined {
  const match = /^(-1|\d{1,10})\.(.{1,40})$/.exec(text);
  return match?.[2] === undefined ? undefined : { address: Number(match[1]), profile: match[2] };
}

export const backtestView = (tried: Backtest): Static<typeof BacktestView> => {
  const { alarms, byHour, byTerminal, next, ...rest } = tried;
  return {
    ...rest,
    nextCursor: next ? formatTrialPlace(next) : null,
    byTerminal: byTerminal.map(({ name, ...one }) => ({ ...one, terminalName: name })),
    byHour: byHour.map(({ atMs, told }) => ({ at: new Date(atMs).toISOString(), told })),
    alarms: alarms.map(({ openedMs, clearedMs, card, ...alarm }) => ({
      ...alarm,
      openedAt: new Date(openedMs).toISOString(),
      clearedAt: clearedMs === null ? null : new Date(clearedMs).toISOString(),
      card: decisionView(card),
    })),
  };
};

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
