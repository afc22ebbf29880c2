import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { REFUSALS } from "./asset-routes.ts";
import { Currency, Day, Id, Money, nullable, Time } from "./billing-views.ts";
import type { ApiReads } from "./reads.ts";
import { Address } from "./views.ts";

const tags = ["billing"];
const POSITION_MAX = 2_147_483_647; // of the database's integer
const LineParams = Type.Object({
  id: Id,
  position: Type.Integer({ minimum: 1, maximum: POSITION_MAX }),
});
const Reception = Type.Object({
  gatewayId: Type.String(),
  receivedAt: Time,
  rssiDbm: nullable(Type.Number()),
  snrDb: Type.Number(),
});
const LineDay = Type.Object({
  day: Day,
  address: Address,
  terminalName: nullable(Type.String()),
  reports: Type.Integer(),
  bytes: Type.Integer(),
  isLate: Type.Boolean({ description: "it came after its month was closed" }),
});
const LinePacket = Type.Object({
  packetId: Type.String(),
  address: Address,
  receivedAt: Time,
  bytes: Type.Integer(),
  isLate: Type.Boolean(),
  receptions: Type.Array(Reception, {
    description: "who heard it; none once the packet log keeps them no more",
  }),
});
const PacketId = Type.String({ pattern: "^\\d{1,18}$", description: "the id of a packet" });

/** From a line to the days, terminals and packets behind it, and from a packet to the lines that it is on. */
export const lineageRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { lineage } },
) => {
  app.get(
    "/billing/invoices/:id/lines/:position/days",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "lineDays",
        tags,
        description: "The days at the customer's and the terminals behind a metered line",
        params: LineParams,
        response: {
          200: Type.Object({
            items: Type.Array(LineDay),
          }),
          ...REFUSALS,
        },
      },
    },
    async ({ params: { id, position }, reach }) => ({
      items: [...(await lineage.days(id, position, reach))],
    }),
  );

  app.get(
    "/billing/invoices/:id/lines/:position/packets",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "linePackets",
        tags,
        description:
          "The packets of one terminal on one of those days, each with the gateways that heard it",
        params: LineParams,
        querystring: Type.Object({ terminal: Address, day: Day }),
        response: {
          200: Type.Object({
            items: Type.Array(LinePacket),
          }),
          ...REFUSALS,
        },
      },
    },
    async ({ params: { id, position }, query: { terminal, day }, reach }) => {
      const packets = await lineage.packets(id, position, { address: terminal, day }, reach);
      return {
        items: packets.map((one) => ({
          ...one,
          receivedAt: one.receivedAt.toISOString(),
          receptions: one.receptions.map((heard) => ({
            ...heard,
            receivedAt: heard.receivedAt.toISOString(),
          })),
        })),
      };
    },
  );
};

export const packetCostRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { lineage } },
) => {
  app.get(
    "/billing/packets/:id/cost",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "packetCost",
        tags,
        description:
          "The lines that a packet is counted on; none where it cost nothing or its month is open",
        params: Type.Object({ id: PacketId }),
        response: {
          200: Type.Object({
            packetId: Type.String(),
            lines: Type.Array(
              Type.Object({
                invoiceId: Id,
                invoiceNumber: nullable(Type.String()),
                position: Type.Integer(),
                item: Type.String(),
                currency: Currency,
                net: { ...Money, description: "of the whole line" },
                units: Type.Integer({ description: "that the line is for" }),
              }),
            ),
          }),
          ...REFUSALS,
        },
      },
    },
    async ({ params: { id }, reach }) => {
      const cost = await lineage.cost(BigInt(id), reach);
      return { ...cost, lines: [...cost.lines] };
    },
  );
};
