import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  CHANGE_REFUSALS,
  OneCustomer,
  REFUSALS,
  requireCustomer,
  requireOperator,
} from "./customer-access.ts";
import { Id } from "./customer-views.ts";
import { actOf, Reason } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { parseTime, TimeParameter } from "./http/query.ts";
import {
  LadderBody,
  LadderView,
  ladderOf,
  ladderView,
  ShiftView,
  shiftView,
} from "./notification-views.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["on-call"];
const NS_PER_MS = 1_000_000n;
const msOf = (field: string, text: string): number => Number(parseTime(field, text) / NS_PER_MS);

/** Whose shift it is; the operator's own. */
export const onCallRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications: { onCall }, clock },
) => {
  app.get(
    "/on-call",
    {
      config: { action: "notifications:read" },
      schema: {
        operationId: "onCallShifts",
        tags,
        description: "Shifts that touch this time, and who can be put on one",
        querystring: Type.Object({ from: TimeParameter, to: TimeParameter }),
        response: {
          200: Type.Object({
            items: Type.Array(ShiftView),
            people: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
          }),
          ...REFUSALS,
        },
      },
    },
    async (request) => {
      requireOperator(request, "calendar", "on-call");
      const { from, to } = request.query;
      const shifts = await onCall.shifts(msOf("from", from), msOf("to", to));
      return { items: shifts.map(shiftView), people: [...(await onCall.people(null))] };
    },
  );

  app.post(
    "/on-call",
    {
      config: { action: "notifications:write" },
      schema: {
        operationId: "addOnCallShift",
        tags,
        description: "Somebody of the operator's is called between these times",
        body: Type.Object({
          userId: Id,
          startsAt: TimeParameter,
          endsAt: TimeParameter,
          note: Type.String({ maxLength: 200, default: "" }),
          reason: Reason,
        }),
        response: { 201: ShiftView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      requireOperator(request, "calendar", "on-call");
      const { userId, startsAt, endsAt, note, reason } = request.body;
      const shift = await onCall.addShift(
        { userId, note, startsAtMs: msOf("startsAt", startsAt), endsAtMs: msOf("endsAt", endsAt) },
        actOf(request, clock.now(), reason),
      );
      return reply.code(201).send(shiftView(shift));
    },
  );
};

export const oneShiftRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications: { onCall }, clock },
) => {
  app.delete(
    "/on-call/:id",
    {
      config: { action: "notifications:write" },
      schema: {
        operationId: "removeOnCallShift",
        tags,
        description: "Takes a shift away",
        params: Type.Object({ id: Id }),
        querystring: Type.Object({ reason: Reason }),
        response: { 204: Type.Null(), ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      requireOperator(request, "on-call shift", id);
      await onCall.removeShift(id, actOf(request, clock.now(), request.query.reason));
      return reply.code(204).send(null);
    },
  );
};

/** Who is told next when nobody acknowledges: the operator's ladder, and a customer's own. */
export const ladderRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications: { onCall }, customerDesk: { customers }, clock },
) => {
  const body = Type.Object({ ...LadderBody.properties, reason: Reason });
  const show = async (customerId: string | null) =>
    ladderView(await onCall.ladder(customerId), await onCall.people(customerId));

  for (const whose of ["operator", "customer"] as const) {
    const isOperator = whose === "operator";
    const url = isOperator ? "/ladder" : "/customers/:id/ladder";
    const params = isOperator ? Type.Object({}) : OneCustomer;
    const customerOf = async (request: Parameters<typeof requireCustomer>[0]) => {
      if (isOperator) {
        requireOperator(request, "ladder", "operator");
        return null;
      }
      const { id = "" } = request.params as { id?: string }; // the route's own schema has it
      return (await requireCustomer(request, customers, id)).id;
    };
    app.get(
      url,
      {
        config: { action: "notifications:read" },
        schema: {
          operationId: isOperator ? "ladder" : "customerLadder",
          tags,
          description: "The escalation ladder; version 0 is the standard one",
          params,
          response: { 200: LadderView, ...REFUSALS },
        },
      },
      async (request, reply) => {
        const view = await show(await customerOf(request));
        sendVersion(reply, view.version);
        return view;
      },
    );
    app.put(
      url,
      {
        config: { action: "notifications:write" },
        schema: {
          operationId: isOperator ? "setLadder" : "setCustomerLadder",
          tags,
          description: "Replaces it; the last step names a person or the administrators",
          params,
          body,
          response: { 200: LadderView, ...CHANGE_REFUSALS },
        },
      },
      async (request, reply) => {
        const customerId = await customerOf(request);
        const { reason, name } = request.body;
        const input = { name, ladder: ladderOf(request.body), version: versionAsked(request) };
        await onCall.setLadder(customerId, input, actOf(request, clock.now(), reason));
        const view = await show(customerId);
        sendVersion(reply, view.version);
        return view;
      },
    );
  }
};
