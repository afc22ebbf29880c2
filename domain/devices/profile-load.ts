import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { TLocalizedValidationError } from "typebox/error";
import { Value } from "typebox/value";
import { InvalidConfigError } from "../../base/errors.ts";
import type { Profile, ProfileField } from "./profile.ts";
import { type ProfileProblem, profileRuleProblems } from "./profile-rules.ts";
import { type FieldFile, PATTERNS, ProfileFile } from "./profile-schema.ts";

export interface Profiles {
  readonly byName: ReadonlyMap<string, Profile>;
  readonly byNumber: ReadonlyMap<number, Profile>;
}

/** Throws one InvalidConfigError with every problem of every file. */
export function loadProfiles(folder: string): Profiles {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort();
  const problems: string[] = [];
  const byName = new Map<string, Profile>();
  const byNumber = new Map<number, Profile>();
  for (const file of files) {
    const parsed = parseProfile(file, readFileSync(path.join(folder, file), "utf8"));
    if (!parsed.ok) {
      problems.push(...parsed.problems);
      continue;
    }
    const { profile } = parsed;
    const other = byNumber.get(profile.number);
    if (other)
      problems.push(`${file}: number: ${profile.number} is already that of ${other.name}.json`);
    byName.set(profile.name, profile);
    byNumber.set(profile.number, profile);
  }
  if (files.length === 0) problems.push(`${folder}: no profile is there`);
  if (problems.length > 0) throw new InvalidConfigError(problems);
  return { byName, byNumber };
}

export type ParsedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Each problem reads `file: where in it: the rule`. */
export function parseProfile(file: string, text: string): ParsedProfile {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [`${file}: is no JSON: ${String(error)}`] };
  }
  if (!Value.Check(ProfileFile, content)) return refused(file, schemaProblems(content));
  const problems = [...profileRuleProblems(content)];
  if (file !== `${content.name}.json`) {
    problems.unshift({ path: "name", rule: `must be the file's name, ${path.parse(file).name}` });
  }
  return problems.length > 0 ? refused(file, problems) : { ok: true, profile: profileOf(content) };
}

function refused(file: string, problems: readonly ProfileProblem[]): ParsedProfile {
  return { ok: false, problems: problems.map((at) => `${file}: ${at.path}: ${at.rule}`) };
}

function schemaProblems(content: unknown): readonly ProfileProblem[] {
  return Value.Errors(ProfileFile, content).flatMap((error): ProfileProblem[] => {
    const path = dotted(error.instancePath);
    const each = (names: readonly string[], rule: string) =>
      names.map((name) => ({ path: path === "" ? name : `${path}.${name}`, rule }));
    if (error.keyword === "boolean") return []; // additionalProperties says it once
    if (error.keyword === "additionalProperties") {
      return each(error.params.additionalProperties, "is not known here");
    }
    if (error.keyword === "required") return each(error.params.requiredProperties, "is missing");
    return [{ path: path === "" ? "the file" : path, rule: schemaRule(error) }];
  });
}

function schemaRule(error: TLocalizedValidationError): string {
  if (error.keyword === "enum") return `must be one of ${error.params.allowedValues.join(", ")}`;
  if (error.keyword !== "pattern") return error.message;
  const pattern = error.params.pattern.toString();
  return `must be ${PATTERNS[pattern] ?? pattern}`;
}

/** `/reports/1/fields/3/bits` → `reports[1].fields[3].bits` */
function dotted(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

function profileOf(file: ProfileFile): Profile {
  return {
    ...file,
    reports: file.reports.map((report) => ({
      ...report,
      emergency: report.emergency ?? false,
      fields: report.fields.map(fieldOf),
    })),
    commands: file.commands.map((command) => ({
      ...command,
      secondPerson: command.secondPerson ?? false,
      preconditions: command.preconditions ?? [],
      replaces: command.replaces ?? [],
      arguments: command.arguments.map(fieldOf),
    })),
  };
}

function fieldOf({ values, ...field }: FieldFile): ProfileField {
  const plain = {
    ...field,
    scale: field.scale ?? 1,
    offset: field.offset ?? 0,
    unit: field.unit ?? "",
    notAvailable: field.notAvailable ?? null,
  };
  if (values === undefined) return plain;
  const names = values.map(({ name }) => name);
  return { ...plain, values: names, valueLabels: values.map(({ label }) => label) };
}
