import { packedBytes, rawRange } from "../../protocol/report/report.ts";
import { expressionProblems, type NamedField } from "./profile-expressions.ts";
import type { FieldFile, ProfileFile } from "./profile-schema.ts";

/** Where in the file, and the rule it breaks. */
export interface ProfileProblem {
  readonly path: string;
  readonly rule: string;
}

const PLAINTEXT_BYTES_MAX = 54; // CR 1/3 with 3 headers, air interface section 2
const REPORT_HEAD_BYTES = 3; // id and age: any report may have to wait for coverage
const COMMAND_BYTES_MAX = 46; // 48, less the slots of a roll call
const RESERVED_NAMES = ["time", "terminal", "report"]; // the telemetry store's own

/** What no schema can say: how the parts of a profile hang together. */
export function profileRuleProblems(profile: ProfileFile): readonly ProfileProblem[] {
  const fields = fieldsByName(profile);
  return [
    ...reportProblems(profile),
    ...commandProblems(profile, fields),
    ...settingProblems(profile),
    ...eventProblems(profile),
    ...alertRuleProblems(profile, fields),
    ...drillProblems(profile),
    ...displayProblems(profile),
    ...panelProblems(profile, fields),
    ...positionProblems(profile, fields),
  ];
}

function fieldsByName({ reports }: ProfileFile): ReadonlyMap<string, NamedField> {
  return new Map(reports.flatMap(({ fields }) => fields.map((field) => [field.name, field])));
}

function reportProblems({ reports }: ProfileFile): ProfileProblem[] {
  const problems = [
    ...unique(reports, "reports", "number"),
    ...unique(reports, "reports", "name"),
    ...oneMeaning(reports),
  ];
  for (const [at, report] of reports.entries()) {
    const path = `reports[${at}]`;
    problems.push(...layoutProblems(report.fields, `${path}.fields`));
    const bytes = REPORT_HEAD_BYTES + packedBytes(report.fields);
    if (bytes > PLAINTEXT_BYTES_MAX) {
      const rule = `with its number and age it takes ${bytes} bytes of ${PLAINTEXT_BYTES_MAX}`;
      problems.push({ path: `${path}.fields`, rule });
    }
  }
  return problems;
}

/** A field is one column of telemetry, whichever report brings it. */
function oneMeaning(reports: ProfileFile["reports"]): ProfileProblem[] {
  const first = new Map<string, { field: FieldFile; report: string }>();
  return reports.flatMap((report, at) =>
    report.fields.flatMap((field, index) => {
      const known = first.get(field.name);
      if (known === undefined) {
        first.set(field.name, { field, report: report.name });
        return [];
      }
      const path = `reports[${at}].fields[${index}]`;
      const other = `report ${known.report}`;
      const problems: ProfileProblem[] = [];
      if (field.kind !== known.field.kind) {
        problems.push({ path: `${path}.kind`, rule: `is ${known.field.kind} in ${other}` });
      }
      if ((field.unit ?? "") !== (known.field.unit ?? "")) {
        const unit = JSON.stringify(known.field.unit ?? "");
        problems.push({ path: `${path}.unit`, rule: `is ${unit} in ${other}` });
      }
      if (valueNames(field) !== valueNames(known.field)) {
        problems.push({ path: `${path}.values`, rule: `are not those in ${other}` });
      }
      return problems;
    }),
  );
}

const displayProblems = ({ display, commands }: ProfileFile): ProfileProblem[] =>
  commands.some(({ number }) => number === display?.number)
    ? [{ path: "display.number", rule: "is that of a command" }]
    : [];

const valueNames = (field: FieldFile) => field.values?.map(({ name }) => name).join();

function layoutProblems(fields: readonly FieldFile[], path: string): ProfileProblem[] {
  const own = fields.flatMap((field, at) => fieldProblems(field, `${path}[${at}]`));
  return [...unique(fields, path, "name"), ...own];
}

