import { ConflictError, NotAllowedError } from "../../base/errors.ts";
import type { Denial } from "./command.ts";

/** Denied to whoever asks; the others are denied to everybody. */
const DENIED_TO: readonly Denial[] = ["approval-by-key", "approval-by-same-person"];

/** What is said of a command that may not be done that to. */
const SAID: Readonly<Record<Denial, string>> = {
  "already-over": "is over",
  "needs-no-approval": "waits for nobody's approval",
  "approval-by-key": "is approved by a person, never by an API key",
  "approval-by-same-person": "is approved by somebody other than whoever asked for it",
  "not-in-this-state": "does not wait for that",
  "on-its-way": "is already with the terminal",
};

/** A NotAllowedError for whoever may not do it, a ConflictError where nobody may; `what` is the command by kind and id. */
export function denied(what: string, denial: Denial, state: string): Error {
  const message = `${what} ${SAID[denial]}`;
  const details = { denial, state };
  return DENIED_TO.includes(denial)
    ? new NotAllowedError(message, details)
    : new ConflictError(message, details);
}
