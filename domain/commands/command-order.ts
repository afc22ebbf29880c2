import { type Command, isFinal } from "./command.ts";
import { CLASS_RULES } from "./command-class.ts";

const URGENT_PRIORITY = 2;

export const priorityOf = ({ safetyClass }: Pick<Command, "safetyClass">): number =>
  CLASS_RULES[safetyClass].priority;

/**
 * Whether a command may begin an attempt while these others of its terminal are under way: one at a time, so that they
 * are done in their order; only what is urgent goes beside what is not.
 */
export function mayBegin(command: Command, others: readonly Command[]): boolean {
  const open = others.filter(({ state }) => !isFinal(state));
  const isUrgent = priorityOf(command) >= URGENT_PRIORITY;
  return open.every(
    (other) => other.attempt === null || (isUrgent && priorityOf(other) < URGENT_PRIORITY),
  );
}
