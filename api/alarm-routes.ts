import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import {
  ALARMS_AT_ONCE_MAX,
  type AlarmDeed,
  formatAlarmCursor,
  parseAlarmCursor,
} from "../domain/alerting/alarms.ts";
import {
  AlarmCountsView,
  AlarmDetailView,
  AlarmId,
  AlarmList,
  alarmDetailView,
  alarmView,
  SeverityView,
} from "./alarm-views.ts";
import { REFUSALS } from "./asset-routes.ts";
import { actOf } from "./http/caller.ts";
import { Problem } from "./http/problem.ts";
import { Paging, parseCursor, parseOptionalTime, parseTime, TimeParameter } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { Address } from "./views.ts";

const tags = ["alarms"];
const READ_REFUSALS = { 400: Problem, 401: Problem, 403: Problem };
const NS_PER_MS = 1_000_000n;

const dateOf = (ns: bigint | undefined): Date | undefined =>
  ns === undefined ? undefined : new Date(Number(ns / NS_PER_MS));

export const alarmListRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { alarms, clock },
) => {
  app.get(
    "/alarms",
    {
      config: { action: "alarms:read" },
      schema: {
        operationId: "alarms",
        tags,
        description: "Alarms, the newest first; what a late report has withdrawn is left out",
        querystring: Type.Object({
          state: Type.Optional(Type.Enum(["active", "cleared"])),
          open: Type.Optional(
            Type.Boolean({ description: "true: not yet both cleared and acknowledged" }),
          ),
          acknowledged: Type.Optional(Type.Boolean()),
          severity: Type.Optional(SeverityView),
          rule: Type.Optional(Type.String({ maxLength: 80 })),
          terminal: Type.Optional(Address),
          asset: Type.Optional(Type.String({ maxLength: 64 })),
          customer: Type.Optional(Type.String({ maxLength: 64 })),
          incident: Type.Optional(Type.String({ maxLength: 64 })),
          assignee: Type.Optional(Type.String({ maxLength: 64 })),
          unassigned: Type.Optional(Type.Boolean({ description: "true: nobody takes care of it" })),
          shelved: Type.Optional(Type.Boolean()),
          drill: Type.Optional(Type.Boolean()),
          from: Type.Optional(TimeParameter),
          to: Type.Optional(TimeParameter),
          ...Paging,
        }),
        response: { 200: AlarmList, ...READ_REFUSALS },
      },
    },
    async ({ query, reach }) => {
      const { rule, terminal, asset, customer, incident, from, to, cursor, ...rest } = query;
      const { items, next } = await alarms.list({
        ...rest,
        reach,
        ruleId: rule,
        address: terminal,
        assetId: asset,
        customerId: customer,
        incidentId: incident,
        from: dateOf(parseOptionalTime("from", from)),
        to: dateOf(parseOptionalTime("to", to)),
        nowMs: clock.now(),
        after: parseCursor(cursor, parseAlarmCursor),
      });
      return { items: items.map(alarmView), nextCursor: next ? formatAlarmCursor(next) : null };
    },
  );
};

export const alarmRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { alarms, clock }) => {
  app.get(
    "/alarms/counts",
    {
      config: { action: "alarms:read" },
      schema: {
        operationId: "alarmCounts",
        tags,
        description: "How many are open by severity, without drills and shelved ones",
        response: { 200: AlarmCountsView, ...READ_REFUSALS },
      },
    },
    async ({ reach }) => ({ items: [...(await alarms.counts(reach, clock.now()))] }),
  );

  app.get(
    "/alarms/:id",
    {
      config: { action: "alarms:read" },
      schema: {
        operationId: "alarm",
        tags,
        description:
          "One alarm with all that happened to it; each decision of the rules with its explanation",
        params: Type.Object({ id: AlarmId }),
        response: { 200: AlarmDetailView, ...READ_REFUSALS, 404: Problem },
      },
    },
    async ({ params: { id }, reach }) => {
      const alarm = await alarms.find(id, reach);
      if (!alarm) throw new NotFoundError("alarm", id);
      return alarmDetailView(alarm);
    },
  );
};

const Ids = Type.Array(AlarmId, { minItems: 1, maxItems: ALARMS_AT_ONCE_MAX });
const Note = Type.Optional(Type.String({ maxLength: 2_000 }));
const Changed = Type.Object({
  changed: Type.Integer({ description: "what was so already is left as it is" }),
});
const closed = { additionalProperties: false } as const;

const config = { action: "alarms:work" } as const;
const schemaOf = (operationId: string, description: string) => ({
  ...{ operationId, tags, description },
  response: { 200: Changed, ...REFUSALS },
});

export const alarmWorkRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { alarms, clock },
) => {
  app.post(
    "/alarms/acknowledge",
    {
      config,
      schema: {
        ...schemaOf("acknowledgeAlarms", "Somebody has seen them"),
        body: Type.Object({ ids: Ids, note: Note }, closed),
      },
    },
    async (request) => {
      const { ids, note = "" } = request.body;
      const deed: AlarmDeed = { kind: "acknowledge", note };
      return {
        changed: await alarms.does(ids, deed, actOf(request, clock.now(), note), request.reach),
      };
    },
  );

  app.post(
    "/alarms/assign",
    {
      config,
      schema: {
        ...schemaOf("assignAlarms", "Somebody takes care of them; null: nobody any more"),
        body: Type.Object(
          { ids: Ids, assignee: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]) },
          closed,
        ),
      },
    },
    async (request) => {
      const { ids, assignee } = request.body;
      const deed: AlarmDeed = { kind: "assign", assignee };
      return { changed: await alarms.does(ids, deed, actOf(request, clock.now()), request.reach) };
    },
  );
};

export const alarmNoteRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { alarms, clock },
) => {
  app.post(
    "/alarms/comment",
    {
      config,
      schema: {
        ...schemaOf("commentAlarms", "A comment that stays with them"),
        body: Type.Object(
          { ids: Ids, text: Type.String({ minLength: 1, maxLength: 2_000 }) },
          closed,
        ),
      },
    },
    async (request) => {
      const { ids, text } = request.body;
      const deed: AlarmDeed = { kind: "comment", text };
      return { changed: await alarms.does(ids, deed, actOf(request, clock.now()), request.reach) };
    },
  );

  app.post(
    "/alarms/shelve",
    {
      config,
      schema: {
        ...schemaOf("shelveAlarms", "Out of the way until a time; null brings them back"),
        body: Type.Object(
          { ids: Ids, until: Type.Union([TimeParameter, Type.Null()]), note: Note },
          closed,
        ),
      },
    },
    async (request) => {
      const { ids, note = "" } = request.body;
      const until =
        request.body.until === null
          ? null
          : new Date(Number(parseTime("until", request.body.until) / NS_PER_MS));
      const deed: AlarmDeed = { kind: "shelve", until, note };
      return {
        changed: await alarms.does(ids, deed, actOf(request, clock.now(), note), request.reach),
      };
    },
  );
};
