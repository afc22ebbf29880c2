import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { BROKER_STEPS } from "../../broker/members.ts";
import type { CommandStepPoint } from "../../domain/commands/command-queue.ts";
import { COMMIT_STEPS } from "../../domain/packets/uplink-store.ts";
import { DRAIN_STEPS, type DrainStep } from "../../domain/telemetry/telemetry-influx.ts";
import { killTree } from "./kill-tree.ts";

export const GATEWAY_STEPS = [
  "before-outbox",
  "in-outbox",
  "publishing",
  "published",
  "before-forgetting",
  "forgotten",
] as const;

export const NETWORK_STEPS = [...COMMIT_STEPS, ...DRAIN_STEPS] as const;
export const FAULT_STEPS = [...GATEWAY_STEPS, ...BROKER_STEPS, ...NETWORK_STEPS] as const;
/** Of a page at its gateway. */
export const PAGE_STEPS = ["page-came", "page-queued", "telling-paged", "told-paged"] as const;
export type FaultStep =
  | (typeof FAULT_STEPS)[number]
  | (typeof PAGE_STEPS)[number]
  | CommandStepPoint;

export const isDrainStep = (step: FaultStep): step is DrainStep =>
  DRAIN_STEPS.some((each) => each === step);

/** Who dies when a step is reached for the n-th time. */
export interface Fault {
  readonly step: FaultStep;
  readonly hits: number;
  /** Whoever comes to the step, or another one. */
  readonly victim: string;
  /** Holds the victim's process number while it lives. */
  readonly pidFile: string;
  /** Every fault that came to pass is a line here: step and victim. */
  readonly logFile: string;
  /** Nothing counts before this file is there. */
  readonly gateFile?: string;
}

export const FAULT = "TEST_FAULT"; // only the entry scripts of this folder read it

export type FaultPoint = (step: FaultStep) => void;

/** Faults in the order in which they are to come to pass; one that spares the process is followed by the next. */
export function faultPointOf(env: Readonly<Record<string, string | undefined>>): FaultPoint {
  const faults = JSON.parse(env[FAULT] ?? "[]") as Fault[]; // written by the test
  let hits = 0;
  return (step) => {
    const [fault] = faults;
    if (step !== fault?.step) return;
    if (fault.gateFile !== undefined && !existsSync(fault.gateFile)) return;
    if (++hits < fault.hits) return;
    if (!strike(fault)) return; // the victim is dead already, or just beginning to live: next time
    faults.shift();
    hits = 0;
  };
}

function strike({ step, victim, pidFile, logFile }: Fault): boolean {
  const pid = Number(readFileSync(pidFile, "utf8"));
  if (pid === 0) return false;
  writeFileSync(pidFile, "0"); // nobody strikes twice, and whoever looks knows that it did not fall by itself
  appendFileSync(logFile, `${step} ${victim}\n`);
  killTree(pid);
  return true;
}
