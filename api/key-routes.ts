import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import {
  formatKeyCursor,
  givableScopes,
  OVERLAP_MS_DEFAULT,
  OVERLAP_MS_MAX,
  parseKeyCursor,
  SCOPES,
} from "../domain/identity/api-keys.ts";
import { actOf, callerOf, Reason } from "./http/caller.ts";
import { Problem } from "./http/problem.ts";
import { Paging, parseCursor, parseTime, TimeParameter } from "./http/query.ts";
import {
  CustomerId,
  Id,
  KeyView,
  KeyWithSecret,
  keyView,
  PersonName,
  Scope,
} from "./identity-views.ts";
import type { ApiReads } from "./reads.ts";

const S = 1_000;
const NS_PER_MS = 1_000_000n;

const managerOf = (request: FastifyRequest) => ({
  caller: callerOf(request),
  reach: request.reach,
});

const params = Type.Object({ id: Id });
const REFUSALS = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem };

export const keyListRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { identity }) => {
  app.get(
    "/keys",
    {
      config: { action: "keys:read" },
      schema: {
        operationId: "keys",
        tags: ["keys"],
        description: "The keys of programs, newest first; never the keys themselves",
        querystring: Type.Object({
          customer: Type.Optional(Id),
          all: Type.Boolean({ default: false, description: "also expired and revoked ones" }),
          ...Paging,
        }),
        response: {
          200: Type.Object({
            items: Type.Array(KeyView),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
            total: Type.Integer(),
            givable: Type.Array(Scope, { description: "what the caller may give to a key" }),
          }),
          ...REFUSALS,
        },
      },
    },
    async (request) => {
      const { query, reach } = request;
      const { items, next, total } = await identity.keys.list({
        reach,
        customerId: query.customer,
        all: query.all,
        cursor: parseCursor(query.cursor, parseKeyCursor),
        limit: query.limit,
      });
      return {
        items: items.map(keyView),
        nextCursor: next === undefined ? null : formatKeyCursor(next),
        total,
        givable: [...givableScopes(callerOf(request))],
      };
    },
  );
};

export const newKeyRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { identity, clock },
) => {
  app.post(
    "/keys",
    {
      config: { action: "keys:write" },
      schema: {
        operationId: "createKey",
        tags: ["keys"],
        description:
          "A key for a program, shown this once: `Authorization: Bearer hl_…`. It may do its scopes and no more.",
        body: Type.Object({
          name: PersonName,
          customerId: CustomerId,
          scopes: Type.Array(Scope, { maxItems: SCOPES.length, uniqueItems: true }),
          expiresAt: Type.Optional(Type.Union([TimeParameter, Type.Null()])),
          reason: Reason,
        }),
        response: { 201: KeyWithSecret, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { name, customerId, scopes, expiresAt, reason } = request.body;
      const expiresAtMs =
        typeof expiresAt === "string"
          ? Number(parseTime("expiresAt", expiresAt) / NS_PER_MS)
          : null;
      const { key, secret } = await identity.keys.create(
        { name, customerId, scopes, expiresAtMs },
        managerOf(request),
        actOf(request, clock.now(), reason),
      );
      return reply.code(201).send({ key: keyView(key), secret });
    },
  );
};

export const keyRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { identity, clock }) => {
  app.post(
    "/keys/:id/rotate",
    {
      config: { action: "keys:write" },
      schema: {
        operationId: "rotateKey",
        tags: ["keys"],
        description: "A new key with the same scopes; the former one is taken for a while longer",
        params,
        body: Type.Object({
          overlapS: Type.Integer({
            minimum: 0,
            maximum: OVERLAP_MS_MAX / S,
            default: OVERLAP_MS_DEFAULT / S,
            description: "for how many seconds the former key is still taken",
          }),
          reason: Reason,
        }),
        response: { 201: KeyWithSecret, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { overlapS, reason } = request.body;
      const { key, secret } = await identity.keys.rotate(
        request.params.id,
        overlapS * S,
        managerOf(request),
        actOf(request, clock.now(), reason),
      );
      return reply.code(201).send({ key: keyView(key), secret });
    },
  );

  app.delete(
    "/keys/:id",
    {
      config: { action: "keys:write" },
      schema: {
        operationId: "revokeKey",
        tags: ["keys"],
        description: "The key is not taken any more, at once and for ever",
        params,
        querystring: Type.Object({ reason: Reason }),
        response: { 200: KeyView, ...REFUSALS },
      },
    },
    async (request) => {
      const act = actOf(request, clock.now(), request.query.reason);
      return keyView(await identity.keys.revoke(request.params.id, managerOf(request), act));
    },
  );
};
