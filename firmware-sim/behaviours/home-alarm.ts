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
import { ENTRY_DELAY_S, type HomeAlarm, tellStories } from "./home-alarm-stories.ts";

const REPORT_S = 300;
const CHECK_S = 60;
const ZONES = 6;
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

const raised = (alarms: ReadonlySet<HomeAlarm>): SimValues =>
  Object.fromEntries([...alarms].map((name) => [name, true]));

const armedMode = (ms: number): string => (isNight(localHour(ms)) ? "night" : "away");

/** Whether its people are out or asleep; each house has hours of its own. */
function habitsOf(stage: Stage): () => boolean {
  const { random } = stage;
  const leavesHour = uniform(random, 7, 9.5);
  const returnsHour = uniform(random, 16.5, 19.5);
  return () => {
    const hour = localHour(stage.nowMs());
    return (hour >= leavesHour && hour < returnsHour) || isNight(hour);
  };
}

/** Armed while its people are at work and while they sleep. */
export function playHomeAlarm(stage: Stage): Actor {
  const { random, terminal } = stage;
  const wantsArmed = habitsOf(stage);
  const wire = { isCut: false };
  const alarms = new Set<HomeAlarm>();
  let zone = 0;
  let entryDelayS = 0;
  let armed = wantsArmed();
  let byHand: boolean | undefined;
  let wanted = armed;

  const values = (): SimValues => {
    const mode = armed ? armedMode(stage.nowMs()) : "disarmed";
    return { ...HEALTHY, armed, mode, zone, entryDelay: entryDelayS, ...raised(alarms) };
  };
  const now = () => ({ name: "status", values: values() });
  const tell = (): void => {
    stage.report(now());
  };
  const raise = (alarm: HomeAlarm): void => {
    alarms.add(alarm);
    stage.report({ name: "alarm", values: values(), emergency: true });
    stage.after(uniform(random, 240, 900), () => {
      alarms.delete(alarm);
      zone = 0;
      tell();
    });
  };
  const enter = (afterS: number, then: () => void): void => {
    armed = true;
    zone = 1 + randomInteger(random, ZONES);
    entryDelayS = ENTRY_DELAY_S;
    tell();
    stage.after(afterS, () => {
      entryDelayS = 0;
      then();
    });
  };
  const disarm = (): void => {
    byHand = armed = false;
    zone = 0;
  };

  repeat(stage, uniform(random, 1, CHECK_S), () => {
    const planned = wantsArmed();
    if (planned !== wanted) byHand = undefined;
    wanted = planned;
    if ((byHand ?? wanted) !== armed && alarms.size === 0 && entryDelayS === 0) {
      armed = byHand ?? wanted;
      tell();
    }
    return CHECK_S;
  });
  const reportEvery = routine(stage, REPORT_S, now);
  tellStories(stage, { enter, disarm, raise, tell, wire });
  smokeNowAndThen(stage, raise);
  const arm = (command: string) => (): void => {
    byHand = armed = command === "arm";
    tell();
  };
  return {
    now,
    place: () => terminal,
    covered: () => !wire.isCut,
    reportEvery,
    memory: () => ({}),
    buttons: buttonsOf(raise),
    rehearse: () => ({ name: "alarm", values: { ...values(), panic: true }, emergency: true }),
    decide: (command) => (command === "arm" || command === "disarm" ? arm(command) : "unsupported"),
  };
}

const buttonsOf = (raise: (alarm: HomeAlarm) => void) => ({
  panic: () => {
    raise("panic");
  },
});

function smokeNowAndThen(stage: Stage, raise: (alarm: HomeAlarm) => void): void {
  repeat(stage, randomWait(stage.random, SMOKE_MEAN_S), () => {
    raise("smoke");
    return randomWait(stage.random, SMOKE_MEAN_S);
  });
}
