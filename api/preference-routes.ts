import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import type { PushSubscription } from "../domain/notifications/push-subscriptions.ts";
import { personOf } from "./account-routes.ts";
import { CHANGE_REFUSALS, OneCustomer, REFUSALS, requireCustomer } from "./customer-access.ts";
import { Id } from "./customer-views.ts";
import { actOf, callerOf, Reason } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { Problem } from "./http/problem.ts";
import {
  Phone,
  PreferencesBody,
  PreferencesView,
  preferencesView,
  Time,
} from "./notification-views.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["notifications"];
const OneContact = Type.Object({ id: Id, contactId: Id });
const TESTS = { max: 10, timeWindow: 60_000 };

/** What one wants to be told oneself, and how. */
export const myPreferenceRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications, clock },
) => {
  const { preferences, isSetUp } = notifications;
  app.get(
    "/me/notification-preferences",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "myNotificationPreferences",
        tags,
        description: "By which channels one is told of what, and when not",
        response: { 200: PreferencesView, 401: Problem, 403: Problem },
      },
    },
    async (request, reply) => {
      const { customerId } = callerOf(request);
      const stored = await preferences.find({ kind: "user", id: personOf(request), customerId });
      sendVersion(reply, stored.version);
      return preferencesView(stored, isSetUp);
    },
  );

  app.put(
    "/me/notification-preferences",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "setMyNotificationPreferences",
        tags,
        description: "Replaces them",
        body: Type.Object({ preferences: PreferencesBody, phone: Phone, reason: Reason }),
        response: { 200: PreferencesView, ...CHANGE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...input } = request.body;
      const { customerId } = callerOf(request);
      const stored = await preferences.set(
        { kind: "user", id: personOf(request), customerId },
        { ...input, version: versionAsked(request) },
        actOf(request, clock.now(), reason),
      );
      sendVersion(reply, stored.version);
      return preferencesView(stored, isSetUp);
    },
  );

  app.post(
    "/me/notification-preferences/test",
    {
      config: { action: "signed-in", rateLimit: TESTS },
      schema: {
        operationId: "testMyNotifications",
        tags,
        description: "A test message by every channel chosen for what is critical",
        response: { 202: Type.Object({ queuedAt: Time }), 401: Problem, 403: Problem },
      },
    },
    async (request, reply) => {
      await notifications.sendTest(personOf(request), callerOf(request).customerId);
      return reply.code(202).send({ queuedAt: new Date(clock.now()).toISOString() });
    },
  );
};

const SubscriptionView = Type.Object({
  id: Type.String(),
  endpoint: Type.String(),
  userAgent: Type.String(),
  createdAt: Time,
});

const subscriptionView = ({ createdAtMs, ...each }: PushSubscription) => ({
  ...each,
  createdAt: new Date(createdAtMs).toISOString(),
});

export const pushRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications, clock },
) => {
  const { push } = notifications;
  app.get(
    "/me/push-subscriptions",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "myPushSubscriptions",
        tags,
        description: "One's browsers that show messages, and the key that a browser signs up with",
        response: {
          200: Type.Object({ items: Type.Array(SubscriptionView), vapidPublicKey: Type.String() }),
          401: Problem,
          403: Problem,
        },
      },
    },
    async (request) => ({
      items: (await push.list(personOf(request))).map(subscriptionView),
      vapidPublicKey: await notifications.vapidPublicKey(),
    }),
  );

  app.post(
    "/me/push-subscriptions",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "addPushSubscription",
        tags,
        description: "What a browser's PushManager gave; the same again is the same subscription",
        body: Type.Object({
          endpoint: Type.String({ maxLength: 2_000 }),
          p256dh: Type.String({ maxLength: 200 }),
          auth: Type.String({ maxLength: 100 }),
        }),
        response: { 201: SubscriptionView, 400: Problem, 401: Problem, 403: Problem },
      },
    },
    async (request, reply) => {
      const userAgent = request.headers["user-agent"] ?? "";
      const input = { ...request.body, userAgent };
      return reply
        .code(201)
        .send(subscriptionView(await push.add(personOf(request), input, clock.now())));
    },
  );

  app.delete(
    "/me/push-subscriptions/:id",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "removePushSubscription",
        tags,
        description: "That browser shows no more messages",
        params: Type.Object({ id: Id }),
        response: { 204: Type.Null(), 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await push.remove(personOf(request), id))) throw new NotFoundError("subscription", id);
      return reply.code(204).send(null);
    },
  );
};

/** What a customer's contacts are told, and how many messages its plan has in it. */
export const contactPreferenceRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications, customerDesk: { customers, contacts }, clock },
) => {
  const { preferences, isSetUp } = notifications;
  app.get(
    "/customers/:id/contacts/:contactId/notification-preferences",
    {
      config: { action: "customers:read" },
      schema: {
        operationId: "contactNotificationPreferences",
        tags,
        description: "What a contact is told; nothing, unless somebody has said so",
        params: OneContact,
        response: { 200: PreferencesView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { id: customerId } = await requireCustomer(request, customers, request.params.id);
      const { contactId: id } = request.params;
      if ((await contacts.find(customerId, id)) === undefined)
        throw new NotFoundError("contact", id);
      const stored = await preferences.find({ kind: "contact", id, customerId });
      sendVersion(reply, stored.version);
      return preferencesView(stored, isSetUp);
    },
  );

  app.put(
    "/customers/:id/contacts/:contactId/notification-preferences",
    {
      config: { action: "preferences:write" },
      schema: {
        operationId: "setContactNotificationPreferences",
        tags,
        description: "Replaces them; the contact's own address and telephone are used",
        params: OneContact,
        body: Type.Object({ preferences: PreferencesBody, reason: Reason }),
        response: { 200: PreferencesView, ...CHANGE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...input } = request.body;
      const { id: customerId } = await requireCustomer(request, customers, request.params.id);
      const stored = await preferences.set(
        { kind: "contact", id: request.params.contactId, customerId },
        { ...input, version: versionAsked(request) },
        actOf(request, clock.now(), reason),
      );
      sendVersion(reply, stored.version);
      return preferencesView(stored, isSetUp);
    },
  );
};

export const messageCapRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications: { caps }, customerDesk: { customers }, clock },
) => {
  const Cap = Type.Union([Type.Integer({ minimum: 0, maximum: 10_000_000 }), Type.Null()]);
  const Caps = Type.Object({ email: Cap, sms: Cap, push: Cap, display: Cap });
  app.get(
    "/customers/:id/message-caps",
    {
      config: { action: "customers:read" },
      schema: {
        operationId: "messageCaps",
        tags,
        description: "Messages a calendar month (UTC) in the customer's plan; null: without end",
        params: OneCustomer,
        response: { 200: Caps, ...REFUSALS },
      },
    },
    async (request) => {
      const { id } = await requireCustomer(request, customers, request.params.id);
      return caps.find(id);
    },
  );

  app.put(
    "/customers/:id/message-caps",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "setMessageCaps",
        tags,
        description: "Replaces them. What is life-safety is never kept back by them.",
        params: OneCustomer,
        body: Type.Object({ ...Caps.properties, reason: Reason }),
        response: { 200: Caps, ...REFUSALS },
      },
    },
    async (request) => {
      const { reason, ...given } = request.body;
      const { id } = await requireCustomer(request, customers, request.params.id);
      return caps.set(id, given, actOf(request, clock.now(), reason));
    },
  );
};
