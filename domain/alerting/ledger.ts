import type { AlarmTransitionKind } from "../db/tables-alarms.ts";
import type { DeviceState, RuleEffect } from "./engine.ts";
import type { Card } from "./explanation.ts";
import type { AlarmRun, RuleState } from "./rule-state.ts";

/** What the rules say of one alarm's row. Times are ms since the Unix epoch. */
export interface AlarmFacts {
  readonly id: string;
  readonly ruleId: string;
  readonly openedMs: number;
  readonly clearedMs: number | null;
  readonly repeats: number;
}

export interface StoredAlarm extends AlarmFacts {
  readonly marks: readonly string[];
  readonly isAcknowledged: boolean;
}

export interface AlarmChange extends AlarmFacts {
  readonly isNew: boolean;
  readonly marks: readonly string[];
  /** Of the rule that raised it. */
  readonly effect: RuleEffect | undefined;
}

export interface Transition {
  readonly alarmId: string;
  readonly atMs: number;
  readonly kind: AlarmTransitionKind;
  readonly why: string;
  readonly card: Card | null;
}

export interface LedgerChange {
  readonly alarms: readonly AlarmChange[];
  readonly transitions: readonly Transition[];
}

const factsOf = (ruleId: string, alarm: AlarmRun): AlarmFacts => ({
  id: alarm.id,
  ruleId,
  openedMs: alarm.openedMs,
  clearedMs: alarm.isActive ? null : alarm.clearedMs,
  repeats: alarm.repeats,
});

/** What happened in order: each effect changes its alarm's row and is told once. */
export function follow(effects: readonly RuleEffect[]): LedgerChange {
  const alarms = new Map<string, AlarmChange>();
  const transitions: Transition[] = [];
  for (const effect of effects) {
    const { alarm, rule, kind } = effect;
    const isNew = kind === "raised" || alarms.get(alarm.id)?.isNew === true;
    const marks = alarm.isDamped ? ["flapping"] : [];
    const raisedBy = kind === "raised" ? effect : alarms.get(alarm.id)?.effect;
    alarms.set(alarm.id, { ...factsOf(rule.id, alarm), isNew, marks, effect: raisedBy });
    if (kind !== "counted") transitions.push(transitionOf(effect, kind));
  }
  return { alarms: [...alarms.values()], transitions };
}

const WHY = {
  raised: "condition-met",
  repeated: "condition-met-again",
  cleared: "condition-over",
  overdue: "not-acknowledged-in-time",
} as const;

function transitionOf(effect: RuleEffect, kind: keyof typeof WHY): Transition {
  const { alarm, atMs, card } = effect;
  return { alarmId: alarm.id, atMs, kind, why: WHY[kind], card };
}

export interface Repaired extends LedgerChange {
  /** Ids that the new past gave to alarms which have a row under another id. */
  readonly renamed: ReadonlyMap<string, string>;
}

/**
 * After a late report: the alarms that should be there, against those that are. What is the same stays untold; an alarm
 * that moved is amended, one that never was is withdrawn, and one that nobody was told of is raised with the mark "late".
 */
export function repair(
  stored: readonly StoredAlarm[],
  from: DeviceState,
  effects: readonly RuleEffect[],
): Repaired {
  const should = shouldBe(from, effects);
  const left = new Map(stored.map((alarm) => [alarm.id, alarm]));
  const renamed = new Map<string, string>();
  const alarms: AlarmChange[] = [];
  const transitions: Transition[] = [];
  const unmatched: Should[] = [];
  for (const one of should) {
    const same = left.get(one.facts.id);
    if (!same) unmatched.push(one);
    else {
      left.delete(same.id);
      amend(same, one);
    }
  }
  for (const one of unmatched) {
    const moved = [...left.values()].find((alarm) => doOverlap(alarm, one.facts));
    if (moved) {
      left.delete(moved.id);
      renamed.set(one.facts.id, moved.id);
      amend(moved, one);
    } else if (one.raised) raiseLate(one, one.raised);
  }
  for (const alarm of left.values()) withdraw(alarm);
  return { alarms, transitions, renamed };

  function amend(alarm: StoredAlarm, { facts, last }: Should): void {
    const isSame =
      alarm.openedMs === facts.openedMs &&
      alarm.clearedMs === facts.clearedMs &&
      alarm.repeats === facts.repeats &&
      !alarm.marks.includes("withdrawn");
    if (isSame) return;
    const marks = [...new Set([...alarm.marks.filter((mark) => mark !== "withdrawn"), "amended"])];
    alarms.push({ ...facts, id: alarm.id, isNew: false, marks, effect: undefined });
    const atMs = facts.clearedMs ?? facts.openedMs;
    const card = last?.card ?? null;
    transitions.push({ alarmId: alarm.id, atMs, kind: "amended", why: "late-report", card });
  }

  function raiseLate({ facts, last }: Should, raised: RuleEffect): void {
    alarms.push({ ...facts, isNew: true, marks: ["late"], effect: raised });
    transitions.push({ ...transitionOf(raised, "raised"), why: "late-report" });
    if (facts.clearedMs !== null && last?.kind === "cleared")
      transitions.push(transitionOf(last, "cleared"));
  }

  function withdraw(alarm: StoredAlarm): void {
    if (alarm.marks.includes("withdrawn")) return;
    const clearedMs = alarm.clearedMs ?? Math.max(alarm.openedMs, from.atMs);
    const marks = [...alarm.marks, "withdrawn"];
    alarms.push({ ...alarm, clearedMs, isNew: false, marks, effect: undefined });
    transitions.push({
      ...{ alarmId: alarm.id, atMs: clearedMs, kind: "withdrawn", why: "late-report", card: null },
    });
  }
}

interface Should {
  readonly facts: AlarmFacts;
  readonly raised: RuleEffect | undefined;
  readonly last: RuleEffect | undefined;
}

/** Every alarm of the stretch as it ends: those that were open at its beginning, and those raised in it. */
function shouldBe(from: DeviceState, effects: readonly RuleEffect[]): readonly Should[] {
  const all = new Map<string, Should>();
  for (const [ruleId, { alarm }] of Object.entries(from.rules)) {
    if (alarm) all.set(alarm.id, { facts: factsOf(ruleId, alarm), raised: undefined, last: undefined });
  }
  for (const effect of effects) {
    const { alarm, rule, kind } = effect;
    const raised = kind === "raised" ? effect : all.get(alarm.id)?.raised;
    all.set(alarm.id, { facts: factsOf(rule.id, alarm), raised, last: effect });
  }
  return [...all.values()];
}

/** Of one rule, and active at the same time at least for a moment. */
function doOverlap(a: AlarmFacts, b: AlarmFacts): boolean {
  const end = ({ clearedMs }: AlarmFacts): number => clearedMs ?? Infinity;
  return a.ruleId === b.ruleId && a.openedMs <= end(b) && b.openedMs <= end(a);
}

/** The state with the ids that the rows have. */
export function withRenamed(
  state: DeviceState,
  renamed: ReadonlyMap<string, string>,
): DeviceState {
  if (renamed.size === 0) return state;
  const rules = Object.entries(state.rules).map(([ruleId, one]): [string, RuleState] => {
    const id = one.alarm ? renamed.get(one.alarm.id) : undefined;
    return [ruleId, one.alarm && id !== undefined ? { ...one, alarm: { ...one.alarm, id } } : one];
  });
  return { ...state, rules: Object.fromEntries(rules) };
}