function fieldProblems(field: FieldFile, path: string): ProfileProblem[] {
  const { name, kind, bits, scale, offset, values = [] } = field;
  const isNumber = kind === "uint" || kind === "int";
  const notAvailable = notAvailableProblem(field);
  const broken: readonly (readonly [part: string, isBroken: boolean, rule: string])[] = [
    ["name", RESERVED_NAMES.includes(name), `"${name}" is reserved`],
    ["scale", scale === 0, "must not be 0"],
    ["scale", !isNumber && scale !== undefined, `a field of kind ${kind} has none`],
    ["offset", !isNumber && offset !== undefined, `a field of kind ${kind} has none`],
    ["values", kind === "enum" && values.length === 0, "an enum needs them"],
    ["values", kind !== "enum" && values.length > 0, "only an enum has them"],
    ["values", values.length > 2 ** bits, `${values.length} values do not fit into ${bits} bits`],
    ["notAvailable", notAvailable !== undefined, notAvailable ?? ""],
  ];
  return [
    ...broken.flatMap(([part, isBroken, rule]) =>
      isBroken ? [{ path: `${path}.${part}`, rule }] : [],
    ),
    ...unique(values, `${path}.values`, "name"),
  ];
}

function notAvailableProblem({ notAvailable, ...field }: FieldFile): string | undefined {
  if (notAvailable === undefined) return undefined;
  const [lowest, highest] = rawRange(field);
  if (notAvailable < lowest || notAvailable > highest) {
    return `${notAvailable} is not in ${lowest}..${highest}, the raw values of ${field.bits} bits`;
  }
  const taken = field.kind === "bool" ? 2 : (field.values?.length ?? 0);
  return notAvailable < taken && field.kind !== "int" && taken > 0
    ? `${notAvailable} already means something`
    : undefined;
}

function commandProblems(
  { commands }: ProfileFile,
  fields: ReadonlyMap<string, NamedField>,
): ProfileProblem[] {
  const own = commands.flatMap((command, at) => {
    const path = `commands[${at}]`;
    const bytes = 1 + packedBytes(command.arguments);
    const rule = `with its number it takes ${bytes} bytes of ${COMMAND_BYTES_MAX}`;
    return [
      ...layoutProblems(command.arguments, `${path}.arguments`),
      ...(bytes > COMMAND_BYTES_MAX ? [{ path: `${path}.arguments`, rule }] : []),
      ...(command.replaces ?? [])
        .filter((name) => !commands.some((other) => other.name === name))
        .map((name) => ({ path: `${path}.replaces`, rule: `there is no command ${name}` })),
      ...(command.preconditions ?? []).flatMap(({ condition }, index) =>
        expressionProblems(condition, fields).map((problem) => ({
          path: `${path}.preconditions[${index}].condition`,
          rule: problem,
        })),
      ),
    ];
  });
  return [
    ...unique(commands, "commands", "number"),
    ...unique(commands, "commands", "name"),
    ...own,
  ];
}

function settingProblems({ settings, commands }: ProfileFile): ProfileProblem[] {
  const own = settings.flatMap((setting, at): ProfileProblem[] => {
    const path = `settings[${at}]`;
    const command = commands.find(({ name }) => name === setting.command);
    if (command === undefined) {
      return [{ path: `${path}.command`, rule: `there is no command ${setting.command}` }];
    }
    const argument = command.arguments.find(({ name }) => name === setting.argument);
    if (argument === undefined) {
      const rule = `command ${command.name} has no argument ${setting.argument}`;
      return [{ path: `${path}.argument`, rule }];
    }
    return canSay(argument, setting.default)
      ? []
      : [{ path: `${path}.default`, rule: `is no value of ${setting.argument}` }];
  });
  return [...unique(settings, "settings", "name"), ...own];
}

function eventProblems({ events, reports }: ProfileFile): ProfileProblem[] {
  const own = events.flatMap((event, at): ProfileProblem[] => {
    const path = `events[${at}]`;
    const report = reports.find(({ name }) => name === event.report);
    if (report === undefined) {
      return [{ path: `${path}.report`, rule: `there is no report ${event.report}` }];
    }
    const field = report.fields.find(({ name }) => name === event.field);
    if (field === undefined) {
      const rule = `report ${report.name} has no field ${event.field}`;
      return [{ path: `${path}.field`, rule }];
    }
    return canSay(field, event.equals)
      ? []
      : [{ path: `${path}.equals`, rule: `is no value of ${event.field}` }];
  });
  return [...unique(events, "events", "name"), ...own];
}

function canSay(field: FieldFile, value: number | boolean | string): boolean {
  if (field.kind === "bool") return typeof value === "boolean";
  if (field.kind === "enum") return field.values?.some(({ name }) => name === value) ?? false;
  return typeof value === "number";
}

