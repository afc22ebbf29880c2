import { type Random, randomInteger } from "../../base/random.ts";
import {
  type Actor,
  isTrue,
  localHour,
  randomWait,
  repeat,
  routine,
  type SimReport,
  type Stage,
  uniform,
} from "./behaviour.ts";
import { sunIsUp } from "./sun.ts";

const REPORT_S = 180;
const CHECK_S = 20;
const SLOTS = 8;
const MODULES = 96;
const SLOT_S = 120;
const FAULT_MEAN_S = 20 * 24 * 3600;
const OPENS_HOUR = 6;
const CLOSES_HOUR = 23;

/** Lit from morning till late, one advertisement after the other. */
export function playBillboard(stage: Stage): Actor {
  const { random, terminal } = stage;
  let slot = randomInteger(random, SLOTS);
  let fault = false;
  let byHand: boolean | undefined;
  let heldSlot: number | undefined;
  let lit = isOpen(stage.nowMs());
  let wasOpen = lit;
  let energyWh = stage.memory["energyWh"] ?? uniform(random, 1e6, 2e7);
  const brightness = (): number => {
    if (!lit) return 0;
    return sunIsUp(stage.nowMs(), terminal) ? 90 : 35;
  };
  const powerW = (): number => (lit ? 400 + 60 * brightness() + uniform(random, -40, 40) : 35);
  const now = () => ({
    name: "status",
    values: {
      lit,
      panelFault: fault,
      slot,
      brightness: brightness(),
      power: powerW(),
      energy: energyWh / 1000,
    },
  });
  repeat(stage, uniform(random, 5, CHECK_S), () => {
    energyWh += (powerW() * CHECK_S) / 3600;
    const open = isOpen(stage.nowMs());
    if (open !== wasOpen) byHand = undefined;
    wasOpen = open;
    const wanted = byHand ?? open;
    if (wanted !== lit) {
      lit = wanted;
      stage.report(now());
    }
    return CHECK_S;
  });
  repeat(stage, uniform(random, 0, SLOT_S), () => {
    slot = heldSlot ?? (slot + 1) % SLOTS;
    return SLOT_S;
  });
  const reportEvery = routine(stage, REPORT_S, now);
  repeat(stage, randomWait(random, FAULT_MEAN_S), () => {
    fault = !fault;
    stage.report(panelReport(random, fault));
    return fault ? uniform(random, 1, 8) * 3600 : randomWait(random, FAULT_MEAN_S);
  });
  return {
    now,
    place: () => terminal,
    reportEvery,
    memory: () => ({ energyWh }),
    decide(command, values) {
      if (command === "switch") {
        return () => {
          lit = byHand = isTrue(values["on"]);
          stage.report(now());
        };
      }
      if (command !== "select-slot") return "unsupported";
      return () => {
        slot = heldSlot = Number(values["slot"]);
        stage.report(now());
      };
    },
  };
}

const isOpen = (ms: number): boolean => localHour(ms) >= OPENS_HOUR && localHour(ms) < CLOSES_HOUR;

const panelReport = (random: Random, fault: boolean): SimReport => ({
  name: "panel",
  values: {
    panelFault: fault,
    modulesFailed: fault ? 1 + randomInteger(random, 5) : 0,
    modules: MODULES,
    panelTemperature: uniform(random, 28, 46),
    ambientLight: uniform(random, 40, 20_000),
    fans: 6,
    voltage: uniform(random, 226, 234),
  },
});
