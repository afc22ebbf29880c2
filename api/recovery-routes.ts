import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { SHORT_INTERVAL_S } from "../domain/recovery/recovery.ts";
import { REFUSALS } from "./asset-routes.ts";
import { actOf, callerOf } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { parseOptionalTime, TimeParameter } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import {
  RecoveryDetailView,
  RecoveryStateView,
  RecoveryTrackView,
  RecoveryView,
  recoveryDetailView,
  recoveryTrackView,
  recoveryView,
} from "./recovery-views.ts";
import { Address } from "./views.ts";

const tags = ["recovery"];
const NS_PER_MS = 1_000_000n;
export const RecoveryParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
});

/** Stolen vehicles, and where they are. */
export const recoveryRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { recovery: { cases }, identity, clock },
) => {
  app.get(
    "/recoveries",
    {
      config: { action: "recovery:read" },
      schema: {
        operationId: "recoveries",
        tags,
        description: "Stolen vehicles, the newest first",
        querystring: Type.Object({
          state: Type.Optional(RecoveryStateView),
          open: Type.Optional(Type.Boolean({ description: "true: not closed yet" })),
          terminal: Type.Optional(Address),
          limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
        }),
        response: { 200: Type.Object({ items: Type.Array(RecoveryView) }), ...REFUSALS },
      },
    },
    async ({ query: { state, open, terminal, limit }, reach }) => {
      const items = await cases.list({ reach, state, isOpen: open, address: terminal, limit });
      return { items: items.map(recoveryView) };
    },
  );

  app.get(
    "/recoveries/:id",
    {
      config: { action: "recovery:read" },
      schema: {
        operationId: "recovery",
        tags,
        description:
          "One stolen vehicle: what was done, what its terminal was told with all evidence, links and who looked by them, evidence packs",
        params: RecoveryParams,
        response: { 200: RecoveryDetailView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }, reply) => {
      const found = await cases.find(id, reach, clock.now());
      if (found === undefined) throw new NotFoundError("recovery", id);
      sendVersion(reply, found.version);
      return recoveryDetailView(found);
    },
  );

  app.get(
    "/recoveries/:id/track",
    {
      config: { action: "recovery:read" },
      schema: {
        operationId: "recoveryTrack",
        tags,
        description:
          "Where it was since it was stolen, while it was its customer's: its own fixes and what the network found, each with how exact it is",
        params: RecoveryParams,
        response: { 200: RecoveryTrackView, ...REFUSALS },
      },
    },
    async (request) => {
      const { params, reach } = request;
      const nowMs = clock.now();
      const { address, track } = await cases.track(params.id, reach, nowMs);
      const read = { terminal: address };
      await identity.readings.note(callerOf(request), read, actOf(request, nowMs));
      return recoveryTrackView(track);
    },
  );
};

export const recoveryWorkRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { recovery: { cases }, clock },
) => {
  app.post(
    "/recoveries",
    {
      config: { action: "recovery:write" },
      schema: {
        operationId: "markStolen",
        tags,
        description:
          "Marks the vehicle that a terminal is in as stolen: the terminal is told to report more often until the case is closed",
        body: Type.Object(
          {
            terminal: Address,
            stolenAt: Type.Optional(TimeParameter),
            shortIntervalS: Type.Integer({
              minimum: SHORT_INTERVAL_S.min,
              maximum: SHORT_INTERVAL_S.max,
              default: SHORT_INTERVAL_S.default,
            }),
            note: Type.String({ maxLength: 2_000, default: "" }),
          },
          { additionalProperties: false },
        ),
        response: { 201: RecoveryDetailView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { terminal, stolenAt, shortIntervalS, note } = request.body;
      const stolenNs = parseOptionalTime("stolenAt", stolenAt);
      const stolenAtMs = stolenNs === undefined ? undefined : Number(stolenNs / NS_PER_MS);
      const asked = { address: terminal, stolenAtMs, shortIntervalS, note };
      const act = actOf(request, clock.now());
      const opened = await cases.open(asked, act, request.reach);
      sendVersion(reply, opened.version);
      return reply.code(201).send(recoveryDetailView(opened));
    },
  );
};

export const recoveryStepRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { recovery: { cases }, clock },
) => {
  app.post(
    "/recoveries/:id/entries",
    {
      config: { action: "recovery:write" },
      schema: {
        operationId: "addRecoveryEntry",
        tags,
        description:
          "A note, that the vehicle is back in somebody's hands, or the end of the case with its result: then the interval goes back, and no link leads to it any more",
        params: RecoveryParams,
        body: Type.Object(
          {
            kind: Type.Enum(["note", "recovered", "closed"]),
            text: Type.String({ minLength: 1, maxLength: 2_000 }),
          },
          { additionalProperties: false },
        ),
        response: { 200: RecoveryDetailView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const deed = { ...request.body, version: versionAsked(request) };
      const act = actOf(request, clock.now());
      const found = await cases.does(request.params.id, deed, act, request.reach);
      sendVersion(reply, found.version);
      return recoveryDetailView(found);
    },
  );

  app.post(
    "/recoveries/:id/interval",
    {
      config: { action: "recovery:write" },
      schema: {
        operationId: "askRecoveryInterval",
        tags,
        description:
          "Tells the terminal once more how often to report: often while the case is open, as before once it is closed",
        params: RecoveryParams,
        body: Type.Object({}, { additionalProperties: false }),
        response: { 200: RecoveryDetailView, ...REFUSALS },
      },
    },
    async (request) => {
      const act = actOf(request, clock.now());
      return recoveryDetailView(await cases.askInterval(request.params.id, act, request.reach));
    },
  );
};
