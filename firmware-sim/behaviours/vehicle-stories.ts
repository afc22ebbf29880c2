import { type Stage, uniform } from "./behaviour.ts";

/** What happens to a vehicle, seen from outside. */
export interface StoryVehicle {
  readonly mode: string;
  leave(): void;
  breakDown(): void;
  steal(): void;
  raise(alarm: "panic" | "tamper" | "tow"): void;
  tellEvent(event: string): void;
  /** Its receiver sees the sky badly: what it reports lies up to so many metres beside where it is. */
  loseSky(withinM: number): void;
  clear(...alarms: ("panic" | "tamper" | "tow")[]): void;
}

const THEFT_DETECTED_S = 25;
const CALM_AFTER_S = 600;
const BAD_SKY_M = 65;

/** So that whoever watches sees each of them within ten minutes of a start, and again every few hours. */
const STORIES = [
  { firstS: 150, againS: 3 * 3600, play: breakdown },
  { firstS: 240, againS: 4 * 3600, play: theft },
  { firstS: 390, againS: 5 * 3600, play: panic },
  { firstS: 330, againS: 4 * 3600, play: antennaCut },
  { firstS: 200, againS: 3 * 3600, play: badSky },
] as const;
/** They wait parked for what happens to them. */
const WAITING: ReadonlySet<unknown> = new Set([theft, antennaCut, badSky]);

/** Answers whether the vehicle waits where it is until its story begins. */
export function tellStory(stage: Stage, vehicle: StoryVehicle): boolean {
  const story = STORIES[stage.terminal.seat];
  if (!story) return false;
  const turn = (): void => {
    story.play(stage, vehicle);
    stage.after(story.againS, turn);
  };
  stage.after(story.firstS, turn);
  return WAITING.has(story.play);
}

function breakdown(stage: Stage, vehicle: StoryVehicle): void {
  vehicle.leave();
  const stop = (): void => {
    vehicle.breakDown();
    if (vehicle.mode === "broken-down") return;
    vehicle.leave();
    stage.after(20, stop);
  };
  stage.after(45, stop);
}

/** Tampered with while parked, then moving without ignition; found again where it ends. */
function theft(stage: Stage, vehicle: StoryVehicle): void {
  if (vehicle.mode !== "parked") {
    stage.after(20, () => {
      theft(stage, vehicle);
    });
    return;
  }
  vehicle.raise("tamper");
  vehicle.steal();
  stage.after(THEFT_DETECTED_S, () => {
    vehicle.raise("tow");
  });
  const watch = (): void => {
    if (vehicle.mode === "stolen") stage.after(60, watch);
    else {
      stage.after(CALM_AFTER_S, () => {
        vehicle.clear("tamper", "tow");
      });
    }
  };
  stage.after(60, watch);
}

export function panic(stage: Stage, vehicle: StoryVehicle): void {
  vehicle.raise("panic");
  stage.after(uniform(stage.random, 120, 300), () => {
    vehicle.clear("panic");
  });
}

/** Its antenna is cut off where it stands, as whoever is about to take it would; its owner comes in time. */
function antennaCut(stage: Stage, vehicle: StoryVehicle): void {
  if (vehicle.mode === "parked") vehicle.tellEvent("antenna-cut");
  stage.after(CALM_AFTER_S, () => {
    vehicle.leave();
  });
}

/** Tempting, and nothing: it stands between towers and its fixes go for a walk. */
function badSky(stage: Stage, vehicle: StoryVehicle): void {
  vehicle.loseSky(BAD_SKY_M);
  stage.after(CALM_AFTER_S, () => {
    vehicle.loseSky(0);
    vehicle.leave();
  });
}
