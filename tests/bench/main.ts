import { parseArgs } from "node:util";
import type { Figure } from "./figure.ts";

/** `npm run --silent bench -- [--json] [GROUP|FIGURE…]`: the figures of the named groups, or of all, or single ones. */

interface Group {
  /** May leave out the work for what nobody wants. */
  figures(isWanted: (name: string) => boolean): Promise<Figure[]>;
}

const GROUPS: Readonly<Record<string, () => Promise<Group>>> = {
  radio: () => import("./radio.ts"),
  ingest: () => import("./ingest.ts"),
  api: () => import("./api.ts"),
  alerting: () => import("./alerting.ts"),
  paging: () => import("./paging.ts"),
  billing: () => import("./billing.ts"),
};

const USAGE = `usage: npm run --silent bench -- [--json] [GROUP|FIGURE…]\ngroups: ${Object.keys(GROUPS).join(", ")}\nfigures: as the groups name them, like ingest.vs_mosquitto\n`;

const groupOf = (name: string): string => name.split(".")[0] ?? "";

function readArguments(): { json: boolean; names: string[] } | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: "boolean", default: false } },
    });
    const unknown = positionals.filter((name) => !(groupOf(name) in GROUPS));
    if (unknown.length > 0) return `unknown group: ${unknown.join(", ")}`;
    return {
      json: values.json,
      names: positionals.length > 0 ? positionals : Object.keys(GROUPS),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function row(figure: Figure): string[] {
  const { name, value, unit, aim, peer, ratio } = figure;
  return [
    name,
    String(value),
    unit,
    aim ?? "",
    peer ? `${peer.name}: ${String(peer.value)} ${peer.unit}` : "",
    ratio === undefined ? "" : String(ratio),
  ];
}

function table(figures: readonly Figure[]): string {
  const rows = [["name", "value", "unit", "aim", "peer", "ratio"], ...figures.map(row)];
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((cells) => cells[i]?.length ?? 0)),
  );
  const lines = rows.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const notes = figures.flatMap(({ name, note }) =>
    note === undefined ? [] : [`${name}: ${note}`],
  );
  return `${[...lines, ...(notes.length > 0 ? ["", ...notes] : [])].join("\n")}\n`;
}

const wanted = readArguments();
if (typeof wanted === "string") {
  process.stderr.write(`${wanted}\n${USAGE}`);
  process.exitCode = 2;
} else {
  const figures: Figure[] = [];
  const { names } = wanted;
  const isWanted = (figure: string) => names.includes(figure) || names.includes(groupOf(figure));
  for (const group of new Set(names.map(groupOf))) {
    const module = await GROUPS[group]?.();
    figures.push(...((await module?.figures(isWanted)) ?? []).filter(({ name }) => isWanted(name)));
  }
  const missing = names.filter(
    (name) => name.includes(".") && !figures.some((f) => f.name === name),
  );
  if (missing.length > 0) {
    process.stderr.write(`unknown figure: ${missing.join(", ")}\n`);
    process.exitCode = 2;
  }
  process.stdout.write(wanted.json ? `${JSON.stringify(figures, null, 2)}\n` : table(figures));
}
