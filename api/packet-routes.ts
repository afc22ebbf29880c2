import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { formatPacketCursor, parsePacketCursor } from "../domain/packets/packet-log.ts";
import { Problem } from "./http/problem.ts";
import { Paging, parseCursor, parseOptionalTime, TimeParameter } from "./http/query.ts";
import { packetSummaryView, packetView } from "./packet-views.ts";
import type { ApiReads } from "./reads.ts";
import { Address, Packet, PacketList } from "./views.ts";

const VERDICTS = [
  "new",
  "late",
  "copy",
  "replay",
  "reset-suspected",
  "unknown-terminal",
  "bad-tag",
  "suspended",
  "undecodable",
];
const TYPES = ["report", "emergency", "attach", "acknowledgement", "link-test"];

/** What packets may be filtered by, in the log and live. */
export const PacketFilters = {
  verdict: Type.Optional(
    Type.Enum(VERDICTS, { description: "copy finds packets that were heard as copies, too" }),
  ),
  terminal: Type.Optional(Address),
  gateway: Type.Optional(Type.String({ maxLength: 64 })),
  type: Type.Optional(Type.Enum(TYPES)),
};

export const packetRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { packets }) => {
  app.get(
    "/packets",
    {
      config: { action: "packets:read" },
      schema: {
        operationId: "packets",
        tags: ["packets"],
        description: "What was heard and how it was judged, newest first",
        querystring: Type.Object({
          ...PacketFilters,
          from: Type.Optional(TimeParameter),
          to: Type.Optional(TimeParameter),
          ...Paging,
        }),
        response: { 200: PacketList, 400: Problem },
      },
    },
    async ({ query, reach }) => {
      const { items, next } = await packets.search({
        reach,
        verdict: query.verdict,
        address: query.terminal,
        gatewayId: query.gateway,
        type: query.type,
        fromNs: parseOptionalTime("from", query.from),
        toNs: parseOptionalTime("to", query.to),
        cursor: parseCursor(query.cursor, parsePacketCursor),
        limit: query.limit,
      });
      return {
        items: items.map(packetSummaryView),
        nextCursor: next === undefined ? null : formatPacketCursor(next),
      };
    },
  );

  app.get(
    "/packets/:id",
    {
      config: { action: "packets:read" },
      schema: {
        operationId: "packet",
        tags: ["packets"],
        description: "One packet with its receptions, what it triggered and what it was metered as",
        params: Type.Object({ id: Type.String({ pattern: "^[0-9]{1,18}$" }) }),
        response: { 200: Packet, 404: Problem },
      },
    },
    async ({ params, reach }) => {
      const packet = await packets.find(BigInt(params.id), reach);
      if (packet === undefined) throw new NotFoundError("packet", params.id);
      return packetView(packet);
    },
  );
};
