import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
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

type AssetRequest = FastifyRequest<{ Params: { id: string } }>;

/** What these routes begin with: the asset within reach, in the version that was seen. */
async function assetOf({ assets }: Pick<ApiReads, "assets">, request: AssetRequest) {
  const { id } = request.params;
  const asset = await assets.find(id, request.reach);
  if (asset === undefined) throw new NotFoundError("asset", id);
  requireVersion(asset.name, versionAsked(request), asset.version);
  return asset;
}

const instantOf = ({ clock }: Pick<ApiReads, "clock">, field: string, text?: string): bigint =>
  parseOptionalTime(field, text) ?? BigInt(clock.now()) * NS_PER_MS;

/** The operator's own people alone may: a customer cannot take a terminal, nor give one away. */
export const assignRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, deps) => {
  const { db, assignments, clock } = deps;

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
      const asset = await assetOf(deps, request);
      const wanted = {
        address,
        assetId: asset.id,
        customerId: asset.customerId,
        fromNs: instantOf(deps, "from", from),
        reason,
      };
      return assignmentView(
        await assignments.assign(db, wanted, actOf(request, clock.now(), reason)),
      );
    },
  );
};

export const assignmentRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, deps) => {
  const { db, assignments, clock } = deps;

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
      const { id: assetId } = await assetOf(deps, request);
      const wanted = { assetId, oldAddress, newAddress, atNs: instantOf(deps, "at", at), reason };
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
      await assetOf(deps, request);
      await requireOn(assignments, address, request.params.id);
      const act = actOf(request, clock.now(), reason);
      return assignmentView(
        await assignments.end(db, { address, toNs: instantOf(deps, "at", at), reason }, act),
      );
    },
  );
};

export const transferRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, deps) => {
  const { db, assets, assignments, clock } = deps;
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
      const before = await assetOf(deps, request);
      requireWithin(request, toCustomerId, "customer", toCustomerId);
      const atNs = instantOf(deps, "at", at);
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
