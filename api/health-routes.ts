import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { ApiReads } from "./reads.ts";
import { Health } from "./views.ts";

export const healthRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { health }) => {
  app.get(
    "/health",
    {
      config: { rateLimit: false, action: "public" },
      schema: {
        operationId: "health",
        tags: ["health"],
        description: "What each part is doing. 503 when one of them cannot do its work.",
        response: { 200: Health, 503: Health },
      },
    },
    async (_request, reply) => {
      const parts = await health();
      const isOk = Object.values(parts).every((part) => part.status === "ok");
      return reply.code(isOk ? 200 : 503).send({ status: isOk ? "ok" : "degraded", parts });
    },
  );
};
