import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { type AssetAsked, formatAssetCursor, parseAssetCursor } from "../domain/devices/assets.ts";
import {
  AssetChangeBody,
  AssetKindParameter,
  AssetList,
  AssetView,
  assetView,
  NewAssetBody,
  ReasonBody,
} from "./asset-views.ts";
import { actOf, requireWithin } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { Problem } from "./http/problem.ts";
import { Paging, parseCursor } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";

export const AssetParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
export const REFUSALS = {
  400: Problem,
  401: Problem,
  403: Problem,
  404: Problem,
  409: Problem,
  412: Problem,
};

export const assetListRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { assets }) => {
  app.get(
    "/assets",
    {
      config: { action: "assets:read" },
      schema: {
        operationId: "assets",
        tags: ["assets"],
        description: "What terminals are fixed to, by name",
        querystring: Type.Object({
          search: Type.Optional(
            Type.String({
              maxLength: 100,
              description:
                "part of the name, plate or VIN, or three characters and more of a serial on it",
            }),
          ),
          customer: Type.Optional(Type.String({ maxLength: 64 })),
          kind: Type.Optional(AssetKindParameter),
          site: Type.Optional(Type.String({ maxLength: 64 })),
          equipped: Type.Optional(
            Type.Boolean({ description: "true: with a terminal now; false: without" }),
          ),
          retired: Type.Boolean({ default: false }),
          ...Paging,
        }),
        response: { 200: AssetList, 400: Problem, 401: Problem, 403: Problem },
      },
    },
    async ({ query, reach }) => {
      const { customer: customerId, site: siteId, cursor, ...filters } = query;
      const { items, next, ...counted } = await assets.list({
        reach,
        customerId,
        siteId,
        ...filters,
        cursor: parseCursor(cursor, parseAssetCursor),
      });
      return {
        items: items.map(assetView),
        nextCursor: next === undefined ? null : formatAssetCursor(next),
        ...counted,
      };
    },
  );

  app.get(
    "/assets/:id",
    {
      config: { action: "assets:read" },
      schema: {
        operationId: "asset",
        tags: ["assets"],
        description: "One asset with the terminals that are on it now",
        params: AssetParams,
        response: { 200: AssetView, 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async ({ params, reach }, reply) => {
      const asset = await assets.find(params.id, reach);
      if (asset === undefined) throw new NotFoundError("asset", params.id);
      sendVersion(reply, asset.version);
      return assetView(asset);
    },
  );
};

export const assetChangeRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { db, assets, clock },
) => {
  app.post(
    "/assets",
    {
      config: { action: "assets:write" },
      schema: {
        operationId: "createAsset",
        tags: ["assets"],
        description: "Makes an asset of a customer",
        body: NewAssetBody,
        response: { 201: AssetView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...asset } = request.body;
      requireWithin(request, asset.customerId, "customer", asset.customerId);
      const made = await assets.create(db, asset, actOf(request, clock.now(), reason));
      sendVersion(reply, made.version);
      return reply.code(201).send(assetView(made));
    },
  );

  app.patch(
    "/assets/:id",
    {
      config: { action: "assets:write" },
      schema: {
        operationId: "changeAsset",
        tags: ["assets"],
        description: "Changes what is said of an asset; its customer changes by transfer alone",
        params: AssetParams,
        body: AssetChangeBody,
        response: { 200: AssetView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...change } = request.body;
      const asked = askedOf(request);
      const act = actOf(request, clock.now(), reason);
      const asset = await assets.change(db, asked, change, act);
      sendVersion(reply, asset.version);
      return assetView(asset);
    },
  );

  app.post(
    "/assets/:id/retire",
    {
      config: { action: "assets:write" },
      schema: {
        operationId: "retireAsset",
        tags: ["assets"],
        description: "Takes an asset out of use; its past stays",
        params: AssetParams,
        body: ReasonBody,
        response: { 200: AssetView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const asked = askedOf(request);
      const act = actOf(request, clock.now(), request.body.reason);
      const asset = await assets.retire(db, asked, act);
      sendVersion(reply, asset.version);
      return assetView(asset);
    },
  );
};

const askedOf = (request: FastifyRequest<{ Params: { id: string } }>): AssetAsked => ({
  id: request.params.id,
  reach: request.reach,
  version: versionAsked(request),
});
