import { type Command, isFinal } from "./command.ts";
import { priorityOfClass, URGENT_PRIORITY } from "./command-class.ts";

/**
 * Whether a command may begin an attempt while these others of its terminal are under way: one at a time, so that they
 * are done in their order; only what is urgent goes beside what is not.
 */
export function mayBegin(command: Command, others: readonly Command[]): boolean {
  const open = others.filter(({ state }) => !isFinal(state));
  const isUrgent = priorityOfClass(command) >= URGENT_PRIORITY;
  return open.every(({ attempt, stopping, ...other }) => {
    // one that was replaced, perhaps by this, must not leave an antenna after it
    const isBeside = isUrgent && priorityOfClass(other) < URGENT_PRIORITY && stopping === null;
    return attempt === null || isBeside;
  });
}
