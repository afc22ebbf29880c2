import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import type { Measure, Metrics } from "./http/metrics.ts";
import { measureOfNotices, measuresOfGateways, measuresOfOutboxes } from "./measures.ts";
import type { ApiReads } from "./reads.ts";

export interface MetricsDeps extends ApiReads {
  readonly metrics: Metrics;
}

export const metricsRoutes: FastifyPluginAsyncTypebox<MetricsDeps> = async (app, deps) => {
  const { metrics, live, gateways, clock, db, measure, paying } = deps;
  app.get(
    "/metrics",
    {
      config: { action: "metrics:read" },
      schema: {
        operationId: "metrics",
        tags: ["health"],
        description:
          "What is counted and measured, in Prometheus' text format: requests, the event loop, live clients, gateways, what waits, the payment provider's notices; and the network's and the broker's counts where they run in the same process. Prometheus takes an API key with `metrics:read` as `authorization: { credentials: … }`",
        produces: ["text/plain"],
        response: { 200: Type.String({ description: "text format 0.0.4" }) },
      },
      serializerCompiler: () => String,
    },
    async (_request, reply) => {
      const clients: Measure = {
        name: "hopline_live_clients",
        help: "clients of the live events",
        kind: "gauge",
        values: [{ value: live.subscribers }],
      };
      const [listed, outboxes] = [await gateways.list(clock.now()), await measuresOfOutboxes(db)];
      const parts = [...measuresOfGateways(listed), ...outboxes, ...measure()];
      const measures = [clients, measureOfNotices(paying.orders.counts), ...parts];
      reply.header("content-type", "text/plain; version=0.0.4; charset=utf-8");
      return metrics.text(measures);
    },
  );
};
