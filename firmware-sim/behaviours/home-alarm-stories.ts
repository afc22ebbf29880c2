import { type Stage, tellStoryOf } from "./behaviour.ts";

export type HomeAlarm = "panic" | "duress" | "smoke" | "tamper" | "intrusion";

/** What happens to a house, seen from outside. */
export interface StoryHome {
  /** Somebody comes in while it is armed; so much later something follows, and the delay is over. */
  enter(afterS: number, then: () => void): void;
  disarm(): void;
  raise(alarm: HomeAlarm): void;
  tell(): void;
  /** Nothing gets out of it while its wire is cut. */
  readonly wire: { isCut: boolean };
}

export const ENTRY_DELAY_S = 30;
const BREAK_IN = { seat: 0, firstS: 330 };
const DURESS = { seat: 1, firstS: 270 };
/** Somebody comes home and is quick enough. */
const COMES_HOME = { seat: 2, firstS: 300 };
const DISARMS_AFTER_S = 20;
/** Its wire is cut before the delay is over: nothing more is heard. */
const SMASHED = { seat: 3, firstS: 360 };
const SMASHED_LASTS_S = 1_800;

export function tellStories(stage: Stage, home: StoryHome): void {
  const isLetIn = (): void => {
    home.disarm();
    home.tell();
  };
  tellStoryOf(stage, BREAK_IN, () => {
    home.enter(ENTRY_DELAY_S, () => {
      home.raise("intrusion");
    });
  });
  tellStoryOf(stage, DURESS, () => {
    home.disarm();
    home.raise("duress");
  });
  tellStoryOf(stage, COMES_HOME, () => {
    home.enter(DISARMS_AFTER_S, isLetIn);
  });
  tellStoryOf(stage, SMASHED, () => {
    home.enter(SMASHED_LASTS_S, () => {
      home.wire.isCut = false;
      isLetIn();
    });
    stage.after(1, () => {
      home.wire.isCut = true;
    });
  });
}
