import { type ASTNode, Environment, EvaluationError } from "@marcbachmann/cel-js";
import { type Complaint, complaint } from "./rule-problem.ts";

/** A reading as a rule sees it: numbers are CEL doubles, enums their names. */
export type Value = number | boolean | string;
export type Values = Readonly<Record<string, Value>>;

/** A field that a condition may name. */
export interface ConditionField {
  readonly name: string;
  readonly kind: "uint" | "int" | "bool" | "enum";
  /** An enum's names; undefined for any other kind. */
  readonly values?: readonly string[] | undefined;
}

/** What is not known decides nothing: neither that it is so, nor that it is not. */
export type Truth = boolean | "unknown";

export interface ConditionProblem extends Complaint {
  /** Where in the text, from 0; the end is exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface Condition {
  readonly text: string;
  /** Fields of the report and of the state before it that the condition reads. */
  readonly reads: ReadonlySet<string>;
  /** Numbers that the text compares with: where a decision may turn. */
  readonly thresholds: readonly number[];
  /** What one evaluation may cost, see CONDITION_LIMITS. */
  readonly steps: number;
  readonly evaluate: (values: Values, previous: Values, sinceS: number | undefined) => Truth;
}

export type CompiledCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly problems: readonly ConditionProblem[] };

/**
 * Bounds of what one evaluation may cost. `steps`: parts of the text, each as often as macros may go through it. `macroDepth`: what
 * a macro makes of its values may be longer than the text (`a + a`), and longer again in the next macro within it.
 */
export const CONDITION_LIMITS = {
  characters: 500,
  nodes: 200,
  depth: 24,
  listElements: 32,
  macroDepth: 2,
  literalCharacters: 80,
  steps: 1_000,
} as const;

const MACROS = new Set(["all", "exists", "exists_one", "map", "filter"]);
/**
 * All else is refused: a regular expression can hold the process for seconds, `cel.bind` doubles a text again and again,
 * and time zones, JSON and dates throw errors of their own while a packet is being stored. Names of enums need `==` and `in`.
 */
const ALLOWED = new Set([...MACROS, "has", "size", "double", "int"]);

/** Seconds since the terminal's report before this one. */
const SINCE = "sinceS";
const PREVIOUS = "previous";

const environments = new WeakMap<object, Environment>();

/** Checks a condition's grammar, types and cost against the fields of a device type. Throws nothing. */
export function compileCondition(
  text: string,
  fields: ReadonlyMap<string, ConditionField>,
): CompiledCondition {
  if (text.length > CONDITION_LIMITS.characters) {
    const { characters } = CONDITION_LIMITS;
    const long = complaint("too-long", `is longer than ${characters} characters`, characters);
    return refused(long, characters, text.length);
  }
  const environment = environmentOf(fields);
  const checked = environment.check(text);
  if (!checked.valid) return typeProblem(checked.error, text);
  if (checked.type !== "bool") {
    const type = String(checked.type);
    return refused(
      complaint("not-a-bool", `is a ${type}, and must be a bool`, type),
      0,
      text.length,
    );
  }
  const program = environment.parse(text);
  const seen = inspect(program.ast, fields);
  if (seen.problems.length > 0) return { ok: false, problems: seen.problems };
  const { reads, thresholds, steps } = seen;
  return {
    ok: true,
    condition: {
      text,
      reads,
      thresholds: [...thresholds],
      steps,
      evaluate: (values, previous, sinceS) => {
        try {
          const context =
            sinceS === undefined ? { ...values, previous } : { ...values, previous, sinceS };
          const result: unknown = program(context);
          return typeof result === "boolean" ? result : "unknown";
        } catch (error) {
          // a value is absent, a division by zero, or a text that grew too long
          if (error instanceof EvaluationError || error instanceof RangeError) return "unknown";
          throw error;
        }
      },
    },
  };
}

