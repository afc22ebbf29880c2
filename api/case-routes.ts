import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, type TSchema, Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import {
  type AlarmCase,
  type AlarmCaseDetail,
  CASE_ENTRY_KINDS,
} from "../domain/alerting/cases.ts";
import { REFUSALS } from "./asset-routes.ts";
import { actOf } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import type { ApiReads } from "./reads.ts";
import { Address } from "./views.ts";

const tags = ["cases"];
const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const CaseParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) });
const Kind = Type.Enum(["panic", "breakdown"]);
const State = Type.Enum(["open", "closed"]);

const CaseView = Type.Object({
  id: Type.String(),
  kind: Kind,
  state: State,
  alarmId: Type.String(),
  address: Address,
  terminalName: nullable(Type.String()),
  assetId: nullable(Type.String()),
  assetName: nullable(Type.String()),
  plate: nullable(Type.String()),
  customerId: nullable(Type.String()),
  customerName: nullable(Type.String()),
  customerPhone: nullable(Type.String()),
  isDrill: Type.Boolean(),
  caller: nullable(Type.String()),
  latitude: nullable(Type.Number({ description: "where it was when it called" })),
  longitude: nullable(Type.Number()),
  fault: nullable(Type.String()),
  helper: nullable(Type.String()),
  helperSentAt: nullable(Time),
  openedAt: Time,
  closedAt: nullable(Time),
  result: nullable(Type.String()),
  version: Type.Integer(),
});
const CaseDetailView = Type.Object({
  ...CaseView.properties,
  entries: Type.Array(
    Type.Object({
      at: Time,
      kind: Type.Enum([...CASE_ENTRY_KINDS]),
      who: nullable(Type.String()),
      whoName: nullable(Type.String()),
      text: Type.String(),
    }),
  ),
});

const time = (date: Date | null): string | null => date?.toISOString() ?? null;
const caseView = (one: AlarmCase): Static<typeof CaseView> => ({
  ...one,
  helperSentAt: time(one.helperSentAt),
  openedAt: one.openedAt.toISOString(),
  closedAt: time(one.closedAt),
});
const caseDetailView = ({
  alarmCase,
  entries,
}: AlarmCaseDetail): Static<typeof CaseDetailView> => ({
  ...caseView(alarmCase),
  entries: entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
});

export const caseRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { cases, clock }) => {
  app.get(
    "/cases",
    {
      config: { action: "alarms:read" },
      schema: {
        operationId: "cases",
        tags,
        description: "Calls for help, the newest first",
        querystring: Type.Object({
          state: Type.Optional(State),
          kind: Type.Optional(Kind),
          limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
        }),
        response: { 200: Type.Object({ items: Type.Array(CaseView) }), ...REFUSALS },
      },
    },
    async ({ query, reach }) => ({
      items: (await cases.list({ ...query, reach })).map(caseView),
    }),
  );

  app.get(
    "/cases/:id",
    {
      config: { action: "alarms:read" },
      schema: {
        operationId: "case",
        tags,
        description: "One call for help with all that was done",
        params: CaseParams,
        response: { 200: CaseDetailView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }, reply) => {
      const found = await cases.find(id, reach);
      if (!found) throw new NotFoundError("case", id);
      sendVersion(reply, found.alarmCase.version);
      return caseDetailView(found);
    },
  );

  app.post(
    "/cases/:id/entries",
    {
      config: { action: "alarms:work" },
      schema: {
        operationId: "addCaseEntry",
        tags,
        description:
          "A step of the work: a note, who called, the helper sent, the helper's arrival, or the end with its result",
        params: CaseParams,
        body: Type.Object(
          {
            kind: Type.Enum(["note", "caller", "helper", "arrived", "closed"]),
            text: Type.String({ minLength: 1, maxLength: 2_000 }),
          },
          { additionalProperties: false },
        ),
        response: { 200: CaseDetailView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const step = { ...request.body, version: versionAsked(request) };
      const act = actOf(request, clock.now());
      const found = await cases.step(request.params.id, step, act, request.reach);
      sendVersion(reply, found.alarmCase.version);
      return caseDetailView(found);
    },
  );
};

export const caseOpenRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { cases, clock },
) => {
  app.post(
    "/alarms/:id/case",
    {
      config: { action: "alarms:work" },
      schema: {
        operationId: "openCase",
        tags,
        description: "A case for an alarm whose rule opens none",
        params: CaseParams,
        body: Type.Object({ kind: Kind }, { additionalProperties: false }),
        response: { 201: CaseDetailView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { params, body, reach } = request;
      const found = await cases.open(params.id, body.kind, actOf(request, clock.now()), reach);
      sendVersion(reply, found.alarmCase.version);
      return reply.code(201).send(caseDetailView(found));
    },
  );
};
