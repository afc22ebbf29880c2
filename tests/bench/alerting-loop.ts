import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { createBreather } from "../../base/breather.ts";
import { judgeDevice } from "../../domain/alerting/alert-judge.ts";
import { compileRule, type RuleSet, ruleSetOf } from "../../domain/alerting/compiled-rule.ts";
import type { EngineInput, JudgedReport } from "../../domain/alerting/engine.ts";
import { NEW_DEVICE } from "../../domain/alerting/engine.ts";
import { SHAPE_POINTS_MAX, type Signal } from "../../domain/alerting/rule.ts";
import { DEVICE, FIELDS, spec } from "../../domain/alerting/test-rules.ts";
import { type Figure, rounded } from "./figure.ts";

const REPORTS = 512;
const PAST = 5_000;
const COPIES = 5;
const START_MS = Date.UTC(2026, 0, 1);
const NS = 1_000_000n;

/** The costliest that is accepted: a condition of as many steps as may be, and a shape with as many corners as may be. */
function costly(): RuleSet {
  const list = `[${Array.from({ length: 32 }, () => "1.0").join(",")}]`;
  const points = Array.from({ length: SHAPE_POINTS_MAX }, (_, at) => ({
    latitude: 31 + Math.sin((at / SHAPE_POINTS_MAX) * 2 * Math.PI) / 10,
    longitude: 121 + Math.cos((at / SHAPE_POINTS_MAX) * 2 * Math.PI) / 10,
  }));
  const sum = Array.from({ length: 12 }, () => "x").join(" + ");
  const condition = `${list}.all(x, ${sum} > 0.0 && speed >= 0.0)`;
  const signals: readonly Signal[] = [
    { kind: "condition", condition },
    { kind: "geofence", area: { shape: "polygon", points }, alarmWhen: "crossing" },
    { kind: "geofence", area: { shape: "corridor", points, widthM: 40 }, alarmWhen: "inside" },
  ];
  const rules = signals.flatMap((signal, kind) =>
    Array.from({ length: COPIES }, (_, copy) => {
      const compiled = compileRule(
        { id: `${kind}-${copy}`, version: 1, spec: spec(signal) },
        FIELDS,
      );
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
      return compiled.rule;
    }),
  );
  return ruleSetOf(rules);
}

const reportAt = (at: number): JudgedReport => {
  const place = { latitude: 31 + (at % 200) / 2_000, longitude: 121 + (at % 170) / 2_000 };
  const readings = { speed: at % 90, ...place };
  return { packetId: `${at}`, atMs: START_MS + at * 5_000, tailNs: 0, readings, fix: place };
};

/** How long the event loop is held while a full batch and a late report over a long past are judged by such rules. */
export async function alertingLoop(): Promise<Figure> {
  const set = costly();
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  const breathe = createBreather();
  const batch = Array.from({ length: REPORTS }, (_, at) => judgedAt(PAST + at));
  const late = [judgedAt(PAST / 2 + 0.5)];
  const inputs = Array.from({ length: PAST }, (_, at): EngineInput => {
    return { kind: "report", report: reportAt(at) };
  });
  const checkpoint = { atNs: BigInt(START_MS - 1) * NS, state: NEW_DEVICE };
  const source = { breathe, load: async () => ({ checkpoint, inputs, alarms: [] }) };
  const working = {
    ...{ engine: DEVICE, kept: undefined, changes: [], checkpoints: [] },
    ...{ dropAfterNs: undefined, isChanged: false },
  };
  await pause(100);
  histogram.enable();
  await judgeDevice(set, working, batch, source);
  await judgeDevice(set, working, late, source);
  await pause(20);
  histogram.disable();
  const note = `${REPORTS} reports, then one that is late by ${PAST} others, ${set.of(null).length} rules: costly conditions, shapes of ${SHAPE_POINTS_MAX} corners`;
  return {
    ...{ name: "alerting.loop_held_max_ms", value: rounded(histogram.max / 1e6), unit: "ms" },
    ...{ aim: "at most 50", note },
  };
}

function judgedAt(at: number) {
  const judged = reportAt(at);
  return {
    packetId: BigInt(Math.ceil(at)),
    measuredAtNs: BigInt(Math.round(judged.atMs)) * NS,
    judged,
  };
}
