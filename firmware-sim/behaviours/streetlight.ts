import type { Random } from "../../base/random.ts";
import type { FieldValues } from "../../protocol/report/report.ts";
import {
  type Actor,
  type Decision,
  isTrue,
  localHour,
  randomWait,
  repeat,
  routine,
  type Stage,
  tellStoryOf,
  uniform,
} from "./behaviour.ts";
import { sunIsUp } from "./sun.ts";

const REPORT_S = 240;
const CHECK_S = 30;
const FULL_W = 96;
const STANDBY_W = 1.2;
const FAULT_MEAN_S = 30 * 24 * 3600;
const NIGHT_DIM_PERCENT = 60;
const STORY_LASTS_S = 2_400;
const LAMP_OPENS = { seat: 0, firstS: 100 };
/** Its controller finds nothing wrong: only what it takes tells. */
const STAYS_DARK = { seat: 1, firstS: 130 };
/** Takes little because it was told to. */
const DIMMED_LOW = { seat: 2, firstS: 160 };
const LOW_PERCENT = 10;

/** Burns from sunset to sunrise, dimmed in the small hours; a lamp fails now and then and is mended the day after. */
export function playStreetlight(stage: Stage): Actor {
  const { random, terminal, memory } = stage;
  let energyWh = memory["energyWh"] ?? uniform(random, 2e5, 9e5);
  let on = !sunIsUp(stage.nowMs(), terminal);
  let byHand: { readonly on?: boolean; readonly dim?: number } = {};
  let fault = random.next() < 0.02;
  let isDark = false;
  const reactionS = uniform(random, 5, 60);

  const dim = (): number => (on ? (byHand.dim ?? plannedDim(stage.nowMs())) : 0);
  const powerW = (): number =>
    on && !fault && !isDark ? (FULL_W * dim()) / 100 + uniform(random, -1.5, 1.5) : STANDBY_W;
  const now = () => ({
    name: "status",
    values: { on, dim: dim(), power: powerW(), lampFault: fault, energy: energyWh / 1000 },
  });
  const faultValues = () => ({ ...now().values, ...lampOpen(random) });
  const change = (): void => {
    stage.report(now());
  };

  let wasUp = sunIsUp(stage.nowMs(), terminal);
  repeat(stage, reactionS, () => {
    const up = sunIsUp(stage.nowMs(), terminal);
    if (up !== wasUp) byHand = {}; // the calendar takes over at each sunrise and sunset
    wasUp = up;
    energyWh += (powerW() * CHECK_S) / 3600;
    const wanted = byHand.on ?? !up;
    if (wanted !== on) {
      on = wanted;
      change();
    }
    return CHECK_S;
  });
  const reportEvery = routine(stage, REPORT_S, now);
  const open = (isOpen: boolean): void => {
    fault = isOpen;
    if (fault) stage.report({ name: "fault", values: faultValues(), emergency: true });
    else change();
  };
  repeat(stage, randomWait(random, FAULT_MEAN_S), () => {
    open(!fault);
    return fault ? uniform(random, 8, 30) * 3600 : randomWait(random, FAULT_MEAN_S);
  });

  tellStories(stage, {
    open,
    tryByHand: (wish, dark) => {
      byHand = wish;
      isDark = dark;
      on = byHand.on ?? on;
      change();
    },
  });

  const override =
    (wish: typeof byHand): Decision =>
    () => {
      byHand = { ...byHand, ...wish };
      on = byHand.on ?? on;
      stage.after(1, change);
    };
  const decide = (command: string, values: FieldValues): Decision => {
    if (command === "resume-calendar") {
      return () => {
        byHand = {};
      };
    }
    if (command === "switch") return override({ on: isTrue(values["on"]) });
    return command === "dim" ? override({ dim: Number(values["dim"]) }) : "unsupported";
  };
  return { now, place: () => terminal, reportEvery, memory: () => ({ energyWh }), decide };
}

function plannedDim(ms: number): number {
  const hour = localHour(ms);
  return hour >= 23 || hour < 5 ? NIGHT_DIM_PERCENT : 100;
}

const lampOpen = (random: Random) => ({
  fault: "lamp-open",
  leakage: uniform(random, 0.1, 0.6),
  tilt: 0,
});

interface StoryLamp {
  open(isOpen: boolean): void;
  /** `isDark`: it takes nothing, whatever its controller believes. An empty wish gives it back to the calendar. */
  tryByHand(wish: { readonly on?: boolean; readonly dim?: number }, isDark: boolean): void;
}

function tellStories(stage: Stage, lamp: StoryLamp): void {
  tellStoryOf(stage, LAMP_OPENS, () => {
    lamp.open(true);
    stage.after(STORY_LASTS_S, () => {
      lamp.open(false);
    });
  });
  const tried = (wish: Parameters<StoryLamp["tryByHand"]>[0], isDark: boolean) => (): void => {
    lamp.tryByHand(wish, isDark);
    stage.after(STORY_LASTS_S, () => {
      lamp.tryByHand({}, false);
    });
  };
  tellStoryOf(stage, STAYS_DARK, tried({ on: true }, true));
  tellStoryOf(stage, DIMMED_LOW, tried({ on: true, dim: LOW_PERCENT }, false));
}
