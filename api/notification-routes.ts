import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { ConflictError } from "../base/errors.ts";
import { LANGUAGES, OCCASION_KINDS } from "../domain/notifications/occasion.ts";
import { render } from "../domain/notifications/templates.ts";
import { AlarmId } from "./alarm-views.ts";
import { REFUSALS } from "./customer-access.ts";
import { Id } from "./customer-views.ts";
import { Paging, parseCursor, parseOptionalTime, TimeParameter } from "./http/query.ts";
import {
  AttemptView,
  ChannelName,
  DeliveryState,
  DeliveryView,
  deliveryView,
  Severity,
} from "./notification-views.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["notifications"];
const params = Type.Object({ id: Id });
const NS_PER_MS = 1_000_000n;

const parseSeq = (text: string): bigint | undefined =>
  /^\d{1,18}$/.test(text) ? BigInt(text) : undefined;

const msOf = (field: string, text: string | undefined): number | undefined => {
  const ns = parseOptionalTime(field, text);
  return ns === undefined ? undefined : Number(ns / NS_PER_MS);
};

const LogQuery = Type.Object({
  state: Type.Optional(DeliveryState),
  channel: Type.Optional(ChannelName),
  severity: Type.Optional(Severity),
  customer: Type.Optional(Id),
  recipient: Type.Optional(Id),
  alarm: Type.Optional(AlarmId),
  from: Type.Optional(TimeParameter),
  to: Type.Optional(TimeParameter),
  ...Paging,
});

/** What was told to whom, and what did not arrive. */
export const notificationRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications: { log } },
) => {
  app.get(
    "/notifications",
    {
      config: { action: "notifications:read" },
      schema: {
        operationId: "notifications",
        tags,
        description: "Messages and how far each got, newest first",
        querystring: LogQuery,
        response: {
          200: Type.Object({
            items: Type.Array(DeliveryView),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
            dead: Type.Integer({ description: "dead letters within reach, counted to 1,000" }),
          }),
          ...REFUSALS,
        },
      },
    },
    async ({ query, reach }) => {
      const { state, channel, severity, limit } = query;
      const rows = await log.list({
        ...{ reach, state, channel, severity, limit },
        customerId: query.customer,
        recipientId: query.recipient,
        alarmId: query.alarm,
        fromMs: msOf("from", query.from),
        toMs: msOf("to", query.to),
        before: parseCursor(query.cursor, parseSeq),
      });
      const last = rows.length < limit ? undefined : rows.at(-1);
      return {
        items: rows.map(deliveryView),
        nextCursor: last === undefined ? null : String(last.seq),
        dead: await log.deadCount(reach),
      };
    },
  );

  app.get(
    "/notifications/:id",
    {
      config: { action: "notifications:read" },
      schema: {
        operationId: "notification",
        tags,
        description: "A message with every attempt",
        params,
        response: {
          200: Type.Object({ ...DeliveryView.properties, history: Type.Array(AttemptView) }),
          ...REFUSALS,
        },
      },
    },
    async ({ params: { id }, reach }) => {
      const found = await log.find(id, reach);
      const history = found.history.map(({ atMs, ...each }) => ({
        ...each,
        at: new Date(atMs).toISOString(),
      }));
      return { ...deliveryView(found), history };
    },
  );
};

export const replayRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications: { log, deliveries }, clock },
) => {
  app.post(
    "/notifications/:id/replay",
    {
      config: { action: "notifications:write" },
      schema: {
        operationId: "replayNotification",
        tags,
        description: "A dead letter goes out once more, under the same id",
        params,
        response: { 200: DeliveryView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }) => {
      const found = await log.find(id, reach);
      if (!(await deliveries.replay(id, clock.now())))
        throw new ConflictError(`message ${id} is ${found.state} and no dead letter`, { id });
      return deliveryView(await log.find(id, reach));
    },
  );
};

/** How a message reads, without sending one. */
export const templateRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { clock }) => {
  app.get(
    "/notification-templates/preview",
    {
      config: { action: "notifications:read" },
      schema: {
        operationId: "previewNotification",
        tags,
        description: "A message as mail, SMS and push would show it",
        querystring: Type.Object({
          kind: Type.Enum([...OCCASION_KINDS], { default: "raised" }),
          language: Type.Enum([...LANGUAGES], { default: "en" }),
          severity: Type.Enum(["critical", "major", "minor", "warning"], { default: "critical" }),
          count: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }),
          drill: Type.Boolean({ default: false }),
        }),
        response: {
          200: Type.Object({ subject: Type.String(), text: Type.String(), short: Type.String() }),
          ...REFUSALS,
        },
      },
    },
    async ({ query: { kind, language, severity, count, drill } }) => {
      const item = {
        ...{ kind, severity, isDrill: drill, place: "HL-0001", atMs: clock.now() },
        title: { en: "Smoke detected", "zh-CN": "检测到烟雾" },
      };
      const { subject, text, short } = render({
        ...{ language, timeZone: "UTC", total: count },
        items: [item, ...Array.from({ length: Math.min(count - 1, 3) }, () => item)],
        acknowledgeUrl: count === 1 ? "https://hopline.example/acknowledge/…" : undefined,
        consoleUrl: "https://hopline.example/",
      });
      return { subject, text, short };
    },
  );
};
