import { useEffect, useRef, useState } from "react";
import { nowMs } from "../time/clock.ts";
import { type RuleSpec, tryPart } from "./rule-queries.ts";
import {
  FIRST_LIMIT,
  joined,
  NO_TRIAL,
  nextLimit,
  TRIAL_TERMINALS_MAX,
  type Trial,
} from "./trial.ts";

const DAY_MS = 86_400_000;

export interface TrialRun {
  readonly trial: Trial;
  readonly fromMs: number;
  readonly toMs: number;
  readonly state: "running" | "stopped" | "limited" | "done";
  readonly error: unknown;
}

export interface Trying {
  readonly run: TrialRun | undefined;
  readonly start: (spec: RuleSpec, days: number) => Promise<void>;
  readonly stop: () => void;
}

/** Tries a rule part by part, so that it is seen to go on and can be stopped with what it has found. */
export function useTrial(): Trying {
  const [run, setRun] = useState<TrialRun>();
  const abort = useRef<AbortController>(undefined);
  useEffect(
    () => () => {
      abort.current?.abort();
    },
    [],
  );
  const start = async (spec: RuleSpec, days: number): Promise<void> => {
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    const toMs = nowMs();
    const fromMs = toMs - days * DAY_MS;
    const times = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
    let found: TrialRun = {
      ...{ trial: NO_TRIAL, fromMs, toMs, state: "running", error: undefined },
    };
    setRun(found);
    let limit = FIRST_LIMIT;
    let cursor: string | undefined;
    try {
      do {
        const part = await tryPart({ spec, ...times }, { cursor, limit }, mine.signal);
        if (mine.signal.aborted) return;
        limit = nextLimit(limit, part);
        cursor = part.nextCursor ?? undefined;
        const trial = joined(found.trial, part);
        const isLimited = cursor !== undefined && trial.looked >= TRIAL_TERMINALS_MAX;
        if (isLimited) cursor = undefined;
        const state = isLimited ? "limited" : cursor === undefined ? "done" : "running";
        found = { ...found, trial, state };
        setRun(found);
      } while (cursor !== undefined);
    } catch (error) {
      if (mine.signal.aborted) return; // whoever stopped it has said so
      setRun({ ...found, state: "stopped", error });
    }
  };
  return {
    run,
    start,
    stop() {
      abort.current?.abort();
      setRun((old) => old && { ...old, state: "stopped" });
    },
  };
}
