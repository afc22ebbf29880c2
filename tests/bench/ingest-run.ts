import { loadavg } from "node:os";

/** BENCH_SCALE=0.1 tries everything with a tenth of the traffic; figures count only without it. */
const SCALE = Number(process.env["BENCH_SCALE"] ?? 1);

export const scaled = (count: number): number => Math.max(1, Math.round(count * SCALE));

/** For whoever waits; standard output is for figures alone. */
export function progress(what: string): void {
  process.stderr.write(`${performance.now().toFixed(0).padStart(8)} ms  ${what}\n`);
}

/** Figures of a machine that others use too are worth as much as what else it did. */
export const load = (): string =>
  `load ${loadavg()
    .map((value) => value.toFixed(1))
    .join(" ")}`;

// a signal ends a process without its exit handlers, and those end our children
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
