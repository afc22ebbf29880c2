import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { formatUserCursor, parseUserCursor } from "../domain/identity/users.ts";
import { actOf, callerOf, Reason } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { Problem } from "./http/problem.ts";
import { Paging, parseCursor } from "./http/query.ts";
import {
  CustomerId,
  Email,
  Id,
  LanguageName,
  PersonName,
  RoleName,
  SessionView,
  sessionView,
  TimeZone,
  UserView,
  UserWithPassword,
  userView,
} from "./identity-views.ts";
import type { ApiReads } from "./reads.ts";

const managerOf = (request: FastifyRequest) => ({
  caller: callerOf(request),
  reach: request.reach,
});

const params = Type.Object({ id: Id });
const REFUSALS = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem };

export const userListRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { identity }) => {
  app.get(
    "/users",
    {
      config: { action: "users:read" },
      schema: {
        operationId: "users",
        tags: ["users"],
        description: "The people who may sign in, by name",
        querystring: Type.Object({
          search: Type.Optional(
            Type.String({ maxLength: 100, description: "part of the name or e-mail address" }),
          ),
          role: Type.Optional(RoleName),
          customer: Type.Optional(Id),
          ...Paging,
        }),
        response: {
          200: Type.Object({
            items: Type.Array(UserView),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
            total: Type.Integer(),
          }),
          ...REFUSALS,
        },
      },
    },
    async ({ query, reach }) => {
      const { items, next, total } = await identity.users.list({
        reach,
        search: query.search,
        role: query.role,
        customerId: query.customer,
        cursor: parseCursor(query.cursor, parseUserCursor),
        limit: query.limit,
      });
      return {
        items: items.map(userView),
        nextCursor: next === undefined ? null : formatUserCursor(next),
        total,
      };
    },
  );
};

export const newUserRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { identity, clock },
) => {
  app.post(
    "/users",
    {
      config: { action: "users:write" },
      schema: {
        operationId: "createUser",
        tags: ["users"],
        description: "A person more, with a password that is shown this once",
        body: Type.Object({
          email: Email,
          name: PersonName,
          role: RoleName,
          customerId: CustomerId,
          language: Type.Enum(["en", "zh-CN"], { default: "en" }),
          timeZone: Type.Optional(TimeZone),
          reason: Reason,
        }),
        response: { 201: UserWithPassword, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, timeZone = "UTC", ...user } = request.body;
      const act = actOf(request, clock.now(), reason);
      const manager = managerOf(request);
      const made = await identity.users.create({ ...user, timeZone }, manager, act);
      sendVersion(reply, made.user.version);
      return reply.code(201).send({ user: userView(made.user), password: made.password });
    },
  );
};

export const userRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { identity, clock }) => {
  app.get(
    "/users/:id",
    {
      config: { action: "users:read" },
      schema: {
        operationId: "user",
        tags: ["users"],
        description: "One person",
        params,
        response: { 200: UserView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }, reply) => {
      const user = await identity.users.find(id, reach);
      sendVersion(reply, user.version);
      return userView(user);
    },
  );

  app.patch(
    "/users/:id",
    {
      config: { action: "users:write" },
      schema: {
        operationId: "changeUser",
        tags: ["users"],
        description:
          "Changes somebody. Nobody changes their own role, customer or access, and the last administrator stays.",
        params,
        body: Type.Object({
          email: Type.Optional(Email),
          name: Type.Optional(PersonName),
          role: Type.Optional(RoleName),
          customerId: Type.Optional(CustomerId),
          language: Type.Optional(LanguageName),
          timeZone: Type.Optional(TimeZone),
          disabled: Type.Optional(Type.Boolean()),
          reason: Reason,
        }),
        response: { 200: UserView, ...REFUSALS, 412: Problem },
      },
    },
    async (request, reply) => {
      const { reason, ...change } = request.body;
      const act = actOf(request, clock.now(), reason);
      const version = versionAsked(request);
      const { id } = request.params;
      const user = await identity.users.change(id, { ...change, version }, managerOf(request), act);
      sendVersion(reply, user.version);
      return userView(user);
    },
  );
};

export const userRemovalRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { identity, clock },
) => {
  app.delete(
    "/users/:id",
    {
      config: { action: "users:write" },
      schema: {
        operationId: "removeUser",
        tags: ["users"],
        description:
          "Removes somebody and ends their sessions; what they did stays in the audit log",
        params,
        querystring: Type.Object({ reason: Reason }),
        response: { 204: Type.Null(), ...REFUSALS, 412: Problem },
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock.now(), request.query.reason);
      const version = versionAsked(request);
      await identity.users.remove(request.params.id, version, managerOf(request), act);
      return reply.code(204).send(null);
    },
  );
};

export const userAccessRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { identity, clock },
) => {
  app.post(
    "/users/:id/reset",
    {
      config: { action: "users:write" },
      schema: {
        operationId: "resetUser",
        tags: ["users"],
        description:
          "For who forgot the password or lost the phone: unlocks, signs out everywhere, and makes a password that is shown this once, or removes the second factor, as asked",
        params,
        body: Type.Object({
          password: Type.Boolean(),
          secondFactor: Type.Boolean(),
          reason: Reason,
        }),
        response: { 200: UserWithPassword, ...REFUSALS },
      },
    },
    async (request) => {
      const { reason, ...reset } = request.body;
      const act = actOf(request, clock.now(), reason);
      const manager = managerOf(request);
      const done = await identity.users.reset(request.params.id, reset, manager, act);
      return { user: userView(done.user), password: done.password };
    },
  );

  app.get(
    "/users/:id/sessions",
    {
      config: { action: "users:read" },
      schema: {
        operationId: "userSessions",
        tags: ["users"],
        description: "The browsers in which somebody is signed in",
        params,
        response: { 200: Type.Object({ items: Type.Array(SessionView) }), ...REFUSALS },
      },
    },
    async ({ params: { id }, reach, sessionId }) => {
      await identity.users.find(id, reach);
      const sessions = await identity.sessions.list(id);
      return { items: sessions.map((session) => sessionView(session, sessionId)) };
    },
  );

  app.delete(
    "/users/:id/sessions",
    {
      config: { action: "users:write" },
      schema: {
        operationId: "endUserSessions",
        tags: ["users"],
        description: "Signs somebody out everywhere",
        params,
        response: { 200: Type.Object({ ended: Type.Integer() }), ...REFUSALS },
      },
    },
    async (request) => {
      const { id } = request.params;
      await identity.users.find(id, request.reach);
      const act = actOf(request, clock.now());
      return { ended: await identity.sessions.revokeOthers(id, request.sessionId, act) };
    },
  );
};
