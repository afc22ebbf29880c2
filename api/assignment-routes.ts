import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import type { Assignments } from "../domain/devices/assignments.ts";
import { AssetParams, REFUSALS } from "./asset-routes.ts";
import {
  AssetView,
  AssignBody,
  AssignmentList,
  AssignmentView,
  assetView,
  assignmentDetailView,
  assignmentView,
  EndBody,
  SwapBody,
  TransferBody,
} from "./asset-views.ts";
import { actOf, requireWithin } from "./http/caller.ts";
import { requireVersion, sendVersion, versionAsked } from "./http/etag.ts";
import { Problem } from "./http/problem.ts";
import { parseOptionalTime } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { Address } from "./views.ts";

const NS_PER_MS = 1_000_000n;

export const assignmentListRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { assets, assignments, devices },
) => {
  app.get(
    "/assets/:id/assignments",
    {
      config: { action: "assignments:read" },
      schema: {
        operationId: "assetAssignments",
        tags: ["assets"],
        description: "Which terminals were on an asset, and when; a customer's own stretches alone",
        params: AssetParams,
        response: { 200: AssignmentList, 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async ({ params, reach }) => {
      if ((await assets.find(params.id, reach)) === undefined)
        throw new NotFoundError("asset", params.id);
      return { items: (await assignments.ofAsset(params.id, reach)).map(assignmentDetailView) };
    },
  );

  app.get(
    "/terminals/:address/assignments",
    {
      config: { action: "assignments:read" },
      schema: {
        operationId: "terminalAssignments",
        tags: ["assets"],
        description: "Whose a terminal was, and when; a customer's own stretches alone",
        params: Type.Object({ address: Address }),
        response: { 200: AssignmentList, 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async ({ params, reach }) => {
      if ((await devices.find(params.address, reach)) === undefined)
        throw new NotFoundError("terminal", String(params.address));
      const items = await assignments.ofTerminal(params.address, reach);
      return { items: items.map(assignmentDetailView) };
    },
  );
};

/** The operator's own people alone may: a customer cannot take a terminal, nor give one away. */
export const assignmentRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, deps) => {
  const { db, assets, assignments, clock } = deps;

  async function assetOf(
    request: Parameters<typeof requireWithin>[0] & Parameters<typeof versionAsked>[0],
    id: string,
  ) {
    const asset = await assets.find(id, request.reach);
    if (asset === undefined) throw new NotFoundError("asset", id);
    requireVersion(asset.name, versionAsked(request), asset.version);
    return asset;
  }
  const instant = (field: string, text: string | undefined): bigint =>
    parseOptionalTime(field, text) ?? BigInt(clock.now()) * NS_PER_MS;

  app.post(
    "/assets/:id/assign",
    {
      config: { action: "assignments:write" },
      schema: {
        operationId: "assignTerminal",
        tags: ["assets"],
        description: "Puts a terminal on an asset, from now or an earlier time on",
        params: AssetParams,
        body: AssignBody,
        response: { 200: AssignmentView, ...REFUSALS },
      },
    },
    async (request) => {
      const { address, from, reason = "" } = request.body;
      const asset = await assetOf(request, request.params.id);
      const wanted = {
        address,
        assetId: asset.id,
        customerId: asset.customerId,
        fromNs: instant("from", from),
        reason,
      };
      return assignmentView(
        await assignments.assign(db, wanted, actOf(request, clock.now(), reason)),
      );
    },
  );

  app.post(
    "/assets/:id/swap",
    {
      config: { action: "assignments:write" },
      schema: {
        operationId: "swapTerminal",
        tags: ["assets"],
        description: "Another terminal takes the place of one; the asset keeps its past",
        params: AssetParams,
        body: SwapBody,
        response: { 200: AssignmentView, ...REFUSALS },
      },
    },
    async (request) => {
      const { oldAddress, newAddress, at, reason = "" } = request.body;
      const { id: assetId } = await assetOf(request, request.params.id);
      const wanted = { assetId, oldAddress, newAddress, atNs: instant("at", at), reason };
      return assignmentView(
        await assignments.swap(db, wanted, actOf(request, clock.now(), reason)),
      );
    },
  );

  app.post(
    "/assets/:id/end",
    {
      config: { action: "assignments:write" },
      schema: {
        operationId: "endAssignment",
        tags: ["assets"],
        description: "Takes a terminal off an asset",
        params: AssetParams,
        body: EndBody,
        response: { 200: AssignmentView, ...REFUSALS },
      },
    },
    async (request) => {
      const { address, at, reason = "" } = request.body;
      await assetOf(request, request.params.id);
      await requireOn(assignments, address, request.params.id);
      const act = actOf(request, clock.now(), reason);
      return assignmentView(await assignments.end(db, address, instant("at", at), reason, act));
    },
  );
};

export const transferRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { db, assets, assignments, clock },
) => {
  app.post(
    "/assets/:id/transfer",
    {
      config: { action: "assignments:write" },
      schema: {
        operationId: "transferAsset",
        tags: ["assets"],
        description:
          "Gives an asset and what is on it to another customer at exactly one instant: what was measured before stays the former owner's, what is measured from then on is the new one's",
        params: AssetParams,
        body: TransferBody,
        response: { 200: AssetView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { customerId: toCustomerId, at, reason = "" } = request.body;
      const before = await assets.find(request.params.id, request.reach);
      if (before === undefined) throw new NotFoundError("asset", request.params.id);
      requireVersion(before.name, versionAsked(request), before.version);
      requireWithin(request, toCustomerId, "customer", toCustomerId);
      const atNs = parseOptionalTime("at", at) ?? BigInt(clock.now()) * NS_PER_MS;
      const transfer = { assetId: before.id, toCustomerId, atNs, reason };
      await assignments.transfer(db, transfer, actOf(request, clock.now(), reason));
      const after = await assets.find(before.id, request.reach);
      if (after === undefined) throw new NotFoundError("asset", before.id);
      sendVersion(reply, after.version);
      return assetView(after);
    },
  );
};

/** Throws a NotFoundError when the terminal is not on this asset now. */
async function requireOn(
  assignments: Assignments,
  address: number,
  assetId: string,
): Promise<void> {
  const on = await assignments.ofAsset(assetId, "all");
  if (!on.some((one) => one.address === address && one.toNs === null))
    throw new NotFoundError("terminal on this asset", String(address));
}
