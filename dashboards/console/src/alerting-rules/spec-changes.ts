import type { RuleSpec } from "./rule-queries.ts";

export interface SpecChange {
  /** Where in the rule: `signal.condition`. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What became otherwise from one version to the next, in the order of the rule. Both empty: nothing, as for the switch alone. */
export function specChanges(before: RuleSpec, after: RuleSpec): readonly SpecChange[] {
  const was = flat(before);
  const is = flat(after);
  const paths = [...new Set([...is.keys(), ...was.keys()])];
  return paths
    .filter((path) => was.get(path) !== is.get(path))
    .map((path) => ({ path, before: was.get(path), after: is.get(path) }));
}

/** Lists stay whole: their places have no names. */
function flat(value: unknown, path = ""): ReadonlyMap<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return new Map([[path, typeof value === "string" ? value : canonical(value)]]);
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [
      ...flat(inner, path === "" ? name : `${path}.${name}`),
    ]),
  );
}

/** jsonb gives keys in an order of its own. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
