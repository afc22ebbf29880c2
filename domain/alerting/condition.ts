import { type ASTNode, Environment, EvaluationError } from "@marcbachmann/cel-js";

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

export interface ConditionProblem {
  readonly message: string;
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
  evaluate(values: Values, previous: Values, sinceS: number | undefined): Truth;
}

export type CompiledCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly problems: readonly ConditionProblem[] };

/** Bounds of what one evaluation may cost: at most 32 × 32 steps of nested macros over literal lists. */
export const CONDITION_LIMITS = {
  characters: 500,
  nodes: 200,
  depth: 24,
  listElements: 32,
  literalCharacters: 80,
  macroDepth: 2,
} as const;

const MACROS = new Set(["all", "exists", "exists_one", "map", "filter"]);
/** A regular expression can hold the process for seconds, and what the names of enums need is `==` and `in`. */
const REFUSED = new Set(["matches"]);

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
    const message = `is longer than ${CONDITION_LIMITS.characters} characters`;
    return refused(message, CONDITION_LIMITS.characters, text.length);
  }
  const environment = environmentOf(fields);
  const checked = environment.check(text);
  if (!checked.valid) return typeProblem(checked.error, text);
  if (checked.type !== "bool")
    return refused(`is a ${String(checked.type)}, and must be a bool`, 0, text.length);
  const program = environment.parse(text);
  const seen = inspect(program.ast, fields);
  if (seen.problems.length > 0) return { ok: false, problems: seen.problems };
  const { reads, thresholds } = seen;
  return {
    ok: true,
    condition: {
      text,
      reads,
      thresholds: [...thresholds],
      evaluate(values, previous, sinceS) {
        try {
          const context = sinceS === undefined ? { ...values, previous } : { ...values, previous, sinceS };
          const result: unknown = program(context);
          return typeof result === "boolean" ? result : "unknown";
        } catch (error) {
          if (error instanceof EvaluationError) return "unknown"; // a value is absent, or a division by zero
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
  const types = Object.fromEntries([...fields.values()].map((field) => [field.name, typeOf(field)]));
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

function refused(message: string, start: number, end: number): CompiledCondition {
  return { ok: false, problems: [{ message, start, end }] };
}

interface CelError {
  readonly code?: string;
  readonly summary?: string;
  readonly message: string;
  readonly range?: { readonly start: number; readonly end: number };
}

function typeProblem(error: CelError | undefined, text: string): CompiledCondition {
  const { start, end } = error?.range ?? { start: 0, end: text.length };
  return refused(saidPlainly(error), start, end);
}

function saidPlainly(error: CelError | undefined): string {
  const summary = error?.summary ?? error?.message ?? "is no condition";
  const name = /(?:Unknown variable|No such key): (\w+)/.exec(summary)?.[1];
  if (name !== undefined) return `no report has ${name}`;
  if (error?.code === "no_such_overload" && / int$|: int /.test(summary))
    return `${summary}: numbers are written with a point, as 80.0`;
  return summary;
}

interface Inspected {
  readonly problems: readonly ConditionProblem[];
  readonly reads: ReadonlySet<string>;
  readonly thresholds: ReadonlySet<number>;
}

/** What the type checker does not look at: names of enum values, and what an evaluation may cost. */
function inspect(root: ASTNode, fields: ReadonlyMap<string, ConditionField>): Inspected {
  const problems: ConditionProblem[] = [];
  const reads = new Set<string>();
  const thresholds = new Set<number>();
  const open: { node: ASTNode; depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node } = next;
    const name = fieldName(node);
    if (name !== undefined && fields.has(name)) reads.add(name);
    if (node.op === "value" && isNumber(node.args)) thresholds.add(Number(node.args));
    const depth = next.depth + (isMacro(node) ? 1 : 0);
    const complain = (message: string) => problems.push({ message, start: node.start, end: node.end });
    if (isMacro(node) && depth > CONDITION_LIMITS.macroDepth)
      complain(`all, exists, map and filter may be nested ${CONDITION_LIMITS.macroDepth} deep`);
    for (const message of costProblems(node)) complain(message);
    for (const message of enumProblems(node, fields)) complain(message);
    open.push(...childrenOf(node).map((child) => ({ node: child, depth })));
  }
  return { problems, reads, thresholds };
}

const isNumber = (value: unknown): boolean => typeof value === "number" || typeof value === "bigint";

const isMacro = (node: ASTNode): boolean => node.op === "rcall" && MACROS.has(node.args[0]);

function costProblems(node: ASTNode): readonly string[] {
  if (node.op === "rcall" || node.op === "call")
    return REFUSED.has(node.args[0]) ? [`${node.args[0]} is not allowed: compare with == or in`] : [];
  const isLong =
    node.op === "value" &&
    typeof node.args === "string" &&
    node.args.length > CONDITION_LIMITS.literalCharacters;
  return isLong ? [`a text may have ${CONDITION_LIMITS.literalCharacters} characters`] : [];
}

/** The field that a node names: `speed` or `previous.speed`. */
function fieldName(node: ASTNode): string | undefined {
  if (node.op === "id") return node.args;
  if (node.op !== ".") return undefined;
  const [owner, name] = node.args;
  return owner.op === "id" && owner.args === PREVIOUS ? name : undefined;
}

/** A value that the field never has would make a rule that never fires. */
function enumProblems(node: ASTNode, fields: ReadonlyMap<string, ConditionField>): readonly string[] {
  if (node.op !== "==" && node.op !== "!=" && node.op !== "in") return [];
  const [left, right] = node.args;
  const known = [left, right].map(fieldName).find((name) => name !== undefined && fields.has(name));
  const field = known === undefined ? undefined : fields.get(known);
  if (field?.values === undefined) return [];
  return [left, right]
    .flatMap(textsOf)
    .filter((text) => !field.values?.includes(text))
    .map((text) => `"${text}" is no value of ${field.name}`);
}

function textsOf(node: ASTNode): readonly string[] {
  if (node.op === "value") return typeof node.args === "string" ? [node.args] : [];
  return node.op === "list" ? node.args.flatMap(textsOf) : [];
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "list":
      return node.args;
    case "map":
      return node.args.flat();
    case "!_":
    case "-_":
      return [node.args];
    default:
      return node.args;
  }
}
