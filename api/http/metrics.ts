import type { FastifyInstance } from "fastify";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What a part of the system has counted or measured, as of now. */
export interface Measure {
  readonly name: string;
  readonly help: string;
  readonly kind: "counter" | "gauge";
  readonly values: readonly {
    readonly labels?: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

export interface Metrics {
  /** Times every answer by its route, never by its address: an address names a thing, and there is no end of things. */
  watch(app: FastifyInstance): void;
  /** Prometheus' text format 0.0.4. */
  text(measures: readonly Measure[]): Promise<string>;
}

const SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 1, 5];
/** Its answer lasts as long as its client stays. */
const WITHOUT_END = "/api/events";

export function createMetrics({ ofProcess }: { readonly ofProcess: boolean }): Metrics {
  const own = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: own }); // memory, CPU, the event loop's delay
  const seconds = new Histogram({
    name: "hopline_http_request_seconds",
    help: "time from a request to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: SECONDS,
    registers: [own],
  });
  return {
    watch(app) {
      app.addHook("onResponse", async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
        const route = routeOptions.url ?? "none";
        if (route === WITHOUT_END) return;
        seconds.observe({ method, route, status: String(statusCode) }, elapsedTime / 1_000);
      });
    },

    async text(measures) {
      const asked = new Registry(); // the parts keep count themselves: these are read anew each time
      for (const { name, help, kind, values } of measures) {
        const labelNames = Object.keys(values[0]?.labels ?? {});
        const given = { name, help, labelNames, registers: [asked] };
        const metric = kind === "counter" ? new Counter(given) : new Gauge(given);
        for (const { labels = {}, value } of values) metric.inc({ ...labels }, value);
      }
      return `${await own.metrics()}\n${await asked.metrics()}`;
    },
  };
}
