import type { FieldFile } from "./profile-schema.ts";

export type NamedField = Pick<FieldFile, "name" | "kind" | "values">;

const WORDS = ["true", "false", "null", "in", "has"];
const BEFORE = "previous."; // the device's value before this report

/**
 * What is wrong with the names of a CEL condition: fields that no report has, and enum values that
 * the field does not know. Its grammar is the rule engine's business.
 */
export function expressionProblems(
  expression: string,
  fields: ReadonlyMap<string, NamedField>,
): readonly string[] {
  const names = new Set(
    (expression.replace(/"[^"]*"/g, '""').match(/[A-Za-z_][\w.]*/g) ?? [])
      .map((name) => (name.startsWith(BEFORE) ? name.slice(BEFORE.length) : name))
      .filter((name) => !WORDS.includes(name)),
  );
  const unknown = [...names].filter((name) => !fields.has(name));
  return [...unknown.map((name) => `no report has ${name}`), ...valueProblems(expression, fields)];
}

function valueProblems(expression: string, fields: ReadonlyMap<string, NamedField>): string[] {
  const compared = expression.matchAll(/(?:previous\.)?(\w+)\s*[!=]=\s*"([^"]*)"/g);
  return [...compared].flatMap(([, name = "", value = ""]) => {
    const field = fields.get(name);
    if (field === undefined || field.values?.some((known) => known.name === value)) return [];
    return [`"${value}" is no value of ${name}`];
  });
}
