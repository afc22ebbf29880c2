import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import type { ApiReads } from "./reads.ts";
import { ConsoleConfig } from "./views.ts";

export const mapRoutes: FastifyPluginAsyncTypebox<ApiReads & { version: string }> = async (
  app,
  { map, demo, simulated, version },
) => {
  app.get(
    "/config",
    {
      config: { action: "public" },
      schema: {
        operationId: "config",
        tags: ["map"],
        description:
          "What the console must know before anybody signs in: the version, whether it is the demonstration or simulates terminals, and the map",
        response: { 200: ConsoleConfig },
      },
    },
    async () => ({
      version,
      demo,
      simulated: simulated.isHere,
      map: {
        styleUrl: map.styleUrl ?? null,
        streetsUrl: map.streets === undefined ? null : "/api/map/streets.geojson",
        bounds: [...map.bounds],
      },
    }),
  );

  const streets = map.streets === undefined ? undefined : JSON.stringify(map.streets);
  app.get(
    "/map/streets.geojson",
    {
      config: { action: "public" },
      schema: {
        operationId: "streets",
        tags: ["map"],
        description: "The simulator's street network (GeoJSON, RFC 7946)",
        response: { 200: Type.Any() },
      },
      serializerCompiler: () => String,
    },
    async (_request, reply) => {
      if (streets === undefined) throw new NotFoundError("street network", "of this installation");
      reply.header("content-type", "application/geo+json");
      reply.header("cache-control", "public, max-age=3600");
      return streets;
    },
  );
};