/** One per set of fields: it holds every overload of every operator. */
function environmentOf(fields: ReadonlyMap<string, ConditionField>): Environment {
  const known = environments.get(fields);
  if (known) return known;
  const types = Object.fromEntries(
    [...fields.values()].map((field) => [field.name, typeOf(field)]),
  );
  const environment = new Environment({
    limits: {
      maxAstNodes: CONDITION_LIMITS.nodes,
      maxDepth: CONDITION_LIMITS.depth,
      maxListElements: CONDITION_LIMITS.listElements,
      maxMapEntries: 0,
      maxCallArguments: 4,
    },
  });
  for (const [name, type] of Object.entries(types)) environment.registerVariable(name, type);
  environment.registerVariable(SINCE, "double");
  environment.registerVariable({ name: PREVIOUS, schema: types });
  environments.set(fields, environment);
  return environment;
}

const typeOf = ({ kind }: ConditionField): string =>
  kind === "bool" ? "bool" : kind === "enum" ? "string" : "double";

function refused(said: Complaint, start: number, end: number): CompiledCondition {
  return { ok: false, problems: [{ ...said, start, end }] };
}

interface CelError {
  readonly code?: string;
  readonly summary?: string;
  readonly message: string;
  readonly range?: { readonly start: number; readonly end: number };
}

function typeProblem(error: CelError | undefined, text: string): CompiledCondition {
  const said = saidPlainly(error);
  const isWhole = said.code === "too-costly"; // no one place of it is
  const { start, end } = (isWhole ? undefined : error?.range) ?? { start: 0, end: text.length };
  return refused(said, start, end);
}

/** What the limits of the library count, in a word. */
const COUNTED: Readonly<Record<string, string>> = {
  maxAstNodes: "parts",
  maxDepth: "brackets within brackets",
  maxListElements: "values in a list",
  maxMapEntries: "entries of a map",
  maxCallArguments: "arguments",
};

function saidPlainly(error: CelError | undefined): Complaint {
  const summary = error?.summary ?? error?.message ?? "is no condition";
  const name = /(?:Unknown variable|No such key): (\w+)/.exec(summary)?.[1];
  if (name !== undefined) return complaint("unknown-field", `no report has ${name}`, name);
  return costSaid(summary) ?? typeSaid(error?.code, summary);
}

function costSaid(summary: string): Complaint | undefined {
  const [, limit = "", allowed = ""] = /Exceeded (\w+) \((\d+)\)/.exec(summary) ?? [];
  const counted = COUNTED[limit];
  if (counted === undefined) return undefined;
  const message = `costs too much: at most ${allowed} ${counted}`;
  return complaint("too-costly", message, limit, allowed);
}

function typeSaid(code: string | undefined, summary: string): Complaint {
  const isType = code === "no_such_overload" || code === "no_matching_overload";
  if (!isType) return complaint("syntax", summary, summary);
  return / int$|: int /.test(summary)
    ? complaint("integer", `${summary}: numbers are written with a point, as 80.0`)
    : complaint("type", summary, summary);
}

interface Inspected {
  readonly problems: readonly ConditionProblem[];
  readonly reads: ReadonlySet<string>;
  readonly thresholds: ReadonlySet<number>;
  readonly steps: number;
}

/** What the type checker does not look at: names of enum values, and what an evaluation may cost. */
function inspect(root: ASTNode, fields: ReadonlyMap<string, ConditionField>): Inspected {
  const problems: ConditionProblem[] = [];
  const reads = new Set<string>();
  const thresholds = new Set<number>();
  let steps = 0;
  const open: Visit[] = [{ node: root, times: 1, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, times } = next;
    const depth = next.depth + (isMacro(node) ? 1 : 0);
    steps += times;
    const name = fieldName(node);
    if (name !== undefined && fields.has(name)) reads.add(name);
    if (node.op === "value" && isNumber(node.args)) thresholds.add(Number(node.args));
    const said = [...costProblems(node, depth), ...enumProblems(node, fields)];
    problems.push(...said.map((one) => ({ ...one, start: node.start, end: node.end })));
    open.push(...childrenOf(node, times).map((child) => ({ ...child, depth })));
  }
  if (steps > CONDITION_LIMITS.steps && problems.length === 0) {
    const message = `costs too much: at most ${CONDITION_LIMITS.steps} steps`;
    const said = complaint("too-costly", message, "steps", CONDITION_LIMITS.steps);
    problems.push({ ...said, start: root.start, end: root.end });
  }
  return { problems, reads, thresholds, steps };
}