function alertRuleProblems(
  { alertRules }: ProfileFile,
  fields: ReadonlyMap<string, NamedField>,
): ProfileProblem[] {
  const own = alertRules.flatMap((rule, at) => {
    const path = `alertRules[${at}]`;
    const { field } = rule;
    const unknown = field !== undefined && !fields.has(field) ? [`no report has ${field}`] : [];
    return [
      ...partsOfKind(rule, path),
      ...unknown.map((problem) => ({ path: `${path}.field`, rule: problem })),
      ...(["condition", "clear", "parked", "disarmed"] as const).flatMap((part) =>
        problemsOfPart(rule[part], fields).map((problem) => ({
          path: `${path}.${part}`,
          rule: problem,
        })),
      ),
    ];
  });
  return [...unique(alertRules, "alertRules", "key"), ...own];
}

const problemsOfPart = (text: string | undefined, fields: ReadonlyMap<string, NamedField>) =>
  text === undefined ? [] : expressionProblems(text, fields);

const PARTS_OF_KIND = {
  condition: { needs: ["condition"], may: ["clear"] },
  silence: { needs: [], may: [] },
  "rate-of-change": { needs: ["field", "change", "withinS"], may: ["direction"] },
  guard: { needs: ["parked", "disarmed", "armAfterS", "radiusM"], may: [] },
} as const;
const PARTS = [
  "condition",
  "clear",
  "field",
  "change",
  "withinS",
  "direction",
  "parked",
  "disarmed",
  "armAfterS",
  "radiusM",
] as const;

function partsOfKind(rule: ProfileFile["alertRules"][number], path: string): ProfileProblem[] {
  const { needs, may } = PARTS_OF_KIND[rule.kind];
  const allowed: readonly string[] = [...needs, ...may];
  const missing = needs.filter((part) => rule[part] === undefined);
  const odd = PARTS.filter((part) => rule[part] !== undefined && !allowed.includes(part));
  return [
    ...missing.map((part) => ({ path: `${path}.${part}`, rule: `a ${rule.kind} rule needs it` })),
    ...odd.map((part) => ({ path: `${path}.${part}`, rule: `a ${rule.kind} rule has none` })),
  ];
}

function drillProblems({ drill, commands }: ProfileFile): ProfileProblem[] {
  if (drill === undefined) return [];
  const command = commands.find(({ name }) => name === drill.command);
  if (command === undefined)
    return [{ path: "drill.command", rule: `there is no command ${drill.command}` }];
  const given = drill.arguments ?? {};
  const unknown = Object.keys(given).filter(
    (name) => !command.arguments.some((argument) => argument.name === name),
  );
  return [
    ...unknown.map((name) => ({
      path: `drill.arguments.${name}`,
      rule: `command ${command.name} has no such argument`,
    })),
    ...command.arguments.flatMap((argument) => {
      const value = given[argument.name];
      return value !== undefined && canSay(argument, value)
        ? []
        : [{ path: `drill.arguments.${argument.name}`, rule: "needs a value of the argument" }];
    }),
  ];
}

function panelProblems(
  { panels }: ProfileFile,
  fields: ReadonlyMap<string, NamedField>,
): ProfileProblem[] {
  return panels.flatMap((panel, at) =>
    panel.fields.flatMap((name, index) =>
      fields.has(name)
        ? []
        : [{ path: `panels[${at}].fields[${index}]`, rule: `no report has ${name}` }],
    ),
  );
}

function positionProblems(
  { positionFields, reports }: ProfileFile,
  fields: ReadonlyMap<string, NamedField>,
): ProfileProblem[] {
  if (positionFields === undefined) return [];
  const { latitude, longitude } = positionFields;
  const unknown = Object.entries(positionFields)
    .filter(([, name]) => !fields.has(name))
    .map(([part, name]) => ({ path: `positionFields.${part}`, rule: `no report has ${name}` }));
  const halves = reports.flatMap((report, at) => {
    const names = report.fields.map(({ name }) => name);
    return names.includes(latitude) === names.includes(longitude)
      ? []
      : [{ path: `reports[${at}].fields`, rule: "has only half of a position" }];
  });
  return [...unknown, ...halves];
}

function unique<K extends string>(
  list: readonly Readonly<Record<K, unknown>>[],
  path: string,
  key: K,
): ProfileProblem[] {
  return list.flatMap((item, at) => {
    const first = list.findIndex((other) => other[key] === item[key]);
    const rule = `${String(item[key])} is already that of ${path}[${first}]`;
    return first < at ? [{ path: `${path}[${at}].${key}`, rule }] : [];
  });
}
