import { type ConditionField, compileCondition } from "../alerting/condition.ts";
import type { FieldFile } from "./profile-schema.ts";

export type NamedField = Pick<FieldFile, "name" | "kind" | "values">;

/** Fields as a condition knows them; the same map gives the same one, so that it is made once a profile. */
export function conditionFields(
  fields: ReadonlyMap<string, NamedField>,
): ReadonlyMap<string, ConditionField> {
  const known = made.get(fields);
  if (known) return known;
  const own = new Map(
    [...fields.values()].map(({ name, kind, values }) => [
      name,
      { name, kind, values: values?.map((value) => value.name) },
    ]),
  );
  made.set(fields, own);
  return own;
}
const made = new WeakMap<object, ReadonlyMap<string, ConditionField>>();

/** What is wrong with a CEL condition of a profile: its grammar, its types, its names, its cost. */
export function expressionProblems(
  expression: string,
  fields: ReadonlyMap<string, NamedField>,
): readonly string[] {
  const compiled = compileCondition(expression, conditionFields(fields));
  return compiled.ok ? [] : compiled.problems.map(({ message }) => message);
}
