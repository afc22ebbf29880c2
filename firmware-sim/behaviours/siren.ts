import type { Random } from "../../base/random.ts";
import type { FieldValues } from "../../protocol/report/report.ts";
import {
  type Actor,
  isTrue,
  randomWait,
  repeat,
  routine,
  type SimReport,
  type SimValues,
  type Stage,
  tellStoryOf,
  uniform,
} from "./behaviour.ts";

const REPORT_S = 420;
const CHARGE_S = 300;
const SELF_TEST_S = 24 * 3600;
const FIRST_TEST_S = 300;
const OUTAGE_MEAN_S = 15 * 24 * 3600;
const SOUND_S = 60;
const DRIVERS = 8;
const SIGNALS = ["warning", "attack", "all-clear", "flood", "fire", "test"];
const FULL_V = 27.3;
const DRIVER_FAILS = { seat: 1, firstS: 150 };
const MAINS_FAIL = { seat: 1, firstS: 200 };
/** Over before anybody need be told. */
const MAINS_DIP = { seat: 2, firstS: 200 };
const STORY_LASTS_S = 1_800;
const DIP_S = 120;

/** Waits for the day it is needed: tests itself, bridges power cuts by its battery. */
export function playSiren(stage: Stage): Actor {
  const { random, terminal, memory } = stage;
  let armed = true;
  let selfTest = "passed";
  let mains = true;
  let sounding = false;
  let sounded = memory["sounded"] ?? 0;
  let drainedV = 0;
  const values = () => ({ armed, selfTest, mains, battery: FULL_V - drainedV, sounding, sounded });
  const now = () => ({ name: "status", values: values() });
  const tell = (): void => {
    stage.report(now());
  };
  const test = (isPassed = random.next() < 0.99): void => {
    selfTest = isPassed ? "passed" : "failed";
    const measured = { ...values(), ...testValues(random, isPassed, mains) };
    stage.report({ name: "self-test", values: measured, confirm: true });
  };
  const reportEvery = routine(stage, REPORT_S, now);
  repeat(stage, CHARGE_S, () => {
    drainedV = mains ? Math.max(0, drainedV - 0.1) : Math.min(5, drainedV + 0.1);
    return CHARGE_S;
  });
  repeat(stage, terminal.seat === 0 ? FIRST_TEST_S : uniform(random, 600, SELF_TEST_S), () => {
    test();
    return SELF_TEST_S;
  });
  repeat(stage, randomWait(random, OUTAGE_MEAN_S), () => {
    mains = !mains;
    tell();
    return mains ? randomWait(random, OUTAGE_MEAN_S) : uniform(random, 300, 7_200);
  });

  tellStories(stage, test, (isThere) => {
    mains = isThere;
    tell();
  });

  const hush = (): void => {
    if (!sounding) return;
    sounding = false;
    tell();
  };
  const sound =
    ({ signal, duration }: Sound) =>
    (): void => {
      sounding = true;
      sounded += 1;
      const heard = { signal, duration, soundLevel: uniform(random, 112, 118), trigger: "network" };
      stage.report({ name: "sounded", values: { ...values(), ...heard }, confirm: true });
      stage.after(duration, hush);
    };
  const decide: Actor["decide"] = (command, given) => {
    switch (command) {
      case "silent-test":
        return test;
      case "arm":
        return () => {
          armed = isTrue(given["armed"]);
          tell();
        };
      case "sound":
        return armed ? sound(soundOf(given)) : "rejected";
      case "silence":
        return hush;
      default:
        return "unsupported";
    }
  };
  const told = { now, place: () => terminal, reportEvery, memory: () => ({ sounded }), decide };
  return { ...told, rehearse: (command, given) => rehearsed(command, given, now()) };
}

/** It sounds for nobody: what it would have said of it is all. */
function rehearsed(command: string, given: FieldValues, status: SimReport): SimReport {
  if (command !== "sound") return { ...status, confirm: true };
  const { signal, duration } = soundOf(given);
  const unheard = { sounding: true, signal, duration, soundLevel: null, trigger: "network" };
  return { name: "sounded", values: { ...status.values, ...unheard }, confirm: true };
}

function tellStories(
  stage: Stage,
  test: (isPassed: boolean) => void,
  setMains: (isThere: boolean) => void,
): void {
  tellStoryOf(stage, DRIVER_FAILS, () => {
    test(false);
    stage.after(STORY_LASTS_S, () => {
      test(true); // somebody has been there
    });
  });
  const cutMains = (forS: number) => (): void => {
    setMains(false);
    stage.after(forS, () => {
      setMains(true);
    });
  };
  tellStoryOf(stage, MAINS_FAIL, cutMains(STORY_LASTS_S));
  tellStoryOf(stage, MAINS_DIP, cutMains(DIP_S));
}

interface Sound {
  readonly signal: string;
  /** Seconds. */
  readonly duration: number;
}

const soundOf = (given: FieldValues): Sound => ({
  signal: SIGNALS[Number(given["signal"])] ?? "test",
  duration: Number(given["duration"] ?? SOUND_S),
});

const testValues = (random: Random, isPassed: boolean, mains: boolean): SimValues => ({
  drivers: DRIVERS,
  driversPassed: isPassed ? DRIVERS : DRIVERS - 1,
  amplifierVoltage: uniform(random, 69, 71),
  loadImpedance: uniform(random, 7.8, 8.3),
  chargerCurrent: mains ? uniform(random, 0.08, 0.2) : 0,
  cabinetTemperature: uniform(random, 18, 32),
  silent: true,
});
