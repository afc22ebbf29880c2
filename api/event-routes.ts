import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { UnavailableError } from "../base/errors.ts";
import { gatewayView } from "./gateway-routes.ts";
import { type LiveBatch, type LiveEvent, SUBSCRIBERS_MAX } from "./live-events.ts";
import { PacketFilters } from "./packet-routes.ts";
import { packetSummaryView } from "./packet-views.ts";
import type { ApiReads } from "./reads.ts";
import { positionView } from "./terminal-views.ts";

/** What a client that does not read may leave waiting; then it is told that it missed something. */
const WAITING_BATCHES_MAX = 50;

interface Filter {
  readonly verdict?: string;
  readonly terminal?: number;
  readonly gateway?: string;
  readonly type?: string;
}

export const eventRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { live }) => {
  app.get(
    "/events",
    {
      sse: "manual", // whoever asks gets the stream, whatever it says that it accepts
      exposeHeadRoute: false, // its answer would never end, nor ever begin
      config: { action: "live:read" },
      schema: {
        operationId: "events",
        tags: ["packets"],
        description:
          "Server-sent events as things happen: packet, reception, position, gateway; `missed` when the client was away or slow for too long and should ask again. Packets are filtered here.",
        querystring: Type.Object(PacketFilters),
      },
    },
    async ({ query }, reply) => {
      if (live.subscribers >= SUBSCRIBERS_MAX)
        throw new UnavailableError(`There are ${SUBSCRIBERS_MAX} live clients already`);
      const waiting: (LiveBatch | "missed")[] = [];
      let wake = (): void => undefined;
      const unsubscribe = live.subscribe((batch) => {
        if (waiting.length >= WAITING_BATCHES_MAX) waiting.splice(0, waiting.length, "missed");
        else waiting.push(batch);
        wake();
      });
      reply.sse.onClose(() => {
        unsubscribe();
        wake();
      });
      try {
        await reply.sse.send({ event: "hello", data: {} });
        await reply.sse.replay(async (lastEventId) => {
          const batch = /^\d{1,18}$/.test(lastEventId) && (await live.since(BigInt(lastEventId)));
          for (const message of messages(batch || "missed", query)) await reply.sse.send(message);
        });
        while (reply.sse.isConnected) {
          const next = waiting.shift();
          if (next === undefined) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            continue;
          }
          for (const message of messages(next, query)) await reply.sse.send(message);
        }
      } finally {
        unsubscribe();
      }
    },
  );
};

function messages(batch: LiveBatch | "missed", filter: Filter) {
  if (batch === "missed") return [{ event: "missed", data: {} }];
  const id = batch.cursor.toString();
  return batch.events
    .filter((event) => passes(event, filter))
    .map((event) => ({ id, event: event.kind, data: dataOf(event) }));
}

function passes(event: LiveEvent, { verdict, terminal, gateway, type }: Filter): boolean {
  if (event.kind !== "packet") return true;
  const { packet } = event;
  return (
    (verdict === undefined || packet.verdict === verdict) &&
    (terminal === undefined || packet.address === terminal) &&
    (gateway === undefined || packet.gateways.includes(gateway)) &&
    (type === undefined || packet.type === type)
  );
}

function dataOf(event: LiveEvent): unknown {
  switch (event.kind) {
    case "packet":
      return packetSummaryView(event.packet);
    case "reception":
      return { ...event.reception, packetId: event.reception.packetId.toString() };
    case "position":
      return positionView(event.position);
    case "gateway":
      return gatewayView(event.gateway);
  }
}
