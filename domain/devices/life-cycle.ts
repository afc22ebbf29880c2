import type { LifeCycle } from "../db/database.ts";

/** What moves a terminal through its life. */
export const LIFE_CYCLE_EVENTS = [
  "assign",
  "install",
  "accept",
  "activate",
  "suspend",
  "resume",
  "free",
  "return",
  "retire",
] as const;
export type LifeCycleEvent = (typeof LIFE_CYCLE_EVENTS)[number];

interface Move {
  readonly from: readonly LifeCycle[];
  readonly to: LifeCycle;
}

/** The whole table in one place. `free` undoes a half-finished job; `return` brings one back that was in service. */
const MOVES: Readonly<Record<LifeCycleEvent, Move>> = {
  assign: { from: ["stocked"], to: "assigned" },
  install: { from: ["assigned"], to: "installed" },
  accept: { from: ["installed"], to: "accepted" },
  activate: { from: ["accepted"], to: "active" },
  suspend: { from: ["active"], to: "suspended" },
  resume: { from: ["suspended"], to: "active" },
  free: { from: ["assigned", "installed", "accepted"], to: "stocked" },
  return: { from: ["active", "suspended"], to: "stocked" },
  retire: {
    from: ["stocked", "assigned", "installed", "accepted", "active", "suspended"],
    to: "retired",
  },
};

export interface LifeState {
  readonly lifeCycle: LifeCycle;
  /** Set aside, whatever its life cycle: it is heard and logged, but not given to anybody. */
  readonly quarantineReason: string | null;
}

export type LifeStep<To = LifeState> =
  | { readonly ok: true; readonly to: To }
  | { readonly ok: false; readonly reason: string };

const refused = (reason: string): LifeStep<never> => ({ ok: false, reason });

/** The life cycle after an event, or why it cannot be. */
export function step(lifeCycle: LifeCycle, event: LifeCycleEvent): LifeStep<LifeCycle> {
  const { from, to } = MOVES[event];
  if (from.includes(lifeCycle)) return { ok: true, to };
  return refused(`it is ${lifeCycle}, and only one that is ${from.join(" or ")} can do this`);
}

/** What a person may do to terminals in stock and in service. */
export const STOCK_DEEDS = ["suspend", "resume", "quarantine", "release", "retire"] as const;
export type StockDeed = (typeof STOCK_DEEDS)[number];

/** As `step`, with the quarantine in mind. A reason is what a quarantine is kept under. */
export function stepTerminal(
  state: LifeState,
  event: LifeCycleEvent | "quarantine" | "release",
  reason = "",
): LifeStep {
  const { lifeCycle, quarantineReason } = state;
  if (event === "quarantine") {
    if (lifeCycle === "retired") return refused("it is retired");
    if (quarantineReason !== null) return refused("it is in quarantine already");
    if (reason.trim() === "") return refused("a quarantine needs its reason");
    return { ok: true, to: { lifeCycle, quarantineReason: reason } };
  }
  if (event === "release") {
    if (quarantineReason === null) return refused("it is not in quarantine");
    return { ok: true, to: { lifeCycle, quarantineReason: null } };
  }
  if (event === "assign" && quarantineReason !== null)
    return refused(`it is in quarantine: ${quarantineReason}`);
  const next = step(lifeCycle, event);
  return next.ok ? { ok: true, to: { lifeCycle: next.to, quarantineReason } } : next;
}
