import { randomInteger } from "../../base/random.ts";
import {
  type Actor,
  busyness,
  randomWait,
  repeat,
  routine,
  type SimReport,
  type SimValues,
  type Stage,
  uniform,
} from "./behaviour.ts";

const REPORT_S = 75;
const FLOOR_S = 2.2;
const DOOR_S = 6;
const GROUND_FLOOR_SHARE = 0.5;
const FIRST_STORY_S = 200;
const STORY_AGAIN_S = 6 * 3600;
const TRAPPED_MEAN_S = 60 * 24 * 3600;
const TRAPPED_FAULT = 42;
const SERVICE_COMMANDS = ["out-of-service", "return-to-service"];

/** Goes from floor to floor as people call it; the first of the fleet gets stuck with someone in it soon after a start. */
export function playElevator(stage: Stage): Actor {
  const { random, terminal } = stage;
  const floors = 8 + randomInteger(random, 32);
  let floor = 1 + randomInteger(random, floors);
  let goal = floor;
  let doorOpen = false;
  let trapped = false;
  let outOfService = false;
  let riders = 0;
  let trips = stage.memory["trips"] ?? Math.round(uniform(random, 20_000, 400_000));

  const values = () => ({
    floor,
    direction: trapped ? "idle" : direction(floor, goal),
    door: doorOpen ? "open" : "closed",
    trapped,
    faultCode: trapped ? TRAPPED_FAULT : 0,
    trips,
    mode: outOfService ? "out-of-service" : "normal",
    load: doorOpen || floor === goal ? 0 : riders * 8,
    callButton: trapped,
    tamper: false,
    occupants: trapped ? 1 + riders : riders,
  });
  const now = () => ({ name: "status", values: values() });

  repeat(stage, uniform(random, 1, 30), () => {
    if (trapped || outOfService) return 10;
    doorOpen = false;
    if (floor !== goal) {
      floor += Math.sign(goal - floor);
      if (floor !== goal) return FLOOR_S;
      trips += 1;
      doorOpen = true;
      return DOOR_S;
    }
    riders = 1 + randomInteger(random, 6);
    goal = random.next() < GROUND_FLOOR_SHARE ? 1 : 1 + randomInteger(random, floors);
    return randomWait(random, 25 + 150 * (1 - busyness(stage.nowMs())));
  });
  const reportEvery = routine(stage, REPORT_S, now);

  const trap = (): void => {
    trapped = true;
    doorOpen = false;
    stage.report(callFrom(values()));
    stage.after(uniform(random, 480, 1_200), () => {
      trapped = false;
      doorOpen = true;
      goal = floor;
      stage.report({ name: "alarm", values: values() }); // else its button would seem pressed for ever
    });
  };
  repeat(stage, nextTrapS(stage, FIRST_STORY_S), () => {
    trap();
    return nextTrapS(stage, STORY_AGAIN_S);
  });
  return {
    now,
    place: () => terminal,
    reportEvery,
    memory: () => ({ trips }),
    buttons: { call: trap },
    rehearse: () => callFrom({ ...values(), trapped: true, callButton: true }),
    decide: (command) =>
      SERVICE_COMMANDS.includes(command)
        ? () => {
            outOfService = command === "out-of-service";
            stage.report(now());
          }
        : "unsupported",
  };
}

const callFrom = (values: SimValues): SimReport => ({ name: "alarm", values, emergency: true });

const nextTrapS = ({ random, terminal }: Stage, firstS: number): number =>
  terminal.seat === 0 ? firstS : randomWait(random, TRAPPED_MEAN_S);

function direction(floor: number, goal: number): string {
  if (goal === floor) return "idle";
  return goal > floor ? "up" : "down";
}
