import { randomInteger } from "../../base/random.ts";
import {
  type Actor,
  localHour,
  randomWait,
  repeat,
  routine,
  type SimValues,
  type Stage,
  uniform,
} from "./behaviour.ts";

const REPORT_S = 300;
const CHECK_S = 60;
const ZONES = 6;
const ENTRY_DELAY_S = 30;
const FIRST_STORY_S = 330;
const STORY_AGAIN_S = 8 * 3600;
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
  const breakIn = (): number => {
    armed = true;
    zone = 1 + randomInteger(random, ZONES);
    entryDelayS = ENTRY_DELAY_S;
    stage.report(now());
    stage.after(ENTRY_DELAY_S, () => {
      entryDelayS = 0;
      raise("intrusion");
    });
    return STORY_AGAIN_S;
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
  if (terminal.seat === 0) repeat(stage, FIRST_STORY_S, breakIn);
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
    reportEvery,
    memory: () => ({}),
    decide: (command) => (command === "arm" || command === "disarm" ? arm(command) : "unsupported"),
  };
}
