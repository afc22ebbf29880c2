import { Button, Select, Slider } from "antd";
import { useEffect, useRef, useState } from "react";
import type { Trips } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Icon } from "../parts/icon.tsx";
import { every } from "../time/clock.ts";

const FRAME_MS = 100;
const STEP_MS = 10_000;
const SPEEDS = [60, 300, 1_200] as const;
const USUAL_SPEED = 300;

export interface TimeProps {
  readonly trips: Trips;
  readonly atMs: number;
  readonly setAtMs: (ms: number) => void;
}

/** The day as a ribbon with its time: drawn, stepped by the arrow keys, or played. */
export function Player({ trips, atMs, setAtMs }: TimeProps) {
  const { t, format } = useSpeech();
  const fromMs = Date.parse(trips.from);
  const toMs = Date.parse(trips.to);
  const [speed, setSpeed] = useState<number>(USUAL_SPEED);
  const [isPlaying, setPlaying] = usePlaying({ atMs, toMs, speed, setAtMs });
  const timeText = format.fullTime(new Date(atMs).toISOString());
  return (
    <div className="player">
      <Button
        type="primary"
        aria-label={t(isPlaying ? "replay.pause" : "replay.play")}
        icon={<Icon name={isPlaying ? "pause" : "play"} size={15} />}
        onClick={() => {
          if (!isPlaying && atMs >= toMs - STEP_MS) setAtMs(fromMs);
          setPlaying(!isPlaying);
        }}
      />
      <div className="player-time">
        <Ribbon trips={trips} />
        <Slider
          min={fromMs}
          max={toMs}
          step={STEP_MS}
          value={atMs}
          onChange={setAtMs}
          tooltip={{ formatter: null }}
          ariaLabelForHandle={t("replay.time")}
          ariaValueTextFormatterForHandle={() => timeText}
        />
      </div>
      <Select
        aria-label={t("replay.speed")}
        value={speed}
        onChange={setSpeed}
        options={SPEEDS.map((value) => ({ value, label: `${format.number(value)}×` }))}
      />
    </div>
  );
}

interface Playing {
  readonly atMs: number;
  readonly toMs: number;
  readonly speed: number;
  readonly setAtMs: (ms: number) => void;
}

/** Time goes on so many times as fast, and stops at the end of the day. */
function usePlaying(playing: Playing): readonly [boolean, (isPlaying: boolean) => void] {
  const [isPlaying, setPlaying] = useState(false);
  const latest = useRef(playing);
  useEffect(() => {
    latest.current = playing;
  });
  useEffect(() => {
    if (!isPlaying) return undefined;
    return every(FRAME_MS, () => {
      const { atMs, toMs, speed, setAtMs } = latest.current;
      const nextMs = atMs + FRAME_MS * speed;
      setAtMs(Math.min(nextMs, toMs));
      if (nextMs >= toMs) setPlaying(false);
    });
  }, [isPlaying]);
  return [isPlaying, setPlaying];
}

function Ribbon({ trips }: { readonly trips: Trips }) {
  return (
    <div className="ribbon" aria-hidden="true">
      {trips.stretches.map(({ state, from, to }) => (
        <i
          key={from}
          className={`ribbon-${state}`}
          style={{ flexGrow: Date.parse(to) - Date.parse(from) }}
        />
      ))}
    </div>
  );
}
