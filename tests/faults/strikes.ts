import { existsSync, readFileSync } from "node:fs";

/** Who died at which step how often. */
export type Strikes = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A line for each: the step and the victim. */
export function readStrikes(file: string): Strikes {
  const strikes = new Map<string, Map<string, number>>();
  if (!existsSync(file)) return strikes;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [step, victim] = line.split(" ");
    if (step === undefined || victim === undefined) continue;
    const victims = strikes.get(step) ?? new Map<string, number>();
    strikes.set(step, victims.set(victim, (victims.get(victim) ?? 0) + 1));
  }
  return strikes;
}

export const hitsOf = (strikes: Strikes, step: string): number =>
  sum(strikes.get(step)?.values() ?? []);

export const totalOf = (strikes: Strikes): number =>
  sum([...strikes.values()].flatMap((victims) => [...victims.values()]));

/** One line a step, with its victims. */
export function strikesTable(strikes: Strikes, steps: readonly string[]): string {
  const line = (step: string): string => {
    const victims = [...(strikes.get(step) ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const whom = victims.map(([victim, count]) => `${victim} ${count}`).join(", ");
    return `  ${step.padEnd(20)} ${String(hitsOf(strikes, step)).padStart(4)}  ${whom}`;
  };
  return steps.map(line).join("\n");
}

/** One line each. */
export const table = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .map(([name, count]) => `  ${name.padEnd(20)} ${String(count).padStart(4)}`)
    .join("\n");

export const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);
