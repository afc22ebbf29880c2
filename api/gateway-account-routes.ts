import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { GATEWAY_ID } from "../domain/devices/gateway-accounts.ts";
import { actOf } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import type { ApiReads } from "./reads.ts";
import {
  GatewayAccountView,
  GatewayEditBody,
  GatewaySecretView,
  gatewayAccountView,
  READ_REFUSALS,
  ReasonBody,
  WRITE_REFUSALS,
} from "./stock-views.ts";

const tags = ["gateways"];
const IdParams = Type.Object({ id: Type.String({ maxLength: 64 }) });

export const gatewayAccountRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { gatewayAccounts, clock },
) => {
  app.get(
    "/gateways/:id",
    {
      config: { action: "gateways:read" },
      schema: {
        operationId: "gateway",
        tags,
        description: "What the operator keeps of a gateway; the secret itself is never shown",
        params: IdParams,
        response: { 200: GatewayAccountView, ...READ_REFUSALS },
      },
    },
    async ({ params }, reply) => {
      const account = await gatewayAccounts.find(params.id);
      if (account === undefined) throw new NotFoundError("gateway", params.id);
      sendVersion(reply, account.version);
      return gatewayAccountView(account);
    },
  );

  app.post(
    "/gateways",
    {
      config: { action: "gateways:write" },
      schema: {
        operationId: "createGateway",
        tags,
        description: "A gateway more; its secret is issued by a request of its own",
        body: Type.Object({
          id: Type.String({ pattern: GATEWAY_ID, description: "1 to 32 of a-z, 0-9 and -" }),
          ...GatewayEditBody.properties,
        }),
        response: { 201: GatewayAccountView, ...WRITE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { id, reason, ...edit } = request.body;
      const account = await gatewayAccounts.create(id, edit, actOf(request, clock.now(), reason));
      sendVersion(reply, account.version);
      return reply.code(201).send(gatewayAccountView(account));
    },
  );

  app.patch(
    "/gateways/:id",
    {
      config: { action: "gateways:write" },
      schema: {
        operationId: "editGateway",
        tags,
        description: "Name and place",
        params: IdParams,
        body: GatewayEditBody,
        response: { 200: GatewayAccountView, ...WRITE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...edit } = request.body;
      const act = actOf(request, clock.now(), reason);
      const { id } = request.params;
      const account = await gatewayAccounts.edit(id, edit, act, versionAsked(request));
      sendVersion(reply, account.version);
      return gatewayAccountView(account);
    },
  );
};

export const gatewaySecretRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { gatewayAccounts, clock, brokerUrl },
) => {
  app.post(
    "/gateways/:id/secret",
    {
      config: { action: "gateways:write" },
      schema: {
        operationId: "issueGatewaySecret",
        tags,
        description:
          "A new secret for the broker in place of the one before, which is cut off within seconds",
        params: IdParams,
        body: ReasonBody,
        response: { 201: GatewaySecretView, ...WRITE_REFUSALS },
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock.now(), request.body.reason);
      const { id } = request.params;
      const { account, secret } = await gatewayAccounts.issueSecret(id, act, versionAsked(request));
      sendVersion(reply.header("cache-control", "no-store"), account.version);
      const shown = { username: account.id, secret, brokerUrl: brokerUrl(request.hostname) };
      return reply.code(201).send({ gateway: gatewayAccountView(account), ...shown });
    },
  );

  app.post(
    "/gateways/:id/secret/revocation",
    {
      config: { action: "gateways:write" },
      schema: {
        operationId: "revokeGatewaySecret",
        tags,
        description: "The gateway is cut off within seconds",
        params: IdParams,
        body: ReasonBody,
        response: { 200: GatewayAccountView, ...WRITE_REFUSALS },
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock.now(), request.body.reason);
      const { id } = request.params;
      const account = await gatewayAccounts.revokeSecret(id, act, versionAsked(request));
      sendVersion(reply, account.version);
      return gatewayAccountView(account);
    },
  );

  app.post(
    "/gateways/:id/retirement",
    {
      config: { action: "gateways:write" },
      schema: {
        operationId: "retireGateway",
        tags,
        description: "Out of service for good; what it heard stays",
        params: IdParams,
        body: ReasonBody,
        response: { 200: GatewayAccountView, ...WRITE_REFUSALS },
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock.now(), request.body.reason);
      const { id } = request.params;
      const account = await gatewayAccounts.retire(id, act, versionAsked(request));
      sendVersion(reply, account.version);
      return gatewayAccountView(account);
    },
  );
};