const isMacro = (node: ASTNode): boolean => node.op === "rcall" && MACROS.has(node.args[0]);

const isNumber = (value: unknown): boolean =>
  typeof value === "number" || typeof value === "bigint";

function costProblems(node: ASTNode, depth: number): readonly Complaint[] {
  const { macroDepth, literalCharacters } = CONDITION_LIMITS;
  if (isMacro(node) && depth > macroDepth) {
    const message = `all, exists, map and filter may be nested ${macroDepth} deep`;
    return [complaint("too-costly", message, "macroDepth", macroDepth)];
  }
  if (node.op === "rcall" || node.op === "call") {
    const [name] = node.args;
    const message = `${name} is not allowed: compare with == or in`;
    return ALLOWED.has(name) ? [] : [complaint("not-allowed", message, name)];
  }
  const isLong =
    node.op === "value" && typeof node.args === "string" && node.args.length > literalCharacters;
  const message = `a text may have ${literalCharacters} characters`;
  return isLong ? [complaint("text-too-long", message, literalCharacters)] : [];
}

/** The field that a node names: `speed` or `previous.speed`. */
function fieldName(node: ASTNode): string | undefined {
  if (node.op === "id") return node.args;
  if (node.op !== ".") return undefined;
  const [owner, name] = node.args;
  return owner.op === "id" && owner.args === PREVIOUS ? name : undefined;
}

/** A value that the field never has would make a rule that never fires. */
function enumProblems(
  node: ASTNode,
  fields: ReadonlyMap<string, ConditionField>,
): readonly Complaint[] {
  if (node.op !== "==" && node.op !== "!=" && node.op !== "in") return [];
  const [left, right] = node.args;
  const known = [left, right].map(fieldName).find((name) => name !== undefined && fields.has(name));
  const field = known === undefined ? undefined : fields.get(known);
  if (field?.values === undefined) return [];
  return [left, right]
    .flatMap(textsOf)
    .filter((text) => !field.values?.includes(text))
    .map((text) =>
      complaint("no-such-value", `"${text}" is no value of ${field.name}`, text, field.name),
    );
}

function textsOf(node: ASTNode): readonly string[] {
  if (node.op === "value") return typeof node.args === "string" ? [node.args] : [];
  return node.op === "list" ? node.args.flatMap(textsOf) : [];
}

interface Child {
  readonly node: ASTNode;
  /** How often an evaluation may come to it. */
  readonly times: number;
}

interface Visit extends Child {
  /** How many macros it stands in. */
  readonly depth: number;
}

function childrenOf(node: ASTNode, times: number): readonly Child[] {
  if (node.op !== "rcall" || !MACROS.has(node.args[0]))
    return partsOf(node).map((part) => ({ node: part, times }));
  const [, over, body] = node.args;
  const each = times * Math.max(1, lengthMax(over)); // an empty list, too, bounds nothing within it
  return [{ node: over, times }, ...body.map((part) => ({ node: part, times: each }))];
}

/** How long a list can be; without end where the text does not say. */
function lengthMax(list: ASTNode): number {
  if (list.op === "list") return list.args.length;
  if (list.op === "+") return lengthMax(list.args[0]) + lengthMax(list.args[1]);
  const isSelection = list.op === "rcall" && (list.args[0] === "map" || list.args[0] === "filter");
  return isSelection ? lengthMax(list.args[1]) : Infinity;
}

function partsOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === "value" || node.op === "id") return [];
  if (node.op === "." || node.op === ".?") return [node.args[0]];
  if (node.op === "call") return node.args[1];
  if (node.op === "rcall") return [node.args[1], ...node.args[2]];
  if (node.op === "map") return node.args.flat();
  if (node.op === "!_" || node.op === "-_") return [node.args];
  return node.args;
}
