import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, type TSchema, Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import type { MaintenanceWindow } from "../domain/alerting/maintenance.ts";
import type { OutageEvidence } from "../domain/alerting/outage-evidence.ts";
import { type Incident, incidentAlarmId } from "../domain/alerting/outages.ts";
import { REFUSALS } from "./asset-routes.ts";
import { actOf } from "./http/caller.ts";
import { parseTime, TimeParameter } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { Address } from "./views.ts";

const tags = ["alarms"];
const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Id = Type.String({ minLength: 1, maxLength: 200 });
const Limit = Type.Integer({ minimum: 1, maximum: 500, default: 100 });

const IncidentView = Type.Object({
  id: Id,
  cause: Type.Enum(["gateway-deaf", "backhaul-down", "jammed"]),
  gatewayId: nullable(Type.String()),
  gatewayName: nullable(Type.String()),
  latitude: nullable(Type.Number()),
  longitude: nullable(Type.Number()),
  openedAt: Time,
  closedAt: nullable(Time),
  members: Type.Integer({ description: "terminals that it silenced" }),
  back: Type.Integer({ description: "of them heard again" }),
  dead: Type.Integer({ description: "of them still silent when it was over" }),
});
const IncidentDetailView = Type.Object({
  ...IncidentView.properties,
  alarmId: Type.String({ description: "its one alarm, by which everybody is told" }),
  evidence: nullable(
    Type.Object(
      {
        usual: Type.Integer({ description: "terminals that must be heard there" }),
        silent: Type.Integer({ description: "of them, those that were not" }),
        lastHeardAt: nullable(Time),
        radiusM: nullable(Type.Number()),
      },
      { description: "what it was laid to its cause by, as it was when it was found" },
    ),
  ),
  terminals: Type.Array(
    Type.Object({
      address: Address,
      terminalName: nullable(Type.String()),
      heardAt: Time,
      backAt: nullable(Time),
      deadAt: nullable(Time),
    }),
  ),
});

const time = (date: Date | null): string | null => date?.toISOString() ?? null;
const incidentView = (incident: Incident): Static<typeof IncidentView> => ({
  ...incident,
  openedAt: incident.openedAt.toISOString(),
  closedAt: time(incident.closedAt),
});
const evidenceView = (
  evidence: OutageEvidence | null,
): Static<typeof IncidentDetailView>["evidence"] =>
  evidence && {
    usual: evidence.usual,
    silent: evidence.silent,
    lastHeardAt:
      evidence.lastHeardMs === null ? null : new Date(evidence.lastHeardMs).toISOString(),
    radiusM: evidence.radiusM,
  };

export const incidentRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { incidents }) => {
  app.get(
    "/incidents",
    {
      config: { action: "incidents:read" },
      schema: {
        operationId: "incidents",
        tags,
        description: "Outages, the newest first: one gateway or one area, and all whom it silences",
        querystring: Type.Object({ open: Type.Optional(Type.Boolean()), limit: Limit }),
        response: { 200: Type.Object({ items: Type.Array(IncidentView) }), ...REFUSALS },
      },
    },
    async ({ query, reach }) => ({
      items: (await incidents.list({ ...query, reach })).map(incidentView),
    }),
  );

  app.get(
    "/incidents/:id",
    {
      config: { action: "incidents:read" },
      schema: {
        operationId: "incident",
        tags,
        description: "One outage with its terminals; those that stayed dead first",
        params: Type.Object({ id: Id }),
        response: { 200: IncidentDetailView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }) => {
      const found = await incidents.find(id, reach);
      if (!found) throw new NotFoundError("incident", id);
      const terminals = found.members.map(({ heardAt, backAt, deadAt, ...member }) => ({
        ...member,
        heardAt: heardAt.toISOString(),
        backAt: time(backAt),
        deadAt: time(deadAt),
      }));
      return {
        ...incidentView(found.incident),
        alarmId: incidentAlarmId(id),
        evidence: evidenceView(found.incident.evidence),
        terminals,
      };
    },
  );
};

const scope = {
  profile: Type.Optional(Type.String({ maxLength: 40 })),
  customerId: Type.Optional(Type.String({ maxLength: 64 })),
  groupId: Type.Optional(Type.Integer({ minimum: 1, maximum: 4_294_967_295 })),
  address: Type.Optional(Address),
};
const WindowView = Type.Object({
  id: Id,
  ...{ from: Time, to: Time, reason: Type.String(), byName: Type.String() },
  profile: nullable(Type.String()),
  customerId: nullable(Type.String()),
  groupId: nullable(Type.Integer()),
  address: nullable(Address),
});

const windowView = (window: MaintenanceWindow): Static<typeof WindowView> => ({
  ...{ id: window.id, reason: window.reason, byName: window.byName },
  from: window.from.toISOString(),
  to: window.to.toISOString(),
  profile: window.profile ?? null,
  customerId: window.customerId ?? null,
  groupId: window.groupId ?? null,
  address: window.address ?? null,
});

export const maintenanceRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { maintenance, clock },
) => {
  app.get(
    "/maintenance",
    {
      config: { action: "incidents:read" },
      schema: {
        operationId: "maintenanceWindows",
        tags,
        description: "Windows in which new alarms are shelved, as far as they are not over",
        response: { 200: Type.Object({ items: Type.Array(WindowView) }), ...REFUSALS },
      },
    },
    async () => ({ items: (await maintenance.list(clock.now())).map(windowView) }),
  );

  app.post(
    "/maintenance",
    {
      config: { action: "maintenance:write" },
      schema: {
        operationId: "createMaintenanceWindow",
        tags,
        description: "Work on these terminals: their new alarms are shelved until its end",
        body: Type.Object(
          {
            from: TimeParameter,
            to: TimeParameter,
            reason: Type.String({ minLength: 1, maxLength: 500 }),
            ...scope,
          },
          { additionalProperties: false },
        ),
        response: { 201: WindowView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { from, to, ...rest } = request.body;
      const dateOf = (field: string, text: string) =>
        new Date(Number(parseTime(field, text) / 1_000_000n));
      const asked = { ...rest, from: dateOf("from", from), to: dateOf("to", to) };
      const window = await maintenance.create(asked, actOf(request, clock.now(), rest.reason));
      return reply.code(201).send(windowView(window));
    },
  );

  app.delete(
    "/maintenance/:id",
    {
      config: { action: "maintenance:write" },
      schema: {
        operationId: "cancelMaintenanceWindow",
        tags,
        description: "New alarms are told again at once",
        params: Type.Object({ id: Id }),
        response: { 204: Type.Null(), ...REFUSALS },
      },
    },
    async (request, reply) => {
      await maintenance.cancel(request.params.id, actOf(request, clock.now()));
      return reply.code(204).send(null);
    },
  );
};
