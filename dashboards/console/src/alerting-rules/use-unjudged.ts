import { useProfiles } from "../parts/use-profiles.ts";
import type { Rule } from "./rule-queries.ts";
import { useWords } from "./rule-words.ts";
import { unjudgedFor } from "./unjudged.ts";

/** In a word and in full that a rule is not judged, or for which device types; undefined when it is for all. */
export function useUnjudged(
  rule: Pick<Rule, "spec" | "problems">,
): { readonly title: string; readonly detail: string } | undefined {
  const { w } = useWords();
  const { label } = useProfiles();
  const unjudged = unjudgedFor(rule);
  if (unjudged === "all") return { title: w("unjudged"), detail: w("unjudged.detail") };
  if (unjudged.length === 0) return undefined;
  const profiles = unjudged.map(label).join(", ");
  return { title: w("unjudged.for", { profiles }), detail: w("unjudged.for.detail", { profiles }) };
}
