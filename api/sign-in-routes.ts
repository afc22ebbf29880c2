import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { DEMO_USERS, demoUserId } from "../domain/identity/first-users.ts";
import type { SignInOutcome } from "../domain/identity/sign-in.ts";
import { actOf, callerOf } from "./http/caller.ts";
import { dropSession, sendSession } from "./http/cookies.ts";
import { Problem, sendProblem } from "./http/problem.ts";
import { Email, Password, RoleName, UserView, userView } from "./identity-views.ts";
import type { ApiReads } from "./reads.ts";

/** From one address: people behind one wall sign in together, a program that guesses does not get far. */
const SIGN_IN = { max: 60, timeWindow: 60_000 };

const SignedIn = Type.Object({ user: UserView });

export const signInRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, deps) => {
  const { identity, clock, isSecure } = deps;
  app.post(
    "/sign-in",
    {
      config: { action: "public", rateLimit: SIGN_IN },
      schema: {
        operationId: "signIn",
        tags: ["sign-in"],
        description:
          "Opens a session, kept in a cookie. 401 `second_factor_required` asks for `code`: six digits of the app, or a recovery code. Any other 401 says the same, whatever was wrong.",
        body: Type.Object({
          email: Email,
          password: Password,
          code: Type.Optional(Type.String({ maxLength: 40 })),
        }),
        response: { 200: SignedIn, 400: Problem, 401: Problem, 429: Problem },
      },
    },
    async (request, reply) => {
      const outcome = await identity.signIn.byPassword(request.body, deviceOf(request));
      return answer(reply, outcome, clock.now(), isSecure);
    },
  );

  app.post(
    "/sign-out",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "signOut",
        tags: ["sign-in"],
        description: "Ends the session of this browser",
        response: { 204: Type.Null(), 401: Problem },
      },
    },
    async (request, reply) => {
      if (request.sessionId !== undefined) {
        const act = actOf(request, clock.now());
        await identity.sessions.signOut(callerOf(request).id, request.sessionId, act);
      }
      dropSession(reply, isSecure);
      return reply.code(204).send(null);
    },
  );
};

export const demoRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, deps) => {
  const { identity, clock, isSecure, demoCards } = deps;
  const requireDemo = (): void => {
    if (!demoCards) throw new NotFoundError("demonstration", "of this installation");
  };
  app.get(
    "/demo/sign-in-cards",
    {
      config: { action: "public" },
      schema: {
        operationId: "demoCards",
        tags: ["sign-in"],
        description: "Who one may be in the demonstration; 404 in any other installation",
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({ role: RoleName, name: Type.String(), ofCustomer: Type.Boolean() }),
            ),
          }),
          404: Problem,
        },
      },
    },
    async () => {
      requireDemo();
      return {
        items: DEMO_USERS.map(({ role, name, ofCustomer }) => ({ role, name, ofCustomer })),
      };
    },
  );

  app.post(
    "/demo/sign-in",
    {
      config: { action: "public", rateLimit: SIGN_IN },
      schema: {
        operationId: "demoSignIn",
        tags: ["sign-in"],
        description:
          "Signs in as the demonstration's person of a role; 404 in any other installation",
        body: Type.Object({ role: RoleName }),
        response: { 200: SignedIn, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      requireDemo();
      const id = demoUserId(request.body.role);
      const outcome = await identity.signIn.asDemoUser(id, deviceOf(request));
      return answer(reply, outcome, clock.now(), isSecure);
    },
  );
};

const deviceOf = (request: FastifyRequest) => ({
  ip: request.ip,
  userAgent: request.headers["user-agent"] ?? "",
  requestId: request.id,
});

function answer(reply: FastifyReply, outcome: SignInOutcome, nowMs: number, isSecure: boolean) {
  if (outcome.ok) {
    sendSession(reply, outcome.token, outcome.expiresAtMs - nowMs, isSecure);
    return reply.send({ user: userView(outcome.user) });
  }
  if (outcome.why === "second_factor_required")
    return sendProblem(reply, {
      status: 401,
      code: "second_factor_required",
      detail: "Give the code of your authenticator app, or a recovery code",
      field: "code",
    });
  return sendProblem(reply, {
    status: 401,
    code: "sign_in_failed",
    detail:
      "E-mail address, password or code is wrong, or there were too many wrong tries: then wait a little",
  });
}
