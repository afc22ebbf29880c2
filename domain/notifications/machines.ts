import { closesChain, type Occasion } from "./occasion.ts";
import type { Severity } from "./severity.ts";

/** A customer's own system, or the operator's (no customer: it hears of everything). */
export interface MachineTarget {
  readonly channel: "webhook" | "mqtt";
  readonly recipientId: string;
  readonly customerId: string | null;
  readonly target: string;
  readonly severities: readonly Severity[];
}

/** Machines hear of every transition, also of what people are not told. A reminder is for people alone. */
export const isForMachine = (machine: MachineTarget, occasion: Occasion): boolean =>
  (machine.customerId === null || machine.customerId === occasion.customerId) &&
  occasion.kind !== "reminder" &&
  occasion.kind !== "escalated" &&
  occasion.kind !== "test" &&
  occasion.kind !== "billing" &&
  (machine.severities.includes(occasion.severity) || closesChain(occasion.kind));

/** One message of a machine lists at most so many alarms; a storm is messages of this size. */
export const MACHINE_ITEMS_MAX = 100;
