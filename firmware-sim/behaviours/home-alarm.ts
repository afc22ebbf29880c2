import { randomInteger } from "../../base/random.ts";
import {
  type Actor,
  localHour,
  randomWait,
  repeat,
  routine,
  type SimValues,
  type Stage,
  tellStoryOf,
  uniform,
} from "./behaviour.ts";

const REPORT_S = 300;
const CHECK_S = 60;
const ZONES = 6;
const ENTRY_DELAY_S = 30;
const BREAK_IN = { seat: 0, firstS: 330 };
const DURESS = { seat: 1, firstS: 270 };
/** Somebody comes home and is quick enough. */
const COMES_HOME = { seat: 2, firstS: 300 };
const DISARMS_AFTER_S = 20;
/** The siren's wire is cut before the delay is over: nothing more is heard. */
const SMASHED = { seat: 3, firstS: 360 };
const SMASHED_LASTS_S = 1_800;
const SMOKE_MEAN_S = 90 * 24 * 3600;

/** All sensors quiet. */
const HEALTHY = {
  panic: false,
  duress: false,
  smoke: false,
  tamper: false,
  intrusion: false,
  flood: false,
  gas: false,
  mains: true,
  battery: 13.6,
} as const;

const isNight = (hour: number): boolean => hour >= 23 || hour < 6;

type Alarm = "panic" | "duress" | "smoke" | "tamper" | "intrusion";

/** Armed while its people are at work and while they sleep. */
export function playHomeAlarm(stage: Stage): Actor {
  const { random, terminal } = stage;
  const leavesHour = uniform(random, 7, 9.5);
  const returnsHour = uniform(random, 16.5, 19.5);
  const alarms = new Set<Alarm>();
  let zone = 0;
  let entryDelayS = 0;
  let isSmashed = false;
  const wantsArmed = (): boolean => {
    const hour = localHour(stage.nowMs());
    return (hour >= leavesHour && hour < returnsHour) || isNight(hour);
  };
  let armed = wantsArmed();
  let byHand: boolean | undefined;
  let wanted = armed;

  const values = (): SimValues => {
    const mode = isNight(localHour(stage.nowMs())) ? "night" : "away";
    const state = { armed, mode: armed ? mode : "disarmed", zone, entryDelay: entryDelayS };
    return { ...HEALTHY, ...state, ...Object.fromEntries([...alarms].map((name) => [name, true])) };
  };
  const now = () => ({ name: "status", values: values() });
  const raise = (alarm: Alarm): void => {
    alarms.add(alarm);
    stage.report({ name: "alarm", values: values(), emergency: true });
    stage.after(uniform(random, 240, 900), () => {
      alarms.delete(alarm);
      zone = 0;
      stage.report(now());
    });
  };
  const enter = (afterS: number, then: () => void) => (): void => {
    armed = true;
    zone = 1 + randomInteger(random, ZONES);
    entryDelayS = ENTRY_DELAY_S;
    stage.report(now());
    stage.after(afterS, () => {
      entryDelayS = 0;
      then();
    });
  };
  const disarm = (): void => {
    byHand = armed = false;
    zone = 0;
  };

  const followTheDay = (): number => {
    const planned = wantsArmed();
    if (planned !== wanted) byHand = undefined;
    wanted = planned;
    if ((byHand ?? wanted) !== armed && alarms.size === 0 && entryDelayS === 0) {
      armed = byHand ?? wanted;
      stage.report(now());
    }
    return CHECK_S;
  };
  repeat(stage, uniform(random, 1, CHECK_S), followTheDay);
  const reportEvery = routine(stage, REPORT_S, now);
  tellStoryOf(
    stage,
    BREAK_IN,
    enter(ENTRY_DELAY_S, () => {
      raise("intrusion");
    }),
  );
  tellStoryOf(stage, DURESS, () => {
    disarm();
    raise("duress");
  });
  tellStoryOf(
    stage,
    COMES_HOME,
    enter(DISARMS_AFTER_S, () => {
      disarm();
      stage.report(now());
    }),
  );
  tellStoryOf(stage, SMASHED, () => {
    enter(SMASHED_LASTS_S, () => {
      isSmashed = false;
      disarm();
      stage.report(now());
    })();
    stage.after(1, () => {
      isSmashed = true;
    });
  });
  repeat(stage, randomWait(random, SMOKE_MEAN_S), () => {
    raise("smoke");
    return randomWait(random, SMOKE_MEAN_S);
  });
  const arm = (command: string) => (): void => {
    byHand = armed = command === "arm";
    stage.report(now());
  };
  return {
    now,
    place: () => terminal,
    covered: () => !isSmashed,
    reportEvery,
    memory: () => ({}),
    decide: (command) => (command === "arm" || command === "disarm" ? arm(command) : "unsupported"),
  };
}
