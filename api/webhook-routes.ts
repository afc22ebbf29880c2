import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { CHANGE_REFUSALS, REFUSALS } from "./customer-access.ts";
import { actOf, Reason, requireWithin } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { CustomerId, Id } from "./identity-views.ts";
import { WebhookBody, WebhookView, WebhookWithSecret, webhookView } from "./notification-views.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["webhooks"];
const params = Type.Object({ id: Id });
const TESTS = { max: 10, timeWindow: 60_000 };

/** Addresses of customers' own systems. */
export const webhookRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications: { webhooks }, clock },
) => {
  app.get(
    "/webhooks",
    {
      config: { action: "webhooks:read" },
      schema: {
        operationId: "webhooks",
        tags,
        description: "Where alarms are posted to, by name; never the secrets",
        response: { 200: Type.Object({ items: Type.Array(WebhookView) }), ...REFUSALS },
      },
    },
    async ({ reach }) => ({ items: (await webhooks.list(reach)).map(webhookView) }),
  );

  app.post(
    "/webhooks",
    {
      config: { action: "webhooks:write" },
      schema: {
        operationId: "addWebhook",
        tags,
        description:
          "An address that alarms are posted to, signed as Standard Webhooks say; the secret is shown this once",
        body: Type.Object({ customerId: CustomerId, ...WebhookBody, reason: Reason }),
        response: { 201: WebhookWithSecret, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, customerId, ...input } = request.body;
      requireWithin(request, customerId, "customer", customerId ?? "null");
      const act = actOf(request, clock.now(), reason);
      const { webhook, secret } = await webhooks.add(customerId, input, act);
      sendVersion(reply, webhook.version);
      return reply.code(201).send({ webhook: webhookView(webhook), secret });
    },
  );
};

export const oneWebhookRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications: { webhooks }, clock },
) => {
  app.patch(
    "/webhooks/:id",
    {
      config: { action: "webhooks:write" },
      schema: {
        operationId: "changeWebhook",
        tags,
        description: "Changes what is given; `disabled: false` takes up one that was disabled",
        params,
        body: Type.Object({
          ...Type.Partial(Type.Object(WebhookBody)).properties,
          disabled: Type.Optional(Type.Boolean()),
          reason: Reason,
        }),
        response: { 200: WebhookView, ...CHANGE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...change } = request.body;
      const at = { id: request.params.id, reach: request.reach, version: versionAsked(request) };
      const webhook = await webhooks.change(at, change, actOf(request, clock.now(), reason));
      sendVersion(reply, webhook.version);
      return webhookView(webhook);
    },
  );

  app.delete(
    "/webhooks/:id",
    {
      config: { action: "webhooks:write" },
      schema: {
        operationId: "removeWebhook",
        tags,
        description: "Takes it away; what waits for it becomes a dead letter",
        params,
        querystring: Type.Object({ reason: Reason }),
        response: { 204: Type.Null(), ...CHANGE_REFUSALS },
      },
    },
    async (request, reply) => {
      const at = { id: request.params.id, reach: request.reach, version: versionAsked(request) };
      await webhooks.remove(at, actOf(request, clock.now(), request.query.reason));
      return reply.code(204).send(null);
    },
  );
};

export const webhookDeedRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications, clock },
) => {
  app.post(
    "/webhooks/:id/rotate",
    {
      config: { action: "webhooks:write" },
      schema: {
        operationId: "rotateWebhookSecret",
        tags,
        description: "A new secret, shown this once; the former one signs nothing any more",
        params,
        body: Type.Object({ reason: Reason }),
        response: { 201: WebhookWithSecret, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const at = { id: request.params.id, reach: request.reach };
      const act = actOf(request, clock.now(), request.body.reason);
      const { webhook, secret } = await notifications.webhooks.rotate(at, act);
      return reply.code(201).send({ webhook: webhookView(webhook), secret });
    },
  );

  app.post(
    "/webhooks/:id/test",
    {
      config: { action: "webhooks:write", rateLimit: TESTS },
      schema: {
        operationId: "testWebhook",
        tags,
        description: "Posts a test event now and says what came back",
        params,
        response: {
          200: Type.Object({ ok: Type.Boolean(), detail: Type.String() }),
          ...REFUSALS,
        },
      },
    },
    async (request) => {
      const at = { id: request.params.id, reach: request.reach };
      const result = await notifications.testWebhook(at);
      return "why" in result ? { ok: false, detail: result.why } : { ok: true, detail: "" };
    },
  );
};
