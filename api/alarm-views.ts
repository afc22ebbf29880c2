import { type Static, type TSchema, Type } from "typebox";
import type { Alarm, AlarmDetail, AlarmTransition } from "../domain/alerting/alarms.ts";
import type { Value } from "../domain/alerting/condition.ts";
import type { Card, NearestChange } from "../domain/alerting/explanation.ts";
import { ALARM_SEVERITIES, RuleSpec } from "../domain/alerting/rule.ts";
import { Address, Label, page } from "./views.ts";

const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const AlarmId = Type.String({ minLength: 1, maxLength: 200 });
export const SeverityView = Type.Enum([...ALARM_SEVERITIES]);
const ValueView = Type.Union([Type.Number(), Type.Boolean(), Type.String()]);

export const AlarmView = Type.Object({
  id: AlarmId,
  ruleId: Type.String(),
  ruleVersion: Type.Integer(),
  title: Label,
  severity: SeverityView,
  state: Type.Enum(["active", "cleared"]),
  isDrill: Type.Boolean(),
  address: Address,
  terminalName: nullable(Type.String()),
  profile: nullable(Type.String()),
  assetId: nullable(Type.String()),
  assetName: nullable(Type.String()),
  customerId: nullable(Type.String()),
  customerName: nullable(Type.String()),
  openedAt: Time,
  clearedAt: nullable(Time),
  acknowledgedAt: nullable(Time),
  acknowledgedBy: nullable(Type.String()),
  acknowledgedByName: nullable(Type.String()),
  assignee: nullable(Type.String()),
  assigneeName: nullable(Type.String()),
  shelvedUntil: nullable(Time),
  repeats: Type.Integer({ description: "how often it came back while it was open" }),
  marks: Type.Array(Type.String(), {
    description: "late, amended, withdrawn, flapping, maintenance",
  }),
  caseId: nullable(Type.String()),
  incidentId: nullable(Type.String()),
});
export type AlarmView = Static<typeof AlarmView>;
export const AlarmList = page(AlarmView);

export const AlarmCountsView = Type.Object({
  items: Type.Array(
    Type.Object({
      severity: SeverityView,
      unacknowledged: Type.Integer(),
      acknowledged: Type.Integer(),
    }),
  ),
});

export const NearestView = nullable(
  Type.Object(
    { field: Type.String(), now: ValueView, would: ValueView },
    { description: "the smallest change of one value that would have turned the decision" },
  ),
);

/** A rule's decision and what it looked at. */
export const DecisionView = Type.Object({
  decision: Type.Object({ kind: Type.String(), at: Time }),
  by: Type.Enum(["report", "time"], { description: "what made it decide" }),
  packetId: nullable(Type.String()),
  timeZone: Type.String(),
  values: Type.Array(
    Type.Object({ name: Type.String(), value: ValueView, measuredAt: Time, ageS: Type.Number() }),
  ),
  previous: Type.Array(Type.Object({ name: Type.String(), value: ValueView }), {
    description: "the values before the report",
  }),
  before: Type.Object(
    {
      trueSince: nullable(Time),
      isActive: Type.Boolean(),
      calmSince: nullable(Time),
      repeats: Type.Integer(),
    },
    { description: "hold and hysteresis before the decision" },
  ),
  nearest: NearestView,
});

/** Why a rule decided as it did, as it was kept then. */
export const CardView = Type.Object({
  rule: Type.Object({ id: Type.String(), version: Type.Integer(), spec: RuleSpec }),
  ...DecisionView.properties,
});

export const TransitionView = Type.Object({
  id: Type.String(),
  at: Time,
  storedAt: Time,
  kind: Type.String(),
  who: nullable(Type.String()),
  whoName: nullable(Type.String()),
  why: Type.String(),
  card: nullable(CardView),
});

export const AlarmDetailView = Type.Object({
  ...AlarmView.properties,
  transitions: Type.Array(TransitionView),
});

const time = (date: Date | null): string | null => date?.toISOString() ?? null;
const timeOfMs = (ms: number): string => new Date(ms).toISOString();
const timeOfMsOrNull = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : timeOfMs(ms);

export function alarmView(alarm: Alarm): AlarmView {
  const { titleEn, titleZh, openedAt, clearedAt, acknowledgedAt, shelvedUntil, marks } = alarm;
  return {
    ...alarm,
    title: { en: titleEn, "zh-CN": titleZh },
    openedAt: openedAt.toISOString(),
    clearedAt: time(clearedAt),
    acknowledgedAt: time(acknowledgedAt),
    shelvedUntil: time(shelvedUntil),
    marks: [...marks],
  };
}

export const alarmDetailView = (alarm: AlarmDetail): Static<typeof AlarmDetailView> => ({
  ...alarmView(alarm),
  transitions: alarm.transitions.map(transitionView),
});

function transitionView(transition: AlarmTransition): Static<typeof TransitionView> {
  const { id, at, storedAt, card } = transition;
  return {
    ...transition,
    id: String(id),
    at: at.toISOString(),
    storedAt: storedAt.toISOString(),
    card: card === null ? null : cardView(card),
  };
}

export const cardView = (card: Card): Static<typeof CardView> => ({
  rule: card.rule,
  ...decisionView(card),
});

export function decisionView(card: Card): Static<typeof DecisionView> {
  const { decision, input, values, before, device } = card;
  const { alarm } = before;
  return {
    decision: { kind: decision.kind, at: timeOfMs(decision.atMs) },
    by: input.kind,
    packetId: input.kind === "report" ? input.packetId : null,
    timeZone: device.timeZone,
    values: valuesView(values, decision.atMs),
    previous:
      input.kind === "report"
        ? Object.entries(input.moment.previous).map(([name, value]) => ({ name, value }))
        : [],
    before: {
      trueSince: timeOfMsOrNull(before.trueMs),
      isActive: alarm?.isActive ?? false,
      calmSince: timeOfMsOrNull(alarm?.calmMs),
      repeats: alarm?.repeats ?? 0,
    },
    nearest: nearestView(card.nearest),
  };
}

export const nearestView = (nearest: NearestChange | null): Static<typeof NearestView> => nearest;

function valuesView(values: Card["values"], atMs: number): Static<typeof CardView>["values"] {
  return Object.entries(values).map(
    ([name, known]: [string, { readonly value: Value; readonly atMs: number }]) => ({
      name,
      value: known.value,
      measuredAt: timeOfMs(known.atMs),
      ageS: (atMs - known.atMs) / 1_000,
    }),
  );
}
