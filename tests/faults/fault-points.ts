import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
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
export type GatewayStep = (typeof GATEWAY_STEPS)[number];

export const NETWORK_STEPS = [...COMMIT_STEPS, ...DRAIN_STEPS] as const;
export type FaultStep = (typeof NETWORK_STEPS)[number] | GatewayStep;

export const isDrainStep = (step: FaultStep): step is DrainStep =>
  DRAIN_STEPS.some((each) => each === step);

/** Who dies when a step is reached for the n-th time. A victim is named by a file that holds its process number while it lives. */
export interface Fault {
  readonly step: FaultStep;
  readonly hits: number;
  readonly victimFile?: string;
  /** Every fault that came to pass is a line here. */
  readonly logFile: string;
}

export const FAULT = "TEST_FAULT"; // only the entry scripts of this folder read it

export type FaultPoint = (step: FaultStep) => void;

/** Faults in the order in which they are to come to pass; one that spares the process is followed by the next. */
export function faultPointOf(env: Readonly<Record<string, string | undefined>>): FaultPoint {
  const faults = JSON.parse(env[FAULT] ?? "[]") as Fault[]; // written by the test
  let hits = 0;
  return (step) => {
    const [fault] = faults;
    if (step !== fault?.step || ++hits < fault.hits) return;
    faults.shift();
    hits = 0;
    strike(fault);
  };
}

function strike({ step, victimFile, logFile }: Fault): void {
  const pid = victimFile === undefined ? process.pid : Number(readFileSync(victimFile, "utf8"));
  if (pid === 0) return; // the victim is dead already
  if (victimFile !== undefined) writeFileSync(victimFile, "0"); // nobody strikes twice
  appendFileSync(logFile, `${step}\n`);
  killTree(pid);
}
