/** For tests: what Grafana would put in place of its macros and variables, by the documentation of its two data sources. */
export interface QueryScope {
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
  /** A variable's value in `regex` format. */
  readonly variables: Readonly<Record<string, string>>;
}

const MS_NS = 1_000_000n;

/** Variables and the interval, which Grafana replaces in every query alike. Asserts that it knows each. */
export function expandVariables(text: string, { intervalMs, variables }: QueryScope): string {
  return text
    .replaceAll("$__interval_ms", String(intervalMs))
    .replaceAll("$__interval", `${intervalMs / 1000}s`)
    .replaceAll(/\$\{(\w+)(?::regex)?\}/g, (_, name: string) => {
      const value = variables[name];
      if (value === undefined) throw new RangeError(`there is no variable ${name}`);
      return value;
    });
}

export function expandInfluxql(query: string, scope: QueryScope): string {
  const { fromMs, toMs } = scope;
  return expandVariables(query, scope).replaceAll(
    "$timeFilter",
    `time >= ${fromMs}ms and time <= ${toMs}ms`,
  );
}

/** Grafana looks for `$name(arguments)` and takes the first closing bracket for the end, whatever stands inside. */
export function expandSql(sql: string, scope: QueryScope): string {
  return expandVariables(sql, scope).replaceAll(
    /\$(\w+)\(([^)]*)\)/g,
    (_, name: string, list: string) => {
      const [column = "", interval = ""] = list.split(",").map((argument) => argument.trim());
      return macro(name, column, { scope, interval });
    },
  );
}

interface MacroUse {
  readonly scope: QueryScope;
  readonly interval: string;
}

function macro(name: string, column: string, { scope, interval }: MacroUse): string {
  const { fromMs, toMs } = scope;
  const timestamp = (ms: number): string => `'${new Date(ms).toISOString()}'`;
  switch (name) {
    case "__timeFilter":
      return `${column} BETWEEN ${timestamp(fromMs)} AND ${timestamp(toMs)}`;
    case "__timeGroup":
      return `floor(extract(epoch from ${column})/${seconds(interval)})*${seconds(interval)}`;
    case "__timeGroupAlias":
      return `${macro("__timeGroup", column, { scope, interval })} AS "time"`;
    case "__unixEpochNanoFilter":
      return `${column} >= ${BigInt(fromMs) * MS_NS} AND ${column} <= ${BigInt(toMs) * MS_NS}`;
    case "__unixEpochGroup":
      return `floor((${column})/${seconds(interval)})*${seconds(interval)}`;
    case "__unixEpochGroupAlias":
      return `${macro("__unixEpochGroup", column, { scope, interval })} AS "time"`;
    default:
      throw new RangeError(`Grafana's macro $${name} is not known here`);
  }
}

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

function seconds(interval: string): number {
  const [, count, unit] = /^'(\d+(?:\.\d+)?)([smhd])'$/.exec(interval) ?? [];
  if (count === undefined || unit === undefined) throw new RangeError(`${interval} is no interval`);
  return Number(count) * SECONDS[unit as keyof typeof SECONDS]; // the expression allows no other
}
