import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { NotAllowedError } from "../base/errors.ts";
import { mayDo } from "../domain/identity/policy.ts";
import { ACTIONS } from "../domain/identity/roles.ts";
import { actOf, callerOf, Reason } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { Problem } from "./http/problem.ts";
import {
  LanguageName,
  MeView,
  Password,
  PersonName,
  SessionView,
  sessionView,
  TimeZone,
  UserView,
  userView,
} from "./identity-views.ts";
import type { ApiReads } from "./reads.ts";

/** Wrong passwords are counted with the person; this bounds what is hashed for one address. */
const HASHING = { max: 30, timeWindow: 60_000 };

/** A key has no password, no second factor and no sessions. */
export function personOf(request: FastifyRequest): string {
  const caller = callerOf(request);
  if (caller.kind !== "user") throw new NotAllowedError("a key has no account of its own");
  return caller.id;
}

export const accountRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, deps) => {
  const { identity, clock, demo } = deps;
  app.get(
    "/me",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "me",
        tags: ["account"],
        description: "Whoever asks, and what they may do",
        response: { 200: MeView, 401: Problem },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const person = caller.kind === "user" ? await identity.account.find(caller.id) : undefined;
      if (person !== undefined) sendVersion(reply, person.version);
      return {
        kind: caller.kind,
        id: caller.id,
        name: caller.name,
        role: caller.kind === "user" ? caller.role : null,
        customerId: caller.customerId,
        actions: ACTIONS.filter((action) => mayDo(caller, action)),
        demo,
        user:
          person === undefined
            ? null
            : { ...userView(person), recoveryCodesLeft: person.recoveryCodesLeft },
      };
    },
  );

  app.patch(
    "/me",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "changeMe",
        tags: ["account"],
        description: "Changes one's own name, language and time zone",
        body: Type.Object({
          name: Type.Optional(PersonName),
          language: Type.Optional(LanguageName),
          timeZone: Type.Optional(TimeZone),
          reason: Reason,
        }),
        response: { 200: UserView, 400: Problem, 401: Problem, 403: Problem, 412: Problem },
      },
    },
    async (request, reply) => {
      const { reason, ...change } = request.body;
      const act = actOf(request, clock.now(), reason);
      const id = personOf(request);
      const user = await identity.account.change(id, change, versionAsked(request), act);
      sendVersion(reply, user.version);
      return userView(user);
    },
  );
};

const REFUSALS = { 400: Problem, 401: Problem, 403: Problem, 409: Problem };

export const passwordRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, deps) => {
  const { identity, clock } = deps;
  app.post(
    "/me/password",
    {
      config: { action: "signed-in", rateLimit: HASHING },
      schema: {
        operationId: "changePassword",
        tags: ["account"],
        description: "Changes one's own password and ends the sessions of all other browsers",
        body: Type.Object({ present: Password, next: Password }),
        response: { 204: Type.Null(), ...REFUSALS },
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock.now());
      const id = personOf(request);
      await identity.account.changePassword(id, request.body, request.sessionId, act);
      return reply.code(204).send(null);
    },
  );
};

export const secondFactorRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, deps) => {
  const { identity, clock } = deps;
  app.post(
    "/me/second-factor",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "beginSecondFactor",
        tags: ["account"],
        description: "A new secret for an authenticator app; it counts once a code was confirmed",
        response: { 200: Type.Object({ uri: Type.String(), secret: Type.String() }), ...REFUSALS },
      },
    },
    async (request) => identity.account.beginSecondFactor(personOf(request)),
  );

  app.post(
    "/me/second-factor/confirm",
    {
      config: { action: "signed-in", rateLimit: HASHING },
      schema: {
        operationId: "confirmSecondFactor",
        tags: ["account"],
        description: "Shows a code of the app; answers the recovery codes, this once",
        body: Type.Object({ code: Type.String({ minLength: 1, maxLength: 10 }) }),
        response: { 200: Type.Object({ recoveryCodes: Type.Array(Type.String()) }), ...REFUSALS },
      },
    },
    async (request) => {
      const act = actOf(request, clock.now());
      const { code } = request.body;
      const codes = await identity.account.confirmSecondFactor(personOf(request), code, act);
      return { recoveryCodes: [...codes] };
    },
  );

  app.post(
    "/me/second-factor/remove",
    {
      config: { action: "signed-in", rateLimit: HASHING },
      schema: {
        operationId: "removeSecondFactor",
        tags: ["account"],
        description: "Removes the second factor and its recovery codes",
        body: Type.Object({ password: Password }),
        response: { 204: Type.Null(), ...REFUSALS },
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock.now());
      const { password } = request.body;
      await identity.account.removeSecondFactor(personOf(request), password, act);
      return reply.code(204).send(null);
    },
  );
};

export const sessionRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, deps) => {
  const { identity, clock } = deps;
  app.get(
    "/me/sessions",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "mySessions",
        tags: ["account"],
        description: "The browsers in which one is signed in",
        response: {
          200: Type.Object({ items: Type.Array(SessionView) }),
          401: Problem,
          403: Problem,
        },
      },
    },
    async (request) => {
      const sessions = await identity.sessions.list(personOf(request));
      return { items: sessions.map((session) => sessionView(session, request.sessionId)) };
    },
  );

  app.delete(
    "/me/sessions/:id",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "endMySession",
        tags: ["account"],
        description: "Signs one browser out",
        params: Type.Object({ id: Type.String({ pattern: "^[0-9a-f]{64}$" }) }),
        response: { 204: Type.Null(), 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock.now());
      await identity.sessions.revoke(personOf(request), request.params.id, act);
      return reply.code(204).send(null);
    },
  );
};
