import {
  type Actor,
  randomWait,
  repeat,
  routine,
  type Stage,
  tellStoryOf,
  uniform,
} from "./behaviour.ts";

const REPORT_S = 480;
const TIDE_S = 44_714; // the moon's half day
const RAIN_MEAN_S = 3 * 24 * 3600;
const RAIN_DRAINS_S = 36 * 3600;
/** A building site next door pumps its pit dry, and later stops. */
const PUMPING = { seat: 0, firstS: 90 };
const PUMPED_M = 0.32;
const PUMPING_STEPS = 4;
const STEP_S = 110;
const PUMPING_LASTS_S = 2 * 3600;

/** The water table breathes with the tide of the river, rises after rain and sinks again. */
export function playGroundwater(stage: Stage): Actor {
  const { random, terminal } = stage;
  const depthM = uniform(random, 1.2, 6.5);
  const tideM = uniform(random, 0.02, 0.18);
  const phase = uniform(random, 0, 2 * Math.PI);
  const springC = uniform(random, 16.5, 18.5);
  const salt = uniform(random, 450, 1_600);
  let rainM = uniform(random, 0, 0.1);
  let rainedMs = stage.nowMs();
  let offsetM = 0;
  let pumpedM = 0;

  const wetM = (): number => rainM * Math.exp(-(stage.nowMs() - rainedMs) / 1000 / RAIN_DRAINS_S);
  const now = () => {
    const seconds = stage.nowMs() / 1000;
    const tide = tideM * Math.sin((2 * Math.PI * seconds) / TIDE_S + phase);
    const year = Math.sin((2 * Math.PI * seconds) / (365.25 * 24 * 3600));
    const values = {
      level: -depthM + tide + wetM() + offsetM - pumpedM + uniform(random, -0.004, 0.004),
      temperature: springC + 0.8 * year + uniform(random, -0.05, 0.05),
      conductivity: salt * (1 + 0.4 * tide - 0.5 * wetM()) + uniform(random, -4, 4),
      battery: 3.6 - 0.0001 * (terminal.address % 1000),
    };
    return { name: "measurement", values };
  };
  const reportEvery = routine(stage, REPORT_S, now);
  repeat(stage, randomWait(random, RAIN_MEAN_S), () => {
    rainM = wetM() + uniform(random, 0.03, 0.5);
    rainedMs = stage.nowMs();
    return randomWait(random, RAIN_MEAN_S);
  });
  tellStoryOf(stage, PUMPING, () => {
    for (let step = 0; step <= PUMPING_STEPS; step++) {
      stage.after(step * STEP_S, () => {
        pumpedM = step * PUMPED_M;
        stage.report(now());
      });
    }
    stage.after(PUMPING_LASTS_S, () => {
      pumpedM = 0;
      stage.report(now());
    });
  });
  return {
    now,
    place: () => terminal,
    reportEvery,
    memory: () => ({}),
    decide(command, values) {
      if (command !== "calibrate") return "unsupported";
      return () => {
        offsetM = Number(values["offset"] ?? 0);
        stage.report(now());
      };
    },
  };
}
