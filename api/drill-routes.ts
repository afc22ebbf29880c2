import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, type TSchema, Type } from "typebox";
import { InvalidInputError, NotFoundError } from "../base/errors.ts";
import { DRILL_KINDS } from "../domain/devices/profile-schema.ts";
import { DRILL_STATES } from "../domain/drills/drill.ts";
import { type ContactTimes, HOPS, type MemberTimes } from "../domain/drills/drill-times.ts";
import {
  ANSWER_S,
  type DrillDetail,
  type DrillMember,
  type DrillSummary,
  LASTS_S,
} from "../domain/drills/drills.ts";
import { CHANNEL_NAMES } from "../domain/notifications/backoff.ts";
import { DELIVERY_STATES } from "../domain/notifications/notification-log.ts";
import { REFUSALS } from "./asset-routes.ts";
import { CHANGE_REFUSALS } from "./customer-access.ts";
import { actOf, Reason } from "./http/caller.ts";
import { parseTime, TimeParameter } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { Address } from "./views.ts";

const tags = ["drills"];
const NS_PER_MS = 1_000_000n;
const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const DrillParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });
const GroupId = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });

const DrillView = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...DRILL_KINDS]),
  state: Type.Enum([...DRILL_STATES]),
  note: Type.String(),
  groupId: nullable(GroupId),
  groupName: nullable(Type.String()),
  firstName: Type.String({ description: "of the first terminal in it" }),
  members: Type.Integer(),
  inTime: nullable(
    Type.Integer({
      description: "terminals for which everything happened in time, once it is over",
    }),
  ),
  startsAt: Time,
  lastsS: Type.Integer(),
  answerS: Type.Integer({ description: "so long people have for what they do" }),
  startedAt: nullable(Time),
  endedAt: nullable(Time),
  endedWhy: nullable(Type.Enum(["time", "person", "cancelled", "missed"])),
  createdAt: Time,
  createdByName: Type.String(),
  version: Type.Integer(),
});

const HopView = Type.Object({
  hop: Type.Enum([...HOPS]),
  at: nullable(Time),
  tookMs: nullable(Type.Integer({ description: "since what it follows on" })),
  limitMs: Type.Integer(),
  verdict: Type.Enum(["in-time", "late", "missing", "waiting"]),
});

const ContactView = Type.Object({
  kind: Type.Enum(["user", "contact", "webhook", "topic"]),
  id: Type.String(),
  name: nullable(Type.String()),
  isOfOperator: Type.Boolean(),
  verdict: Type.Enum(["reached", "not-reached", "held-back", "waiting"]),
  reachedAt: nullable(Time),
  acknowledgedAt: nullable(Time),
  channels: Type.Array(
    Type.Object({
      channel: Type.Enum([...CHANNEL_NAMES]),
      state: Type.Enum([...DELIVERY_STATES]),
      reason: nullable(Type.String()),
      queuedAt: Time,
      sentAt: nullable(Time),
      deliveredAt: nullable(Time),
    }),
  ),
});

const MemberView = Type.Object({
  address: Address,
  name: Type.String(),
  commandId: nullable(Type.String()),
  commandState: nullable(Type.String()),
  problem: nullable(Type.String({ description: "why it could not be asked" })),
  packetId: nullable(Type.String()),
  alarmIds: Type.Array(Type.String()),
  acknowledgedByName: nullable(Type.String()),
  hops: Type.Array(HopView),
  contacts: Type.Array(ContactView),
});

const DrillDetailView = Type.Object({ ...DrillView.properties, list: Type.Array(MemberView) });

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

const drillView = (drill: DrillSummary): Static<typeof DrillView> => ({
  ...drill,
  startsAt: iso(drill.startsAtMs),
  startedAt: isoOrNull(drill.startedAtMs),
  endedAt: isoOrNull(drill.endedAtMs),
  createdAt: iso(drill.createdAtMs),
});

const drillDetailView = (drill: DrillDetail): Static<typeof DrillDetailView> => ({
  ...drillView(drill),
  list: drill.list.map((member) => memberView(member, drill.names)),
});

type Names = DrillDetail["names"];

const NOT_BEGUN: MemberTimes = {
  ...{ hops: [], contacts: [], packetId: null, alarmIds: [], acknowledgedBy: null },
};

function memberView({ times, ...member }: DrillMember, names: Names): Static<typeof MemberView> {
  const { hops, contacts, packetId, alarmIds, acknowledgedBy: by } = times ?? NOT_BEGUN;
  return {
    ...member,
    ...{ packetId, alarmIds: [...alarmIds] },
    acknowledgedByName: by === null ? null : (names.get(`${by.kind}:${by.id}`) ?? null),
    hops: hops.map(hopView),
    contacts: contacts.map((contact) => contactView(contact, names)),
  };
}

