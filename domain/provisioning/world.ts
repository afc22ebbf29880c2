import type { LifeCycle } from "../db/database.ts";
import { isAccepted, type Job, missingFor, NEEDS, type Need, type StepOutcome } from "./job.ts";
import type { Step } from "./steps.ts";

/** What is true outside of the job: of the terminal that it claims, and of the customer and asset that it names. */
export interface World {
  readonly terminal:
    | {
        readonly address: number;
        readonly serial: string;
        readonly lifeCycle: LifeCycle;
        readonly quarantineReason: string | null;
        /** Another open job has it. */
        readonly heldByAnother: boolean;
        /** When its present session began, by the network's clock. */
        readonly attachedAtMs: number | undefined;
      }
    | undefined;
  readonly customerExists: boolean;
  /** undefined: the job makes a new one, or names one that does not exist. */
  readonly asset: { readonly customerId: string; readonly isRetired: boolean } | undefined;
}

/** A phone's clock may be behind the network's by this much when the button is pressed. */
const CLOCK_TOLERANCE_MS = 120_000;

export interface Standing {
  /** Whether the terminal is this job's. */
  readonly claimed: boolean;
  readonly bound: boolean;
  readonly attached: boolean;
  readonly accepted: boolean;
  /** What an acceptance still needs. */
  readonly missing: readonly Need[];
  readonly outcomes: ReadonlyMap<string, StepOutcome>;
}

/** The job as it stands in the world. `ours`: the terminal was given to this job before, so it need not be in stock. */
export function standingOf(
  job: Job,
  steps: readonly Step[],
  world: World,
  ours: boolean,
): Standing {
  const faults: Partial<Record<Need, StepOutcome | undefined>> = {
    claim: job.serial === undefined ? undefined : refused(faultOfClaim(world, ours)),
    bind: refused(faultOfBind(job, world)),
    attach: waitOfAttach(job, world),
  };
  const missing = NEEDS.filter(
    (need) => missingFor(job).includes(need) || faults[need] !== undefined,
  );
  const outcomes = new Map(job.outcomes);
  for (const { id, kind } of steps) {
    const fault = kind === "accept" ? waitFor(missing) : faults[kind as Need];
    const outcome = outcomes.get(id)?.outcome;
    if (fault !== undefined && (outcome === "applied" || outcome === "waiting"))
      outcomes.set(id, fault);
  }
  const has = (need: Need): boolean => !missing.includes(need);
  return {
    claimed: has("claim"),
    bound: has("bind"),
    attached: has("attach"),
    accepted: isAccepted(job) && missing.length === 0,
    missing,
    outcomes,
  };
}

const refused = (reason: string | undefined): StepOutcome | undefined =>
  reason === undefined ? undefined : { outcome: "refused", reason };

const waitFor = (missing: readonly Need[]): StepOutcome | undefined =>
  missing.length === 0
    ? undefined
    : { outcome: "waiting", reason: `it needs ${missing.join(", ")} first` };

function waitOfAttach({ attachFromMs }: Job, { terminal }: World): StepOutcome | undefined {
  if (attachFromMs === undefined) return undefined;
  if ((terminal?.attachedAtMs ?? -Infinity) >= attachFromMs - CLOCK_TOLERANCE_MS) return undefined;
  return { outcome: "waiting", reason: "the network has not heard the terminal attach" };
}

function faultOfClaim({ terminal }: World, ours: boolean): string | undefined {
  if (terminal === undefined) return "no terminal in stock has this serial";
  if (terminal.heldByAnother) return "another open job has this terminal";
  if (ours) return undefined;
  if (terminal.quarantineReason !== null)
    return `the terminal is in quarantine: ${terminal.quarantineReason}`;
  if (terminal.lifeCycle !== "stocked")
    return `the terminal is ${terminal.lifeCycle}, not in stock`;
  return undefined;
}

function faultOfBind({ bind }: Job, { customerExists, asset }: World): string | undefined {
  if (bind === undefined) return undefined;
  if (!customerExists) return "there is no such customer";
  if (!("id" in bind.asset)) return undefined;
  if (asset === undefined || asset.customerId !== bind.customerId)
    return "the customer has no such asset";
  return asset.isRetired ? "the asset is retired" : undefined;
}

/** How far the terminal's life has come by this job. */
export function lifeCycleBy({ claimed, bound, attached, accepted }: Standing): LifeCycle {
  if (accepted) return "active";
  if (!claimed || !bound) return "stocked";
  return attached ? "installed" : "assigned";
}
