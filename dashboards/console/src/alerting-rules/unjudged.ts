import type { Rule } from "./rule-queries.ts";

/** The device types of a rule's scope for which it is not judged; "all": it is judged for none. */
export function unjudgedFor({
  spec,
  problems,
}: Pick<Rule, "spec" | "problems">): "all" | readonly string[] {
  const wrong = new Set(problems.map(({ profile }) => profile));
  const { profiles } = spec.scope;
  const unjudged = profiles.filter((profile) => wrong.has(profile));
  return unjudged.length === profiles.length ? "all" : unjudged;
}
