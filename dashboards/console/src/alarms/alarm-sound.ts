import { useCallback, useRef, useState } from "react";
import type { Alarm } from "../api/types.ts";

const KEPT = "hopline.alarm-sound";
const TONES_HZ = [880, 660, 880] as const;
const TONE_S = 0.18;
const LOUDNESS = 0.15;
/** In a storm one sound follows the other with a pause in which one can speak. */
const PAUSE_S = 1;
const TOLD_MAX = 10_000;

/** A sound for each new critical alarm: off until it is chosen, then remembered in this browser. */
export function useAlarmSound() {
  const [isOn, setOn] = useState(() => localStorage.getItem(KEPT) === "on");
  const context = useRef<AudioContext>(undefined);
  const told = useRef(new Set<string>());
  const silentUntilS = useRef(0);
  const play = useCallback(async () => {
    context.current ??= new AudioContext();
    await context.current.resume();
    const { currentTime } = context.current;
    if (currentTime < silentUntilS.current) return;
    silentUntilS.current = currentTime + TONES_HZ.length * TONE_S + PAUSE_S;
    for (const [at, frequency] of TONES_HZ.entries()) tone(context.current, frequency, at * TONE_S);
  }, []);
  return {
    isOn,
    turn: (on: boolean) => {
      localStorage.setItem(KEPT, on ? "on" : "off");
      setOn(on);
      if (on) void play(); // a browser lets a page sound only after something was pressed
    },
    heard: (alarm: Alarm) => {
      const isCalling =
        alarm.severity === "critical" &&
        alarm.state === "active" &&
        alarm.acknowledgedAt === null &&
        alarm.shelvedUntil === null &&
        !alarm.isDrill;
      const run = `${alarm.id} ${alarm.repeats}`; // what comes back sounds again
      if (!isCalling || told.current.has(run)) return;
      told.current.add(run);
      const [oldest] = told.current;
      if (told.current.size > TOLD_MAX && oldest !== undefined) told.current.delete(oldest);
      if (isOn) void play();
    },
  };
}

function tone(context: AudioContext, frequency: number, afterS: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  gain.gain.value = LOUDNESS;
  oscillator.frequency.value = frequency;
  oscillator.connect(gain).connect(context.destination);
  const startS = context.currentTime + afterS;
  oscillator.start(startS);
  oscillator.stop(startS + TONE_S);
}
