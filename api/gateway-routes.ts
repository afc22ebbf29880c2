import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { Gateway } from "../domain/devices/gateways.ts";
import type { ApiReads } from "./reads.ts";
import { GatewayList, type GatewayViewType } from "./views.ts";

export const gatewayView = (gateway: Gateway): GatewayViewType => ({
  id: gateway.id,
  name: gateway.name,
  latitude: gateway.latitude,
  longitude: gateway.longitude,
  online: gateway.online,
  since: gateway.since?.toISOString() ?? null,
  seenAt: gateway.seenAt?.toISOString() ?? null,
  modems: gateway.modems.map((modem) => ({ ...modem })),
  counters: Object.fromEntries(
    Object.entries(gateway.counters).map(([name, count]) => [name, Number(count)]),
  ),
  packetsLastHour: gateway.packetsLastHour,
});

export const gatewayRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { gateways, clock },
) => {
  app.get(
    "/gateways",
    {
      config: { action: "gateways:read" },
      schema: {
        operationId: "gateways",
        tags: ["gateways"],
        description: "The gateways with the health of their modems and what they counted",
        response: { 200: GatewayList },
      },
    },
    async () => ({ items: (await gateways.list(clock.now())).map(gatewayView) }),
  );
};