const hopView = ({ atMs, ...hop }: MemberTimes["hops"][number]): Static<typeof HopView> => ({
  ...hop,
  at: isoOrNull(atMs),
});

const contactView = (
  { reachedAtMs, acknowledgedAtMs, channels, ...contact }: ContactTimes,
  names: Names,
): Static<typeof ContactView> => ({
  ...contact,
  name: names.get(`${contact.kind}:${contact.id}`) ?? null,
  reachedAt: isoOrNull(reachedAtMs),
  acknowledgedAt: isoOrNull(acknowledgedAtMs),
  channels: channels.map(({ queuedAtMs, sentAtMs, deliveredAtMs, ...rest }) => ({
    ...rest,
    queuedAt: iso(queuedAtMs),
    sentAt: isoOrNull(sentAtMs),
    deliveredAt: isoOrNull(deliveredAtMs),
  })),
});

/** Rehearsals of sirens, panic calls and elevators, and what came of them. */
export const drillRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { drills, clock }) => {
  app.get(
    "/drills",
    {
      config: { action: "drills:read" },
      schema: {
        operationId: "drills",
        tags,
        description: "Drills, the newest first",
        querystring: Type.Object({
          limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
        }),
        response: { 200: Type.Object({ items: Type.Array(DrillView) }), ...REFUSALS },
      },
    },
    async ({ query: { limit }, reach }) => ({
      items: (await drills.list({ reach, limit })).map(drillView),
    }),
  );

  app.get(
    "/drills/:id",
    {
      config: { action: "drills:read" },
      schema: {
        operationId: "drill",
        tags,
        description: "One drill: by terminal the time of each hop, and who was reached",
        params: DrillParams,
        response: { 200: DrillDetailView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }) => {
      const found = await drills.find(id, reach, clock.now());
      if (!found) throw new NotFoundError("drill", id);
      return drillDetailView(found);
    },
  );
};

export const drillWorkRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { drills, clock },
) => {
  app.post(
    "/drills",
    {
      config: { action: "drills:write" },
      schema: {
        operationId: "planDrill",
        tags,
        description:
          "Plans a drill of one terminal or of a group; without a time to come it begins at once",
        body: Type.Object(
          {
            terminal: Type.Optional(Address),
            group: Type.Optional(GroupId),
            startsAt: Type.Optional(TimeParameter),
            lastsS: Type.Integer({ minimum: LASTS_S.min, maximum: LASTS_S.max, default: 1_800 }),
            answerS: Type.Integer({ minimum: ANSWER_S.min, maximum: ANSWER_S.max, default: 300 }),
            note: Type.String({ maxLength: 500, default: "" }),
            reason: Reason,
          },
          { additionalProperties: false },
        ),
        response: { 201: DrillDetailView, ...CHANGE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { terminal, group, startsAt, lastsS, answerS, note, reason } = request.body;
      const act = actOf(request, clock.now(), reason);
      const startsAtMs = startsAt === undefined ? act.atMs : msOf(startsAt);
      const asked = { of: ofOne(terminal, group), startsAtMs, lastsS, answerS, note };
      return reply.code(201).send(drillDetailView(await drills.plan(asked, act, request.reach)));
    },
  );

  for (const deed of ["end", "cancel"] as const)
    app.post(
      `/drills/:id/${deed}`,
      {
        config: { action: "drills:write" },
        schema: {
          operationId: `${deed}Drill`,
          tags,
          description: DEEDS[deed],
          params: DrillParams,
          body: Type.Object({ reason: Reason }, { additionalProperties: false }),
          response: { 200: DrillDetailView, ...CHANGE_REFUSALS },
        },
      },
      async (request) => {
        const { params, body, reach } = request;
        const act = actOf(request, clock.now(), body.reason);
        return drillDetailView(await drills.does(params.id, deed, act, reach));
      },
    );
};

const DEEDS = {
  end: "Ends a running drill: what it came to is kept, and nothing of it goes on",
  cancel: "Calls off a drill that has not begun",
} as const;

const msOf = (startsAt: string): number => Number(parseTime("startsAt", startsAt) / NS_PER_MS);

function ofOne(address: number | undefined, groupId: number | undefined) {
  if (address !== undefined && groupId === undefined) return { address };
  if (groupId !== undefined && address === undefined) return { groupId };
  throw new InvalidInputError("terminal", "a drill is of one terminal or of one group");
}
