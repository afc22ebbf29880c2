import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Temporal } from "temporal-polyfill";
import { Type } from "typebox";
import { InvalidInputError } from "../base/errors.ts";
import { type Calendar, momentsOfDay, sunOf } from "../domain/groups/calendar.ts";
import { requireTimeZone } from "../domain/identity/user-rules.ts";
import { REFUSALS } from "./asset-routes.ts";
import {
  CalendarBody,
  CalendarDaysBody,
  CalendarDaysView,
  CalendarView,
  calendarView,
} from "./group-command-views.ts";
import { actOf, Reason } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { Problem } from "./http/problem.ts";
import type { ApiReads } from "./reads.ts";
import { GroupId } from "./stock-views.ts";

const tags = ["groups"];
const READ_REFUSALS = { 400: Problem, 401: Problem, 403: Problem, 404: Problem };
const GroupParams = Type.Object({ id: GroupId });

/** When groups are told what. */
export const calendarRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { calendars, clock },
) => {
  app.get(
    "/groups/:id/calendar",
    {
      config: { action: "groups:read" },
      schema: {
        operationId: "groupCalendar",
        tags,
        description: "A group's calendar; 204 while it has none",
        params: GroupParams,
        response: { 200: CalendarView, 204: Type.Null(), ...READ_REFUSALS },
      },
    },
    async ({ params: { id } }, reply) => {
      const stored = await calendars.find(id);
      if (stored === undefined) return reply.code(204).send(null);
      sendVersion(reply, stored.version);
      return calendarView(stored);
    },
  );

  app.put(
    "/groups/:id/calendar",
    {
      config: { action: "groups:command" },
      schema: {
        operationId: "putGroupCalendar",
        tags,
        description:
          "Sets a group's calendar. From then on each of its moments is carried out once, as a command to the group; what needs a second person no calendar does. Of a group of more than 500 it stands in `draft` until a second person approves it",
        params: GroupParams,
        body: CalendarBody,
        response: { 200: CalendarView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock.now());
      const { id } = request.params;
      const stored = await calendars.put(id, request.body, act, versionAsked(request));
      sendVersion(reply, stored.version);
      return calendarView(stored);
    },
  );

  app.delete(
    "/groups/:id/calendar",
    {
      config: { action: "groups:command" },
      schema: {
        operationId: "deleteGroupCalendar",
        tags,
        description: "From then on nothing is switched by itself",
        params: GroupParams,
        response: { 204: Type.Null(), ...REFUSALS },
      },
    },
    async (request, reply) => {
      await calendars.delete(request.params.id, actOf(request, clock.now()));
      return reply.code(204).send(null);
    },
  );
};

/** The second person's word on a calendar that switches many. */
export const calendarApprovalRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { calendars, clock },
) => {
  for (const how of ["approve", "reject"] as const)
    app.post(
      `/groups/:id/calendar/${how}`,
      {
        config: { action: "commands:approve" },
        schema: {
          operationId: `${how}GroupCalendar`,
          tags,
          description:
            how === "approve"
              ? "Puts the draft into force, as the second person: the one whose version `If-Match` names, which must be given"
              : "Drops the draft; what is in force goes on",
          params: GroupParams,
          body: Type.Object({ reason: Reason }, { additionalProperties: false }),
          response: { 200: CalendarView, ...REFUSALS },
        },
      },
      async (request, reply) => {
        const act = actOf(request, clock.now(), request.body.reason);
        const { id } = request.params;
        const version = versionAsked(request);
        if (how === "approve" && version === undefined)
          throw new InvalidInputError(
            "if-match",
            "If-Match must be the ETag of the draft that was read: nobody approves one that came after it",
          );
        const stored = await calendars.judge(id, how, act, version);
        sendVersion(reply, stored.version);
        return calendarView(stored);
      },
    );
};

export const calendarDayRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app) => {
  app.post(
    "/calendar-days",
    {
      config: { action: "groups:read" },
      schema: {
        operationId: "calendarDays",
        tags,
        description:
          "What a calendar, saved or not, does on each of these days, and when the sun rises and sets",
        body: CalendarDaysBody,
        response: { 200: CalendarDaysView, ...REFUSALS },
      },
    },
    async ({ body: { calendar, from, days } }) => {
      requireTimeZone(calendar.timeZone);
      const first = dayOf(from);
      return {
        days: Array.from({ length: days }, (_, ahead) =>
          dayView(calendar, first.add({ days: ahead })),
        ),
      };
    },
  );
};

/** Throws an InvalidInputError. */
function dayOf(text: string): Temporal.PlainDate {
  const day = /^(19|20|21)\d\d-\d\d-\d\d$/.test(text) ? Temporal.PlainDate.from(text) : undefined;
  if (day === undefined) throw new InvalidInputError("from", "from must be a day of this time");
  return day;
}

function dayView(calendar: Calendar, day: Temporal.PlainDate) {
  /** By the clocks, so that a curve of them does not jump where they are changed. */
  const minuteOf = (ms: number): number => {
    const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(calendar.timeZone);
    const days = day.until(local.toPlainDate()).days;
    return days * 1_440 + local.hour * 60 + local.minute;
  };
  const { sunriseMs, sunsetMs } = sunOf(calendar, day);
  return {
    day: day.toString(),
    sunrise: sunriseMs === null ? null : new Date(sunriseMs).toISOString(),
    sunset: sunsetMs === null ? null : new Date(sunsetMs).toISOString(),
    sunriseMinute: sunriseMs === null ? null : minuteOf(sunriseMs),
    sunsetMinute: sunsetMs === null ? null : minuteOf(sunsetMs),
    moments: momentsOfDay(calendar, day).map(({ atMs, at }) => ({
      ...{ at: new Date(atMs).toISOString(), minute: minuteOf(atMs), switch: at },
    })),
  };
}
