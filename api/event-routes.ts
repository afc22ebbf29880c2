import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Clock } from "../base/clock.ts";
import { UnavailableError } from "../base/errors.ts";
import { type Caller, mayDo, type Reach } from "../domain/identity/policy.ts";
import { alarmView } from "./alarm-views.ts";
import { commandView } from "./command-views.ts";
import { gatewayView } from "./gateway-routes.ts";
import { groupCommandView } from "./group-command-views.ts";
import type { Callers } from "./http/caller.ts";
import { type LiveBatch, type LiveEvent, SUBSCRIBERS_MAX } from "./live-events.ts";
import { eventsFor, type LiveReader } from "./live-reach.ts";
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

export interface EventDeps extends ApiReads {
  readonly callers: Callers;
}

export const eventRoutes: FastifyPluginAsyncTypebox<EventDeps> = async (
  app,
  { live, callers, clock },
) => {
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
          "Server-sent events as things happen: packet, reception, position, alarm, command, group-command, gateway; `missed` when the client was away or slow for too long and should ask again. Packets are filtered here. Everybody is told of what is within reach at that moment; the stream ends when a key or a session does.",
        querystring: Type.Object(PacketFilters),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const seesAll = request.reach === "all";
      const standing = standingOf(request, callers, clock);
      if (live.subscribers >= SUBSCRIBERS_MAX)
        throw new UnavailableError(`There are ${SUBSCRIBERS_MAX} live clients already`);
      const waiting: (LiveBatch | "missed")[] = [];
      let wake = (): void => undefined;
      const unsubscribe = live.subscribe((batch) => {
        if (waiting.length >= WAITING_BATCHES_MAX) waiting.splice(0, waiting.length, "missed");
        else waiting.push(batch);
        wake();
      }, seesAll);
      reply.sse.onClose(() => {
        unsubscribe();
        wake();
      });
      try {
        await reply.sse.send({ event: "hello", data: {} });
        await reply.sse.replay(async (lastEventId) => {
          const batch =
            /^\d{1,18}$/.test(lastEventId) && (await live.since(BigInt(lastEventId), seesAll));
          const reader = await standing();
          if (reader === undefined) return;
          for (const message of messages(batch || "missed", reader, query))
            await reply.sse.send(message);
        });
        while (reply.sse.isConnected) {
          const next = waiting.shift();
          if (next === undefined) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            continue;
          }
          const reader = await standing();
          // who saw everything and no longer does lacks what was not looked up for them: they come again
          if (reader === undefined || (seesAll && reader.reach !== "all")) break;
          for (const message of messages(next, reader, query)) await reply.sse.send(message);
        }
        reply.sse.close();
      } finally {
        unsubscribe();
      }
    },
  );
};

/** For so long whoever listens is taken for who they were; then the policy is asked again. */
const STANDING_MS = 2_000;

/** Who listens, as of a moment ago; undefined once they may no longer. */
function standingOf(
  request: FastifyRequest,
  callers: Callers,
  clock: Clock,
): () => Promise<LiveReader | undefined> {
  const readerOf = (caller: Caller | undefined, reach: Reach): LiveReader | undefined =>
    caller !== undefined && mayDo(caller, "live:read")
      ? {
          reach,
          mayReadGateways: mayDo(caller, "gateways:read"),
          mayReadAlarms: mayDo(caller, "alarms:read"),
          mayReadCommands: mayDo(caller, "commands:read"),
          mayReadGroups: mayDo(caller, "groups:read"),
        }
      : undefined;
  let reader = readerOf(request.caller, request.reach);
  let askedMs = clock.now();
  return async () => {
    if (reader === undefined || clock.now() - askedMs < STANDING_MS) return reader;
    const caller = await callers.find(request);
    reader = caller && readerOf(caller, await callers.reach(caller));
    askedMs = clock.now();
    return reader;
  };
}

function messages(batch: LiveBatch | "missed", reader: LiveReader, filter: Filter) {
  if (batch === "missed") return [{ event: "missed", data: {} }];
  const id = batch.cursor.toString();
  return eventsFor(batch.events, batch.bearings, reader)
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
    case "alarm":
      return alarmView(event.alarm);
    case "command":
      return commandView(event.command);
    case "group-command":
      return groupCommandView(event.command);
    case "gateway":
      return gatewayView(event.gateway);
  }
}
