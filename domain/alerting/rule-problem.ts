/** What can be wrong with a rule: a name that stays, so that a screen can say it in its own language. */
export const RULE_PROBLEM_CODES = [
  "syntax", // about: what the reader of CEL says
  "type", // about: what the type checker of CEL says
  "integer", // numbers are written with a point
  "unknown-field", // about: its name
  "not-a-bool", // about: what it is
  "too-long", // about: characters allowed
  "too-costly", // about: what there is too much of, and how much is allowed
  "not-allowed", // about: the function
  "text-too-long", // about: characters allowed
  "no-such-value", // about: the value and the field
  "not-a-number", // about: the field
  "unknown-profile", // about: its name
  "crosses-itself", // about: the numbers of both sides
  "too-many-corners", // about: how many are allowed, and how many there are
  "same-corner", // about: the number of the second
] as const;
export type RuleProblemCode = (typeof RULE_PROBLEM_CODES)[number];

export interface Complaint {
  readonly code: RuleProblemCode;
  /** The names and numbers that the message is about, in the order given at the code. */
  readonly about: readonly string[];
  readonly message: string;
}

export const complaint = (
  code: RuleProblemCode,
  message: string,
  ...about: readonly (string | number)[]
): Complaint => ({ code, message, about: about.map(String) });
